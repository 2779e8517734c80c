/** References to objects that nobody had: found whether the file passes by in pieces, or is asked for each object. */
import { expect } from 'chai';
import { bytesSource } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { ForwardReferences } from '../../signing/pdf/forward.ts';
import { PdfProblem } from '../../signing/pdf/problem.ts';
import type { ByteSource } from '../../signing/ports.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import { rejection } from '../support/rejection.ts';

const dangling = (): Uint8Array =>
  buildPdf({ ...onePage(), 6: `<</Long [${'0 '.repeat(500)}] /To 77 0 R>>` }).bytes;

async function found(file: Uint8Array, piece: number): Promise<number | null> {
  const search = new ForwardReferences(await PdfDocument.open(bytesSource(file)));
  const passing = Buffer.alloc(piece);
  for (let offset = 0; offset < file.length; offset += piece) {
    const size = Buffer.from(file).copy(passing, 0, offset);
    search.pass(offset, passing.subarray(0, size));
  }
  return search.finish();
}

describe('signing/pdf: references to objects that nobody had', () => {
  it('are found in pieces of any size, though objects run past them', async () => {
    for (const piece of [7, 100, 1 << 20]) {
      expect(await found(dangling(), piece)).to.equal(77);
      expect(await found(buildPdf(onePage()).bytes, piece)).to.equal(null);
      expect(await found(pdfFixture('pdfa-2-tagged'), piece)).to.equal(null);
    }
  });

  it('are found without anything that passed by, or with a part of it', async () => {
    const file = dangling();
    const search = async () => new ForwardReferences(await PdfDocument.open(bytesSource(file)));
    expect(await (await search()).finish()).to.equal(77);
    const half = await search();
    half.pass(file.length >> 1, file.subarray(file.length >> 1));
    expect(await half.finish()).to.equal(77);
  });

  it('are not asked for again where they passed by', async () => {
    // Too long for what an open document keeps at hand anyway.
    const objects = Object.fromEntries([7, 8, 9].map((num) => [num, streamText('', ' '.repeat(200_000))]));
    const file = buildPdf({ ...onePage(), ...objects }).bytes;
    let reads = 0;
    const source: ByteSource = {
      size: file.length,
      async read(offset, length) {
        reads++;
        return file.subarray(offset, offset + length);
      },
    };
    for (const passes of [true, false]) {
      const search = new ForwardReferences(await PdfDocument.open(source));
      if (passes) search.pass(0, file);
      reads = 0;
      await search.finish();
      expect(reads === 0).to.equal(passes);
    }
  });

  it('do not hide an object that is not at its offset', async () => {
    const file = Buffer.from(buildPdf(onePage()).bytes);
    const at = file.indexOf('\n5 0 obj') + 1;
    expect(at).to.be.greaterThan(0);
    file.write('9', at, 'latin1');
    expect(await rejection(found(file, 1 << 20))).to.be.instanceOf(PdfProblem);
  });
});
