// What a form's row can say (R2): our columns by name.

/** Every column by its name in code, with the name staff know it by. */
export const COLUMNS = {
  receiptNumber: '整理番号',
  appliedAt: '申込日時',
  status: '処理状況',
  procedure: '手続き名',
  company: '商号又は名称',
  place: '所在地',
  entity: '個人・法人区分',
  signatoryTitle: '締結権限者役職',
  signatoryName: '締結権限者氏名',
  signatoryAddress: '締結権限者メールアドレス',
  checkerName: '事務担当者氏名',
  checkerAddress: '事務担当者メールアドレス',
  phone: '電話番号',
  title: '契約件名',
  section: '提出先',
  /** The vendor's consent to electronic contracting itself (R7b, 建設業法19条3項). */
  consent: '電子契約への同意',
  /** That a contract from this address counts as the representative's (R7). */
  representation: '代表者の同意とみなすことの確認',
  remarks: '備考',
} as const;

/** A column's name in code. */
export type Column = keyof typeof COLUMNS;

/** All columns in the order of `COLUMNS`. */
export const COLUMN_NAMES = Object.keys(COLUMNS) as Column[];

/** Without these nobody can be registered: each form asks for them, each row has them. */
export const ESSENTIAL_COLUMNS: readonly Column[] = [
  'receiptNumber',
  'appliedAt',
  'company',
  'signatoryName',
  'signatoryAddress',
];

/** One row's trimmed values by column, '' where the form has none. */
export type Cells = Readonly<Record<Column, string>> & {
  /** Unknown columns the form says to keep, by their header. */
  readonly extra: Readonly<Record<string, string>>;
};

/** A header as it is compared: character width, blanks and line breaks do not count, nor a mark for required fields. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\s\uFEFF\u200B]/g, '')
    .replace(/[*※]$|[(【[〔]必須[)】\]〕]/g, '')
    .toLowerCase();
}
