// The registration feed from its octets to rows: idempotent, both encodings, every row's fate told (R1–R4).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Feed, type ImportReport, importRegistrations } from '../../gateway/app/import-registrations.ts';
import { feedImport } from '../../gateway/cli/feed-import.ts';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { openDatabase } from '../../storage/database.ts';
import { findRegistrations, type RegistrationRow } from '../../storage/registrations.ts';
import { temporaryDatabase } from '../support/database.ts';
import { cp932, feedOf, feedRow } from '../support/feed.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = '2026-11-21T01:00:00.000Z';

describe('import of registrations', () => {
  const held = temporaryDatabase();

  const take = (bytes: Uint8Array, changes: Partial<Feed> = {}): Promise<ImportReport> =>
    importRegistrations(
      { database: held.database, clock: () => new Date(NOW) },
      { municipality: 'mihon', form: '標準', bytes, signatoryModel: 'perContract', ...changes },
    );
  const fates = ({ rows }: ImportReport): [number, string][] => rows.map(({ line, fate }) => [line, fate]);
  const stored = (): Promise<RegistrationRow[]> => held.database.knex('registrations').orderBy('id');
  const inForce = (receiptNumber: string): Promise<RegistrationRow[]> =>
    findRegistrations(held.database.knex, 'mihon', { receiptNumber });

  it('stores a row with everything the vendor said', async () => {
    const report = await take(feedOf(feedRow()));
    expect(report.rows).to.deep.equal([{ line: 2, fate: 'new', receiptNumber: '12345', reasons: [] }]);
    expect(report.counts).to.deep.equal({ new: 1, superseding: 0, unchanged: 0, refused: 0 });
    const [row] = await stored();
    expect(row).to.deep.include({
      municipality: 'mihon',
      form: '標準',
      applied_at: '2026-11-21T00:03:00.000Z',
      imported_at: NOW,
      signatory_title: '代表取締役',
      signatory_address: 'yamada@sample.example.jp',
      checker_address: 'tanaka@sample.example.jp',
      section: '総務課管財係',
      remarks: null,
      superseded_at: null,
      confirmed_at: null,
    });
    expect(row!.content_hash).to.match(/^[0-9a-f]{64}$/);
  });

  it('changes nothing the second time, whatever the encoding', async () => {
    const feed = feedOf(feedRow(), feedRow({ 整理番号: '12346' }));
    expect(fates(await take(feed))).to.deep.equal([
      [2, 'new'],
      [3, 'new'],
    ]);
    const before = await stored();
    const again = await take(cp932(feed.toString('utf8')));
    expect(again.encoding).to.equal('cp932');
    expect(fates(again)).to.deep.equal([
      [2, 'unchanged'],
      [3, 'unchanged'],
    ]);
    expect(await stored()).to.deep.equal(before);
  });

  it('keeps one 整理番号 of two forms and of two municipalities apart', async () => {
    await take(feedOf(feedRow()));
    const elsewhere = feedOf(feedRow({ 締結権限者メールアドレス: 'suzuki@sample.example.jp' }));
    expect(fates(await take(elsewhere, { form: '建設工事' }))).to.deep.equal([[2, 'new']]);
    expect(fates(await take(elsewhere, { municipality: 'mihon-machi' }))).to.deep.equal([[2, 'new']]);
  });

  it('supersedes what the same 整理番号 said before, without losing it', async () => {
    await take(feedOf(feedRow()));
    expect(fates(await take(feedOf(feedRow({ 電話番号: '00-0000-0009' }))))).to.deep.equal([
      [2, 'superseding'],
    ]);
    expect((await inForce('12345')).map(({ phone }) => phone)).to.deep.equal(['00-0000-0009']);
    expect((await stored()).map(({ superseded_at }) => superseded_at)).to.deep.equal([NOW, null]);
  });

  it('does not undo a change when an older file is taken once more', async () => {
    const older = feedOf(feedRow());
    await take(older);
    await take(feedOf(feedRow({ 電話番号: '00-0000-0009' })));
    expect(fates(await take(older))).to.deep.equal([[2, 'unchanged']]);
    expect((await inForce('12345')).map(({ phone }) => phone)).to.deep.equal(['00-0000-0009']);
  });

  it('never overwrites an address: the old one stays in force and staff are asked to confirm', async () => {
    await take(feedOf(feedRow()));
    const before = await stored();
    const report = await take(feedOf(feedRow({ 締結権限者メールアドレス: 'attacker@sample.example.jp' })));
    expect(fates(report)).to.deep.equal([[2, 'refused']]);
    expect(report.rows[0]!.reasons).to.have.length(1);
    expect(report.rows[0]!.reasons[0]).to.include('yamada@sample.example.jp').and.include('ご確認');
    expect(await stored()).to.deep.equal(before);
  });

  it('takes the good rows and reports each refused one with line, number and every reason', async () => {
    const report = await take(
      feedOf(
        feedRow({ 商号又は名称: '', 締結権限者メールアドレス: 'yamada' }),
        feedRow({ 整理番号: '12346' }),
        feedRow({ 整理番号: '12347' }).replace(',同意する,', ',同意する,,'),
      ),
    );
    expect(fates(report)).to.deep.equal([
      [2, 'refused'],
      [3, 'new'],
      [4, 'refused'],
    ]);
    expect(report.rows.map(({ receiptNumber }) => receiptNumber)).to.deep.equal(['12345', '12346', null]);
    expect(report.rows[0]!.reasons).to.have.length(2);
    expect(report.counts).to.deep.equal({ new: 1, superseding: 0, unchanged: 0, refused: 2 });
    expect((await stored()).map(({ receipt_number }) => receipt_number)).to.deep.equal(['12346']);
  });

  it('takes nothing from what cannot be read', async () => {
    const report = await take(Buffer.from(feedOf(feedRow()).toString('utf8'), 'utf16le'));
    expect(report.encoding).to.equal(null);
    expect(fates(report)).to.deep.equal([[1, 'refused']]);
    expect(await stored()).to.deep.equal([]);
  });

  it('takes nothing from a list without the columns of a feed', async () => {
    const report = await take(Buffer.from('商号又は名称,電話番号\r\n株式会社サンプル,00-0000-0002\r\n'));
    expect(report.encoding).to.equal(null);
    expect(fates(report)).to.deep.equal([[1, 'refused']]);
    expect(report.rows[0]!.reasons.join('')).to.include('次の列がありません：整理番号、申込日時');
  });

  it('takes more rows than one batch holds', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => feedRow({ 整理番号: String(index) }));
    const { counts } = await take(feedOf(...rows));
    expect(counts).to.deep.equal({ new: 450, superseding: 0, unchanged: 0, refused: 0 });
    expect(await stored()).to.have.length(450);
  });
});

describe('feed-import command', () => {
  const folder = temporaryFolder();

  const config = (env: Record<string, string> = {}): Config => {
    const outcome = loadConfig({ env: { KEIYAKUBIN_DATA_DIRECTORY: join(folder(), 'data'), ...env } });
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
      '新規1件、更新0件、変更なし0件、登録しなかった行0件',
    ]);
    const database = await openDatabase(config());
    const rows = await findRegistrations(database.knex, 'mihon', { company: '株式会社サンプル' });
    await database.close();
    expect(rows).to.have.length(1);
  });

  it('ends with 1 and names each refused row', async () => {
    const { code, out, err } = await run(feedOf(feedRow({ 整理番号: '1' }), feedRow({ 電話番号: '' })));
    expect(code).to.equal(1);
    expect(out[1]).to.equal('新規1件、更新0件、変更なし0件、登録しなかった行1件');
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
