/** The octets of content streams, as many as are wanted and no more (ISO 32000-2 7.8.2). */
import { inflateSync, constants as zlib } from 'node:zlib';
import type { PdfDocument } from './document.ts';
import { isArray, isName, type PdfObject, PdfStream } from './objects.ts';
import { PdfProblem } from './problem.ts';

export interface Reading {
  readonly octets: Uint8Array;
  /** False where the limit came first or a stream could not be decoded: there is more that is not here. */
  readonly complete: boolean;
}

const NEWLINE = Buffer.from('\n');

/** All content streams of `contents` (one, or an array of them) as one; at most `limit` octets. */
export async function contentOctets(
  document: PdfDocument,
  contents: PdfObject,
  limit: number,
): Promise<Reading> {
  const resolved = await document.resolve(contents);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const item of isArray(resolved) ? resolved : [resolved]) {
    const stream = await document.resolve(item);
    if (!(stream instanceof PdfStream)) continue;
    const octets = await decoded(document, stream, limit - size);
    if (octets === null) return { octets: Buffer.concat(parts), complete: false };
    parts.push(octets, NEWLINE);
    size += octets.length + 1;
  }
  return { octets: parts.length === 2 ? parts[0]! : Buffer.concat(parts), complete: true };
}

/** Null where there is more than `limit`, or nobody can read it. */
async function decoded(document: PdfDocument, stream: PdfStream, limit: number): Promise<Uint8Array | null> {
  if (stream.length > limit) return null;
  try {
    const octets = (await isDeflated(document, stream))
      ? // As far as the data go, since viewers draw what they can; and not further than asked.
        inflateSync(await document.rawData(stream), {
          maxOutputLength: limit,
          finishFlush: zlib.Z_SYNC_FLUSH,
        })
      : await document.data(stream, limit);
    return octets.length > limit ? null : octets;
  } catch (error) {
    if (error instanceof PdfProblem || isZlibError(error)) return null;
    throw error;
  }
}

/** Deflated and nothing else, as contents mostly are. */
async function isDeflated(document: PdfDocument, stream: PdfStream): Promise<boolean> {
  const filter = await document.resolve(stream.dict.get('Filter'));
  const only = isArray(filter) && filter.length === 1 ? await document.resolve(filter[0]!) : filter;
  return isName(only, 'FlateDecode') && (await document.resolve(stream.dict.get('DecodeParms'))) === null;
}

function isZlibError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}
