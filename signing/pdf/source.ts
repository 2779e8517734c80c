/**
 * Documents as random-access octets: in memory, concatenated (upload ‖ revisions), cut off, cached; and
 * SHA-256 over them (FIPS 180-4).
 */
import { createHash, type Hash } from 'node:crypto';
import type { ByteSource } from '../ports.ts';
import { Recent } from './recent.ts';

/** The most that is asked of a source at once, in octets. */
const CHUNK = 1 << 20;
/** What is hashed at once. */
const HASHED_AT_ONCE = 1 << 20;
const BLOCK = 1 << 16;
const BLOCKS_KEPT = 128;

function assertInside(source: ByteSource, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > source.size) {
    throw new RangeError(`octets ${offset}+${length} lie outside a source of ${source.size}`);
  }
}

/** Octets from `offset` on into the whole of `target`. */
export async function readInto(source: ByteSource, offset: number, target: Uint8Array): Promise<void> {
  if (source.readInto !== undefined) await source.readInto(offset, target);
  else target.set(await source.read(offset, target.length));
}

/** A ByteSource over octets in memory; what it reads are views, not copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  const source: ByteSource = {
    size: bytes.length,
    async read(offset, length) {
      assertInside(source, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
  return source;
}

/** The concatenation of `parts` as one file: the upload and its appended revisions. */
export function concatSources(parts: readonly ByteSource[]): ByteSource {
  const placed: { start: number; part: ByteSource }[] = [];
  let size = 0;
  for (const part of parts) {
    placed.push({ start: size, part });
    size += part.size;
  }
  const source: ByteSource = {
    size,
    async read(offset, length) {
      assertInside(source, offset, length);
      const pieces: Uint8Array[] = [];
      for (const { start, part } of placed) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + part.size);
        if (from < to) pieces.push(await part.read(from - start, to - from));
      }
      return pieces.length === 1 ? pieces[0]! : new Uint8Array(Buffer.concat(pieces));
    },
    async readInto(offset, target) {
      assertInside(source, offset, target.length);
      for (const { start, part } of placed) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + target.length, start + part.size);
        if (from < to) await readInto(part, from - start, target.subarray(from - offset, to - offset));
      }
    },
  };
  return source;
}

/** The first `size` octets: the file as it stood when a revision was signed. */
export function prefixSource(whole: ByteSource, size: number): ByteSource {
  const source: ByteSource = {
    size,
    async read(offset, length) {
      assertInside(source, offset, length);
      return whole.read(offset, length);
    },
    async readInto(offset, target) {
      assertInside(source, offset, target.length);
      await readInto(whole, offset, target);
    },
  };
  assertInside(whole, 0, size);
  return source;
}

/** Keeps the most recently read 64-KiB blocks (8 MiB), so that many small reads cost few large ones. */
export function cachedSource(origin: ByteSource): ByteSource {
  const blocks = new Recent<Uint8Array>(BLOCKS_KEPT);
  const block = (index: number): Promise<Uint8Array> =>
    blocks.get(index, () => {
      const start = index * BLOCK;
      return origin.read(start, Math.min(BLOCK, origin.size - start));
    });
  const source: ByteSource = {
    size: origin.size,
    async read(offset, length) {
      assertInside(source, offset, length);
      if (length > BLOCK) return origin.read(offset, length);
      if (length === 0) return new Uint8Array(0);
      const first = Math.floor(offset / BLOCK);
      const last = Math.floor((offset + length - 1) / BLOCK);
      const head = await block(first);
      const start = offset - first * BLOCK;
      if (first === last) return head.subarray(start, start + length);
      const tail = await block(last);
      return new Uint8Array(
        Buffer.concat([head.subarray(start), tail.subarray(0, offset + length - last * BLOCK)]),
      );
    },
    readInto: (offset, target) => readInto(origin, offset, target),
  };
  return source;
}

/** Octets of one part of a file, asked for a megabyte at a time. */
export async function readWhole(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  if (length <= CHUNK) return source.read(offset, length);
  assertInside(source, offset, length);
  const whole = new Uint8Array(length);
  for (let done = 0; done < length; done += CHUNK) {
    whole.set(await source.read(offset + done, Math.min(CHUNK, length - done)), done);
  }
  return whole;
}

/** Sees octets that are read anyway, and where they stand; they are overwritten afterwards. */
export type Bystander = (offset: number, octets: Uint8Array) => void;

/** Feeds octets `from` … `to` of `source` to `hash`. */
async function feedHash(
  hash: Hash,
  source: ByteSource,
  from: number,
  to: number,
  bystander: Bystander = () => {},
): Promise<void> {
  const octets = Buffer.allocUnsafe(Math.max(0, Math.min(HASHED_AT_ONCE, to - from)));
  for (let offset = from; offset < to; offset += octets.length) {
    const next = octets.subarray(0, Math.min(octets.length, to - offset));
    await readInto(source, offset, next);
    hash.update(next);
    bystander(offset, next);
  }
}

/** A running SHA-256 that has seen all of `source`; `.copy()` it to go on in more than one way. */
export async function runningSha256(source: ByteSource): Promise<Hash> {
  const hash = createHash('sha256');
  await feedHash(hash, source, 0, source.size);
  return hash;
}

/** SHA-256 of the whole source, lower-case hex. */
export async function sha256Of(source: ByteSource): Promise<string> {
  return (await runningSha256(source)).digest('hex');
}

/**
 * SHA-256 of each range from the file's start to `coveredTo` without its hole, and of the whole file, in one pass over it;
 * no `whole` without ranges. Ranges come with ascending `coveredTo`. The bystander sees what is hashed, in the file's order.
 */
export async function coveredDigests(
  source: ByteSource,
  ranges: readonly { start: number; end: number; coveredTo: number }[],
  bystander?: Bystander,
): Promise<{ digests: Uint8Array[]; whole: Uint8Array | null }> {
  const digests: Uint8Array[] = [];
  let running = createHash('sha256');
  let position = 0;
  for (const { start, end, coveredTo } of ranges) {
    // Only overlapping ranges, which verification refuses anyway, make the pass start over.
    if (start < position) [running, position] = [createHash('sha256'), 0];
    await feedHash(running, source, position, start, bystander);
    position = start;
    const digest = running.copy();
    await feedHash(digest, source, end, coveredTo, bystander);
    digests.push(new Uint8Array(digest.digest()));
  }
  if (ranges.length === 0) return { digests, whole: null };
  await feedHash(running, source, position, source.size);
  return { digests, whole: new Uint8Array(running.digest()) };
}
