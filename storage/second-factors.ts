/** Tries of the second factor by contract and participant: counted before they are judged, so that many at once gain nothing. */
import type { Tx } from './database.ts';

export interface FactorHolder {
  readonly contract: string;
  readonly participant: string;
  /** Of the link: a new one begins to count anew, unless its holder asked for it (carryTries). */
  readonly generation: number;
}

/** Someone whose tries have run out; `until` is ISO UTC. */
export interface FactorLock {
  readonly participant: string;
  readonly generation: number;
  readonly until: string;
}

interface TriesRow extends FactorHolder {
  readonly tries: number;
  readonly locked_until: string | null;
}

/** The number of this try since the last right one, the last lock or the last new link; null while locked at `now` (ISO UTC). */
export async function beginTry(tx: Tx, holder: FactorHolder, now: string): Promise<number | null> {
  const ofThisLink = 'case when second_factors.generation = excluded.generation then';
  await tx('second_factors')
    .insert({ ...holder, tries: 1, locked_until: null })
    .onConflict(['contract', 'participant'])
    .merge({
      tries: tx.raw(`${ofThisLink} second_factors.tries + 1 else 1 end`),
      locked_until: tx.raw(`${ofThisLink} second_factors.locked_until else null end`),
      generation: tx.raw('excluded.generation'),
    });
  const row: TriesRow = await of(tx, holder).first();
  if (row.locked_until === null) return row.tries;
  if (row.locked_until > now) return null;
  await of(tx, holder).update({ tries: 1, locked_until: null });
  return 1;
}

/** False where it was locked already. */
export async function lockTries(tx: Tx, holder: FactorHolder, until: string): Promise<boolean> {
  return (await of(tx, holder).whereNull('locked_until').update({ locked_until: until })) > 0;
}

/** Those of the link before count for this holder's new link, too. */
export async function carryTries(tx: Tx, holder: FactorHolder): Promise<void> {
  const { generation } = holder;
  await of(tx, holder)
    .where({ generation: generation - 1 })
    .update({ generation });
}

/** After a right one. */
export async function forgetTries(tx: Tx, holder: FactorHolder): Promise<void> {
  await of(tx, holder).delete();
}

/** Whose tries have run out since the last right one, whether or not the lock has ended. */
export async function locksOf(tx: Tx, contract: string): Promise<FactorLock[]> {
  const rows: TriesRow[] = await tx('second_factors')
    .where({ contract })
    .whereNotNull('locked_until')
    .orderBy('participant');
  return rows.map(({ participant, generation, locked_until }) => ({
    participant,
    generation,
    until: locked_until!,
  }));
}

// biome-ignore lint/suspicious/noExplicitAny: knex rows of an untyped table
function of(tx: Tx, { contract, participant }: FactorHolder): any {
  return tx('second_factors').where({ contract, participant });
}
