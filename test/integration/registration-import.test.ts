// The registration feed from its octets to the register: idempotent, sealed, every row's fate told (R1–R5, R11).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FeedRuns, feedRuns } from '../../gateway/app/feed-runs.ts';
import { type Feed, importFeed } from '../../gateway/app/import-registrations.ts';
import type { FeedRun, Registered } from '../../gateway/app/registration-types.ts';
import { registry } from '../../gateway/app/registry.ts';
import { feedImport } from '../../gateway/cli/feed-import.ts';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { presetForm } from '../../gateway/registration/index.ts';
import { openDatabase } from '../../storage/database.ts';
import { loadMasterKey, masterKey } from '../../storage/keys.ts';
import { DECLARATION_VERSION } from '../../templates/index.ts';
import { onEachEngine } from '../support/database.ts';
import { cp932, feedOf, feedRow } from '../support/feed.ts';
import { temporaryFolder } from '../support/folder.ts';
import { IMPORT_SETTINGS } from '../support/registered.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const LATER = '2026/11/21 10:03';
const MASTER = masterKey(Buffer.alloc(32, 7));
// The header is looked for in one row's room: with little of it, rows come early.
const SETTINGS = { ...IMPORT_SETTINGS, limits: { ...IMPORT_SETTINGS.limits, maxRowCharacters: 2000 } };

