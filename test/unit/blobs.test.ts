// Encrypted blobs: what goes in comes out, by any range, and nothing that was altered or belongs to another owner does (decided 2).
import { EventEmitter, once } from 'node:events';
import fs, { fstatSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { callbackify } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Blobs, encryptedBlobs, octetsOf } from '../../storage/blobs/blobs.ts';
import { fileObjects, sweepLeftovers } from '../../storage/blobs/objects.ts';
import {
  encryptSegments,
  HEADER_OCTETS,
  plaintextSize,
  SEGMENT_OCTETS,
  segmentReader,
} from '../../storage/blobs/segments.ts';
import { BLOB_OWNER, itKeepsBlobs, pieces, sample } from '../support/blobs.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejection } from '../support/rejection.ts';

const SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000];
const STORED_SEGMENT = SEGMENT_OCTETS + 16;
const KEY = Buffer.alloc(32, 7);

async function encrypt(plain: Uint8Array, step?: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of encryptSegments(KEY, pieces(plain, step))) parts.push(part);
  return Buffer.concat(parts);
}

function read(stored: Uint8Array, offset = 0, length?: number, key: Uint8Array = KEY): Promise<Buffer> {
  const fetch = async (from: number, octets: number): Promise<Uint8Array> =>
    stored.subarray(from, from + octets);
  const reader = segmentReader(key, stored.length, fetch);
  return reader(offset, length ?? plaintextSize(stored.length) - offset);
}

