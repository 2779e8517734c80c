/** Segmented encryption of blobs: 64-KiB segments, AES-256-GCM, STREAM nonces (prefix ‖ counter ‖ last flag; Hoang et al. 2015). */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const SEGMENT_OCTETS = 65_536;
const TAG_OCTETS = 16;
const PREFIX_OCTETS = 7;
const MAGIC = Buffer.from('KYB1');
export const HEADER_OCTETS = MAGIC.length + PREFIX_OCTETS;
const STORED_SEGMENT_OCTETS = SEGMENT_OCTETS + TAG_OCTETS;

function nonce(prefix: Uint8Array, counter: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.set(prefix, 0);
  bytes.writeUInt32BE(counter, PREFIX_OCTETS);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

/** Empty buffers for the next blobs, so that each need not bring the garbage collector one more. */
const idle: Buffer[] = [];
const IDLE_AT_MOST = 50;

/** Encrypts a stream of octets of any chunking. An empty blob is one empty last segment. */
export async function* encryptSegments(
  key: Uint8Array,
  plaintext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const prefix = randomBytes(PREFIX_OCTETS);
  yield Buffer.concat([MAGIC, prefix]);
  // Each segment is gathered here and encrypted before the next: allocated anew for each is its ciphertext alone.
  const gathered = idle.pop() ?? Buffer.allocUnsafeSlow(SEGMENT_OCTETS);
  let filled = 0;
  let counter = 0;
  try {
    for await (const chunk of plaintext) {
      let taken = 0;
      while (taken < chunk.length) {
        // The last segment is only known when the stream ends: a full one waits for what follows.
        if (filled === SEGMENT_OCTETS) {
          yield* encrypted(key, nonce(prefix, counter++, false), gathered);
          filled = 0;
        }
        const octets = Math.min(SEGMENT_OCTETS - filled, chunk.length - taken);
        gathered.set(chunk.subarray(taken, taken + octets), filled);
        filled += octets;
        taken += octets;
      }
    }
    yield* encrypted(key, nonce(prefix, counter, true), gathered.subarray(0, filled));
  } finally {
    gathered.fill(0);
    if (idle.length < IDLE_AT_MOST) idle.push(gathered);
  }
}

/** Ciphertext, then tag; `segment` is read before either is handed out. */
function encrypted(key: Uint8Array, iv: Buffer, segment: Uint8Array): readonly [Buffer, Buffer] {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const ciphertext = cipher.update(segment);
  cipher.final();
  return [ciphertext, cipher.getAuthTag()];
}

/** Octets of plaintext in a stored blob of `storedSize` octets. */
export function plaintextSize(storedSize: number): number {
  const body = storedSize - HEADER_OCTETS;
  const segments = Math.max(1, Math.ceil(body / STORED_SEGMENT_OCTETS));
  const size = body - segments * TAG_OCTETS;
  if (size < 0) throw new Error('blob is shorter than its header');
  return size;
}

/**
 * Reads `length` octets from `offset` of a stored blob, decrypting exactly the segments that hold them; what it returns rejects on
 * any altered octet. The header is fetched with the first of them and remembered.
 */
export function segmentReader(
  key: Uint8Array,
  storedSize: number,
  fetch: (offset: number, length: number) => Promise<Uint8Array>,
): (offset: number, length: number) => Promise<Buffer> {
  const size = plaintextSize(storedSize);
  const lastSegment = Math.max(0, Math.ceil(size / SEGMENT_OCTETS) - 1);
  let prefix: Uint8Array | undefined;
  return async (offset, length) => {
    if (offset < 0 || length < 0 || offset + length > size)
      throw new RangeError(`read of ${length} at ${offset} leaves a blob of ${size}`);
    prefix ??= prefixIn(await fetch(0, HEADER_OCTETS));
    const first = Math.min(lastSegment, Math.floor(offset / SEGMENT_OCTETS));
    const final = length === 0 ? first : Math.floor((offset + length - 1) / SEGMENT_OCTETS);
    const from = HEADER_OCTETS + first * STORED_SEGMENT_OCTETS;
    const to = Math.min(storedSize, HEADER_OCTETS + (final + 1) * STORED_SEGMENT_OCTETS);
    const stored = await fetch(from, to - from);
    const segments: Buffer[] = [];
    for (let index = first; index <= final; index++) {
      const start = (index - first) * STORED_SEGMENT_OCTETS;
      const segment = stored.subarray(start, Math.min(stored.length, start + STORED_SEGMENT_OCTETS));
      segments.push(decrypted(key, nonce(prefix, index, index === lastSegment), segment));
    }
    const start = offset - first * SEGMENT_OCTETS;
    // One, as a rule: it need not be copied.
    const plaintext = segments.length === 1 ? segments[0]! : Buffer.concat(segments);
    return plaintext.subarray(start, start + length);
  };
}

function prefixIn(header: Uint8Array): Uint8Array {
  if (!MAGIC.equals(header.subarray(0, MAGIC.length))) throw new Error('blob has no header');
  return header.subarray(MAGIC.length);
}

/** Throws unless the tag at its end proves the segment to be what was encrypted here. */
function decrypted(key: Uint8Array, iv: Buffer, segment: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_OCTETS });
  decipher.setAuthTag(segment.subarray(-TAG_OCTETS));
  const plaintext = decipher.update(segment.subarray(0, -TAG_OCTETS));
  decipher.final();
  return plaintext;
}
