/** Encrypted blobs (decided 2): named by owner and keyed hash, read by range without decrypting the whole. */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { ObjectStore } from './objects.ts';
import { encryptSegments, plaintextSize, segmentReader } from './segments.ts';

/** Whose blob it is: a contract or a stored message, with its own data key. */
export interface BlobOwner {
  readonly id: string;
  readonly dataKey: Uint8Array;
}

export interface StoredBlob {
  readonly name: string;
  /** Octets of plaintext. */
  readonly size: number;
  /** SHA-256 of the plaintext, lower-case hex. */
  readonly sha256: string;
}

export interface BlobReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Blobs {
  /** Durable when it resolves. The same content of the same owner gets the same name. */
  put(owner: BlobOwner, data: AsyncIterable<Uint8Array>): Promise<StoredBlob>;
  open(owner: BlobOwner, name: string): Promise<BlobReader>;
}

export function encryptedBlobs(objects: ObjectStore): Blobs {
  return {
    async put(owner, data) {
      const hash = createHash('sha256');
      let size = 0;
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of data) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      };
      const written = await objects.write(encryptSegments(subkey(owner, 'content'), counted()));
      const digest = hash.digest();
      // The name tells nothing about the content to whoever has no key.
      const keyed = createHmac('sha256', subkey(owner, 'name')).update(digest).digest('hex');
      // Beside all others: a folder for each owner would be one more thing to make and to fsync for every mail.
      const name = `${owner.id}-${keyed.slice(0, 40)}`;
      await written.commit(name);
      return { name, size, sha256: digest.toString('hex') };
    },
    async open(owner, name) {
      const object = await objects.open(name);
      const key = subkey(owner, 'content');
      return {
        size: plaintextSize(object.size),
        read: segmentReader(key, object.size, (from, octets) => object.read(from, octets)),
        close: () => object.close(),
      };
    },
  };
}

function subkey(owner: BlobOwner, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', owner.dataKey, owner.id, `blob-${purpose}`, 32));
}

const CHUNK_OCTETS = 1 << 20;

/** A reader's octets in order, up to the next multiple of a megabyte, or of `atOnce` octets: a segment is not decrypted twice. */
export async function* octetsOf(
  reader: Pick<BlobReader, 'size' | 'read'>,
  from = 0,
  to = reader.size,
  atOnce = CHUNK_OCTETS,
): AsyncGenerator<Uint8Array> {
  for (let offset = from; offset < to; ) {
    const end = Math.min(to, offset - (offset % atOnce) + atOnce);
    yield await reader.read(offset, end - offset);
    offset = end;
  }
}

/** A stored blob's octets in order; opened when first read, closed when the last octet has passed or nobody reads on. */
export async function* storedOctets(
  blobs: Blobs,
  owner: BlobOwner,
  name: string,
): AsyncGenerator<Uint8Array> {
  const reader = await blobs.open(owner, name);
  try {
    yield* octetsOf(reader);
  } finally {
    await reader.close();
  }
}

/** Several blobs read as one file: an upload and its revisions (decided 1). Closing closes all. */
export function concatenated(parts: readonly BlobReader[]): BlobReader {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || offset + length > size)
        throw new RangeError(`read of ${length} at ${offset} leaves a file of ${size}`);
      const pieces: Uint8Array[] = [];
      let start = 0;
      for (const part of parts) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + part.size);
        if (from < to) pieces.push(await part.read(from - start, to - from));
        start += part.size;
      }
      return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    },
    async close() {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}
