/** A file on disk as a document: read where it is asked for, never as a whole. */
import { open } from 'node:fs/promises';
import type { ByteSource } from '../ports.ts';

export interface FileSource extends Required<ByteSource> {
  close(): Promise<void>;
}

/** Rejects with Node's own error when the file cannot be opened; its size is taken now. */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  const source: FileSource = {
    size,
    async read(offset, length) {
      const octets = Buffer.allocUnsafe(length);
      await source.readInto(offset, octets);
      return octets;
    },
    async readInto(offset, target) {
      const { bytesRead } = await handle.read(target, 0, target.length, offset);
      if (bytesRead === target.length) return;
      throw new RangeError(`octets ${offset}+${target.length} lie outside a file of ${size}`);
    },
    close: () => handle.close(),
  };
  return source;
}
