/** What is said of a file in each state that it can be in, at any date, and beside signatures of others (R45, R56). */
import { expect } from 'chai';
import { buildSignature } from '../../signing/cms/index.ts';
import {
  bytesSource,
  concatSources,
  seal,
  type Verdict,
  type VerificationReport,
  verify,
} from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { addSignatureField } from '../../signing/pdf/fields.ts';
import { firstPage } from '../../signing/pdf/pages.ts';
import { appendPlain } from '../../signing/pdf/signature-revision.ts';
import { RevisionWriter } from '../../signing/pdf/writer.ts';
import { addedSignature, cutBack, ROOT, replaced, signedBy } from '../support/forging.ts';
import { appendRevision, buildPdf, onePage } from '../support/pdf-build.ts';
import { FIELDS, openSigningWorld, REASON, type SigningWorld } from '../support/pdf-signing.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import { authorityOf, credentialOf } from '../support/pki.ts';
import { pki } from '../support/pki-verify.ts';

const YEAR_MS = 366 * 86_400_000;

describe('signing: verdicts', () => {
  let world: SigningWorld;
  let prepared: Uint8Array;
  let first: Uint8Array;
  let second: Uint8Array;
  let executed: Uint8Array;

  before(async () => {
    world = await openSigningWorld();
    prepared = await world.prepared(buildPdf(onePage()).bytes);
    first = await world.sealed(prepared, FIELDS[0]!);
    second = await world.sealed(first, FIELDS[1]!);
    executed = await world.concluded(second);
  });
  after(() => world.close());

  const judged = async (file: Uint8Array, at = new Date()): Promise<VerificationReport> =>
    verify(bytesSource(file), { trust: [world.authority.root], profile: 'B-LTA', at });
  const expected = async (file: Uint8Array, verdict: Verdict, at?: Date): Promise<VerificationReport> => {
    const report = await judged(file, at);
    expect(report.verdict, JSON.stringify(report, null, 1)).to.equal(verdict);
    expect(report.valid).to.equal(verdict === 'valid' || verdict === 'extended');
    return report;
  };

  describe('of a file on its way', () => {
    it('not ours before anything is signed, prepared or not', async () => {
      await expected(buildPdf(onePage()).bytes, 'not-ours');
      await expected(prepared, 'not-ours');
    });

    it('an intermediate state after each consent, with signatures that hold', async () => {
      for (const [file, missing] of [
        [first, 'open-field: keiyakubin-2'],
        [second, 'no-document-timestamp'],
        [cutBack(executed, 1).subarray(0, cutBack(executed, 2).length), 'no-document-timestamp'],
      ] as const) {
        const report = await expected(file, 'outdated');
        expect(report.problems.join()).to.include(missing);
        for (const signature of report.signatures) {
          expect(signature).to.deep.include({ verdict: 'valid', valid: true, problems: [] });
        }
      }
    });

    it('an intermediate state though somebody closed it with a genuine timestamp', async () => {
      const closed = await world.concluded(first);
      const report = await expected(closed, 'outdated');
      expect(report.problems).to.deep.equal(['open-field: keiyakubin-2 waits for its signature']);
      expect(report.level).to.equal('B-LTA');
    });

    it('valid once closed, until the certificates of its timestamp run out', async () => {
      const report = await expected(executed, 'valid');
      expect(report.signatures.map(({ verdict }) => verdict)).to.deep.equal(['valid', 'valid', 'valid']);
      const until = report.provenUntil!;
      await expected(executed, 'valid', until);
      const late = await expected(executed, 'expired', new Date(until.getTime() + 1000));
      expect(late.signatures.at(-1)).to.include({ valid: false, verdict: 'expired' });
    });

    it('extended after a renewal, and what lacks one run out', async () => {
      const renewed = await world.concluded(executed);
      const report = await expected(renewed, 'extended');
      expect(report.signatures).to.have.length(4);
      await expected(renewed, 'expired', new Date(Date.now() + 60 * YEAR_MS));
    });

    it('no answer for a moment before the timestamps, and a verdict a moment after', async () => {
      const report = await expected(executed, 'unjudged', new Date(Date.now() - YEAR_MS));
      expect(report.signatures.flatMap(({ problems }) => problems).join()).to.include('time-order');
      await expected(executed, 'valid', (await judged(executed)).signatures.at(-1)!.timestamp!);
    });

    it('altered rather than run out, unproven or unfinished, where it is several', async () => {
      const forged = replaced(executed, 'Contract 100 yen', 'Contract 900 yen');
      await expected(forged, 'altered', new Date(Date.now() + 60 * YEAR_MS));
      await expected(forged, 'altered', new Date(Date.now() - YEAR_MS));
      await expected(replaced(first, 'Contract 100 yen', 'Contract 900 yen'), 'altered');
      const untrusted = await verify(bytesSource(forged), { trust: [], profile: 'B-LTA', at: new Date() });
      expect(untrusted.verdict).to.equal('altered');
      const sound = await verify(bytesSource(executed), { trust: [], profile: 'B-LTA', at: new Date() });
      expect(sound.verdict).to.equal('signer-unproven');
    });

    it('no answer for what cannot be read, unless it bears our mark', async () => {
      for (const name of ['encrypted', 'truncated']) await expected(pdfFixture(name), 'unjudged');
      await expected(Buffer.from('拝啓'), 'unjudged');
      await expected(new Uint8Array(0), 'unjudged');
      await expected(executed.subarray(0, executed.length - 30), 'altered');
      // Deep inside, so that the mark is found across the borders of what is read at once.
      const filler = Buffer.alloc((1 << 20) - prepared.length + 60, 0x20);
      const far = Buffer.concat([Buffer.from('%PDF-1.7\n'), filler, prepared, Buffer.from('cut')]);
      await expected(far, 'altered');
    });
  });

  describe('beside signatures of others', () => {
    const stranger = credentialOf(pki.signer, pki.intermediate, pki.root);
    const byStranger = (digest: Uint8Array): Promise<Uint8Array> =>
      buildSignature(digest, stranger, authorityOf(pki.tsa));

    const carried = async (upload: Uint8Array): Promise<Uint8Array> => {
      let file = await world.prepared(upload);
      for (const field of FIELDS) file = await world.sealed(file, field);
      return world.concluded(file);
    };

    it('not ours, though signed well', async () => {
      const foreign = await addedSignature(buildPdf(onePage()).bytes, {
        name: 'Signature1',
        sign: byStranger,
      });
      const report = await verify(bytesSource(foreign), {
        trust: [pki.root.certificate],
        profile: 'B-LTA',
        at: new Date(),
      });
      expect(report).to.include({ valid: false, verdict: 'not-ours' });
      expect(report.signatures).to.have.length(1);
      expect(report.signatures[0]).to.include({ verdict: 'not-ours', valid: true, signer: '試験署名者' });
    });

    it('valid above signatures in the upload, which are reported and left alone', async () => {
      const once = await addedSignature(buildPdf(onePage()).bytes, { name: 'Signature1', sign: byStranger });
      const twice = await addedSignature(once, { name: 'Signature2', sign: byStranger });
      const report = await expected(await carried(twice), 'valid');
      expect(report.signatures.map(({ field, verdict }) => [field, verdict])).to.deep.equal([
        ['Signature1', 'not-ours'],
        ['Signature2', 'not-ours'],
        [FIELDS[0], 'valid'],
        [FIELDS[1], 'valid'],
        ['DocumentTimestamp1', 'valid'],
      ]);
      // Nobody told us to trust them, and nothing else is wrong: the preparation did not touch what they cover.
      const [, inner] = report.signatures;
      expect(inner!.problems.filter((problem) => !/untrusted/.test(problem))).to.deep.equal([]);
    });

    it('valid above a broken signature in the upload, which is reported as such', async () => {
      const foreign = await addedSignature(buildPdf(onePage()).bytes, {
        name: 'Signature1',
        sign: byStranger,
      });
      const edited = appendRevision(foreign, { 4: onePage()[4]! }, { trailer: ROOT });
      const changed = appendRevision(
        edited,
        { 5: onePage()[5]!.replace('Helvetica', 'Courier') },
        { trailer: ROOT },
      );
      const report = await expected(await carried(changed), 'valid');
      expect(report.signatures[0]!.problems.join('\n')).to.match(/^changed: /m);
    });

    it('altered by a signature of another after ours, in a field of its own or one that was there', async () => {
      await expected(await addedSignature(executed, { name: 'Signature1', sign: byStranger }), 'altered');
      await expected(await addedSignature(second, { name: 'Signature1', sign: byStranger }), 'altered');
      const withField = await carried(await withEmptyField(buildPdf(onePage()).bytes, 'Signature1'));
      await expected(withField, 'valid');
      await expected(await signedBy(withField, 'Signature1', byStranger), 'altered');
    });

    it('valid, saying of the other’s signature that a page was changed before the first consent', async () => {
      const foreign = await addedSignature(buildPdf(onePage()).bytes, {
        name: 'Signature1',
        sign: byStranger,
      });
      const file = await world.prepared(foreign);
      const shifted = appendRevision(file, { 4: onePage()[4]!.replace('100', '900') }, { trailer: ROOT });
      const revision = await seal(bytesSource(shifted), {
        field: FIELDS[0]!,
        credential: world.authority.credential,
        timestampAuthority: world.timestampAuthority,
        reason: REASON,
        location: '日本',
        signingTime: new Date(),
      });
      const whole = concatSources([bytesSource(shifted), bytesSource(revision.bytes)]);
      const report = await verify(whole, {
        trust: [world.authority.root],
        profile: 'B-T',
        at: new Date(),
      });
      // Ours vouches for what was shown; the other's signature no longer does.
      expect(report.verdict).to.equal('valid');
      expect(report.signatures[0]!.problems.join()).to.include('changed: objects 4');
    });
  });
});

async function withEmptyField(upload: Uint8Array, name: string): Promise<Uint8Array> {
  const document = await PdfDocument.open(bytesSource(upload));
  const writer = new RevisionWriter(document);
  await addSignatureField(document, writer, (await firstPage(document)).ref, name);
  return Buffer.concat([upload, (await appendPlain(document, writer)).bytes]);
}
