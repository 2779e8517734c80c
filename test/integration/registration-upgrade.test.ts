// Registrations from before the register sealed them: moved once, found as before, and the file they came from changes nothing.
import { expect } from 'chai';
import { adoptRegistrations } from '../../gateway/app/adopt-registrations.ts';
import { importFeed } from '../../gateway/app/import-registrations.ts';
import { registry } from '../../gateway/app/registry.ts';
import { presetForm } from '../../gateway/registration/index.ts';
import { masterKey } from '../../storage/keys.ts';
import { onEachEngine } from '../support/database.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { IMPORT_SETTINGS } from '../support/registered.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const MASTER = masterKey(Buffer.alloc(32, 7));
const FORM = presetForm('標準');
const OLD = {
  municipality: 'mihon',
  form: '標準',
  receipt_number: '12345',
  content_hash: 'a',
  applied_at: '2026-11-21T00:03:00.000Z',
  imported_at: NOW,
  superseded_at: null,
  company: '株式会社サンプル',
  place: '見本市見本町1-2-3',
  signatory_title: '代表取締役',
  signatory_name: '山田太郎',
  signatory_address: 'yamada@sample.example.jp',
  checker_name: '田中次郎',
  checker_address: 'tanaka@sample.example.jp',
  phone: '00-0000-0002',
  title: '市道1号線舗装工事',
  section: '総務課管財係',
  remarks: null,
  confirmed_at: null,
};

onEachEngine('registrations from before an upgrade', (held) => {
  it('move into the register, asked to confirm, and leave nothing in the clear', async () => {
    const { database } = held;
    const others = Array.from({ length: 250 }, (_, index) => ({ ...OLD, receipt_number: `n${index}` }));
    await database.knex.batchInsert('registrations', [OLD, ...others], 20);
    const rules = { modelOf: () => FORM.model, declarationVersion: '1' };
    expect(await adoptRegistrations(database, MASTER, rules, NOW)).to.equal(251);
    expect(await adoptRegistrations(database, MASTER, rules, NOW)).to.equal(0);
    expect(await database.knex('registrations')).to.deep.equal([]);
    const [one] = await registry(MASTER).find(database.knex, 'mihon', { receiptNumber: '12345' });
    expect(one).to.deep.include({ state: 'inForce', company: '株式会社サンプル', declared_version: '1' });
    expect(await database.knex('outbox').pluck('type')).to.deep.equal(['registration-confirmation']);
    const { counts } = await importFeed(
      { database, master: MASTER, clock: () => new Date(NOW), settings: IMPORT_SETTINGS },
      {
        municipality: 'mihon',
        form: FORM,
        origin: { way: 'command', reference: 'touroku.csv' },
        source: feedOf(feedRow()),
      },
    );
    expect(counts).to.deep.include({ accepted: 0, unchanged: 1 });
  });
});
