/** What the routes share: sending a page, the base of every page, and a document's octets with range requests (RFC 9110 14). */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';
import { type BlobReader, octetsOf } from '../../storage/blobs/blobs.ts';
import { type PageBase, type PageFrame, type PageState, statePage } from '../../templates/index.ts';
import type { Turns } from '../turns.ts';
import { contentDisposition } from './disposition.ts';
import { inReadersLanguage } from './language.ts';

/** What pages say about a municipality. */
export interface WebMunicipality {
  readonly base: PageBase;
  /** How executed files are named (filingNames). */
  readonly fileNamePattern: string;
  /** Answers what became of a PDF; null: no such address. */
  readonly verificationAddress: string | null;
  readonly signedBy: string;
  readonly nameHolder: string;
}

export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(inReadersLanguage(reply.request, html));
}

export function notFoundPage(frame: PageFrame): string {
  return troublePage(frame, 'not-found');
}

export function troublePage(frame: PageFrame, state: PageState): string {
  return statePage({ ...frame, state, title: null, freshLink: null });
}

/** `freshLink` is the path of the form that has a fresh link sent. */
export function contractStatePage(
  { base }: WebMunicipality,
  state: PageState,
  title: string,
  freshLink: string | null = null,
): string {
  return statePage({ ...base, state, title, freshLink });
}

/** Held in memory a few times over for everybody who reads at the moment: one segment. */
export const SENT_AT_ONCE = 65_536;

/** Several times what a form takes; nobody who reads notices such a pause. */
const FORM_PATIENCE_MS = 100;

/** Whoever sends a form (a consent, say) is answered while everybody else reads: its handler goes first. */
export function formsFirst(routes: FastifyInstance, reading: Turns): void {
  routes.addHook('preHandler', async ({ method }, reply) => {
    // Who is gone already is not waited for, and goes only once.
    if (method === 'POST' && !reply.raw.destroyed) reply.raw.once('close', reading.giveWay(FORM_PATIENCE_MS));
  });
}

/** The reader, whose reads wait for their turn among everybody's. */
export function readInTurns(reading: Turns, reader: BlobReader): Pick<BlobReader, 'size' | 'read'> {
  return { size: reader.size, read: (...part) => reading.take(() => reader.read(...part)) };
}

/** Sends a PDF or the part that was asked for; closes the reader when the response is over. */
export function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  reading: Turns,
  reader: BlobReader,
  file: { name: string; disposition: 'inline' | 'attachment' },
): FastifyReply {
  // range-parser refuses a suffix longer than the file, which means all of it (RFC 9110 14.1.2).
  const wish = request.headers.range?.replace(
    /^bytes=-(\d+)$/,
    (_, length) => `bytes=-${Math.min(Number(length), reader.size)}`,
  );
  // What is no byte range is passed over (RFC 9110 14.2); a part that is not there is a 416.
  const ranges = wish?.startsWith('bytes=') ? parseRange(reader.size, wish) : [];
  reply
    .header('accept-ranges', 'bytes')
    .header('content-disposition', contentDisposition(file.disposition, file.name))
    .type('application/pdf');
  if (ranges === -1) {
    void reader.close();
    return reply.code(416).header('content-range', `bytes */${reader.size}`).send();
  }
  const [range] = ranges === -2 || ranges.length !== 1 ? [] : ranges;
  const from = range?.start ?? 0;
  const to = (range?.end ?? reader.size - 1) + 1;
  if (range) reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${reader.size}`);
  reply.header('content-length', to - from);
  if (request.method === 'HEAD') {
    void reader.close();
    // A stream, for fastify counts the octets of anything else itself.
    return reply.send(Readable.from([]));
  }
  const body = Readable.from(octetsOf(readInTurns(reading, reader), from, to, SENT_AT_ONCE));
  body.once('close', () => void reader.close());
  return reply.send(body);
}
