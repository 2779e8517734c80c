/** Tries of the second factor by contract and participant: counted before they are judged, so that many at once gain nothing. */
import type { Tx } from './database.ts';

export interface FactorHolder {
  readonly contract: string;
  readonly participant: string;
}

interface TriesRow extends FactorHolder {
  readonly tries: number;
  readonly locked_until: string | null;
}

/** The number of this try since the last right one or the last lock; null while locked at `now` (ISO UTC). */
export async function beginTry(tx: Tx, holder: FactorHolder, now: string): Promise<number | null> {
  await tx('second_factors')
    .insert({ ...holder, tries: 1, locked_until: null })
    .onConflict(['contract', 'participant'])
    .merge({ tries: tx.raw('second_factors.tries + 1') });
  const row: TriesRow = await tx('second_factors')
    .where({ ...holder })
    .first();
  if (row.locked_until === null) return row.tries;
  if (row.locked_until > now) return null;
  await tx('second_factors')
    .where({ ...holder })
    .update({ tries: 1, locked_until: null });
  return 1;
}

export async function lockTries(tx: Tx, holder: FactorHolder, until: string): Promise<void> {
  await tx('second_factors')
    .where({ ...holder })
    .update({ locked_until: until });
}

/** After a right one. */
export async function forgetTries(tx: Tx, holder: FactorHolder): Promise<void> {
  await tx('second_factors')
    .where({ ...holder })
    .delete();
}
