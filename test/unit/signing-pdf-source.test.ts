/** Byte sources and the digests over them. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource, concatSources, prefixSource, sha256Of } from '../../signing/index.ts';
import { cachedSource, coveredDigests } from '../../signing/pdf/source.ts';

const sha256 = (...parts: Uint8Array[]): string =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex');

describe('signing/pdf: sources', () => {
  it('reads a concatenation as one file', async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(60), fc.nat(60), async (pieces, from, length) => {
        const whole = Buffer.concat(pieces);
        const source = concatSources(pieces.map(bytesSource));
        const start = Math.min(from, whole.length);
        const size = Math.min(length, whole.length - start);
        const read = await source.read(start, size);
        expect(Buffer.from(read).equals(whole.subarray(start, start + size))).to.equal(true);
        expect(await sha256Of(source)).to.equal(sha256(whole));
      }),
    );
  });

  it('rejects ranges that leave the file', async () => {
    const source = bytesSource(new Uint8Array(10));
    for (const bad of [source, concatSources([source]), prefixSource(source, 10), cachedSource(source)]) {
      expect(await bad.read(5, 6).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    }
  });

  it('reads across cached blocks', async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    const source = cachedSource(bytesSource(bytes));
    for (const [offset, length] of [
      [65_530, 12],
      [0, 65_536],
      [131_000, 300],
      [199_999, 1],
    ] as const) {
      const read = await source.read(offset, length);
      expect(Buffer.compare(read, bytes.subarray(offset, offset + length))).to.equal(0);
    }
  });

  it('hashes every covered range in one pass, overlapping ones too', async () => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, index) => index % 253);
    const ranges = [
      { start: 100, end: 200, coveredTo: 1000 },
      { start: 1100, end: 1300, coveredTo: 2000 },
      { start: 50, end: 60, coveredTo: 3000 },
    ];
    const { digests, whole } = await coveredDigests(bytesSource(bytes), ranges);
    const expected = ranges.map(({ start, end, coveredTo }) =>
      sha256(bytes.subarray(0, start), bytes.subarray(end, coveredTo)),
    );
    expect(digests.map((digest) => Buffer.from(digest).toString('hex'))).to.deep.equal(expected);
    expect(Buffer.from(whole!).toString('hex')).to.equal(sha256(bytes));
  });
});