describe('segments', () => {
  for (const size of SIZES) {
    it(`give ${size} octets back, whole and in slices across every border`, async () => {
      const plain = sample(size);
      const stored = await encrypt(plain);
      expect(plaintextSize(stored.length)).to.equal(size);
      expect((await read(stored)).equals(plain)).to.equal(true);
      const borders = [0, 1, SEGMENT_OCTETS - 1, SEGMENT_OCTETS, SEGMENT_OCTETS + 1, size - 1, size];
      const inside = borders.filter((at) => at >= 0 && at <= size);
      for (const from of inside) {
        for (const to of inside.filter((at) => at >= from)) {
          const slice = await read(stored, from, to - from);
          expect(slice.equals(plain.subarray(from, to)), `${from}–${to}`).to.equal(true);
        }
      }
    });
  }

  it('give any range of any size, however the octets arrived', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 3 * SEGMENT_OCTETS }),
      fc.integer({ min: 1_000, max: 2 * SEGMENT_OCTETS }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (size, step, from, part) => {
        const plain = sample(size);
        const offset = Math.floor(from * size);
        const length = Math.floor(part * (size - offset));
        const slice = await read(await encrypt(plain, step), offset, length);
        return slice.equals(plain.subarray(offset, offset + length));
      },
    );
    await fc.assert(property, { numRuns: 60, seed: 20261121 });
  });

  it('fetch no more than the segments that hold the range', async () => {
    const stored = await encrypt(sample(4 * SEGMENT_OCTETS));
    const fetched: [number, number][] = [];
    const reader = segmentReader(KEY, stored.length, async (from, octets) => {
      fetched.push([from, octets]);
      return stored.subarray(from, from + octets);
    });
    await reader(SEGMENT_OCTETS + 5, 10);
    await reader(2 * SEGMENT_OCTETS, SEGMENT_OCTETS);
    expect(fetched, 'the header once').to.deep.equal([
      [0, HEADER_OCTETS],
      [HEADER_OCTETS + STORED_SEGMENT, STORED_SEGMENT],
      [HEADER_OCTETS + 2 * STORED_SEGMENT, STORED_SEGMENT],
    ]);
  });

  it('ask for the header again where it could not be fetched', async () => {
    const plain = sample(10);
    const stored = await encrypt(plain);
    let away = true;
    const reader = segmentReader(KEY, stored.length, async (from, octets) => {
      if (away) throw new Error('away');
      return stored.subarray(from, from + octets);
    });
    expect(await rejection(reader(0, 10))).to.have.property('message', 'away');
    away = false;
    expect((await reader(0, 10)).equals(plain)).to.equal(true);
  });

  it('from the middle of a file ask for each segment once', async () => {
    const asked: [number, number][] = [];
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      asked.push([offset, length]);
      return new Uint8Array(length);
    };
    const [from, to] = [SEGMENT_OCTETS - 5, 3 * SEGMENT_OCTETS + 1];
    let octets = 0;
    for await (const part of octetsOf({ size: to, read }, from, to, SEGMENT_OCTETS)) octets += part.length;
    expect(octets).to.equal(to - from);
    expect(asked).to.deep.equal([
      [from, 5],
      [SEGMENT_OCTETS, SEGMENT_OCTETS],
      [2 * SEGMENT_OCTETS, SEGMENT_OCTETS],
      [3 * SEGMENT_OCTETS, 1],
    ]);
  });

  it('refuse a range that leaves the blob', async () => {
    const stored = await encrypt(sample(10));
    for (const [offset, length] of [
      [0, 11],
      [-1, 2],
      [11, 0],
      [5, -1],
    ] as const) {
      expect(await rejection(read(stored, offset, length)), `${offset}, ${length}`).to.be.instanceOf(
        RangeError,
      );
    }
  });

  it('refuse every flipped octet, header and tags included', async () => {
    const stored = await encrypt(sample(40));
    for (let at = 0; at < stored.length; at++) {
      const altered = Buffer.from(stored);
      altered[at]! ^= 0x01;
      expect(await rejection(read(altered)), `octet ${at}`).to.be.instanceOf(Error);
    }
  });

  it('refuse any flipped bit of a blob of several segments', async () => {
    const stored = await encrypt(sample(2 * SEGMENT_OCTETS + 100));
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: stored.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
      async (at, bit) => {
        const altered = Buffer.from(stored);
        altered[at]! ^= 1 << bit;
        expect(await rejection(read(altered))).to.be.instanceOf(Error);
      },
    );
    await fc.assert(property, { numRuns: 60, seed: 20261121 });
  });

  it('refuse a blob cut short anywhere, also at the border of a segment', async () => {
    const stored = await encrypt(sample(2 * SEGMENT_OCTETS + 100));
    const borders = [0, 1, 2].map((count) => HEADER_OCTETS + count * STORED_SEGMENT);
    for (const length of [...borders, 4, HEADER_OCTETS + 16, stored.length - 1, stored.length - 100]) {
      const cut = stored.subarray(0, length);
      // Already the size may be impossible; that is a refusal too.
      const attempt = async (): Promise<Buffer> => read(cut);
      expect(await rejection(attempt()), `cut to ${length}`).to.be.instanceOf(Error);
    }
  });

  it('refuse segments that were swapped, repeated, dropped or appended', async () => {
    const stored = await encrypt(sample(3 * SEGMENT_OCTETS));
    const header = stored.subarray(0, HEADER_OCTETS);
    const segment = (index: number): Buffer =>
      stored.subarray(HEADER_OCTETS + index * STORED_SEGMENT, HEADER_OCTETS + (index + 1) * STORED_SEGMENT);
    for (const order of [
      [1, 0, 2],
      [0, 2, 1],
      [0, 0, 2],
      [0, 2],
      [1, 2],
      [0, 1, 2, 2],
    ]) {
      const altered = Buffer.concat([header, ...order.map(segment)]);
      expect(await rejection(read(altered)), order.join()).to.be.instanceOf(Error);
    }
    expect((await read(Buffer.concat([header, ...[0, 1, 2].map(segment)]))).length).to.equal(
      3 * SEGMENT_OCTETS,
    );
  });

  it('refuse a segment of another blob under the same key', async () => {
    const one = await encrypt(sample(2 * SEGMENT_OCTETS));
    const other = await encrypt(sample(2 * SEGMENT_OCTETS));
    const border = HEADER_OCTETS + STORED_SEGMENT;
    const mixed = Buffer.concat([one.subarray(0, border), other.subarray(border)]);
    expect(await rejection(read(mixed))).to.be.instanceOf(Error);
  });

  it('refuse another key', async () => {
    const stored = await encrypt(sample(100));
    expect(await rejection(read(stored, 0, 100, Buffer.alloc(32, 8)))).to.be.instanceOf(Error);
  });
});

/** Does `work` while fsync is `sync` and each finished rename is told to `renamed`. */
async function onDisk(
  { sync, renamed = () => {} }: { sync(isFolder: boolean): Promise<void>; renamed?: () => void },
  work: () => Promise<void>,
): Promise<void> {
  const { fsync, renameSync } = fs;
  Object.assign(fs, { fsync: callbackify((file: number) => sync(fstatSync(file).isDirectory())) });
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    renamed();
  };
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { fsync, renameSync });
    syncBuiltinESMExports();
  }
}

const diskFull = (): Error => Object.assign(new Error('no space'), { code: 'ENOSPC' });

