/**
 * Known attacks on signed PDFs, each of which verification has to see: incremental saving, shadow, forged
 * ranges, wrapping.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource, seal, type VerificationReport } from '../../signing/index.ts';
import { appendRevision, buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { FIELDS, openSigningWorld, type SigningWorld } from '../support/pdf-signing.ts';
import { rawSignatures } from '../support/pdf-tools.ts';

const ROOT = '/Root 1 0 R';
const FORGED = streamText('', 'BT /F1 24 Tf 72 700 Td (Contract 999999 yen) Tj ET');

describe('signing: attacks that verification refuses', function () {
  this.timeout(30_000);
  let world: SigningWorld;
  let prepared: Uint8Array;
  let first: Uint8Array;
  let executed: Uint8Array;

  before(async () => {
    world = await openSigningWorld();
    prepared = await world.prepared(buildPdf(onePage()).bytes);
    first = await world.sealed(prepared, FIELDS[0]!);
    executed = await world.concluded(await world.sealed(first, FIELDS[1]!));
    // What is refused below is refused for the attack alone.
    expect(await world.verified(first, 'B-T')).to.include({ valid: true });
    expect(await world.verified(executed, 'B-LTA')).to.include({ valid: true });
  });
  after(() => world.close());

  const problemsOf = (report: VerificationReport): string =>
    [...report.problems, ...report.signatures.flatMap((signature) => signature.problems)].join('\n');

  const refused = async (file: Uint8Array, why: RegExp): Promise<VerificationReport> => {
    const report = await world.verified(file, 'B-LTA');
    expect(report.valid).to.equal(false);
    expect(problemsOf(report)).to.match(why);
    return report;
  };

  const text = (file: Uint8Array): string => Buffer.from(file).toString('latin1');
  const bytes = (content: string): Buffer => Buffer.from(content, 'latin1');
  const numberOf = (file: Uint8Array, pattern: RegExp): number =>
    Number([...text(file).matchAll(pattern)].at(-1)![1]);
  const objectOf = (file: Uint8Array, num: number): string =>
    text(file).split(`\n${num} 0 obj\n`).at(-1)!.split('\nendobj')[0]!;

  it('a changed octet in what was signed', async () => {
    const forged = text(executed).replace('Contract 100 yen', 'Contract 900 yen');
    const report = await refused(bytes(forged), /digest-mismatch/);
    expect(report.level).to.equal(null);
  });

  it('any one changed bit, wherever it stands', async () => {
    const places = fc.tuple(fc.nat(executed.length - 1), fc.nat(7));
    await fc.assert(
      fc.asyncProperty(places, async ([position, bit]) => {
        const forged = Buffer.from(executed);
        forged[position]! ^= 1 << bit;
        expect(await world.verified(forged, 'B-LTA')).to.include({ valid: false });
      }),
    );
  });

  it('page contents replaced by a later revision', async () => {
    await refused(appendRevision(executed, { 4: FORGED }, { trailer: ROOT }), /changed: objects 4/);
  });

  it('page contents replaced right after a consent, at B-T', async () => {
    const report = await world.verified(appendRevision(first, { 4: FORGED }, { trailer: ROOT }), 'B-T');
    expect(report.valid).to.equal(false);
    expect(report.problems.join()).to.include('changed: objects 4');
  });

  it('page contents replaced between two consents, the second made in good faith', async () => {
    const between = appendRevision(first, { 4: FORGED }, { trailer: ROOT });
    const file = await world.concluded(await world.sealed(between, FIELDS[1]!));
    const report = await refused(file, /changed: objects 4/);
    expect(report.signatures[0]!.valid).to.equal(false);
  });

  it('an annotation laid over the page', async () => {
    const page = objectOf(executed, 3).replace('/Annots [', '/Annots [900 0 R ');
    const note = '<</Type /Annot /Subtype /FreeText /Rect [0 0 500 500] /Contents (999999)>>';
    await refused(
      appendRevision(executed, { 3: page, 900: note }, { trailer: ROOT }),
      /changed: objects 3, 900/,
    );
  });

  it('another catalog in the trailer', async () => {
    const shadow = { 900: '<</Type /Catalog /Pages 901 0 R>>' };
    const file = appendRevision(executed, shadow, { trailer: '/Root 900 0 R' });
    await refused(file, /no-signatures/);
    const form = /\/AcroForm <<.*?>>/s.exec(objectOf(executed, 1))![0];
    const kept = { 900: `<</Type /Catalog /Pages 2 0 R ${form}>>` };
    await refused(appendRevision(executed, kept, { trailer: '/Root 900 0 R' }), /the trailer/);
  });

  it('a catalog that opens with an action', async () => {
    const catalog = objectOf(executed, 1).replace('<<', '<</OpenAction <</S /JavaScript /JS (x)>> ');
    await refused(appendRevision(executed, { 1: catalog }, { trailer: ROOT }), /the catalog/);
  });

  it('a field dropped from the form', async () => {
    const catalog = objectOf(executed, 1).replace(/\/Fields \[\d+ 0 R /, '/Fields [');
    await refused(appendRevision(executed, { 1: catalog }, { trailer: ROOT }), /the fields/);
  });

  it('all signatures cut off', async () => {
    await refused(prepared, /no-signatures/);
  });

  it('the closing timestamp cut off', async () => {
    const end = text(executed).lastIndexOf('%%EOF', text(executed).lastIndexOf('/DocTimeStamp')) + 6;
    await refused(executed.subarray(0, end), /no-document-timestamp/);
  });

  it('a byte range that was emptied, or contents that are gone (universal forgery)', async () => {
    const at = numberOf(executed, /\/V (\d+) 0 R/g);
    const signature = objectOf(executed, at);
    for (const forged of [
      signature.replace(/\/ByteRange \[[^\]]*\]/, ''),
      signature.replace(/\/ByteRange \[[^\]]*\]/, '/ByteRange null'),
      signature.replace(/\/ByteRange \[[^\]]*\]/, '/ByteRange [0 10 20 -10]'),
      signature.replace(/\/Contents <[^>]*>/, ''),
      signature.replace(/\/Contents <[^>]*>/, '/Contents null'),
      signature.replace(/\/Contents <[^>]*>/, '/Contents <>'),
    ]) {
      await refused(appendRevision(executed, { [at]: forged }, { trailer: ROOT }), /byte-range|contents/);
    }
  });

  it('a byte range with a wider hole (wrapping)', async () => {
    const [, length, resume, rest] = rawSignatures(first)[0]!.range as [number, number, number, number];
    const before = `/ByteRange [0 ${length} ${resume} ${rest}`;
    const wider = `/ByteRange [0 ${length} ${resume + 9} ${rest - 9}`;
    expect(text(first)).to.include(before);
    const report = await world.verified(
      bytes(text(first).replace(before, wider.padEnd(before.length))),
      'B-T',
    );
    expect(report.valid).to.equal(false);
    expect(problemsOf(report)).to.include('byte-range');
  });

  it('a signature that stops short of its revision', async () => {
    const [, length, resume, rest] = rawSignatures(first)[0]!.range as [number, number, number, number];
    const before = `/ByteRange [0 ${length} ${resume} ${rest}`;
    const shorter = `/ByteRange [0 ${length} ${resume} ${rest - 40}`;
    const report = await world.verified(
      bytes(text(first).replace(before, shorter.padEnd(before.length))),
      'B-T',
    );
    expect(report.valid).to.equal(false);
    expect(problemsOf(report)).to.include('coverage: does not end with a revision');
  });

  it('white space or other digits in the hole', async () => {
    const hole = /\/Contents <([0-9a-f]+)>/.exec(text(first))![1]!;
    for (const [forged, why] of [
      [`${hole.slice(0, -2)}  `, 'pure hexadecimal'],
      [`${hole.slice(0, -1)} `, 'pure hexadecimal'],
      [`${hole.slice(0, -2)}01`, 'no DER followed by zeros'],
    ] as const) {
      const report = await world.verified(bytes(text(first).replace(hole, forged)), 'B-T');
      expect(report.valid).to.equal(false);
      expect(problemsOf(report)).to.include(why);
    }
  });

  it('a key of the signature given twice', async () => {
    const place = /\/Location <[0-9a-f]+>/.exec(text(first))![0];
    const forged = text(first).replace(place, '/Filter /Other'.padEnd(place.length));
    const report = await world.verified(bytes(forged), 'B-T');
    expect(report.valid).to.equal(false);
    expect(problemsOf(report)).to.include('stands twice');
  });

  it('octets between the revisions that belong to nothing', async () => {
    const stray = Buffer.concat([executed, bytes(`900 0 obj\n${FORGED}\nendobj\n`)]);
    const report = await world.verified(stray, 'B-LTA');
    expect(report.problems.join()).to.match(/junk-around|unreadable/);
    const catalog = objectOf(executed, 1);
    const hidden = Buffer.concat([executed, bytes('4 0 obj\n(never listed)\nendobj\n')]);
    const joined = Buffer.concat([hidden, bytes(`startxref\n${startxref(executed)}\n%%EOF\n`)]);
    await refused(appendRevision(joined, { 1: catalog }, { trailer: ROOT }), /stray/);
  });

  it('an object hung into the page through the DSS', async () => {
    const dss = numberOf(executed, /\/DSS (\d+) 0 R/g);
    const store = objectOf(executed, dss).replace('/Certs [', '/Certs [4 0 R ');
    const file = appendRevision(executed, { 4: FORGED, [dss]: store }, { trailer: ROOT });
    await refused(file, /object 4 through the DSS/);
  });

  it('a page that waits for an object from a later revision', async () => {
    const waiting = buildPdf({ ...onePage(), 3: onePage()[3]!.replace('4 0 R', '[4 0 R 950 0 R]') }).bytes;
    const file = await world.executed(waiting);
    await refused(file, /dangling: a later revision could supply object 950/);
  });

  it('a reused number that had been free', async () => {
    const holes = { ...onePage(), 8: '(eight)', 3: onePage()[3]!.replace('4 0 R', '[4 0 R 7 0 R]') };
    const closed = await world.executed(buildPdf(holes).bytes);
    expect(await world.verified(closed, 'B-LTA')).to.include({ valid: true });
    const dss = numberOf(closed, /\/DSS (\d+) 0 R/g);
    const store = objectOf(closed, dss).replace('/Certs [', '/Certs [7 0 R ');
    const file = appendRevision(closed, { 7: FORGED, [dss]: store }, { trailer: ROOT });
    await refused(file, /object 7, free before/);
  });

  it('a second field filled with the same signature', async () => {
    const value = numberOf(first, /\/V (\d+) 0 R/g);
    const empty = Number(/\n(\d+) 0 obj\n<<[^\n]*\/T <feff006b0065006900790061006b007500620069006e002d0032>/.exec(text(prepared))![1]);
    const field = objectOf(first, empty).replace('<<', `<</V ${value} 0 R `);
    const report = await world.verified(appendRevision(first, { [empty]: field }, { trailer: ROOT }), 'B-T');
    expect(report.valid).to.equal(false);
  });

  it('an extra entry slipped into the next consent', async () => {
    const page = objectOf(first, 3).replace('<<', '<</Rotate 180 ');
    const between = appendRevision(first, { 3: page }, { trailer: ROOT });
    const revision = await seal(bytesSource(between), {
      field: FIELDS[1]!,
      credential: world.authority.credential,
      timestampAuthority: world.timestampAuthority,
      reason: 'x',
      location: '日本',
      signingTime: new Date(),
    });
    const report = await world.verified(Buffer.concat([between, revision.bytes]), 'B-T');
    expect(report.valid).to.equal(false);
    expect(problemsOf(report)).to.include('changed: objects 3');
  });
});

function startxref(file: Uint8Array): string {
  return /startxref\s+(\d+)\s+%%EOF\s*$/.exec(Buffer.from(file).toString('latin1'))![1]!;
}
