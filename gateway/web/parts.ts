/** /c/{secret}/documents/{number}/parts: many small parts of a document one after the other, for the viewer (after RFC 9110 14.1). */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { type BlobReader, octetsOf } from '../../storage/blobs/blobs.ts';
import type { Turns } from '../turns.ts';
import { readInTurns, SENT_AT_ONCE } from './pages.ts';

/** The viewer counts in the same blocks (assets/parts.js). */
export const BLOCK_OCTETS = 4096;
/** The viewer asks for 400 at most. */
const MOST_RUNS = 500;

/** Octets from `from` up to, and without, `to`. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** `0,3-5` as runs of octets of a file of `size`; null unless they rise, do not overlap and lie within it. */
export function runsOf(blocks: unknown, size: number): readonly Run[] | null {
  if (typeof blocks !== 'string' || !/^\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*$/.test(blocks)) return null;
  const wishes = blocks.split(',');
  if (wishes.length > MOST_RUNS) return null;
  const runs: Run[] = [];
  let end = 0;
  for (const wish of wishes) {
    const [first, last = first] = wish.split('-').map(Number) as [number, number?];
    const from = first * BLOCK_OCTETS;
    if (from < end || from >= size || last < first || last * BLOCK_OCTETS >= size) return null;
    end = Math.min((last + 1) * BLOCK_OCTETS, size);
    runs.push({ from, to: end });
  }
  return runs;
}

/** Sends the runs without anything between them; closes the reader when the response is over. */
export function sendRuns(
  reply: FastifyReply,
  reading: Turns,
  reader: BlobReader,
  runs: readonly Run[],
): FastifyReply {
  const body = Readable.from(octetsOfRuns(readInTurns(reading, reader), runs));
  body.once('close', () => void reader.close());
  return reply
    .header(
      'content-length',
      runs.reduce((sum, { from, to }) => sum + to - from, 0),
    )
    .type('application/octet-stream')
    .send(body);
}

async function* octetsOfRuns(
  reader: Pick<BlobReader, 'size' | 'read'>,
  runs: readonly Run[],
): AsyncGenerator<Uint8Array> {
  for (const { from, to } of runs) yield* octetsOf(reader, from, to, SENT_AT_ONCE);
}
