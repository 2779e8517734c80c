/** Which timestamp authorities serve: noted by the worker that asks them, for whoever asks how things stand. */
import type { Tx } from '../../storage/database.ts';
import { readNote, writeNote } from '../../storage/notes.ts';

export interface AuthorityStanding {
  /** Since when it fails (ISO 8601 UTC); null while it serves. */
  readonly failingSince: string | null;
  /** English, for the operator; null while it serves. */
  readonly reason: string | null;
}

const nameOf = (host: string): string => `timestamp-authority:${host}`;

export async function noteAuthority(tx: Tx, host: string, standing: AuthorityStanding): Promise<void> {
  await writeNote(tx, nameOf(host), standing);
}

/** As the worker that heard of it last has noted it; null before its first answer. */
export async function authorityStanding(tx: Tx, host: string): Promise<AuthorityStanding | null> {
  return ((await readNote(tx, nameOf(host))) ?? null) as AuthorityStanding | null;
}
