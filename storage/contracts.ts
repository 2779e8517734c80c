/** Rows of contracts and of their events, as octets; gateway/app/contract-store.ts alone knows what they mean. */
import type { Tx } from './database.ts';
import { forUpdate } from './postgres.ts';

export interface ContractRow {
  readonly id: string;
  readonly municipality: string;
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly seq: number;
  readonly expires_at: string;
  readonly concluded_at: string | null;
  readonly contract_date: string | null;
  /** The contract's data key, wrapped by the master key. */
  readonly wrapped_key: Uint8Array;
  /** The contract as JSON, encrypted under its data key. */
  readonly body: Uint8Array;
}

export interface EventRow {
  readonly contract: string;
  readonly seq: number;
  readonly municipality: string;
  readonly type: string;
  readonly version: number;
  readonly at: string;
  readonly canonical: Uint8Array;
  readonly previous_hash: string;
  readonly hash: string;
}

export async function insertContract(tx: Tx, row: ContractRow): Promise<void> {
  await tx('contracts').insert(row);
}

/** Fails when somebody else has written the contract since `previousSeq` was read. */
export async function updateContract(
  tx: Tx,
  row: Omit<ContractRow, 'wrapped_key' | 'municipality' | 'number'>,
  previousSeq: number,
): Promise<void> {
  const { id, ...values } = row;
  const changed = await tx('contracts').where({ id, seq: previousSeq }).update(values);
  if (changed !== 1) throw new Error(`contract ${id} was written by somebody else after seq ${previousSeq}`);
}

export async function findContract(tx: Tx, id: string): Promise<ContractRow | undefined> {
  return tx('contracts').where({ id }).first();
}

/** Holds the row until the transaction ends: what is decided on it stays true. */
export async function lockContract(tx: Tx, id: string): Promise<ContractRow | undefined> {
  return forUpdate(tx, tx('contracts').where({ id }), 'wait').first();
}

export async function findContractByNumber(
  tx: Tx,
  municipality: string,
  number: string,
): Promise<ContractRow | undefined> {
  return tx('contracts').where({ municipality, number }).first();
}

/** Ids of a municipality's concluded contracts, newest contract date first. */
export async function concludedContracts(tx: Tx, municipality: string): Promise<string[]> {
  const rows: { id: string }[] = await tx('contracts')
    .where({ municipality, state: 'concluded' })
    .orderBy([
      { column: 'contract_date', order: 'desc' },
      { column: 'concluded_at', order: 'desc' },
    ])
    .select('id');
  return rows.map(({ id }) => id);
}

/**
 * Ids of a municipality's contracts to look into, newest number first, `limit` at most (null: all); `date` asks for a contract date in
 * a span (ISO dates, null: open), for none at all ('blank'), or for nothing (null).
 */
export async function contractsToSearch(
  tx: Tx,
  municipality: string,
  date: { readonly from: string | null; readonly to: string | null } | 'blank' | null,
  limit: number | null,
): Promise<string[]> {
  const query = tx('contracts').where({ municipality });
  if (limit !== null) query.limit(limit);
  if (date === 'blank') query.whereNull('contract_date');
  else if (date !== null) {
    query.whereNotNull('contract_date');
    if (date.from !== null) query.where('contract_date', '>=', date.from);
    if (date.to !== null) query.where('contract_date', '<=', date.to);
  }
  // Numbers of a year are as long as they have to be: 2026-10000 comes after 2026-9999.
  return query.orderByRaw('substr(number, 1, 4) desc, length(number) desc, number desc').pluck('id');
}

/** Ids of a municipality's contracts that are still on their way, oldest first. */
export async function openContracts(tx: Tx, municipality: string): Promise<string[]> {
  const ended = ['concluded', 'declined', 'withdrawn', 'expired'];
  return tx('contracts').where({ municipality }).whereNotIn('state', ended).orderBy('number').pluck('id');
}

/** Ids of a municipality's contracts that are under way, or were concluded from `since` (ISO instant) on, by number. */
export async function contractsInHand(tx: Tx, municipality: string, since: string): Promise<string[]> {
  const rows: { id: string }[] = await tx('contracts')
    .where({ municipality })
    .where((either) =>
      either
        .whereIn('state', ['draft', 'preparing', 'awaiting', 'sealing', 'concluding'])
        .orWhere('concluded_at', '>=', since),
    )
    .orderBy('number')
    .select('id');
  return rows.map(({ id }) => id);
}

export async function appendEvents(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  if (rows.length > 0) await tx('events').insert(rows);
}

/** A contract's number of events, its wrapped key and its events in order; undefined when there is no such contract. */
export async function findHistory(
  tx: Tx,
  contract: string,
): Promise<(Pick<ContractRow, 'seq' | 'wrapped_key'> & { events: EventRow[] }) | undefined> {
  // One statement: what is read in two may differ by what somebody committed in between.
  const rows = await tx('contracts as c')
    .leftJoin('events as e', 'e.contract', 'c.id')
    .where('c.id', contract)
    .orderBy('e.seq')
    .select('e.*', 'c.seq as contract_seq', 'c.wrapped_key');
  const [first] = rows;
  if (!first) return undefined;
  const events = rows.filter(({ seq }) => seq !== null);
  return { seq: first.contract_seq, wrapped_key: first.wrapped_key, events };
}

export async function lastEventHash(tx: Tx, contract: string): Promise<string | undefined> {
  const row = await tx('events').where({ contract }).orderBy('seq', 'desc').first('hash');
  return row?.hash;
}

/** The newest event's hash of every contract at the end of `until` (ISO instant), in order of contract id. */
export async function headHashes(tx: Tx, until: string): Promise<{ contract: string; hash: string }[]> {
  return tx('events as e')
    .select('e.contract', 'e.hash')
    .where('e.at', '<', until)
    .whereNotExists(
      tx('events as later')
        .whereRaw('later.contract = e.contract and later.seq > e.seq')
        .where('later.at', '<', until),
    )
    .orderBy('e.contract');
}

/** The next value of a municipality's counter, starting at 1. */
export async function nextCount(tx: Tx, municipality: string, name: string): Promise<number> {
  await tx('counters')
    .insert({ municipality, name, last: 1 })
    .onConflict(['municipality', 'name'])
    .merge({ last: tx.raw('counters.last + 1') });
  const row = await tx('counters').where({ municipality, name }).first('last');
  return row.last;
}

/** What the counter stands at; 0 before its first value. */
export async function countSoFar(tx: Tx, municipality: string, name: string): Promise<number> {
  const row = await tx('counters').where({ municipality, name }).first('last');
  return row?.last ?? 0;
}

export interface MerkleRootRow {
  readonly day: string;
  readonly contracts: number;
  readonly root: string;
  readonly timestamp_token: Uint8Array;
  readonly stamped_at: string;
}

/** The first root of a day stays. */
export async function insertMerkleRoot(tx: Tx, row: MerkleRootRow): Promise<void> {
  await tx('merkle_roots').insert(row).onConflict('day').ignore();
}