onEachEngine('import of registrations', (held) => {
  const register = registry(MASTER);
  const runs: FeedRuns = feedRuns(MASTER);

  const take = (source: Feed['source'], changes: Partial<Feed> = {}, batchRows = 400): Promise<FeedRun> =>
    importFeed(
      {
        database: held.database,
        master: MASTER,
        clock: () => new Date(NOW),
        settings: SETTINGS,
        batchRows,
      },
      {
        municipality: 'mihon',
        form: presetForm('標準'),
        origin: { way: 'command', reference: 'touroku.csv' },
        source,
        ...changes,
      },
    );
  const fates = async (bytes: Uint8Array, changes: Partial<Feed> = {}): Promise<[number, string][]> => {
    const { id } = await take(bytes, changes);
    return (await runs.rows(held.database.knex, id, { limit: 1000 })).map(({ line, fate }) => [line, fate]);
  };
  const stored = (): Promise<Record<string, unknown>[]> => held.database.knex('registry').orderBy('id');
  const inForce = (receiptNumber = '12345'): Promise<Registered[]> =>
    register.find(held.database.knex, 'mihon', { receiptNumber });
  const outbox = (type: string): Promise<string[]> =>
    held.database.knex('outbox').where({ type }).orderBy('key').pluck('payload');

  it('registers everything the vendor said, found by number, company and address in any spelling', async () => {
    const run = await take(feedOf(feedRow()));
    expect(run.counts).to.deep.equal({
      accepted: 1,
      superseding: 0,
      pending: 0,
      refused: 0,
      unchanged: 0,
      withdrawn: 0,
    });
    const [one] = await inForce('１２３４５');
    expect(one).to.deep.include({
      municipality: 'mihon',
      form: '標準',
      model: 'perContract',
      receipt_number: '12345',
      applied_at: '2026-11-21T00:03:00.000Z',
      imported_at: NOW,
      state: 'inForce',
      asks: [],
      company: '株式会社サンプル',
      signatory_title: '代表取締役',
      signatory_address: 'yamada@sample.example.jp',
      checker_address: 'tanaka@sample.example.jp',
      section: '総務課管財係',
      remarks: null,
      declared_version: DECLARATION_VERSION,
      confirmed_at: null,
    });
    const { knex } = held.database;
    for (const key of [
      { company: '㈱サンプル' },
      { address: 'ＹＡＭＡＤＡ@sample.example.jp' },
      { address: 'tanaka@sample.example.jp' },
    ]) {
      expect((await register.find(knex, 'mihon', key)).map(({ id }) => id)).to.deep.equal([one!.id]);
    }
    expect(await register.find(knex, 'tonari', { company: '株式会社サンプル' })).to.deep.equal([]);
  });

  it('keeps nothing of a person in the clear', async () => {
    await take(feedOf(feedRow(), feedRow({ 整理番号: '99999', 電話番号: '' })));
    const tables = ['registry', 'feed_runs', 'feed_rows', 'outbox'];
    const rows = await Promise.all(tables.map((table) => held.database.knex(table)));
    for (const [at, table] of tables.entries()) expect(rows[at], table).to.not.have.length(0);
    const text = JSON.stringify(rows, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    for (const personal of ['12345', '99999', 'yamada', '山田', 'サンプル', '00-0000-0002', 'touroku.csv']) {
      expect(text, personal).to.not.include(personal);
    }
  });

  it('asks each new vendor once to confirm, and reports each run once', async () => {
    const feed = feedOf(feedRow(), feedRow({ 整理番号: '12346' }));
    const { id } = await take(feed);
    const first = await outbox('registration-confirmation');
    expect(first).to.have.length(1);
    expect(await outbox('feed-report')).to.deep.equal([JSON.stringify({ run: id })]);
    await take(feed);
    expect(await outbox('registration-confirmation')).to.deep.equal(first);
    const [one] = await inForce();
    await held.database.transaction((tx) => register.confirm(tx, one!.id, 'v1', null, NOW));
    expect((await inForce('12346'))[0]).to.deep.include({ confirmed_at: NOW, accepted_version: 'v1' });
    // Confirmed is the address: the next application from it needs no mail.
    await take(feedOf(feedRow({ 整理番号: '12347' })));
    expect((await inForce('12347'))[0]).to.deep.include({ confirmed_at: NOW });
    expect(await outbox('registration-confirmation')).to.deep.equal(first);
  });

  it('changes nothing the second time, whatever the encoding', async () => {
    const feed = feedOf(feedRow(), feedRow({ 整理番号: '12346' }));
    expect(await fates(feed)).to.deep.equal([
      [2, 'accepted'],
      [3, 'accepted'],
    ]);
    const before = await stored();
    expect(await fates(Buffer.from(cp932(feed.toString('utf8'))))).to.deep.equal([
      [2, 'unchanged'],
      [3, 'unchanged'],
    ]);
    expect(await stored()).to.deep.equal(before);
  });

  it('keeps one 整理番号 of two forms and of two municipalities apart', async () => {
    await take(feedOf(feedRow()));
    const elsewhere = feedOf(feedRow({ 締結権限者メールアドレス: 'suzuki@sample.example.jp' }));
    const form = { ...presetForm('標準'), name: '建設工事' };
    expect(await fates(elsewhere, { form })).to.deep.equal([[2, 'accepted']]);
    expect(await fates(elsewhere, { municipality: 'mihon-machi' })).to.deep.equal([[2, 'accepted']]);
  });

  it('supersedes what the same 整理番号 said before, and an older file does not undo it', async () => {
    const older = feedOf(feedRow());
    await take(older);
    const newer = feedOf(feedRow({ 申込日時: LATER, 電話番号: '00-0000-0009' }));
    expect(await fates(newer)).to.deep.equal([[2, 'superseding']]);
    expect((await inForce()).map(({ phone }) => phone)).to.deep.equal(['00-0000-0009']);
    expect((await stored()).map(({ state }) => state)).to.deep.equal(['superseded', 'inForce']);
    expect(await fates(older)).to.deep.equal([[2, 'unchanged']]);
    const oldest = feedOf(feedRow({ 申込日時: '2026/11/20 9:03', 電話番号: '00-0000-0008' }));
    const { id } = await take(oldest);
    const [late] = await runs.rows(held.database.knex, id, { limit: 1 });
    expect(late).to.deep.include({ fate: 'unchanged', receiptNumber: '12345' });
    expect(late!.reasons.join('')).to.include('より新しい申込み');
    expect((await inForce()).map(({ phone }) => phone)).to.deep.equal(['00-0000-0009']);
  });

  describe('another address under the same 整理番号 (R4)', () => {
    const other = feedOf(feedRow({ 申込日時: LATER, 締結権限者メールアドレス: 'suzuki@sample.example.jp' }));
    const addresses = async (): Promise<string[]> =>
      (await inForce()).map(({ signatory_address }) => signatory_address);

    beforeEach(async () => {
      await take(feedOf(feedRow()));
      expect(await fates(other)).to.deep.equal([[2, 'pending']]);
    });

    it('waits, and the old one stays in force', async () => {
      expect(await addresses()).to.deep.equal(['yamada@sample.example.jp']);
      const [waiting, ...more] = await register.pending(held.database.knex, 'mihon');
      expect(more).to.deep.equal([]);
      expect(waiting).to.deep.include({ asks: ['contested'], signatory_address: 'suzuki@sample.example.jp' });
    });

    it('takes the old one’s place once staff accept, with a mail to both addresses', async () => {
      const [waiting] = await register.pending(held.database.knex, 'mihon');
      const before = (await inForce())[0]!;
      const decide = (by: string) =>
        held.database.transaction((tx) => register.decide(tx, waiting!.id, 'accept', by, NOW));
      const decided = await decide('sato@mihon.example.jp');
      if (typeof decided === 'string') throw new Error(decided);
      expect(decided.registration).to.deep.include({ id: waiting!.id, state: 'inForce', decided_at: NOW });
      expect(decided.replaced.map(({ id }) => id)).to.deep.equal([before.id]);
      expect(await addresses()).to.deep.equal(['suzuki@sample.example.jp']);
      expect(await outbox('registration-change-notice')).to.deep.equal([
        JSON.stringify({ registration: waiting!.id, replaced: before.id }),
      ]);
      expect(await outbox('registration-confirmation')).to.include(
        JSON.stringify({ registration: waiting!.id }),
      );
      expect(await decide('suzuki@mihon.example.jp')).to.equal('not-pending');
      // The replaced content does not come back with the old file.
      expect(await fates(feedOf(feedRow()))).to.deep.equal([[2, 'unchanged']]);
      expect(await addresses()).to.deep.equal(['suzuki@sample.example.jp']);
    });

    it('is gone once staff reject it', async () => {
      const [waiting] = await register.pending(held.database.knex, 'mihon');
      await held.database.transaction((tx) => register.decide(tx, waiting!.id, 'reject', 'sato', NOW));
      expect(await addresses()).to.deep.equal(['yamada@sample.example.jp']);
      expect(await fates(other)).to.deep.equal([[2, 'unchanged']]);
      expect(await register.pending(held.database.knex, 'mihon')).to.deep.equal([]);
    });
  });

  it('has two addresses of one second wait, and asks the one to confirm that staff leave over', async () => {
    const suzuki = feedRow({ 締結権限者メールアドレス: 'suzuki@sample.example.jp' });
    expect(await fates(feedOf(feedRow(), suzuki))).to.deep.equal([
      [2, 'pending'],
      [3, 'pending'],
    ]);
    expect(await inForce()).to.deep.equal([]);
    const waiting = await register.pending(held.database.knex, 'mihon');
    expect(waiting.map(({ asks }) => asks)).to.deep.equal([['contested'], ['contested']]);
    const [yamada, other] = waiting;
    await held.database.transaction((tx) => register.decide(tx, other!.id, 'reject', 'sato', NOW));
    expect((await inForce()).map(({ id }) => id)).to.deep.equal([yamada!.id]);
    expect(await outbox('registration-confirmation')).to.deep.equal([
      JSON.stringify({ registration: yamada!.id }),
    ]);
  });

  it('says so of the first of them, too, where the second comes in a later transaction', async () => {
    const suzuki = feedRow({ 締結権限者メールアドレス: 'suzuki@sample.example.jp' });
    const { id, counts } = await take(feedOf(feedRow(), suzuki), {}, 1);
    expect(counts).to.deep.include({ accepted: 0, pending: 2 });
    const waiting = await runs.rows(held.database.knex, id, { fates: ['pending'], limit: 10 });
    expect(
      waiting.map(({ line, receiptNumber, reasons }) => [line, receiptNumber, reasons.length]),
    ).to.deep.equal([
      [2, '12345', 1],
      [3, '12345', 1],
    ]);
  });

  it('ends the company’s other address when a change is accepted under a new 整理番号 (R4)', async () => {
    const other = { 整理番号: '20000', 契約件名: '別の工事' };
    await take(feedOf(feedRow(), feedRow(other)));
    const change = { 整理番号: '30000', 申込日時: LATER, 備考: 'Ｅメールアドレス変更申請' };
    const address = { 締結権限者メールアドレス: 'suzuki@sample.example.jp' };
    expect(await fates(feedOf(feedRow({ ...change, ...address })))).to.deep.equal([[2, 'pending']]);
    const [waiting] = await register.pending(held.database.knex, 'mihon');
    expect(waiting!.asks).to.deep.equal(['change-of-address']);
    await held.database.transaction((tx) => register.decide(tx, waiting!.id, 'accept', 'sato', NOW));
    // Registered per contract: the registration of another 契約件名 stays.
    expect(await inForce('12345')).to.deep.equal([]);
    expect(await inForce('20000')).to.have.length(1);
    const standing = await register.standing(held.database.knex, 'mihon', { company: '株式会社サンプル' });
    expect(standing.inForce.map(({ receipt_number }) => receipt_number)).to.have.members(['20000', '30000']);
    expect(standing.ended.map(({ replaced_by }) => replaced_by)).to.deep.equal([waiting!.id]);
  });

  it('takes a withdrawn application out of force, and it does not come back by an old file', async () => {
    const form = presetForm('標準');
    const withStatus = (status: string): Buffer => {
      const [header, row] = feedOf(feedRow()).toString('utf8').split('\r\n');
      return Buffer.from(`処理状況,${header}\r\n${status},${row}\r\n`);
    };
    await take(withStatus('受付済'), { form });
    expect(await fates(withStatus('取下げ'), { form })).to.deep.equal([[2, 'withdrawn']]);
    expect(await inForce()).to.deep.equal([]);
    expect(await fates(withStatus('取下げ'), { form })).to.deep.equal([[2, 'unchanged']]);
    expect(await fates(withStatus('受付済'), { form })).to.deep.equal([[2, 'unchanged']]);
    expect(await inForce()).to.deep.equal([]);
  });

  it('takes the good rows and reports each refused one with line, number and every reason', async () => {
    const run = await take(
      feedOf(
        feedRow({ 商号又は名称: '', 締結権限者メールアドレス: 'yamada' }),
        feedRow({ 整理番号: '12346' }),
        `${feedRow({ 整理番号: '12347' })},余り`,
      ),
    );
    expect(run.counts).to.deep.include({ accepted: 1, refused: 2 });
    const refused = await runs.rows(held.database.knex, run.id, { fates: ['refused'], limit: 10 });
    expect(refused.map(({ line, receiptNumber }) => [line, receiptNumber])).to.deep.equal([
      [2, '12345'],
      [4, null],
    ]);
    expect(refused[0]!.reasons).to.have.length(2);
    const csv = (await runs.refusedCsv(held.database.knex, run.id, 100))!;
    const lines = csv.trimEnd().split('\r\n');
    expect(lines).to.have.length(3);
    expect(lines[0]).to.match(/^\ufeff"整理番号",.*"備考","理由"$/);
    // Corrected and sent back, it is taken.
    const corrected = lines[1]!
      .replace('""', '"株式会社サンプル"')
      .replace('"yamada"', '"yamada@sample.example.jp"');
    expect(await fates(Buffer.from([lines[0], corrected, ''].join('\r\n')))).to.deep.equal([[2, 'accepted']]);
  });

  it('takes nothing from what is no feed', async () => {
    for (const bytes of [
      Uint8Array.of(0x80, 0xff, 0, 1, 2),
      Buffer.from('商号又は名称,電話番号\r\n株式会社サンプル,00-0000-0002\r\n'),
    ]) {
      const run = await take(bytes);
      expect(run).to.deep.include({ readable: false });
      expect(run.counts).to.deep.include({ accepted: 0, refused: 1 });
      expect(await runs.refusedCsv(held.database.knex, run.id, 100)).to.equal(null);
    }
    expect(await stored()).to.deep.equal([]);
  });

  it('goes on where a kill left it, and ends as if it had run once', async () => {
    const rows = Array.from({ length: 950 }, (_, index) => feedRow({ 整理番号: String(index) }));
    rows[10] = feedRow({ 電話番号: '' });
    const feed = feedOf(...rows);
    async function* cutOff(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < feed.length * 0.7; at += 4096) yield feed.subarray(at, at + 4096);
      throw new Error('killed');
    }
    const killed = await take(cutOff()).catch((error: Error) => error.message);
    expect(killed).to.equal('killed');
    expect(await stored()).to.have.length(399);
    const progress: number[] = [];
    const run = await take(feed, { onProgress: (done) => progress.push(done) });
    expect(progress).to.deep.equal([400, 800, 950]);
    expect(run.counts).to.deep.include({ accepted: 949, refused: 1, unchanged: 0 });
    expect(await stored()).to.have.length(949);
    expect(await held.database.knex('feed_runs')).to.have.length(1);
    expect(await held.database.knex('feed_rows')).to.have.length(950);
    expect(await outbox('feed-report')).to.have.length(1);
    // All from one vendor: one mail for the whole run.
    expect(await outbox('registration-confirmation')).to.have.length(1);
  });

  it('registers each row once when two bring the same file at once', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => feedRow({ 整理番号: String(index) }));
    const brought = (reference: string): Promise<FeedRun> =>
      take(feedOf(...rows), { origin: { way: 'folder', reference } });
    const both = await Promise.all([brought('a.csv'), brought('b.csv')]);
    const sum = (fate: 'accepted' | 'unchanged'): number =>
      both.reduce((total, { counts }) => total + counts[fate], 0);
    expect([sum('accepted'), sum('unchanged')]).to.deep.equal([450, 450]);
    expect(await stored()).to.have.length(450);
  });

  it('takes what the file says after a kill, should it be another one by then', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => feedRow({ 整理番号: String(index) }));
    async function* cutOff(): AsyncGenerator<Uint8Array> {
      yield feedOf(...rows);
      throw new Error('killed');
    }
    await take(cutOff()).catch(() => {});
    const run = await take(feedOf(feedRow({ 整理番号: 'x' }), rows[1]!));
    expect(run.counts).to.deep.include({ accepted: 2, unchanged: 0 });
    expect(await held.database.knex('feed_rows')).to.have.length(2);
  });
});

