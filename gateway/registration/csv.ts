// The e-application feed as bytes: UTF-8 or CP932 text, comma-separated (RFC 4180), into numbered rows.
import { CsvError, parse } from 'csv-parse/sync';
import type { RegistrationRefusal } from './refusals.ts';

/** Which of the two documented encodings a feed came in; a byte order mark is not kept. */
export type FeedEncoding = 'utf-8' | 'cp932';

/** One record with the number of the file's line it starts on (1 is the header). */
export interface FeedRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A feed that could be read; empty lines are left out. */
export interface DecodedFeed {
  readonly rows: readonly FeedRow[];
  readonly encoding: FeedEncoding;
}

/** A feed that cannot be read at all, and from which line on. */
export interface UnreadableFeed {
  readonly line: number;
  readonly reason: RegistrationRefusal;
}

const NOT_TEXT: UnreadableFeed = { line: 1, reason: { code: 'unknown-encoding', args: {} } };

/** Tells UTF-8 from CP932 by trying: CP932 text beyond ASCII is practically never valid UTF-8. */
export function decodeCsv(bytes: Uint8Array): DecodedFeed | UnreadableFeed {
  const decoded = decodeText(bytes);
  if (!decoded) return NOT_TEXT;
  try {
    const lines = decoded.text.replace(/\r\n?/g, '\n');
    const options = { info: true, record_delimiter: '\n', relax_column_count: true, skip_empty_lines: true };
    // csv-parse's types do not know what `info` does to its records.
    const records = parse(lines, options) as unknown as { record: string[]; info: { lines: number } }[];
    // csv-parse counts the line a record ends on; a quoted value may span several.
    const rows = records.map(({ record, info }) => ({
      line: info.lines - (record.join('').split('\n').length - 1),
      cells: record,
    }));
    return { rows, encoding: decoded.encoding };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: Number(error.lines ?? 1), reason: { code: 'broken-csv', args: {} } };
  }
}

function decodeText(bytes: Uint8Array): { text: string; encoding: FeedEncoding } | null {
  // UTF-16 (Excel's "Unicode text") would pass as CP932 full of NULs.
  if (bytes.includes(0)) return null;
  for (const [label, encoding] of [
    ['utf-8', 'utf-8'],
    ['shift_jis', 'cp932'],
  ] as const) {
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding };
    } catch {
      // Not in this encoding: the next one may fit.
    }
  }
  return null;
}
