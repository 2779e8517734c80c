/** An upload that somebody else has signed, timestamped and closed, with a DSS of their own: ours comes on top, and only ours is judged (decided 14). */
import { expect } from 'chai';
import { bytesSource, inspect } from '../../signing/index.ts';
import { FIELDS, openSigningWorld, type SigningWorld } from '../support/pdf-signing.ts';
import { judge, pdfFixture } from '../support/pdf-tools.ts';

describe('an upload closed by somebody else', () => {
  let ours: SigningWorld;
  let theirs: SigningWorld;
  before(async () => {
    [ours, theirs] = [await openSigningWorld(), await openSigningWorld()];
  });
  after(() => Promise.all([ours.close(), theirs.close()]));

  for (const name of ['libreoffice', 'object-streams', 'hybrid']) {
    it(`is sealed, closed and renewed on top (${name}.pdf)`, async () => {
      const upload = renamed(await theirs.executed(pdfFixture(name)));
      expect(await inspect(bytesSource(upload))).to.include({ ok: false, code: 'already-signed' });
      const appending = await inspect(bytesSource(upload), { signedUploads: 'append' });
      expect(appending).to.include({ ok: true, signed: true });
      const executed = await ours.executed(upload);
      const report = await ours.verified(await ours.concluded(executed), 'B-LTA');
      expect(report).to.deep.include({ valid: true, verdict: 'extended', level: 'B-LTA', problems: [] });
      expect(report.signatures.map(({ field, verdict }) => [field, verdict])).to.deep.equal([
        ['kexyakubin-1', 'not-ours'],
        ['kexyakubin-2', 'not-ours'],
        ['DocumentTimestamp1', 'not-ours'],
        ...FIELDS.map((field) => [field, 'valid']),
        ['DocumentTimestamp2', 'valid'],
        ['DocumentTimestamp3', 'valid'],
      ]);
      expect(Buffer.compare(executed.subarray(0, upload.length), upload)).to.equal(0);
      expect(judge('qpdf', ['--check'], executed)).to.include('No syntax or stream encoding errors found');
    });
  }
});

/** What our own code made is somebody else's once its fields are called otherwise; that this breaks their signatures is theirs. */
function renamed(file: Uint8Array): Uint8Array {
  const [mark, other] = ['kei', 'kex'].map((text) => Buffer.from(text, 'utf16le').swap16().toString('hex'));
  return Buffer.from(
    Buffer.from(file).toString('latin1').replaceAll(`feff${mark}`, `feff${other}`),
    'latin1',
  );
}
