/** Rows beside derived secrets (decided 3): purpose, participant, generation, expiry, use. The secret itself is nowhere stored. */
import type { Tx } from './database.ts';

export type SecretPurpose = 'consent' | 'download' | 'reply' | 'bounce';

export interface SecretRow {
  readonly id: string;
  readonly purpose: SecretPurpose;
  readonly municipality: string;
  readonly contract: string;
  readonly participant: string;
  readonly generation: number;
  /** JSON of Head[]. */
  readonly heads: string;
  readonly mail: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly used_at: string | null;
  /** When a document behind a link was first fetched, by a scanner perhaps; what a person opened, the history tells. */
  readonly fetched_at: string | null;
}

/** A retried mail finds its row already there and carries the same secret. */
export async function insertSecret(
  tx: Tx,
  row: Omit<SecretRow, 'used_at' | 'expires_at' | 'fetched_at'>,
): Promise<void> {
  await tx('secrets').insert(row).onConflict('id').ignore();
}

export async function findSecret(tx: Tx, id: string): Promise<SecretRow | undefined> {
  return tx('secrets').where({ id }).first();
}

/** The first secret of this purpose that was made for the holder's present generation. */
export async function findSecretOf(
  tx: Tx,
  of: Pick<SecretRow, 'purpose' | 'contract' | 'participant' | 'generation'>,
): Promise<SecretRow | undefined> {
  return tx('secrets')
    .where({ ...of })
    .orderBy(['created_at', 'id'])
    .first();
}

export async function markUsed(tx: Tx, id: string, now: string): Promise<void> {
  await tx('secrets').where({ id }).whereNull('used_at').update({ used_at: now });
}

export async function markFetched(tx: Tx, id: string, now: string): Promise<void> {
  await tx('secrets').where({ id }).whereNull('fetched_at').update({ fetched_at: now });
}

/** A download link's 14 days run from the mail's acceptance by the relay (R36). */
export async function setExpiry(
  tx: Tx,
  mail: string,
  purpose: SecretPurpose,
  expiresAt: string,
): Promise<void> {
  await tx('secrets').where({ mail, purpose }).whereNull('expires_at').update({ expires_at: expiresAt });
}
