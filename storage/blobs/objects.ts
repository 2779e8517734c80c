/** The port below the encryption: named, immutable objects with range reads; files here, S3 in s3.ts. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface ObjectReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface ObjectWriter {
  /** Makes the octets written so far durable under `name`; an object of that name is replaced. */
  commit(name: string): Promise<void>;
  /** Forgets what was written. */
  discard(): Promise<void>;
}

export interface ObjectStore {
  write(data: AsyncIterable<Uint8Array>): Promise<ObjectWriter>;
  open(name: string): Promise<ObjectReader>;
  delete(name: string): Promise<void>;
}

/** The name as it is, unless it could leave the store's own place. */
export function checkedName(name: string): string {
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(name)) throw new Error(`not an object name: ${name}`);
  return name;
}

/** Nothing is written to for this long and still wanted. */
const LEFTOVER_MS = 24 * 3600 * 1000;

/** Removes what killed processes had begun to write; what another process is writing now is younger. */
export async function sweepLeftovers(root: string, now: Date): Promise<number> {
  const temporary = join(root, 'tmp');
  let swept = 0;
  for (const name of await readdir(temporary).catch(ifMissing([]))) {
    const file = join(temporary, name);
    // Committed, discarded or swept by somebody else in the meantime.
    const modified = await stat(file).then(({ mtimeMs }) => mtimeMs, ifMissing(Number.POSITIVE_INFINITY));
    if (now.getTime() - modified < LEFTOVER_MS) continue;
    await rm(file, { force: true });
    swept++;
  }
  return swept;
}

function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}

/** Objects as files: write → fsync → rename → fsync of the folder, so that what is committed survives a power cut. */
export function fileObjects(root: string): ObjectStore {
  const temporary = join(root, 'tmp');
  const path = (name: string): string => join(root, checkedName(name));
  return {
    async write(data) {
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      const unnamed = join(temporary, randomBytes(12).toString('hex'));
      const discard = (): Promise<void> => rm(unnamed, { force: true });
      const file = await open(unnamed, 'wx', 0o600);
      try {
        for await (const chunk of data) await file.writeFile(chunk);
        await file.sync();
      } catch (error) {
        await file.close();
        await discard();
        throw error;
      }
      await file.close();
      return {
        discard,
        async commit(name) {
          const target = path(name);
          await mkdir(dirname(target), { recursive: true, mode: 0o700 });
          await rename(unnamed, target);
          await syncFolder(dirname(target));
          await syncFolder(root);
        },
      };
    },
    async open(name) {
      const file = await open(path(name), 'r');
      const { size } = await file.stat();
      return { size, read: (offset, length) => readExactly(file, offset, length), close: () => file.close() };
    },
    delete: (name) => rm(path(name), { force: true }),
  };
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error(`object ends at ${offset + done}`);
    done += bytesRead;
  }
  return buffer;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
