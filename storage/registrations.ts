/** Rows of vendors' registrations from the e-application feed (R1–R4); an older content of the same 整理番号 is superseded, not lost. */
import type { Tx } from './database.ts';

export interface RegistrationRow {
  readonly id: number;
  readonly municipality: string;
  readonly form: string;
  readonly receipt_number: string;
  readonly content_hash: string;
  readonly applied_at: string;
  readonly imported_at: string;
  readonly superseded_at: string | null;
  readonly company: string;
  readonly place: string;
  readonly signatory_title: string | null;
  readonly signatory_name: string;
  readonly signatory_address: string;
  readonly checker_name: string | null;
  readonly checker_address: string | null;
  readonly phone: string | null;
  readonly title: string | null;
  readonly section: string | null;
  readonly remarks: string | null;
  readonly confirmed_at: string | null;
}

export type NewRegistration = Omit<RegistrationRow, 'id' | 'superseded_at' | 'confirmed_at'>;

/** All that was ever registered under one 整理番号 of a form, newest first. */
export async function registrationsUnder(
  tx: Tx,
  { municipality, form, receipt_number }: Pick<RegistrationRow, 'municipality' | 'form' | 'receipt_number'>,
): Promise<RegistrationRow[]> {
  return tx('registrations').where({ municipality, form, receipt_number }).orderBy('id', 'desc');
}

/** Idempotent by (form, 整理番号, content). Returns what became of the row. */
export async function saveRegistration(
  tx: Tx,
  row: NewRegistration,
): Promise<'new' | 'superseding' | 'unchanged'> {
  const sameNumber = { municipality: row.municipality, form: row.form, receipt_number: row.receipt_number };
  const known = await tx('registrations')
    .where({ ...sameNumber, content_hash: row.content_hash })
    .first();
  if (known) return 'unchanged';
  const superseded = await tx('registrations')
    .where(sameNumber)
    .whereNull('superseded_at')
    .update({ superseded_at: row.imported_at });
  await tx('registrations').insert(row);
  return superseded > 0 ? 'superseding' : 'new';
}

/** What a contract mail may name a vendor by. */
export type RegistrationKey =
  | { readonly address: string }
  | { readonly receiptNumber: string }
  | { readonly company: string };

/** Registrations in force that match, newest application first. */
export async function findRegistrations(
  tx: Tx,
  municipality: string,
  key: RegistrationKey,
): Promise<RegistrationRow[]> {
  const query = tx('registrations')
    .where({ municipality })
    .whereNull('superseded_at')
    .orderBy('applied_at', 'desc');
  if ('receiptNumber' in key) return query.where({ receipt_number: key.receiptNumber });
  if ('company' in key) return query.where({ company: key.company });
  return query.where((either) =>
    either.where({ signatory_address: key.address }).orWhere({ checker_address: key.address }),
  );
}
