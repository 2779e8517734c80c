/** What somebody without our code finds in the demo's output: poppler, qpdf and openssl as judges, and `keiyakubin verify` as a third party runs it. */
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { cmsParts, withoutPadding } from '../support/cms-parts.ts';
import { runOurs } from '../support/our-process.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { coveredBytes, rawSignatures } from '../support/pdf-tools.ts';
import { differenceOnPage } from '../support/pictures.ts';
import { issueRoot, pemOf } from '../support/pki.ts';
import { runTool } from '../support/system.ts';

const ORIGINAL = join(import.meta.dirname, '../../demo/contract/keiyakusho.pdf');
const SECOND = join(import.meta.dirname, '../../demo/contract/kinnuki-sekkeisho.pdf');
const THIRD = join(import.meta.dirname, '../../demo/contract/tokki-shiyosho.pdf');
const ACKNOWLEDGEMENT = join(import.meta.dirname, '../../demo/contract/ukesho.pdf');
const HYBRID = join(import.meta.dirname, '../fixtures/pdf/hybrid.pdf');

interface Result {
  readonly trustRoot: string;
  readonly mails: readonly string[];
  readonly contracts: readonly {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly certificateId: string;
    readonly executed: readonly string[];
    readonly certificate: string | null;
  }[];
}

