// Registrations whose time is over: the data goes, the trace stays, and an old file does not bring them back.
import { expect } from 'chai';
import { feedRuns } from '../../gateway/app/feed-runs.ts';
import { forgetRegistrations } from '../../gateway/app/forget-registrations.ts';
import { importFeed } from '../../gateway/app/import-registrations.ts';
import type { FeedRun } from '../../gateway/app/registration-types.ts';
import { registry } from '../../gateway/app/registry.ts';
import { forgettingPerformer } from '../../gateway/jobs/forgetting.ts';
import { createLog } from '../../gateway/log.ts';
import { presetForm, type RegistrationModel } from '../../gateway/registration/index.ts';
import { masterKey } from '../../storage/keys.ts';
import { insertRegistrationMail } from '../../storage/registration-mails.ts';
import { onEachEngine } from '../support/database.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { IMPORT_SETTINGS } from '../support/registered.ts';

const IMPORTED = '2026-11-21T01:00:00.000Z';
const MASTER = masterKey(Buffer.alloc(32, 7));
const RETENTION = { perContractDays: 730, standingDays: null, endedDays: 365, reportDays: 90 };

onEachEngine('forgetting registrations', (held) => {
  const take = (source: Uint8Array, model: RegistrationModel = 'perContract'): Promise<FeedRun> =>
    importFeed(
      { database: held.database, master: MASTER, clock: () => new Date(IMPORTED), settings: IMPORT_SETTINGS },
      {
        municipality: 'mihon',
        form: { ...presetForm('標準', model), name: model },
        origin: { way: 'command', reference: 'touroku.csv' },
        source,
      },
    );
  const numbers = async (): Promise<string[]> =>
    (await registry(MASTER).list(held.database.knex, 'mihon')).map(({ receipt_number }) => receipt_number);

  it('deletes each kind at its time, standing ones not while they are in force', async () => {
    await take(feedOf(feedRow(), feedRow({ 整理番号: '2' })));
    await take(feedOf(feedRow({ 整理番号: '2', 申込日時: '2026/11/21 9:30', 電話番号: '00-0000-0009' })));
    await take(feedOf(feedRow({ 整理番号: '3' })), 'standing');
    const forget = (now: string): Promise<unknown> => forgetRegistrations(held.database, RETENTION, now);
    expect(await forget('2027-11-20T00:00:00.000Z')).to.deep.equal({ registrations: 0, reports: 3 });
    expect(await forget('2027-11-22T00:00:00.000Z')).to.deep.equal({ registrations: 1, reports: 0 });
    expect(await numbers()).to.have.members(['12345', '2', '3']);
    expect(await forget('2028-11-20T02:00:00.000Z')).to.deep.equal({ registrations: 2, reports: 0 });
    expect(await numbers()).to.deep.equal(['3']);
    expect(await forget('2036-11-20T00:00:00.000Z')).to.deep.equal({ registrations: 0, reports: 0 });
  });

  it('leaves hashes, dates and fate, and nothing to find a person by', async () => {
    const run = await take(feedOf(feedRow(), feedRow({ 整理番号: '9', 電話番号: '' })));
    const now = '2030-01-01T00:00:00.000Z';
    const { id: registration } = await held.database.knex('registry').first('id');
    const asked = {
      kind: 'preference',
      municipality: 'mihon',
      created_at: IMPORTED,
      body: Buffer.from('a'),
    } as const;
    await held.database.transaction(async (tx) => {
      await insertRegistrationMail(tx, { ...asked, id: 'own', registration });
      await insertRegistrationMail(tx, { ...asked, id: 'other', registration: null });
    });
    await forgetRegistrations(held.database, RETENTION, now);
    const [row] = await held.database.knex('registry');
    expect(row).to.deep.include({
      state: 'erased',
      erased_at: now,
      applied_at: '2026-11-21T00:03:00.000Z',
      imported_at: IMPORTED,
      body: null,
      company_hash: null,
      signatory_hash: null,
      checker_hash: null,
    });
    const mails = await held.database.knex('registration_mails').orderBy('id').select('id', 'body');
    expect(mails.map(({ id, body }) => [id, body === null])).to.deep.equal([
      ['other', false],
      ['own', true],
    ]);
    expect(row.content_hash).to.be.a('string').and.not.equal('');
    const runs = feedRuns(MASTER);
    expect(await runs.find(held.database.knex, run.id)).to.deep.include({
      reference: '',
      header: [],
      counts: run.counts,
    });
    const told = await runs.rows(held.database.knex, run.id, { limit: 10 });
    expect(told.map(({ fate, reasons, receiptNumber }) => [fate, reasons, receiptNumber])).to.deep.equal([
      ['accepted', [], null],
      ['refused', [], null],
    ]);
    expect((await take(feedOf(feedRow()))).counts).to.deep.include({ accepted: 0, unchanged: 1 });
    expect(await numbers()).to.deep.equal([]);
  });

  it('is done each day anew', async () => {
    const retention = { ...RETENTION, perContractDays: 1 };
    await take(feedOf(feedRow()));
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const now = '2026-11-23T15:00:01.000Z';
    const payload = JSON.stringify({ day: '2026-11-23' });
    const entry = { payload } as Parameters<ReturnType<typeof forgettingPerformer>>[0];
    const settle = await forgettingPerformer({ database: held.database, retention, log })(entry, now);
    await held.database.transaction((tx) => settle(tx, now));
    expect(await numbers()).to.deep.equal([]);
    expect(JSON.parse(lines[0]!)).to.deep.include({ day: '2026-11-23', registrations: 1 });
    const [next] = await held.database.knex('outbox').where({ type: 'forget-registrations' });
    expect(next.not_before).to.equal('2026-11-24T15:00:00.000Z');
  });
});
