/** What blobs must do wherever their objects lie; run against each store. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import {
  type BlobOwner,
  type BlobReader,
  type Blobs,
  concatenated,
  encryptedBlobs,
  octetsOf,
} from '../../storage/blobs/blobs.ts';
import type { ObjectStore } from '../../storage/blobs/objects.ts';
import { rejection } from './rejection.ts';

export const BLOB_OWNER: BlobOwner = { id: 'c1', dataKey: randomBytes(32) };

/** The octets cut into pieces of `step`. */
export async function* pieces(bytes: Uint8Array, step = 40_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

/** Octets that differ everywhere, so that a swapped or shifted segment shows. */
export function sample(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
}

async function whole(of: Pick<BlobReader, 'size' | 'read'>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of octetsOf(of)) parts.push(part);
  return Buffer.concat(parts);
}

/** Call inside describe(). */
export function itKeepsBlobs(objects: () => ObjectStore): void {
  const owner = BLOB_OWNER;
  const blobs = (): Blobs => encryptedBlobs(objects());

  it('are read back under the name, size and hash they were given', async () => {
    const plain = sample(150_000);
    const stored = await blobs().put(owner, pieces(plain));
    expect(stored.size).to.equal(150_000);
    expect(stored.name).to.match(/^c1-[0-9a-f]{40}$/);
    expect(stored.name).to.not.include(stored.sha256.slice(0, 16));
    const reader = await blobs().open(owner, stored.name);
    expect((await whole(reader)).equals(plain)).to.equal(true);
    await reader.close();
  });

  it('of the same content share a name with one owner, never with two', async () => {
    const plain = sample(1000);
    const first = await blobs().put(owner, pieces(plain));
    const again = await blobs().put(owner, pieces(plain));
    const other = await blobs().put({ id: 'c2', dataKey: owner.dataKey }, pieces(plain));
    expect(again.name).to.equal(first.name);
    expect(other.name.slice(2)).to.not.equal(first.name.slice(2));
  });

  it('open to nobody else: neither another key nor another owner of the same key', async () => {
    const { name } = await blobs().put(owner, pieces(sample(1000)));
    for (const stranger of [
      { id: 'c1', dataKey: randomBytes(32) },
      { id: 'c2', dataKey: owner.dataKey },
    ]) {
      const reader = await blobs().open(stranger, name);
      expect(await rejection(reader.read(0, 10)), stranger.id).to.be.instanceOf(Error);
      await reader.close();
    }
  });

  it('have names that cannot leave their folder', async () => {
    for (const name of ['../secret', '/etc/passwd', 'c1/../../x', 'c1//x', '']) {
      expect(await rejection(blobs().open(owner, name)), name)
        .to.have.property('message')
        .that.includes('not an object name');
    }
  });

  it('read as one file in any range across parts', async () => {
    const parts = [sample(70_000), Buffer.alloc(0), Buffer.from('%%EOF'), sample(65_536)];
    const together = Buffer.concat(parts);
    const store = blobs();
    const readers = [];
    for (const part of parts)
      readers.push(await store.open(owner, (await store.put(owner, pieces(part))).name));
    const file = concatenated(readers);
    expect(file.size).to.equal(together.length);
    expect((await whole(file)).equals(together)).to.equal(true);
    for (const [from, to] of [
      [69_999, 70_001],
      [70_000, 70_005],
      [0, 0],
      [60_000, 140_000 - 5_000],
    ] as const) {
      const slice = Buffer.from(await file.read(from, to - from));
      expect(slice.equals(together.subarray(from, to)), `${from}–${to}`).to.equal(true);
    }
    expect(await rejection(file.read(0, together.length + 1))).to.be.instanceOf(RangeError);
    await file.close();
  });

  it('are refused where there are none', async () => {
    const { name } = await blobs().put(owner, pieces(sample(1000)));
    const other = name.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await rejection(blobs().open(owner, other)))
      .to.be.instanceOf(Error)
      .and.not.have.property('transient');
  });

  it('keep the octets of a source that breaks off from everybody', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield sample(100_000);
      throw new Error('connection lost');
    };
    expect(await rejection(blobs().put(owner, broken()))).to.have.property('message', 'connection lost');
  });
}
