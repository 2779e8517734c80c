// Where the header of a feed has a form's columns.
import { type Cells, COLUMN_NAMES, COLUMNS, type Column, foldName } from './columns.ts';
import type { Form } from './forms.ts';
import type { RegistrationRefusal } from './refusals.ts';

/** Where a feed has each column: its index in the row, or -1. */
export interface Layout {
  readonly indexes: Readonly<Record<Column, number>>;
  readonly extra: readonly { readonly name: string; readonly index: number }[];
  /** Headers that mean nothing to the form and are not kept. */
  readonly unknown: readonly string[];
}

/** Finds a form's columns in a header: any order, blanks and character width forgiven. */
export function readHeader(
  header: readonly string[],
  form: Form,
): { layout: Layout } | { refusals: RegistrationRefusal[] } {
  const names = header.map(foldName);
  const taken = new Set<number>();
  const indexes = {} as Record<Column, number>;
  const missing: string[] = [];
  const refusals: RegistrationRefusal[] = [];
  const find = (aliases: readonly string[]): number => {
    const wanted = new Set(aliases.map(foldName));
    const places = names.flatMap((name, index) => (wanted.has(name) ? [index] : []));
    for (const place of places) taken.add(place);
    const [first = -1, second] = places;
    if (second !== undefined) {
      const column = [header[first], header[second]].map((name) => name?.trim());
      refusals.push({ code: 'repeated-column', args: { column: [...new Set(column)].join('、') } });
    }
    return first;
  };
  for (const column of COLUMN_NAMES) {
    const aliases = form.fields[column];
    indexes[column] = find(aliases);
    const [name] = aliases;
    if (indexes[column] < 0 && name !== undefined && !form.optional.includes(column)) missing.push(name);
  }
  const extra = form.keep.map((name) => ({ name, index: find([name]) })).filter(({ index }) => index >= 0);
  if (missing.length > 0) {
    refusals.unshift({ code: 'missing-columns', args: { columns: missing.join('、') } });
  }
  if (refusals.length > 0) return { refusals };
  const unknown = header.filter((name, index) => !taken.has(index) && name.trim() !== '');
  return { layout: { indexes, extra, unknown } };
}

/** May go over several lines; in every other value a line break is a blank. */
const FREE_TEXT: ReadonlySet<Column> = new Set(['remarks']);

/** A row's values; outer blanks, full-width ones too, are dropped, the characters of names are kept as they are. */
export function readCells(row: readonly string[], { indexes, extra }: Layout): Cells {
  const at = (index: number): string => (row[index] ?? '').trim();
  const cells = {} as Record<Column, string>;
  for (const column of COLUMN_NAMES) {
    const value = at(indexes[column]);
    cells[column] = FREE_TEXT.has(column) ? value : inOneLine(value);
  }
  return { ...cells, extra: Object.fromEntries(extra.map(({ name, index }) => [name, at(index)])) };
}

function inOneLine(value: string): string {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Private characters are somebody's 外字: what they look like is known on one machine only. */
const UNREADABLE = /[\uFFFD\uE000-\uF8FF]|(?!\s)\p{Cc}/u;

/** One refusal for each value with characters that were lost, or mean something on one machine only. */
export function unreadableIn(cells: Cells): RegistrationRefusal[] {
  const values = [
    ...COLUMN_NAMES.map((column) => [COLUMNS[column], cells[column]] as const),
    ...Object.entries(cells.extra),
  ];
  return values.flatMap(([column, value]) =>
    UNREADABLE.test(value) ? [{ code: 'unreadable-characters' as const, args: { column } }] : [],
  );
}
