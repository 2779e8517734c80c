/** Registrations as they were stored before the register sealed them: in the clear, read once and deleted. */
import type { Tx } from './database.ts';

export interface OldRegistration {
  readonly id: number;
  readonly municipality: string;
  readonly form: string;
  readonly receipt_number: string;
  readonly applied_at: string;
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
}

/** Some that are left, oldest first. */
export async function oldRegistrations(tx: Tx, limit: number): Promise<OldRegistration[]> {
  return tx('registrations').orderBy('id').limit(limit);
}

export async function deleteOldRegistrations(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx('registrations')
    .whereIn('id', [...ids])
    .delete();
}
