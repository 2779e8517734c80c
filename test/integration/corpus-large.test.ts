/** A thousand pages, and 200 MB that are never read at once (R14). */
import { expect } from 'chai';
import { httpRevocationProvider } from '../../signing/cms/index.ts';
import {
  type ByteSource,
  bytesSource,
  concatSources,
  inspect,
  openGrowing,
  sha256Of,
  verify,
} from '../../signing/index.ts';
import { hugeScan, manyPages } from '../support/pdf-corpus/large.ts';
import { streamFile, tableFile } from '../support/pdf-corpus/raw.ts';
import { FIELDS, openSigningWorld, REASON, type SigningWorld, STAMP } from '../support/pdf-signing.ts';
import { judge, stampFont } from '../support/pdf-tools.ts';

const MEBIBYTE = 1 << 20;
const PAGES = 1200;

describe('large PDFs', () => {
  let world: SigningWorld;
  before(async () => {
    world = await openSigningWorld();
  });
  after(() => world.close());

  /** What has been appended once everybody has signed and the file is closed. */
  async function executed(source: ByteSource): Promise<Uint8Array[]> {
    const { authority, timestampAuthority } = world;
    const trust = [authority.root];
    const document = await openGrowing(source);
    const made = [await document.prepare({ stamp: STAMP, fields: FIELDS, fonts: [stampFont()] })];
    for (const field of FIELDS) {
      const words = { reason: REASON, location: '日本', signingTime: new Date() };
      made.push(
        await document.seal({ field, credential: authority.credential, timestampAuthority, ...words }),
      );
    }
    const revocation = httpRevocationProvider({ trust });
    made.push(await document.conclude({ timestampAuthority, revocation, trust }));
    return made.map(({ bytes }) => bytes);
  }
  const verified = (file: ByteSource) =>
    verify(file, { trust: [world.authority.root], profile: 'B-LTA', at: new Date() });

  const packed = Object.keys(manyPages(PAGES)).map(Number);
  const shapes: Record<string, () => Buffer> = {
    table: () => tableFile(manyPages(PAGES)),
    stream: () => {
      const objects = manyPages(PAGES);
      const dictionaries = packed.filter((num) => !objects[num]!.includes('stream'));
      return streamFile(objects, { packed: dictionaries, compress: true });
    },
  };
  for (const [style, make] of Object.entries(shapes)) {
    it(`${PAGES} pages behind a cross-reference ${style}`, async () => {
      const upload = make();
      expect(await inspect(bytesSource(upload))).to.include({ ok: true, pages: PAGES, xref: style });
      const file = Buffer.concat([upload, ...(await executed(bytesSource(upload)))]);
      const report = await verified(bytesSource(file));
      expect(report).to.deep.include({ valid: true, verdict: 'valid', level: 'B-LTA', problems: [] });
      expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
      expect(judge('pdfsig', ['-no-ocsp'], file).match(/Signature is Valid/g)).to.have.length(FIELDS.length);
    });
  }

  it('200 MB, a megabyte at a time, and verified in one pass', async () => {
    const whole = hugeScan(200 * MEBIBYTE);
    let most = 0;
    let octets = 0;
    const watched: ByteSource = {
      size: whole.size,
      read(offset, length) {
        most = Math.max(most, length);
        octets += length;
        return whole.read(offset, length);
      },
    };
    expect(await inspect(watched)).to.include({ ok: true, pages: 1, size: whole.size });
    const appended = await executed(watched);
    octets = 0;
    const file = concatSources([watched, ...appended.map(bytesSource)]);
    const report = await verified(file);
    expect(octets).to.be.within(whole.size, 1.01 * whole.size);
    expect(report.sha256).to.equal(await sha256Of(file));
    expect(report).to.deep.include({ valid: true, verdict: 'valid', level: 'B-LTA', problems: [] });
    expect(most).to.be.at.most(MEBIBYTE);
    expect(appended.reduce((sum, { length }) => sum + length, 0)).to.be.below(MEBIBYTE);
  });
});