describe('feed import command', () => {
  const folder = temporaryFolder();

  const config = (env: Record<string, string> = {}): Config => {
    const outcome = loadConfig({
      env: {
        KEIYAKUBIN_DATA_DIRECTORY: join(folder(), 'data'),
        KEIYAKUBIN_MASTER_KEY_FILE: join(folder(), 'master.key'),
        ...env,
      },
    });
    if (isConfigProblems(outcome)) throw new Error(outcome.problems.join('\n'));
    return outcome;
  };
  const run = async (
    bytes: Uint8Array | null,
    options: { municipality?: string } = {},
  ): Promise<{ code: number; out: string[]; err: string[] }> => {
    const file = join(folder(), 'feed.csv');
    if (bytes) writeFileSync(file, bytes);
    const out: string[] = [];
    const err: string[] = [];
    const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
    return { code: await feedImport({ file, form: '標準', config: config(), ...options }, io), out, err };
  };

  it('ends with 0 and the figures when every row was taken', async () => {
    const { code, out, err } = await run(feedOf(feedRow()));
    expect({ code, err }).to.deep.equal({ code: 0, err: [] });
    expect(out).to.deep.equal([
      'feed.csvを見本市の登録（フォーム：標準）に取り込みました。',
      '新規1件、更新0件、許可待ち0件、取下げ0件、変更なし0件、登録しなかった行0件',
    ]);
    const database = await openDatabase(config());
    const master = loadMasterKey({ file: config().masterKeyFile, mayCreate: false });
    const rows = await registry(master).find(database.knex, 'mihon', { company: '株式会社サンプル' });
    await database.close();
    expect(rows).to.have.length(1);
  });

  it('ends with 1 and names each refused row', async () => {
    const { code, out, err } = await run(feedOf(feedRow({ 整理番号: '1' }), feedRow({ 電話番号: '' })));
    expect(code).to.equal(1);
    expect(out[1]).to.equal('新規1件、更新0件、許可待ち0件、取下げ0件、変更なし0件、登録しなかった行1件');
    expect(err).to.have.length(1);
    expect(err[0]).to.match(/^3行目（整理番号12345）：「電話番号」が空欄です。/);
  });

  it('ends with 2 where nothing can be read, or the municipality is not ours', async () => {
    const missing = await run(null);
    expect({ ...missing, err: missing.err.length }).to.deep.equal({ code: 2, out: [], err: 1 });
    const binary = await run(Uint8Array.of(0x80, 0xff));
    expect({ ...binary, err: binary.err.length }).to.deep.equal({ code: 2, out: [], err: 2 });
    const stranger = await run(feedOf(feedRow()), { municipality: 'sample' });
    expect(stranger.code).to.equal(2);
    expect(stranger.err[0]).to.include('mihon');
  });
});
