/** The certificate as a file: judged by ourselves, poppler, qpdf and openssl; every character drawn or refused by name (R42). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { drawCertificate } from '../../signing/certificate/draw.ts';
import {
  type CertificateContent,
  certificate,
  httpRevocationProvider,
  SigningError,
  type TimestampAuthority,
} from '../../signing/index.ts';
import { missingGlyphs } from '../../signing/pdf/typeface.ts';
import { certificateSample, certificateText } from '../../templates/index.ts';
import { openSigningWorld, type SigningWorld } from '../support/pdf-signing.ts';
import { coveredBytes, judge, rawSignatures, stampFont, textOf, withFiles } from '../support/pdf-tools.ts';
import { differenceOnPage } from '../support/pictures.ts';

const REASON = '合意締結証明書ID：ABCD を見本市の電子契約の記録から発行しました';
const SIGNING_TIME = new Date('2026-11-21T00:25:23Z');
const TEXT: CertificateContent = certificateText({ ...certificateSample, testAuthority: true });

/** DER of an OCTET STRING of so many octets, in place of a token. */
function octetString(length: number): Uint8Array {
  return Uint8Array.from([0x04, 0x82, length >> 8, length & 0xff, ...new Uint8Array(length)]);
}

describe('the certificate as a PDF', () => {
  let world: SigningWorld;
  let file: Uint8Array;

  const issue = (content: CertificateContent, timestampAuthority: TimestampAuthority) => {
    const trust = [world.authority.root];
    return certificate(content, {
      fonts: [stampFont()],
      credential: world.authority.credential,
      timestampAuthority,
      revocation: httpRevocationProvider({ trust }),
      trust,
      reason: REASON,
      location: '日本',
      signingTime: SIGNING_TIME,
    });
  };

  before(async () => {
    world = await openSigningWorld();
    file = await issue(TEXT, world.timestampAuthority);
  });
  after(() => world.close());

  it('verifies at B-LTA with one signature and the closing timestamp', async () => {
    const report = await world.verified(file, 'B-LTA');
    expect(report.problems).to.deep.equal([]);
    expect(report).to.include({ valid: true, level: 'B-LTA' });
    expect(report.signatures.map(({ kind }) => kind)).to.deep.equal(['signature', 'document-timestamp']);
    expect(report.signatures[0]).to.include({ reason: REASON, location: '日本' });
    expect(report.signatures[0]!.claimedTime).to.deep.equal(SIGNING_TIME);
  });

  it('is not valid any more when one octet of it changes', async () => {
    const altered = Buffer.from(file);
    const at = altered.indexOf('endstream') - 5;
    altered[at] = altered[at]! ^ 1;
    expect((await world.verified(altered, 'B-LTA')).valid).to.equal(false);
  });

  it('passes qpdf and poppler', () => {
    expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
    // It travels with every mail (R37).
    expect(file.length).to.be.lessThan(300_000);
    const said = judge('pdfsig', ['-no-ocsp'], file);
    expect(said.match(/Signature is Valid/g)).to.have.length(1);
    expect(said).to.include('ETSI.CAdES.detached').and.to.include('Total document signed');
  });

  it('carries what openssl accepts as CAdES and as a timestamp', () => {
    const signatures = rawSignatures(file);
    expect(signatures).to.have.length(2);
    for (const [index, { range, contents }] of signatures.entries()) {
      const files = {
        data: coveredBytes(file, range),
        der: contents,
        'root.pem': world.authority.rootPem,
      };
      const said = withFiles(files, (folder) => {
        const path = (name: string): string => join(folder, name);
        const cms = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-purpose', 'any'];
        const ts = ['ts', '-verify', '-token_in', '-in', path('der'), '-data', path('data')];
        const args =
          index === 0 ? [...cms, '-in', path('der'), '-content', path('data'), '-out', path('out')] : ts;
        return spawnSync('openssl', [...args, '-CAfile', path('root.pem')], { encoding: 'utf8' });
      });
      expect(said.status, said.stderr).to.equal(0);
    }
  });

  it('can be searched and copied: a reader finds every line of it', () => {
    const found = textOf(file).replace(/\s/g, '');
    const { title, notice, lead, sections, footer } = TEXT;
    const values = sections.flatMap(({ heading, rows, paragraphs }) => [
      heading,
      ...rows.flatMap(({ label, value }) => [label, ...value]),
      ...paragraphs,
    ]);
    for (const line of [title, notice!, ...lead, ...values, footer]) {
      for (const part of line.split(/\s/)) expect(found).to.include(part.slice(0, 30));
    }
    expect(found).to.include('1/3').and.to.include('3/3');
  });

  it('names itself, its language and its makers in the metadata', () => {
    const said = judge('pdfinfo', [], file);
    expect(said).to.match(/^Title:\s+合意締結証明書$/m);
    expect(said).to.match(/^Page size:\s+595\.28 x 841\.89 pts \(A4\)$/m);
    expect(Buffer.from(file).toString('latin1')).to.match(/\/Lang \((?:ja-JP)\)|\/Lang <[0-9A-F]+>/);
    expect(judge('pdffonts', [], file)).to.match(/NotoSansJP.*Identity-H\s+yes yes yes/);
  });

  it('is drawn anew with more room where a signature needs it', async () => {
    let asked = 0;
    const verbose: TimestampAuthority = {
      async timestamp(digest) {
        const token = await world.timestampAuthority.timestamp(digest);
        return ++asked === 1 ? { ...token, der: octetString(40_000) } : token;
      },
    };
    const larger = await issue(TEXT, verbose);
    expect(rawSignatures(larger)[0]!.contents.length).to.be.greaterThan(40_000);
    expect(await world.verified(larger, 'B-LTA')).to.include({ valid: true });
  });

  it('waits while the timestamp authority is away', async () => {
    const away: TimestampAuthority = {
      timestamp: () => Promise.reject(new SigningError('away', { transient: true })),
    };
    const error: unknown = await issue(TEXT, away).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(SigningError);
    expect(error).to.include({ transient: true });
  });
});

describe('the certificate’s characters', () => {
  const draw = (text: string): Promise<Buffer> =>
    drawCertificate(
      { title: '証', notice: null, lead: [text], sections: [], continued: '', footer: '証' },
      { fonts: [stampFont()], reason: REASON, location: '日本', signingTime: SIGNING_TIME },
      1024,
    );

  for (const [character, neighbour] of [
    ['髙', '高'],
    ['﨑', '崎'],
    ['𠮷', '吉'],
  ] as const) {
    it(`draws ${character}, and not ${neighbour} in its place`, async () => {
      const [shown, blank, other] = [await draw(character), await draw('　'), await draw(neighbour)];
      const { box } = differenceOnPage(1, blank, shown);
      expect(box!.right - box!.left).to.be.greaterThan(5);
      expect(box!.bottom - box!.top).to.be.greaterThan(5);
      expect(differenceOnPage(1, shown, other).box).to.not.equal(null);
    });
  }

  it('are refused by name where the font has none', async () => {
    const refusal = await draw('山田\u{1F600}太郎').then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(SigningError);
    expect(refusal).to.include({ transient: false });
    expect(String(refusal)).to.include('\u{1F600} (U+1F600)');
  });

  it('are known to be missing before anything is drawn', () => {
    const missing = missingGlyphs([stampFont()]);
    expect(missing('髙橋𠮷郎 yamada@sample.example.jp（株）')).to.deep.equal([]);
    expect(missing('山\u{1F600}田\u{1F600}')).to.deep.equal([
      { character: '\u{1F600}', codePoints: 'U+1F600' },
    ]);
  });
});
