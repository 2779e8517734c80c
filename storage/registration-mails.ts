/** Rows beside the secrets in mails about registrations (decided 3): which mail, about whom, used or not; the secrets are nowhere stored. */
import type { Tx } from './database.ts';

export type RegistrationMailKind =
  /** 「受信を確認する」 (R11). */
  | 'confirmation'
  /** To the old address (R4). */
  | 'changeNotice'
  /** 希望確認 (R0). */
  | 'preference'
  /** To staff, who reply with a word. */
  | 'staff';

export type Wish = 'electronic' | 'paper';

export interface RegistrationMailRow {
  readonly id: string;
  readonly kind: RegistrationMailKind;
  readonly municipality: string;
  readonly registration: number | null;
  readonly created_at: string;
  readonly used_at: string | null;
  readonly wish: Wish | null;
  readonly body: Uint8Array | null;
}

/** A retried mail finds its row already there and carries the same secrets. */
export async function insertRegistrationMail(
  tx: Tx,
  row: Omit<RegistrationMailRow, 'used_at' | 'wish'>,
): Promise<void> {
  await tx('registration_mails').insert(row).onConflict('id').ignore();
}

export async function findRegistrationMail(tx: Tx, id: string): Promise<RegistrationMailRow | undefined> {
  return tx('registration_mails').where({ id }).first();
}

/** False where it had been used before. */
export async function markMailUsed(
  tx: Tx,
  id: string,
  now: string,
  wish: Wish | null = null,
): Promise<boolean> {
  const used = await tx('registration_mails')
    .where({ id })
    .whereNull('used_at')
    .update({ used_at: now, wish });
  return used > 0;
}

/** Who asked these vendors for their wish, and about what, is forgotten with the registrations. */
export async function forgetAskers(tx: Tx, registrations: readonly number[]): Promise<void> {
  await tx('registration_mails')
    .whereIn('registration', [...registrations])
    .update({ body: null });
}

/** The vendor's last answer to 希望確認 under any of these registrations. */
export async function lastWish(
  tx: Tx,
  registrations: readonly number[],
): Promise<{ wish: Wish; used_at: string } | undefined> {
  return tx('registration_mails')
    .whereIn('registration', [...registrations])
    .whereNotNull('wish')
    .orderBy('used_at', 'desc')
    .first('wish', 'used_at');
}
