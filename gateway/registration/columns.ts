// The columns of form 「標準」, as docs/touroku-csv.md describes it, and where a feed has them.
import type { FeedRow } from './csv.ts';
import type { RegistrationRefusal } from './refusals.ts';

/** Every column by its name in code; all must be present, some may stay empty. */
export const COLUMNS = {
  receiptNumber: '整理番号',
  appliedAt: '申込日時',
  company: '商号又は名称',
  place: '所在地',
  signatoryTitle: '締結権限者役職',
  signatoryName: '締結権限者氏名',
  signatoryAddress: '締結権限者メールアドレス',
  checkerName: '事務担当者氏名',
  checkerAddress: '事務担当者メールアドレス',
  phone: '電話番号',
  title: '契約件名',
  section: '提出先',
  consent: '電子契約への同意',
  remarks: '備考',
} as const;

/** A column's name in code. */
export type Column = keyof typeof COLUMNS;

/** One row's trimmed values by column. */
export type Cells = Readonly<Record<Column, string>>;

/** Finds the columns in the header row: any order, further columns ignored, blanks and character width forgiven. */
export function readHeader(
  header: FeedRow,
): { indexes: Record<Column, number> } | { refusals: RegistrationRefusal[] } {
  const names = header.cells.map(foldName);
  const indexes = {} as Record<Column, number>;
  const missing: string[] = [];
  const refusals: RegistrationRefusal[] = [];
  for (const [column, name] of Object.entries(COLUMNS) as [Column, string][]) {
    const index = names.indexOf(foldName(name));
    if (index < 0) missing.push(name);
    else if (names.lastIndexOf(foldName(name)) !== index)
      refusals.push({ code: 'repeated-column', args: { column: name } });
    indexes[column] = index;
  }
  if (missing.length > 0)
    refusals.unshift({ code: 'missing-columns', args: { columns: missing.join('、') } });
  return refusals.length > 0 ? { refusals } : { indexes };
}

/** A row's values; outer blanks, full-width ones too, are dropped, the characters of names are kept as they are. */
export function readCells(row: FeedRow, indexes: Record<Column, number>): Cells {
  const entries = Object.entries(indexes).map(([column, index]) => [column, (row.cells[index] ?? '').trim()]);
  return Object.fromEntries(entries) as Cells;
}

function foldName(name: string): string {
  return name.normalize('NFKC').replace(/\s/g, '');
}
