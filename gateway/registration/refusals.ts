// Why a row, or a whole feed, was not taken: codes with their arguments.

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
