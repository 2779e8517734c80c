// Why a row, or a whole feed, was not taken: codes with their arguments, and the English sentence for logs.

/** Every reason; the Japanese sentences for staff stand in templates/registration.ja.ts. */
export type RegistrationRefusalCode =
  | 'unknown-encoding'
  | 'workbook'
  | 'feed-too-large'
  | 'too-many-rows'
  | 'row-too-long'
  | 'unreadable-characters'
  | 'broken-csv'
  | 'no-header'
  | 'missing-columns'
  | 'repeated-column'
  | 'wrong-cell-count'
  | 'missing-value'
  | 'bad-applied-at'
  | 'bad-address'
  | 'incomplete-checker'
  | 'same-address'
  | 'no-declaration'
  | 'unknown-status'
  | 'not-accepted-yet'
  | 'mistyped-address'
  | 'free-mail'
  | 'carrier-mail';

/** A reason with what fills its sentence. */
export interface RegistrationRefusal {
  readonly code: RegistrationRefusalCode;
  readonly args: Readonly<Record<string, string>>;
}

const LOG_SENTENCES: Record<RegistrationRefusalCode, string> = {
  'unknown-encoding': 'the feed is no text in UTF-8, CP932 or UTF-16',
  workbook: 'the feed is a workbook, not separated values',
  'feed-too-large': 'the feed has more than {limit} octets',
  'too-many-rows': 'the feed has more than {limit} rows',
  'row-too-long': 'the row has more than {limit} characters',
  'unreadable-characters': '{column} has characters that are lost or private',
  'broken-csv': 'a quotation mark is not closed or stands inside a value',
  'no-header': 'the feed is empty',
  'missing-columns': 'columns are missing: {columns}',
  'repeated-column': 'a column is there twice: {column}',
  'wrong-cell-count': 'the row has {found} values, the header {expected}',
  'missing-value': '{column} is empty',
  'bad-applied-at': '{column} is no date and time: {value}',
  'bad-address': '{column} is no mail address: {value}',
  'incomplete-checker': '{column} is empty though the other checker column is filled in',
  'same-address': 'checker and signatory share the address {address}',
  'no-declaration': '{column} does not say that the vendor agrees: {value}',
  'unknown-status': '{column} says what the form does not know: {value}',
  'not-accepted-yet': 'the application is not accepted yet: {value}',
  'mistyped-address': '{column} looks mistyped: {value} instead of {meant}',
  'free-mail': '{column} is a free-mail address without a reason: {value}',
  'carrier-mail': '{column} is a carrier address without a reason: {value}',
};

/** One English line for a log: `line 3: missing-value: 整理番号 is empty`. */
export function logSentence(line: number, { code, args }: RegistrationRefusal): string {
  const sentence = LOG_SENTENCES[code].replace(/\{(\w+)\}/g, (_, key: string) => args[key] ?? '');
  return `line ${line}: ${code}: ${sentence}`;
}