describe('blobs', () => {
  const folder = temporaryFolder();
  const owner = BLOB_OWNER;
  const blobs = (): Blobs => encryptedBlobs(fileObjects(folder()));

  itKeepsBlobs(() => fileObjects(folder()));

  it('lie on disk unreadable, for their owner only, without leftovers', async () => {
    const plain = Buffer.from('株式会社サンプル 代表取締役 山田太郎');
    const { name } = await blobs().put(owner, pieces(plain));
    const file = join(folder(), name);
    expect(readFileSync(file).includes(Buffer.from('山田'))).to.equal(false);
    expect(statSync(file).mode & 0o077).to.equal(0);
    expect(readdirSync(join(folder(), 'tmp'))).to.deep.equal([]);
  });

  it('leave nothing behind when the source breaks off', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield sample(100_000);
      throw new Error('connection lost');
    };
    expect(await rejection(blobs().put(owner, broken()))).to.have.property('message', 'connection lost');
    expect(readdirSync(folder())).to.deep.equal(['tmp']);
    expect(readdirSync(join(folder(), 'tmp'))).to.deep.equal([]);
  });

  it('of which the disk takes a part at first are whole in the end', async () => {
    const { writevSync } = fs;
    let parts = 0;
    fs.writevSync = (file, [first]) => {
      parts++;
      return writevSync(file, [first!]);
    };
    syncBuiltinESMExports();
    try {
      const plain = sample(100_000);
      const { name } = await blobs().put(owner, pieces(plain));
      const reader = await blobs().open(owner, name);
      expect(Buffer.from(await reader.read(0, reader.size)).equals(plain)).to.equal(true);
      await reader.close();
    } finally {
      fs.writevSync = writevSync;
      syncBuiltinESMExports();
    }
    expect(parts).to.equal(1);
  });

  it('whose file is not synced are refused and leave nothing', async () => {
    const sync = async (isFolder: boolean): Promise<void> => {
      if (!isFolder) throw diskFull();
    };
    await onDisk({ sync }, async () => {
      const refused = await rejection(blobs().put(owner, pieces(sample(10))));
      expect(refused).to.have.property('code', 'ENOSPC');
    });
    expect(readdirSync(folder())).to.deep.equal(['tmp']);
    expect(readdirSync(join(folder(), 'tmp'))).to.deep.equal([]);
  });

  // What the first two fsyncs of the folder come to: the first put waits for the one, the two after it for the other.
  for (const [fails, outcome] of [
    [
      [true, false],
      ['ENOSPC', 'kept', 'kept'],
    ],
    [
      [false, true],
      ['kept', 'ENOSPC', 'ENOSPC'],
    ],
    [
      [true, true],
      ['ENOSPC', 'ENOSPC', 'ENOSPC'],
    ],
  ] as const) {
    it(`that wait for the folder together are ${outcome.join(', ')}; the next one is kept`, async () => {
      const happened = new EventEmitter();
      let syncs = 0;
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const sync = async (isFolder: boolean): Promise<void> => {
        if (!isFolder) return;
        const nth = syncs++;
        happened.emit('sync');
        if (nth === 0) await released;
        if (fails[nth]) throw diskFull();
      };
      await onDisk({ sync, renamed: () => happened.emit('rename') }, async () => {
        const store = blobs();
        const put = (octets: number): Promise<string> =>
          store.put(owner, pieces(sample(octets))).then(
            () => 'kept',
            ({ code }) => code,
          );
        const begun = once(happened, 'sync');
        const puts = [put(10)];
        await begun;
        for (const octets of [20, 30]) {
          const renamed = once(happened, 'rename');
          puts.push(put(octets));
          await renamed;
        }
        // Whoever has renamed has asked for the folder before anything else happens.
        await setImmediate();
        expect(syncs).to.equal(1);
        release();
        expect(await Promise.all(puts)).to.deep.equal(outcome);
        expect(syncs).to.equal(2);
        expect(await put(40)).to.equal('kept');
      });
    });
  }

  it('of a killed process are swept away after a day, and nothing else is', async () => {
    const { name } = await blobs().put(owner, pieces(sample(10)));
    const temporary = join(folder(), 'tmp');
    const now = new Date('2026-11-21T01:00:00.000Z');
    for (const [file, hours] of [
      ['old', 25],
      ['young', 23],
    ] as const) {
      writeFileSync(join(temporary, file), 'encrypted');
      const then = new Date(now.getTime() - hours * 3_600_000);
      utimesSync(join(temporary, file), then, then);
    }
    utimesSync(join(folder(), name), new Date(0), new Date(0));
    expect(await sweepLeftovers(folder(), now)).to.equal(1);
    expect(readdirSync(temporary)).to.deep.equal(['young']);
    await (await blobs().open(owner, name)).close();
  });

  it('have nothing to sweep before the first one is written', async () => {
    expect(await sweepLeftovers(join(folder(), 'nowhere'), new Date())).to.equal(0);
  });

  it('notice a file that was shortened behind their back', async () => {
    const { name } = await blobs().put(owner, pieces(sample(100_000)));
    const file = join(folder(), name);
    writeFileSync(file, readFileSync(file).subarray(0, 70_000));
    const reader = await blobs().open(owner, name);
    expect(await rejection(reader.read(0, 60_000))).to.equal(undefined);
    expect(await rejection(reader.read(0, reader.size))).to.be.instanceOf(Error);
    await reader.close();
  });
});
