/** The outbox (decided 5): what must now happen, written in the transaction that decided it; claimed, performed, settled. */
import type { Knex } from 'knex';
import type { Tx } from './database.ts';

/** A stored intention. `key` is `contractId:seq:effect:recipient`, or `message:id:effect`; it never happens twice. */
export interface OutboxEntry {
  readonly key: string;
  readonly municipality: string;
  readonly contract: string | null;
  readonly type: string;
  /** JSON of ids; neither secrets nor personal data. */
  readonly payload: string;
  /** ISO instant before which it is not due. */
  readonly notBefore: string;
}

export interface ClaimedEntry extends OutboxEntry {
  /** Grows with every claim; an outcome counts only while its attempt is the current one. */
  readonly attempt: number;
  /** How often it failed so far. */
  readonly failures: number;
  readonly createdAt: string;
}

export async function append(tx: Tx, entries: readonly OutboxEntry[], now: string): Promise<void> {
  for (const { notBefore, ...entry } of entries) {
    await tx('outbox').insert({ ...entry, not_before: notBefore, created_at: now });
  }
}

/** Appends an entry unless one with its key is known already. */
export async function ensure(tx: Tx, { notBefore, ...entry }: OutboxEntry, now: string): Promise<void> {
  await tx('outbox')
    .insert({ ...entry, not_before: notBefore, created_at: now })
    .onConflict('key')
    .ignore();
}

/** Takes the entry that has been due longest and leases it until `leaseUntil`; undefined when nothing is due. */
export async function claim(tx: Tx, now: string, leaseUntil: string): Promise<ClaimedEntry | undefined> {
  const due = await open(tx)
    .where('not_before', '<=', now)
    .where((lease: Knex.QueryBuilder) => lease.whereNull('leased_until').orWhere('leased_until', '<', now))
    .orderBy(['not_before', 'created_at', 'key'])
    .first();
  if (!due) return undefined;
  const attempt = due.attempt + 1;
  await tx('outbox').where({ key: due.key }).update({ attempt, leased_until: leaseUntil });
  return fromRow({ ...due, attempt });
}

/** Marks the entry done if `attempt` is still the current one; false means that somebody else has it now. */
export async function complete(tx: Tx, entry: ClaimedEntry, now: string): Promise<boolean> {
  return settle(tx, entry, { done_at: now, leased_until: null, last_error: null });
}

/** Gives the entry back for another try at `notBefore`. */
export async function retry(tx: Tx, entry: ClaimedEntry, notBefore: string, error: string): Promise<boolean> {
  return settle(tx, entry, {
    not_before: notBefore,
    leased_until: null,
    failures: entry.failures + 1,
    last_error: error,
  });
}

/** Sets the entry aside for the operator: no retry will mend it. */
export async function park(tx: Tx, entry: ClaimedEntry, now: string, error: string): Promise<boolean> {
  return settle(tx, entry, { parked_at: now, leased_until: null, last_error: error });
}

/** The instant at which the next entry becomes due or its lease runs out; undefined when the outbox is empty. */
export async function nextDue(tx: Tx): Promise<string | undefined> {
  const row = await open(tx)
    .select(tx.raw('min(case when leased_until > not_before then leased_until else not_before end) as due'))
    .first();
  return row?.due ?? undefined;
}

/** After a crash of the only worker its leases hold nobody's work: they end now. */
export async function releaseLeases(tx: Tx): Promise<void> {
  await open(tx).whereNotNull('leased_until').update({ leased_until: null });
}

export async function parkedEntries(tx: Tx): Promise<{ key: string; type: string; error: string }[]> {
  const rows = await tx('outbox').whereNotNull('parked_at').whereNull('done_at').orderBy('parked_at');
  return rows.map(({ key, type, last_error }) => ({ key, type, error: last_error }));
}

// biome-ignore lint/suspicious/noExplicitAny: knex rows of an untyped table
function open(tx: Tx): any {
  return tx('outbox').whereNull('done_at').whereNull('parked_at');
}

async function settle(tx: Tx, entry: ClaimedEntry, values: Record<string, unknown>): Promise<boolean> {
  const changed = await open(tx).where({ key: entry.key, attempt: entry.attempt }).update(values);
  return changed === 1;
}

interface Row {
  key: string;
  municipality: string;
  contract: string | null;
  type: string;
  payload: string;
  not_before: string;
  created_at: string;
  attempt: number;
  failures: number;
}

function fromRow(row: Row): ClaimedEntry {
  const { key, municipality, contract, type, payload, attempt, failures } = row;
  return {
    key,
    municipality,
    contract,
    type,
    payload,
    attempt,
    failures,
    notBefore: row.not_before,
    createdAt: row.created_at,
  };
}
