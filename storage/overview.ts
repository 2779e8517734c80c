/** How much lies where: counts for whoever watches over an installation. */

import type { MerkleRootRow } from './contracts.ts';
import type { Tx } from './database.ts';

export interface ContractCount {
  readonly municipality: string;
  readonly state: string;
  readonly contracts: number;
}

export async function countContracts(tx: Tx): Promise<ContractCount[]> {
  const rows: { municipality: string; state: string; contracts: number | string }[] = await tx('contracts')
    .groupBy('municipality', 'state')
    .select('municipality', 'state')
    .count({ contracts: '*' });
  return rows.map((row) => ({ ...row, contracts: Number(row.contracts) }));
}

/** Outbox entries that are neither done nor set aside: due at `now` (ISO), of these in a worker's hands, and not due yet. */
export async function queueDepth(
  tx: Tx,
  now: string,
): Promise<{ readonly due: number; readonly inHand: number; readonly later: number }> {
  const open = () => tx('outbox').whereNull('done_at').whereNull('parked_at');
  const count = async (rows: ReturnType<typeof open>): Promise<number> => {
    const [found] = await rows.count({ entries: '*' });
    return Number(found?.entries);
  };
  return {
    due: await count(open().where('not_before', '<=', now)),
    inHand: await count(open().where('leased_until', '>', now)),
    later: await count(open().where('not_before', '>', now)),
  };
}

/** The numbers by which people know these contracts, by id. */
export async function contractNumbers(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows: { id: string; number: string }[] = await tx('contracts')
    .whereIn('id', [...new Set(ids)])
    .select('id', 'number');
  return new Map(rows.map(({ id, number }) => [id, number]));
}

export async function newestMerkleRoot(tx: Tx): Promise<MerkleRootRow | undefined> {
  return tx('merkle_roots').orderBy('day', 'desc').first();
}
