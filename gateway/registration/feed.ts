// A feed, read row by row in the file's order and never held as a whole.
import { COLUMN_NAMES, foldName } from './columns.ts';
import {
  FEED_LIMITS,
  type FeedItem,
  type FeedLimits,
  type FeedRefusal,
  type FeedRow,
  type FeedSource,
} from './feed-items.ts';
import { DELIMITERS, type Delimiter, type Form } from './forms.ts';
import { type Layout, readCells, readHeader, unreadableIn } from './layout.ts';
import { readNotification } from './notification.ts';
import { type FeedRecord, firstRecord, recordReader } from './records.ts';
import type { RegistrationRefusal } from './refusals.ts';
import { openText } from './text.ts';

/** Never throws for what stands in the feed; rejects only where `source` does. */
export async function* readFeed(
  source: FeedSource,
  form: Form,
  limits: FeedLimits = FEED_LIMITS,
): AsyncGenerator<FeedItem> {
  if ('notification' in source) {
    yield* readNotification(source.notification, form);
    return;
  }
  const octets = cutAt(limits.maxOctets, source);
  const text = await openText(octets.chunks, form.encoding);
  if ('code' in text) {
    yield ending(1, text);
    return;
  }
  const pieces = text.chunks[Symbol.asyncIterator]();
  const start = await readStart(pieces, form, limits);
  if ('refusals' in start) {
    yield octets.isCut() ? ending(1, tooLarge(limits)) : start;
    return;
  }
  const { header, line, delimiter, layout, next } = start;
  yield { header, line, encoding: text.encoding, delimiter };

  const reader = recordReader(DELIMITERS[delimiter], limits.maxRowCharacters, next.line);
  let rows = 0;
  let lastLine = line;
  let piece: string | null = next.text;
  while (piece !== null) {
    const following: IteratorResult<string> = await pieces.next();
    // Where the file was cut at the limit, what has no end is no row.
    const { records, broken } = reader.take(piece, following.done === true && !octets.isCut());
    piece = following.done ? null : following.value;
    for (const record of records) {
      if (isBlank(record.cells)) continue;
      lastLine = record.line;
      if (++rows > limits.maxRows) {
        yield ending(record.line, { code: 'too-many-rows', args: { limit: String(limits.maxRows) } });
        return;
      }
      yield readRow(record, header.length, layout);
    }
    if (broken) {
      yield ending(broken.line, broken.problem === 'quote' ? BROKEN_QUOTES : tooLong(limits));
      return;
    }
  }
  if (octets.isCut()) yield ending(lastLine + 1, tooLarge(limits));
}

/** What stands before the first row. */
interface Start {
  readonly header: readonly string[];
  readonly line: number;
  readonly delimiter: Delimiter;
  readonly layout: Layout;
  /** Text that was read beyond the header, and its line. */
  readonly next: { readonly text: string; readonly line: number };
}

/** Excel's own first line, which names the separator. */
const SEPARATOR_LINE = /^sep=[,;\t]$/i;

async function readStart(
  pieces: AsyncIterator<string>,
  form: Form,
  limits: FeedLimits,
): Promise<Start | FeedRefusal> {
  let text = '';
  // With one row's room the header is whole, or too long.
  while (text.length <= limits.maxRowCharacters) {
    const { done, value } = await pieces.next();
    if (done) break;
    text += value;
  }
  let line = 1;
  for (;;) {
    const lineEnd = /\r\n?|\n/.exec(text);
    const first = (lineEnd ? text.slice(0, lineEnd.index) : text).trim();
    if (lineEnd === null || !(first === '' || SEPARATOR_LINE.test(first))) break;
    text = text.slice(lineEnd.index + lineEnd[0].length);
    line++;
  }
  if (text.trim() === '') return ending(1, { code: 'no-header', args: {} });
  const delimiter = form.delimiter === 'auto' ? likelyDelimiter(text, form) : form.delimiter;
  const record = firstRecord(text, DELIMITERS[delimiter]);
  if (record === null) return ending(line, BROKEN_QUOTES);
  if (record.length > limits.maxRowCharacters) return ending(line, tooLong(limits));
  const header = withoutTail(record.cells);
  // Another encoding than the four, or a file that was damaged on its way.
  if (header.some((name) => name.includes('\uFFFD'))) return ending(line, UNKNOWN_ENCODING);
  const found = readHeader(header, form);
  if ('refusals' in found) return { line, original: header, refusals: found.refusals, ends: true };
  const next = { text: text.slice(record.length), line: line + record.lines };
  return { header, line, delimiter, layout: found.layout, next };
}

