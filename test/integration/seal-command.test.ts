/** `keiyakubin seal` and `verify` as commands: what they print, which code they end with, and what they leave behind. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sealFile } from '../../gateway/cli/seal.ts';
import { configuredTrust, verifyFile } from '../../gateway/cli/verify.ts';
import { isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { cutBack, replaced } from '../support/forging.ts';
import { ended, startOurs } from '../support/our-process.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import { issueRoot, pemOf } from '../support/pki.ts';

const VENDOR = '山田太郎;契約相手方;yamada@sample.example.jp;2026-11-01T10:00:00+09:00';
const OFFICIAL = '鈴木一郎;承認者;suzuki@mihon.example.jp;2026-11-02T10:00:00+09:00';

describe('keiyakubin seal and verify', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const written = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path(name), content);
    return path(name);
  };

  interface Said {
    code: number;
    out: string;
    err: string;
  }
  const said = async (
    command: (io: { out(line: string): void; err(line: string): void }) => Promise<number>,
  ): Promise<Said> => {
    const lines: { out: string[]; err: string[] } = { out: [], err: [] };
    const code = await command({
      out: (line) => void lines.out.push(line),
      err: (line) => void lines.err.push(line),
    });
    return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
  };
  const seal = (consents: readonly string[], out = 'sealed.pdf', file = 'upload.pdf'): Promise<Said> =>
    said((io) => sealFile({ file: path(file), out: path(out), authority: path('authority'), consents }, io));
  const verify = (
    file: string,
    options: { trust?: readonly string[]; at?: string; json?: boolean } = {},
  ): Promise<Said> => {
    const { trust = [path('authority/root.pem')], at, json = false } = options;
    return said((io) => verifyFile({ file: path(file), trust, at, json }, io));
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keiyakubin-seal-'));
    written('upload.pdf', buildPdf(onePage()).bytes);
    const { code, out, err } = await seal([VENDOR, OFFICIAL]);
    expect(err).to.equal('');
    expect(code).to.equal(0);
    expect(out).to.include('試験用・法的効力なし').and.to.include(path('authority/root.pem'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('seal', () => {
    it('leaves the original as the beginning of one whole file, and nothing beside it', () => {
      const [upload, sealed] = [readFileSync(path('upload.pdf')), readFileSync(path('sealed.pdf'))];
      expect(sealed.subarray(0, upload.length).equals(upload)).to.equal(true);
      expect(readdirSync(folder).sort()).to.deep.equal(['authority', 'sealed.pdf', 'upload.pdf']);
    });

    it('seals with one authority again, whatever the settings say', async () => {
      const args = ['--out', path('again.pdf'), '--authority', path('authority'), '--consent', VENDOR];
      const env = { KEIYAKUBIN_WEB__PORT: 'eighty', KEIYAKUBIN_SIGNING__CREDENTIAL: '{type: pkcs12}' };
      const { code, stderr } = await ended(
        startOurs('gateway/cli/keiyakubin.ts', ['seal', path('upload.pdf'), ...args], env),
      );
      expect(stderr).to.equal('');
      expect(code).to.equal(0);
      expect((await verify('again.pdf')).code).to.equal(0);
    });

    // Times are taken when a test runs: tests before this one may take minutes.
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const refusals: readonly [what: string, consents: () => readonly string[], why: RegExp][] = [
      ['no consent', () => [], /--consent/],
      ['a consent without all its parts', () => ['山田太郎;yamada@sample.example.jp'], /「;」で区切って/],
      ['a consent without an address', () => [VENDOR.replace('@', ' at ')], /メールアドレスとして読めません/],
      ['a time without its zone', () => [VENDOR.replace('+09:00', '')], /時差まで書いて/],
      ['a day without a time', () => [VENDOR.replace('T10:00:00+09:00', '')], /時差まで書いて/],
      ['a time that is none', () => [VENDOR.replace('11-01', '13-41')], /日時「2026-13-41/],
      [
        'a consent more than five minutes ahead',
        () => [VENDOR.replace(/[^;]*$/, inMinutes(6))],
        /5分以上先です/,
      ],
    ];
    for (const [what, consents, why] of refusals) {
      it(`refuses ${what} and leaves no file`, async () => {
        const { code, out, err } = await seal(consents(), 'refused.pdf');
        expect({ code, out }).to.deep.equal({ code: 2, out: '' });
        expect(err).to.match(why);
        expect(readdirSync(folder).filter((name) => name.includes('refused'))).to.deep.equal([]);
      });
    }

    it('takes a consent of just now', async () => {
      expect((await seal([VENDOR.replace(/[^;]*$/, inMinutes(4))], 'soon.pdf')).code).to.equal(0);
    });

    it('refuses files that cannot be sealed, with the sentence for it', async () => {
      written('encrypted.pdf', pdfFixture('encrypted'));
      written('letter.pdf', '拝啓');
      for (const [file, why] of [
        ['encrypted.pdf', /パスワード/],
        ['letter.pdf', /PDFではありません/],
        ['sealed.pdf', /すでに電子署名/],
        ['missing.pdf', /読み込めません（ENOENT）/],
        ['authority', /読み込めません（EISDIR）/],
      ] as const) {
        const { code, err } = await seal([VENDOR], 'refused.pdf', file);
        expect(code).to.equal(2);
        expect(err).to.match(why).and.to.include(file);
        expect(existsSync(path('refused.pdf'))).to.equal(false);
      }
    });

    it('replaces no file, and says where it cannot write', async () => {
      const kept = written('kept.pdf', 'kept');
      const { code, err } = await seal([VENDOR], 'kept.pdf');
      expect(code).to.equal(2);
      expect(err).to.include('すでにあるため');
      expect(readFileSync(kept, 'utf8')).to.equal('kept');
      expect((await seal([VENDOR], 'no/such/folder.pdf')).err).to.include('書き込めません（ENOENT）');
    });

    it('leaves no file when a signal stops it, and ends by that signal', async () => {
      execFileSync('mkfifo', [path('endless.pdf')]);
      const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith('stopped'));
      const changes = watch(folder);
      const stopped = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
        const args = ['--out', path(`stopped-${signal}.pdf`), '--authority', path('authority')];
        const all = ['seal', path('endless.pdf'), ...args, '--consent', VENDOR];
        const child = startOurs('gateway/cli/keiyakubin.ts', all);
        return { signal, child, end: ended(child) };
      });
      while (left().length < stopped.length) await once(changes, 'change');
      changes.close();
      for (const { child, signal } of stopped) child.kill(signal);
      await Promise.all(stopped.map(({ end }) => end));
      for (const { child, signal } of stopped) expect(child.signalCode).to.equal(signal);
      expect(left()).to.deep.equal([]);
    });

    it('names a folder whose test authority cannot be used, and leaves no file', async () => {
      mkdirSync(path('cut-off'));
      written('cut-off/authority.json', '{');
      for (const [authority, why] of [
        ['upload.pdf', /（EEXIST）/],
        ['cut-off', /authority\.json is broken/],
      ] as const) {
        const options = { file: path('upload.pdf'), out: path('refused.pdf'), consents: [VENDOR] };
        const { code, err } = await said((io) => sealFile({ ...options, authority: path(authority) }, io));
        expect(code).to.equal(2);
        expect(err)
          .to.include(`${path(authority)}：試験用の認証局を使えません`)
          .and.to.match(why);
        expect(readdirSync(folder).filter((name) => name.includes('refused'))).to.deep.equal([]);
      }
    });
  });

  describe('verify', () => {
    it('says the verdict first, then every signature, the file and what it was held against', async () => {
      const { code, out } = await verify('sealed.pdf');
      expect(code).to.equal(0);
      const [first, ...rest] = out.split('\n');
      expect(first).to.match(/^判定：有効。締結時の内容のままです。/);
      const lines = rest.join('\n');
      expect(lines).to.include(
        '1 電子署名：有効\n  署名の内容：契約相手方 山田太郎様 yamada@sample.example.jp',
      );
      expect(lines).to.include('2 電子署名：有効\n  署名の内容：承認者 鈴木一郎様');
      expect(lines).to.match(
        /3 文書タイムスタンプ：有効\n.*\n {2}時刻：令和\d+年\d+月\d+日（[日月火水木金土]）/,
      );
      expect(lines).to.match(/SHA-256：[0-9a-f]{64}\n {2}証拠の水準：PAdES B-LTA\n {2}証拠の期限：令和/);
      expect(lines).to.include(`契約便 試験用認証局（法的効力なし）（${path('authority/root.pem')}）`);
    });

    it('keeps to the keys that are promised', async () => {
      const { out } = await verify('sealed.pdf', { json: true });
      const report = JSON.parse(out);
      const keys = 'schema valid verdict word level provenUntil problems signatures file at roots';
      expect(Object.keys(report)).to.deep.equal(keys.split(' '));
      expect(report).to.deep.include({
        schema: 1,
        valid: true,
        verdict: 'valid',
        word: '有効',
        level: 'B-LTA',
      });
      const own =
        'kind field valid verdict problems signer reason location claimedTime timestamp timestampSigner coveredTo';
      expect(Object.keys(report.signatures[0]).sort()).to.deep.equal(own.split(' ').sort());
      expect(Object.keys(report.file)).to.deep.equal(['name', 'size', 'sha256']);
    });

    it('ends with 1 for each way of not being valid, and says which', async () => {
      const sealed = readFileSync(path('sealed.pdf'));
      written('altered.pdf', replaced(sealed, 'Contract 100 yen', 'Contract 900 yen'));
      written('open.pdf', cutBack(sealed, 2));
      const stranger = written('stranger.pem', pemOf(issueRoot()));
      for (const [file, options, word] of [
        ['altered.pdf', {}, '改変あり'],
        ['open.pdf', {}, '旧版'],
        ['upload.pdf', {}, '当システムの文書ではない'],
        ['sealed.pdf', { trust: [stranger] }, '署名者を確認できない'],
        ['sealed.pdf', { trust: [] }, '署名者を確認できない'],
        ['sealed.pdf', { at: '2090-01-01' }, '証拠の期限切れ'],
      ] as const) {
        const { code, out } = await verify(file, options);
        expect(out.split('。')[0]).to.equal(`判定：${word}`);
        expect(code).to.equal(1);
      }
    });

    it('ends with 2 where nothing can be judged, and says why', async () => {
      written('cut.pdf', readFileSync(path('upload.pdf')).subarray(0, 300));
      for (const [file, options, why] of [
        ['cut.pdf', {}, /^判定：検証できない。/],
        ['sealed.pdf', { at: '2020-01-01' }, /^判定：検証できない。/],
        ['sealed.pdf', { at: '2036-01-01T10:00:00' }, /日時として読めません/],
        ['sealed.pdf', { at: 'tomorrow' }, /日時として読めません/],
        ['sealed.pdf', { trust: [path('upload.pdf')] }, /証明書として読めません/],
        ['sealed.pdf', { trust: [path('missing.pem')] }, /missing.pem：開けません（ENOENT）/],
        ['missing.pdf', {}, /missing.pdf：開けません（ENOENT）/],
      ] as const) {
        const { code, out, err } = await verify(file, options);
        expect(out + err).to.match(why);
        expect(code).to.equal(2);
      }
    });

    it('reads a bare day as all of it in Japan', async () => {
      const { out } = await verify('sealed.pdf', { at: '2027-03-31', json: true });
      expect(JSON.parse(out).at).to.equal('2027-03-31T14:59:59.999Z');
    });

    it('trusts what the settings name and this machine’s test authority, where there is one', () => {
      const env = { KEIYAKUBIN_DATA_DIRECTORY: folder, KEIYAKUBIN_MASTER_KEY_FILE: '/tmp/master.key' };
      const trustIn = (): string[] => {
        const config = loadConfig({ env });
        if (isConfigProblems(config)) throw new Error(config.problems.join());
        return configuredTrust(config);
      };
      expect(trustIn()).to.deep.equal([]);
      const root = written('test-root.pem', readFileSync(path('authority/root.pem')));
      expect(trustIn()).to.deep.equal([root]);
    });
  });
});
