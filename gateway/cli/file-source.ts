/** A file as random-access octets, so that a document of any size is worked on without being read into memory. */
import { open } from 'node:fs/promises';
import type { ByteSource } from '../../signing/index.ts';

/** Lends the file as it is now to `work`; rejects with the file system's error. */
export async function withFile<T>(file: string, work: (source: ByteSource) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const source: Required<ByteSource> = {
      size,
      async read(offset, length) {
        const octets = Buffer.allocUnsafe(length);
        await source.readInto(offset, octets);
        return octets;
      },
      async readInto(offset, target) {
        const { bytesRead } = await handle.read(target, 0, target.length, offset);
        if (bytesRead === target.length) return;
        throw new RangeError(`read of ${target.length} at ${offset} leaves the file`);
      },
    };
    return await work(source);
  } finally {
    await handle.close();
  }
}

/** The code of an error that the file system gave, such as ENOENT; undefined for any other. */
export function fileErrorCode(error: unknown): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : code;
}
