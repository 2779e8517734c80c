/** The port below the encryption: named, immutable objects with range reads; files here, S3 in s3.ts. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writev,
  writevSync,
} from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

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

/** What is kept is evidence: there is no way to delete it. */
export interface ObjectStore {
  write(data: AsyncIterable<Uint8Array>): Promise<ObjectWriter>;
  open(name: string): Promise<ObjectReader>;
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

/** So much is gathered before the disk is asked to take it. */
const WRITE_OCTETS = 256 * 1024;

/**
 * Objects as files: write → fsync → rename → fsync of the folder, so that what is committed survives a power cut. What waits
 * for the disk has a thread: fsync, and the octets of large objects. For the rest a thread would cost more than the call.
 */
export function fileObjects(root: string): ObjectStore {
  const temporary = join(root, 'tmp');
  const path = (name: string): string => join(root, checkedName(name));
  const syncRoot = shared(() => syncFolder(root));
  return {
    async write(data) {
      const unnamed = join(temporary, randomBytes(12).toString('hex'));
      const discard = (): Promise<void> => rm(unnamed, { force: true });
      const file = within(temporary, () => openSync(unnamed, 'wx', 0o600));
      try {
        await writeAll(file, data);
        await synced(file);
      } catch (error) {
        await discard();
        throw error;
      } finally {
        closeSync(file);
      }
      return {
        discard,
        async commit(name) {
          const target = path(name);
          const folder = dirname(target);
          within(folder, () => renameSync(unnamed, target));
          await Promise.all([syncRoot(), ...(folder === root ? [] : [syncFolder(folder)])]);
        },
      };
    },
    async open(name) {
      const file = await open(path(name), 'r');
      const { size } = await file.stat();
      return { size, read: (offset, length) => readExactly(file, offset, length), close: () => file.close() };
    },
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

const writeInThread = promisify(writev);

async function writeAll(file: number, data: AsyncIterable<Uint8Array>): Promise<void> {
  let gathered: Uint8Array[] = [];
  let octets = 0;
  const written = (taken: number): void => {
    // A disk that fills up takes a part, and says so at the next attempt.
    if (taken < octets) writeFileSync(file, Buffer.concat(gathered).subarray(taken));
    gathered = [];
    octets = 0;
  };
  for await (const chunk of data) {
    gathered.push(chunk);
    octets += chunk.length;
    if (octets >= WRITE_OCTETS) written((await writeInThread(file, gathered)).bytesWritten);
  }
  // All of a small object: into the system's memory, from where fsync takes it to the disk.
  if (octets > 0) written(writevSync(file, gathered));
}

/** Does what needs the folder, making it only where it turns out to be missing. */
function within<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return work();
  }
}

/** Who asks while `work` runs waits for the next run, together with all who ask meanwhile: nobody's wish began too early. */
function shared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = (): Promise<void> => {
    next = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (running === null && next === null) return run();
    next ??= running!.then(run, run);
    return next;
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = openSync(path, 'r');
  try {
    await synced(folder);
  } finally {
    closeSync(folder);
  }
}

function synced(file: number): Promise<void> {
  return new Promise((resolve, reject) => fsync(file, (error) => (error ? reject(error) : resolve())));
}