describe('what the demo leaves, judged by others', () => {
  let folder: string;
  let out: string;
  let file: string;
  let executed: Buffer;
  let root: string;
  let result: Result;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'third-party-'));
    out = join(folder, 'out');
    const { code, stderr } = await demo('out');
    expect(code, stderr).to.equal(0);
    result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    file = join(out, result.contracts[0]!.executed[0]!);
    executed = readFileSync(file);
    root = join(out, result.trustRoot);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const demo = (name: string, ...args: string[]) =>
    runOurs('demo/main.ts', ['--out', join(folder, name), ...args]);
  const said = async (tool: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runTool(tool, args);
    expect(code, stderr).to.equal(0);
    return stdout.toString('utf8');
  };
  const written = (name: string, content: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  /** With which numbers begin: that in which the test runs. */
  const yearOf = ({ contracts }: Pick<Result, 'contracts'>): string =>
    /^20\d\d(?=-)/.exec(contracts[0]!.executed[0]!)![0];

  it('is described by result.json', () => {
    expect(Object.keys(result)).to.deep.equal(['trustRoot', 'mails', 'contracts']);
    const year = yearOf(result);
    const expected = [
      { kind: 'contract', number: `${year}-0001`, documents: 1 },
      { kind: 'acknowledgement', number: `${year}-0002`, documents: 1 },
      { kind: 'contract', number: `${year}-0003`, documents: 3 },
    ];
    expect(result.contracts).to.have.length(expected.length);
    for (const [index, { kind, number, documents }] of expected.entries()) {
      const contract = result.contracts[index]!;
      expect(Object.keys(contract)).to.deep.equal([
        'id',
        'kind',
        'state',
        'certificateId',
        'executed',
        'certificate',
      ]);
      expect(contract).to.deep.include({
        kind,
        state: 'concluded',
        executed: Array.from({ length: documents }, (_, at) => `${number}-${at + 1}.pdf`),
        certificate: `${number}-certificate.pdf`,
      });
      expect(contract.certificateId).to.match(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    }
    // Two vendors confirm their addresses before the three contracts.
    expect(result.mails).to.have.length(2 + 9 + 6 + 12);
  });

  it('holds mails that others can parse, each to one person, from the municipality', async () => {
    for (const path of result.mails) {
      const raw = readFileSync(join(out, path));
      const mail = await simpleParser(raw);
      expect(mail.from?.value.map(({ address }) => address)).to.deep.equal(['keiyaku@mihon.example.jp']);
      expect([mail.to ?? []].flat().flatMap(({ value }) => value)).to.have.length(1);
      expect(mail.messageId).to.match(/^<[^<>\s]+@mihon\.example\.jp>$/);
      expect(mail.text).to.include('試験用・法的効力なし');
      expect(mail.html).to.include('試験用・法的効力なし');
      // RFC 5322 2.1.1: lines of at most 998 octets, CRLF at the end of each.
      const lines = raw.toString('latin1').split('\r\n');
      expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(998);
      expect(lines.some((line) => /[\r\n]/.test(line))).to.equal(false);
    }
  });

  it('keeps the uploaded PDF as an untouched prefix', () => {
    const original = readFileSync(ORIGINAL);
    expect(executed.subarray(0, original.length).equals(original)).to.equal(true);
  });

  it('holds two valid signatures and a timestamp over everything, says pdfsig', async () => {
    const report = await said('pdfsig', '-no-ocsp', file);
    const signatures = report.split(/^Signature #\d+:$/m).slice(1);
    expect(signatures).to.have.length(3);
    const [vendor, municipality, timestamp] = signatures;
    for (const consent of [vendor, municipality]) {
      expect(consent).to.include('Signature is Valid.').and.to.include('ETSI.CAdES.detached');
    }
    // Poppler does not judge document timestamps; openssl does, below.
    expect(timestamp).to.include('Total document signed');
  });

  it('holds a signature for each consent of each kind of contract, and its upload as a prefix', async () => {
    const signers = [['山田太郎', '鈴木一郎'], ['見本花子'], ['見本花子', '山田太郎', '鈴木一郎']];
    const uploads = [[ORIGINAL], [ACKNOWLEDGEMENT], [ORIGINAL, SECOND, THIRD]];
    for (const [index, contract] of result.contracts.entries()) {
      for (const [at, name] of contract.executed.entries()) {
        const path = join(out, name);
        const report = await said('pdfsig', '-no-ocsp', path);
        expect(report.match(/Signature is Valid/g), name).to.have.length(signers[index]!.length);
        expect((await runTool('qpdf', ['--check', path])).code).to.equal(0);
        const { code, stdout } = await runOurs('gateway/cli/keiyakubin.ts', [
          'verify',
          path,
          '--trust',
          root,
        ]);
        expect(code, stdout).to.equal(0);
        expect([...stdout.matchAll(/署名の内容：(.+?)様 /g)].map((match) => match[1])).to.deep.equal(
          signers[index],
        );
        const upload = readFileSync(uploads[index]![at]!);
        expect(readFileSync(path).subarray(0, upload.length).equals(upload), name).to.equal(true);
      }
      const certificate = join(out, contract.certificate!);
      const text = (await said('pdftotext', certificate, '-')).replace(/\s+/g, '');
      for (const words of [contract.certificateId, ...signers[index]!]) expect(text).to.include(words);
      for (const name of contract.executed) {
        expect(text).to.include(hash('sha256', readFileSync(join(out, name))));
      }
      expect((await said('pdfsig', '-no-ocsp', certificate)).match(/Signature is Valid/g)).to.have.length(1);
    }
  });

  it('is sound for qpdf', async () => {
    expect(await said('qpdf', '--check', file)).to.include('No syntax or stream encoding errors found');
  });

  it('proves each consent as CAdES under the trust root, says openssl', async () => {
    const consents = rawSignatures(executed).slice(0, 2);
    expect(consents).to.have.length(2);
    for (const { range, contents } of consents) {
      const signature = written('consent.p7s', withoutPadding(contents));
      const content = written('consent.bin', coveredBytes(executed, range));
      const options = ['-cades', '-binary', '-inform', 'DER', '-purpose', 'any', '-CAfile', root];
      const input = ['-in', signature, '-content', content, '-out', '/dev/null'];
      const good = await runTool('openssl', ['cms', '-verify', ...options, ...input]);
      expect(good.stderr).to.match(/^CAdES Verification successful$/m);
      writeFileSync(content, Buffer.concat([readFileSync(content), Buffer.from(' ')]));
      expect((await runTool('openssl', ['cms', '-verify', ...options, ...input])).code).not.to.equal(0);
    }
  });

  it('carries a timestamp on each signature value and one on the file, says openssl', async () => {
    const [vendor, municipality, timestamp] = rawSignatures(executed);
    const stamped = [vendor, municipality].map((consent) => {
      const { signatureValue, signatureTimestamp } = cmsParts(consent!.contents);
      return { data: signatureValue, timestampToken: signatureTimestamp };
    });
    stamped.push({
      data: coveredBytes(executed, timestamp!.range),
      timestampToken: withoutPadding(timestamp!.contents),
    });
    for (const { data, timestampToken } of stamped) {
      const input = ['-token_in', '-in', written('token.der', timestampToken!)];
      const options = ['-data', written('stamped.bin', data), '-CAfile', root];
      expect(await said('openssl', 'ts', '-verify', ...input, ...options)).to.include('Verification: OK');
    }
    const [first, second] = stamped;
    const swapped = ['-data', written('stamped.bin', second!.data), '-CAfile', root];
    const token = ['-token_in', '-in', written('token.der', first!.timestampToken!)];
    expect((await runTool('openssl', ['ts', '-verify', ...token, ...swapped])).code).not.to.equal(0);
  });

  it('bears the certificate ID at the bottom left of page 1, and changes nothing else on it', async () => {
    const words = await said('pdftotext', '-f', '1', '-l', '1', '-layout', file, '-');
    const { certificateId } = result.contracts[0]!;
    expect(words).to.include(`ID：${certificateId}（試験用・法的効力なし）`);
    expect(words.replace(/\s/g, '')).to.include('工事請負契約書').and.to.include('市道１号線舗装工事');
    expect(await said('pdftotext', '-f', '2', file, '-')).not.to.include(certificateId);

    const { width, height, box } = differenceOnPage(1, readFileSync(ORIGINAL), executed);
    expect(box, 'the stamp leaves ink').not.to.equal(null);
    expect(box!.left).to.be.greaterThan(0);
    expect(box!.right).to.be.lessThan(width / 2);
    expect(box!.top).to.be.greaterThan(height * 0.95);
    expect(box!.bottom).to.be.lessThan(height);
    expect(differenceOnPage(2, readFileSync(ORIGINAL), executed).box).to.equal(null);
  });

  it('embeds every font', async () => {
    const rows = (await said('pdffonts', file)).trim().split('\n').slice(2);
    expect(rows.join('\n')).to.match(/^[A-Z]{6}\+NotoSansJP-Regular\s/m);
    for (const row of rows) expect(row).to.match(/\s(yes)\s+yes\s+yes\s+\d+\s+0\s*$/);
  });

  it('comes with a certificate that names everybody and the digests anybody can compute, sealed too', async () => {
    const { certificate, certificateId } = result.contracts[0]!;
    const path = join(out, certificate!);
    const text = (await said('pdftotext', '-layout', path, '-')).replace(/[ \n]+/g, ' ');
    const named = [
      '市道1号線舗装工事',
      '山田太郎',
      'yamada@sample.example.jp',
      '鈴木一郎',
      'suzuki@mihon.example.jp',
    ];
    const digests = [readFileSync(ORIGINAL), executed].map((content) => hash('sha256', content));
    for (const words of [certificateId, ...named, ...digests]) expect(text).to.include(words);
    expect((await said('pdfsig', '-no-ocsp', path)).match(/Signature is Valid/g)).to.have.length(1);
    expect((await runTool('qpdf', ['--check', path])).code).to.equal(0);
    const mails = await Promise.all(result.mails.map((name) => simpleParser(readFileSync(join(out, name)))));
    const completed = mails.filter(({ subject }) => subject === '電子署名完了のお知らせ');
    expect(completed).to.have.length(3 + 2 + 4);
    const own = completed.filter(({ text }) => text!.includes(digests[1]!));
    expect(own).to.have.length(3);
    for (const mail of own) {
      expect(mail.attachments.map(({ content }) => hash('sha256', content))).to.deep.equal([
        digests[1],
        hash('sha256', readFileSync(path)),
      ]);
    }
  });

  describe('keiyakubin verify', () => {
    const verify = (path: string, trust = root) =>
      runOurs('gateway/cli/keiyakubin.ts', ['verify', path, '--trust', trust, '--json']);

    it('exits 0 for the files as they were mailed', async () => {
      expect((await verify(join(out, result.contracts[0]!.certificate!))).code).to.equal(0);
      const { code, stdout } = await verify(file);
      expect(code).to.equal(0);
      const report = JSON.parse(stdout);
      expect(report).to.deep.include({ valid: true, level: 'B-LTA', problems: [] });
      expect(report.signatures.map(({ kind }: { kind: string }) => kind)).to.deep.equal([
        'signature',
        'signature',
        'document-timestamp',
      ]);
    });

    it('exits 1 for a flipped octet, appended junk and a dropped last revision', async () => {
      const flipped = Buffer.from(executed);
      flipped[Math.floor(readFileSync(ORIGINAL).length / 2)]! ^= 1;
      const ends = [...executed.toString('latin1').matchAll(/%%EOF\r?\n/g)];
      const { 0: mark, index } = ends.at(-2)!;
      const altered = {
        flipped,
        appended: Buffer.concat([executed, Buffer.from('\n% one more line\n')]),
        // Consents without the validation data and the timestamp that closed the file.
        shortened: executed.subarray(0, index + mark.length),
      };
      for (const [name, content] of Object.entries(altered)) {
        const { code, stdout } = await verify(written(`${name}.pdf`, content));
        expect(code, name).to.equal(1);
        expect(JSON.parse(stdout).valid, name).to.equal(false);
      }
      const { stdout } = await runOurs('gateway/cli/keiyakubin.ts', [
        'verify',
        join(folder, 'flipped.pdf'),
        '--trust',
        root,
      ]);
      expect(stdout)
        .to.include('1 電子署名：改変あり')
        .and.to.include('署名のあとで内容が変えられています。');
      expect(stdout.split('\n')[0]).to.match(/^判定：改変あり。/);
    });

    it('exits 1 under another trust root, 2 for what is no PDF and for what is not there', async () => {
      const stranger = written('stranger.pem', pemOf(issueRoot()));
      expect((await verify(file, stranger)).code).to.equal(1);
      for (const path of [written('letter.pdf', '拝啓'), join(folder, 'missing.pdf'), folder]) {
        const { code, stdout, stderr } = await verify(path);
        expect(code, stderr).to.equal(2);
        expect(stdout).to.equal('');
        expect(stderr).to.match(
          new RegExp(`^${path}：(PDFではないため、検証できません|開けません（E[A-Z]+）)。$`, 'm'),
        );
        expect(stderr).not.to.match(/^\s+at /m);
      }
    });
  });

  it('comes out for other PDFs too: several documents, one of them as Word writes it', async () => {
    const { code, stderr } = await demo('several', '--pdf', ORIGINAL, '--pdf', SECOND, '--pdf', HYBRID);
    expect(code, stderr).to.equal(0);
    const { contracts }: Result = JSON.parse(readFileSync(join(folder, 'several/result.json'), 'utf8'));
    expect(contracts).to.have.length(1);
    const first = `${yearOf({ contracts })}-0001`;
    expect(contracts[0]!.executed).to.deep.equal([`${first}-1.pdf`, `${first}-2.pdf`, `${first}-3.pdf`]);
    for (const [index, original] of [ORIGINAL, SECOND, HYBRID].entries()) {
      const path = join(folder, 'several', contracts[0]!.executed[index]!);
      const upload = readFileSync(original);
      expect(readFileSync(path).subarray(0, upload.length).equals(upload)).to.equal(true);
      expect((await runTool('qpdf', ['--check', path])).code).to.equal(0);
      expect((await said('pdfsig', '-no-ocsp', path)).match(/Signature is Valid/g)).to.have.length(2);
    }
  });

  it('comes out for a PDF too large for mail: downloaded by the link', async () => {
    const objects = { ...onePage(), 6: streamText('', '0'.repeat(6 * 1_048_576)) };
    const large = written('large.pdf', buildPdf(objects).bytes);
    const { code, stderr } = await demo('large', '--pdf', large);
    expect(code, stderr).to.equal(0);
    const { contracts }: Result = JSON.parse(readFileSync(join(folder, 'large/result.json'), 'utf8'));
    const { executed, certificate } = contracts[0]!;
    const number = `${yearOf({ contracts })}-0001`;
    expect([...executed, certificate]).to.deep.equal([`${number}-1.pdf`, `${number}-certificate.pdf`]);
    const upload = readFileSync(large);
    const path = join(folder, 'large', executed[0]!);
    expect(readFileSync(path).subarray(0, upload.length).equals(upload)).to.equal(true);
  });

  it('ends with the reason where the gateway does not take the PDF', async () => {
    const contradictory = join(import.meta.dirname, '../fixtures/pdf/hybrid-contradictory.pdf');
    const { code, stderr } = await demo('refused', '--pdf', contradictory);
    expect(code).to.equal(1);
    expect(stderr)
      .to.include('hybrid-contradictory.pdf')
      .and.not.to.match(/^\s+at /m);
  });
});
