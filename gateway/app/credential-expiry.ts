/** The certificates that this installation signs with, noted by whoever holds the keys for whoever asks how things stand. */
import type { Tx } from '../../storage/database.ts';
import { readNote, writeNote } from '../../storage/notes.ts';

/** A certificate that signatures of contracts depend on, or those of mails. */
export interface SigningCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Common name of the subject. */
  readonly name: string;
  readonly use: 'contracts' | 'mails';
  /** Whether a key of ours belongs to it; else it is an authority's above one. */
  readonly own: boolean;
  /** ISO 8601 UTC: the end of its validity. */
  readonly notAfter: string;
  /** Ids of the municipalities that sign with it. */
  readonly municipalities: readonly string[];
}

/** Before mails were signed, `use` was not noted. */
type Noted = Omit<SigningCertificate, 'use'> & Partial<Pick<SigningCertificate, 'use'>>;

const NOTE = 'signing-certificates';
const DAY_MS = 86_400_000;

/** Replaces what was noted before: certificates no longer in use are forgotten. */
export async function noteSigningCertificates(
  tx: Tx,
  certificates: readonly SigningCertificate[],
): Promise<void> {
  await writeNote(tx, NOTE, certificates);
}

/**
 * As the worker that started last has noted them, the first to run out first; empty while only the test authority signs.
 * Needs no key and asks no HSM.
 */
export async function signingCertificates(tx: Tx): Promise<SigningCertificate[]> {
  const noted = ((await readNote(tx, NOTE)) ?? []) as Noted[];
  return noted
    .map((one): SigningCertificate => ({ ...one, use: one.use ?? 'contracts' }))
    .sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
}

/** Whole days until `notAfter`, begun ones counted; 0 once it has passed. */
export function daysLeft({ notAfter }: Pick<SigningCertificate, 'notAfter'>, now: string): number {
  return Math.max(0, Math.ceil((Date.parse(notAfter) - Date.parse(now)) / DAY_MS));
}
