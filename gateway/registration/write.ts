// CSV on the way out (RFC 4180, UTF-8 with byte order mark): opens in Excel, and no cell of a stranger's runs as a formula.

/** Column added to rows that are sent back. */
const REASON_COLUMN = '理由';

/** One table; every cell quoted, so that leading blanks and line breaks survive. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')}`;
}

/** What a spreadsheet would take for a formula gets an apostrophe, which `unguarded` takes off again. */
export function guarded(cell: string): string {
  return /^'*[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}

/** Undoes `guarded`. */
export function unguarded(cell: string): string {
  return /^'+[=+\-@\t\r＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

/** Rows that were refused, under the header they came with, each with its reason: to be corrected and sent back. */
export function refusedCsv(
  header: readonly string[],
  rows: readonly { readonly original: readonly string[]; readonly reasons: readonly string[] }[],
): string {
  const kept = header.flatMap((name, index) => (name.trim() === REASON_COLUMN ? [] : [index]));
  const table = rows.map(({ original, reasons }) => [
    ...kept.map((index) => original[index] ?? ''),
    // A row with too many values is shown with all of them.
    reasons.join(''),
    ...original.slice(header.length),
  ]);
  return csvOf([[...kept.map((index) => header[index]!), REASON_COLUMN], ...table]);
}

function quoted(cell: string): string {
  return `"${guarded(cell).replaceAll('"', '""')}"`;
}
