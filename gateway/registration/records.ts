// Separated values (RFC 4180, with tabs and semicolons too) into records, as the text arrives.
// Not csv-parse: its numbers are those of a record's last line, and where it forgives a quote it does so everywhere.

/** One record with the line it begins on; line breaks inside values are \n. */
export interface FeedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Why no further record can be told from the text. */
export interface BrokenRecord {
  readonly line: number;
  readonly problem: 'quote' | 'length';
}

/** Where one record ends, or why it does not. */
type Scan =
  | { readonly kind: 'record'; readonly cells: string[]; readonly next: number; readonly lines: number }
  | { readonly kind: 'incomplete'; readonly inQuotes: boolean }
  | { readonly kind: 'broken' };

const QUOTE = '"';

/** Takes text piece by piece and gives the records that are complete. */
export interface RecordReader {
  /** `last`: nothing follows, so what is there is complete. Nothing may be taken after a broken record. */
  take(
    text: string,
    last: boolean,
  ): { readonly records: readonly FeedRecord[]; readonly broken: BrokenRecord | null };
}

export function recordReader(delimiter: string, maxCharacters: number, firstLine: number): RecordReader {
  let rest = '';
  let line = firstLine;
  return {
    take(text, last) {
      const whole = rest + text;
      const records: FeedRecord[] = [];
      let at = 0;
      while (at < whole.length) {
        const scan = scanRecord(whole, at, delimiter, last);
        if (scan.kind === 'broken') return { records, broken: { line, problem: 'quote' } };
        const length = (scan.kind === 'record' ? scan.next : whole.length) - at;
        if (length > maxCharacters) {
          const inQuotes = scan.kind === 'incomplete' && scan.inQuotes;
          return { records, broken: { line, problem: inQuotes ? 'quote' : 'length' } };
        }
        if (scan.kind === 'incomplete') break;
        records.push({ line, cells: scan.cells });
        line += scan.lines;
        at = scan.next;
      }
      rest = whole.slice(at);
      return { records, broken: null };
    },
  };
}

/** A text's first record, what follows it and how many lines it has; null when its quotes are broken. */
export function firstRecord(
  text: string,
  delimiter: string,
): { readonly cells: readonly string[]; readonly length: number; readonly lines: number } | null {
  const scan = scanRecord(text, 0, delimiter, true);
  return scan.kind === 'record' ? { cells: scan.cells, length: scan.next, lines: scan.lines } : null;
}

function scanRecord(text: string, start: number, delimiter: string, last: boolean): Scan {
  const cells: string[] = [];
  let at = start;
  let lines = 1;
  for (;;) {
    if (text[at] === QUOTE) {
      const quoted = scanQuoted(text, at + 1, last);
      if ('kind' in quoted) return quoted;
      at = quoted.next;
      cells.push(quoted.value);
      lines += countBreaks(quoted.value);
    } else {
      const end = endOfPlain(text, at, delimiter);
      cells.push(text.slice(at, end));
      at = end;
    }
    const after = text[at];
    if (after === delimiter) {
      at++;
      continue;
    }
    // A line break may be the first half of CRLF, and a text without one may go on.
    const undecided = after === undefined || (after === '\r' && at + 1 === text.length);
    if (undecided && !last) return { kind: 'incomplete', inQuotes: false };
    if (after === undefined) return { kind: 'record', cells, next: at, lines };
    if (after === '\r' && text[at + 1] === '\n') return { kind: 'record', cells, next: at + 2, lines };
    if (after === '\r' || after === '\n') return { kind: 'record', cells, next: at + 1, lines };
    return { kind: 'broken' };
  }
}

/** From behind the opening quote; a quote inside an unquoted value is a character like any other. */
function scanQuoted(text: string, start: number, last: boolean): { value: string; next: number } | Scan {
  let value = '';
  let from = start;
  for (;;) {
    const quote = text.indexOf(QUOTE, from);
    if (quote < 0) return last ? { kind: 'broken' } : { kind: 'incomplete', inQuotes: true };
    if (quote + 1 === text.length && !last) return { kind: 'incomplete', inQuotes: true };
    value += text.slice(from, quote);
    if (text[quote + 1] !== QUOTE) {
      let next = quote + 1;
      while (text[next] === ' ') next++;
      return { value: value.replace(/\r\n?/g, '\n'), next };
    }
    value += QUOTE;
    from = quote + 2;
  }
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  let at = start;
  for (; at < text.length; at++) {
    const character = text[at];
    if (character === delimiter || character === '\n' || character === '\r') break;
  }
  return at;
}

function countBreaks(value: string): number {
  let breaks = 0;
  for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) breaks++;
  return breaks;
}
