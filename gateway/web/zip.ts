/** Several executed files as one ZIP with UTF-8 names (APPNOTE 6.3, Appendix D), read and sent piece by piece. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { ZipFile } from 'yazl';
import { type BlobReader, octetsOf } from '../../storage/blobs/blobs.ts';
import type { Turns } from '../turns.ts';
import { contentDisposition } from './disposition.ts';
import { readInTurns, SENT_AT_ONCE } from './pages.ts';

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  open(): Promise<BlobReader>;
}

/** Sends `entries` in order; one of them is open at a time, and none is left open when the client goes away. */
export function sendZip(
  reply: FastifyReply,
  reading: Turns,
  fileName: string,
  entries: readonly ZipEntry[],
  modified: Date,
): FastifyReply {
  const zip = new ZipFile();
  let current: Readable | undefined;
  for (const [index, { size, open }] of entries.entries()) {
    // PDFs are compressed in themselves; a file that ends short of its size breaks the download off.
    const options = { size, mtime: modified, compress: false };
    zip.addReadStreamLazy(nameIn(entries, index), options, (give) => {
      open().then(
        (reader) => {
          // The client went away while this one was being opened.
          if (body.destroyed) return void reader.close();
          current = Readable.from(octetsOf(readInTurns(reading, reader), 0, reader.size, SENT_AT_ONCE));
          current.once('close', () => void reader.close());
          give(null, current);
        },
        (error) => give(error, Readable.from([])),
      );
    });
  }
  const body = zip.outputStream as Readable;
  zip.on('error', (error: Error) => body.destroy(error));
  body.once('close', () => current?.destroy());
  zip.end();
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', contentDisposition('attachment', fileName))
    .type('application/zip')
    .send(body);
}

/** The entry's name without what a path or Windows would misread, and different from every name before it. */
function nameIn(entries: readonly ZipEntry[], index: number): string {
  const clean = (name: string): string => name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '＿');
  const name = clean(entries[index]!.name);
  const same = entries.slice(0, index).filter((entry) => clean(entry.name) === name).length;
  return same === 0 ? name : name.replace(/(\.[^.]*)?$/, ` (${same + 1})$1`);
}
