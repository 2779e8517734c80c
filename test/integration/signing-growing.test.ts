/** One document over several revisions: the same file as step by step, read and hashed once (ISO 32000-2 7.5.6). */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import {
  type AppendedRevision,
  type ByteSource,
  bytesSource,
  concatSources,
  httpRevocationProvider,
  openGrowing,
  SigningError,
  type TimestampAuthority,
  verify,
} from '../../signing/index.ts';
import { onePage } from '../support/pdf-build.ts';
import { FIELDS, openSigningWorld, REASON, type SigningWorld, STAMP } from '../support/pdf-signing.ts';
import { judge, pdfFixture, stampFont } from '../support/pdf-tools.ts';

const MB = 1_000_000;

/** Counts what is read of `origin` and refuses to be asked for more than two megabytes at once. */
class CountingSource implements ByteSource {
  readonly size: number;
  octets = 0;
  private readonly origin: ByteSource;

  constructor(origin: ByteSource) {
    this.origin = origin;
    this.size = origin.size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    if (length > 2 << 20) throw new Error(`${length} octets asked for at once`);
    this.octets += length;
    return this.origin.read(offset, length);
  }
}

/** One page whose picture is `size` zeros, none of which is ever in memory but while it is read. */
function largePdf(size: number): ByteSource {
  const objects: Record<number, string> = onePage();
  objects[6] = `<</Type /XObject /Subtype /Image /Width 1000 /Height ${size / 1000} /ColorSpace /DeviceGray /BitsPerComponent 8 /Length ${size}>>\nstream\n`;
  let head = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  let table = 'xref\n0 7\n0000000000 65535 f \n';
  for (const [num, text] of Object.entries(objects)) {
    table += `${String(head.length).padStart(10, '0')} 00000 n \n`;
    head += `${num} 0 obj\n${text}${num === '6' ? '' : '\nendobj\n'}`;
  }
  const end = '\nendstream\nendobj\n';
  const start = head.length + size + end.length;
  const tail = `${end}${table}trailer\n<</Size 7 /Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  const zeros: ByteSource = { size, read: async (_offset, length) => new Uint8Array(length) };
  return concatSources([bytesSource(Buffer.from(head, 'latin1')), zeros, bytesSource(Buffer.from(tail))]);
}

describe('signing: a growing document', () => {
  let world: SigningWorld;
  before(async () => {
    world = await openSigningWorld();
  });
  after(() => world.close());

  const signing = (field: string, timestampAuthority: TimestampAuthority = world.timestampAuthority) => ({
    field,
    credential: world.authority.credential,
    timestampAuthority,
    reason: REASON,
    location: '日本',
    signingTime: new Date(),
  });

  async function execute(source: ByteSource): Promise<AppendedRevision[]> {
    const trust = [world.authority.root];
    const document = await openGrowing(source);
    const revisions = [await document.prepare({ stamp: STAMP, fields: FIELDS, fonts: [stampFont()] })];
    for (const field of FIELDS) revisions.push(await document.seal(signing(field)));
    const { timestampAuthority } = world;
    revisions.push(
      await document.conclude({ timestampAuthority, revocation: httpRevocationProvider({ trust }), trust }),
    );
    expect(document.size).to.equal(revisions.at(-1)!.size);
    return revisions;
  }

  for (const name of ['libreoffice', 'object-streams', 'hybrid']) {
    it(`carries ${name}.pdf to B-LTA and names size and hash of each revision`, async () => {
      let file = pdfFixture(name);
      for (const { bytes, size, sha256 } of await execute(bytesSource(file))) {
        file = Buffer.concat([file, bytes]);
        expect(size).to.equal(file.length);
        expect(sha256).to.equal(createHash('sha256').update(file).digest('hex'));
      }
      const upload = pdfFixture(name);
      expect(Buffer.compare(file.subarray(0, upload.length), upload)).to.equal(0);
      expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
      expect(await world.verified(file, 'B-LTA')).to.include({ valid: true, level: 'B-LTA' });
    });
  }

  it('reads a large file once for all its signatures, a little at a time, and once more to verify it', async () => {
    const source = new CountingSource(largePdf(20 * MB));
    const revisions = await execute(source);
    expect(source.octets).to.be.greaterThan(20 * MB - 1);
    expect(source.octets).to.be.lessThan(21 * MB);

    source.octets = 0;
    const whole = concatSources([source, ...revisions.map(({ bytes }) => bytesSource(bytes))]);
    const options = { trust: [world.authority.root], profile: 'B-LTA', at: new Date() } as const;
    expect(await verify(whole, options)).to.include({ valid: true, level: 'B-LTA' });
    expect(source.octets).to.be.greaterThan(20 * MB - 1);
    expect(source.octets).to.be.lessThan(21 * MB);
  });

  it('stays as it was when a step fails', async () => {
    const upload = pdfFixture('libreoffice');
    const document = await openGrowing(bytesSource(upload));
    const prepared = await document.prepare({ stamp: STAMP, fields: FIELDS, fonts: [stampFont()] });
    const outage = new SigningError('unreachable', { transient: true });
    const unreachable = { timestamp: () => Promise.reject(outage) };
    const failed = await document.seal(signing(FIELDS[0]!, unreachable)).catch((error: unknown) => error);
    expect(failed).to.equal(outage);
    expect(document.size).to.equal(prepared.size);
    const sealed = await document.seal(signing(FIELDS[0]!));
    const file = Buffer.concat([upload, prepared.bytes, sealed.bytes]);
    expect(await world.verified(file, 'B-T')).to.include({ valid: true, level: 'B-T' });
  });

  it('does not remember an outage of the storage', async () => {
    const upload = pdfFixture('libreoffice');
    let broken = false;
    const source: ByteSource = {
      size: upload.length,
      async read(offset, length) {
        if (broken) throw new Error('storage is away');
        return upload.subarray(offset, offset + length);
      },
    };
    const document = await openGrowing(source);
    const options = { stamp: STAMP, fields: FIELDS, fonts: [stampFont()] };
    broken = true;
    const failed = await document.prepare(options).catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'storage is away');
    broken = false;
    const prepared = await document.prepare(options);
    expect(prepared.size).to.equal(upload.length + prepared.bytes.length);
  });
});