/** The separator that makes most of the header the form's columns, or where that says nothing, most columns. */
function likelyDelimiter(text: string, form: Form): Delimiter {
  const known = new Set(COLUMN_NAMES.flatMap((column) => form.fields[column]).map(foldName));
  const found = (Object.keys(DELIMITERS) as Delimiter[]).map((delimiter) => {
    const cells = firstRecord(text, DELIMITERS[delimiter])?.cells ?? [];
    return { delimiter, known: cells.filter((cell) => known.has(foldName(cell))).length, all: cells.length };
  });
  const [best] = found.sort((a, b) => b.known - a.known || b.all - a.all);
  return best!.delimiter;
}

function readRow(
  { line, cells: original }: FeedRecord,
  width: number,
  layout: Layout,
): FeedRow | FeedRefusal {
  if (original.length < width || original.slice(width).some((cell) => cell.trim() !== '')) {
    const args = { found: String(original.length), expected: String(width) };
    return { line, original, refusals: [{ code: 'wrong-cell-count', args }], ends: false };
  }
  const cells = readCells(original, layout);
  const refusals = unreadableIn(cells);
  return refusals.length > 0 ? { line, original, refusals, ends: false } : { line, original, cells };
}

/** Nothing but blanks, or the end-of-file mark (Ctrl-Z) of old programs. */
function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => /^[\s\p{Cc}]*$/u.test(cell));
}

/** A header without the nameless columns a spreadsheet may leave at its end. */
function withoutTail(header: readonly string[]): readonly string[] {
  const last = header.findLastIndex((name) => name.trim() !== '');
  return header.slice(0, last + 1);
}

const UNKNOWN_ENCODING: RegistrationRefusal = { code: 'unknown-encoding', args: {} };
const BROKEN_QUOTES: RegistrationRefusal = { code: 'broken-csv', args: {} };

function tooLong({ maxRowCharacters }: FeedLimits): RegistrationRefusal {
  return { code: 'row-too-long', args: { limit: String(maxRowCharacters) } };
}

function tooLarge({ maxOctets }: FeedLimits): RegistrationRefusal {
  return { code: 'feed-too-large', args: { limit: String(maxOctets) } };
}

function ending(line: number, refusal: RegistrationRefusal): FeedRefusal {
  return { line, original: [], refusals: [refusal], ends: true };
}

const CHUNK_OCTETS = 65_536;

/** The octets in pieces of bearable size, none beyond the limit. */
function cutAt(
  limit: number,
  source: Uint8Array | AsyncIterable<Uint8Array>,
): { chunks: AsyncIterable<Uint8Array>; isCut(): boolean } {
  let room = limit;
  let cut = false;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const octets of source instanceof Uint8Array ? [source] : source) {
      for (let at = 0; at < octets.length; at += CHUNK_OCTETS) {
        const piece = octets.subarray(at, Math.min(at + CHUNK_OCTETS, at + room, octets.length));
        room -= piece.length;
        if (piece.length > 0) yield piece;
        if (room === 0 && at + piece.length < octets.length) {
          cut = true;
          return;
        }
      }
    }
  }
  return { chunks: pieces(), isCut: () => cut };
}
