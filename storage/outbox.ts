/** The outbox (decided 5): what must now happen, written in the transaction that decided it; claimed, performed, settled. */
import type { Knex } from 'knex';
import { inStatements, type Tx } from './database.ts';
import { forUpdate } from './postgres.ts';

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
  /** ISO instant of the first failure; null while there was none. */
  readonly waitingSince: string | null;
}

/** Why an entry is given back: since when it waits (ISO), for whose answer, and until when at the latest, where that is known. */
export interface Delay {
  readonly since: string;
  readonly awaits: string | null;
  readonly until: string | null;
}

/** An entry that failed and is tried again. */
export interface WaitingEntry extends OutboxEntry, Delay {
  readonly failures: number;
}

export async function append(tx: Tx, entries: readonly OutboxEntry[], now: string): Promise<void> {
  const rows = entries.map((entry) => asRow(entry, now));
  for (const some of inStatements(rows)) await tx('outbox').insert(some);
}

/** Appends an entry unless one with its key is known already. */
export async function ensure(tx: Tx, entry: OutboxEntry, now: string): Promise<void> {
  await ensureAll(tx, [entry], now);
}

/** As `ensure`, for many at once. */
export async function ensureAll(tx: Tx, entries: readonly OutboxEntry[], now: string): Promise<void> {
  const rows = entries.map((entry) => asRow(entry, now));
  for (const some of inStatements(rows)) await tx('outbox').insert(some).onConflict('key').ignore();
}

function asRow({ notBefore, ...entry }: OutboxEntry, now: string): object {
  return { ...entry, not_before: notBefore, created_at: now };
}

/** Takes the entry that has been due longest and leases it until `leaseUntil`; undefined when nothing is due. */
export async function claim(tx: Tx, now: string, leaseUntil: string): Promise<ClaimedEntry | undefined> {
  return lease(tx, free(tx, now).orderBy(['not_before', 'created_at', 'key']), leaseUntil);
}

/** Takes exactly this entry; undefined when it is not due, somebody else has it, or it is done. */
export async function claimByKey(
  tx: Tx,
  key: string,
  now: string,
  leaseUntil: string,
): Promise<ClaimedEntry | undefined> {
  return lease(tx, free(tx, now).where({ key }), leaseUntil);
}

/** Puts off the end of the lease while the work goes on; an entry that was given back or claimed anew stays as it is. */
export async function renewLease(tx: Tx, { key, attempt }: ClaimedEntry, leaseUntil: string): Promise<void> {
  await open(tx).where({ key, attempt }).whereNotNull('leased_until').update({ leased_until: leaseUntil });
}

/** Marks the entry done if `attempt` is still the current one; false means that somebody else has it now. */
export async function complete(tx: Tx, entry: ClaimedEntry, now: string): Promise<boolean> {
  return settle(tx, entry, { done_at: now, leased_until: null, last_error: null });
}

/** Gives the entry back for another try at `notBefore`. */
export async function retry(
  tx: Tx,
  entry: ClaimedEntry,
  notBefore: string,
  error: string,
  { since, awaits, until }: Delay,
): Promise<boolean> {
  return settle(tx, entry, {
    waiting_since: since,
    awaits,
    waiting_until: until,
    not_before: notBefore,
    leased_until: null,
    enqueued_at: null,
    failures: entry.failures + 1,
    last_error: storable(error),
  });
}

/** Sets the entry aside for the operator: no retry will mend it. */
export async function park(tx: Tx, entry: ClaimedEntry, now: string, error: string): Promise<boolean> {
  return settle(tx, entry, { parked_at: now, leased_until: null, last_error: storable(error) });
}

/**
 * Notes up to `limit` due entries as handed to the queue at `now` and returns their keys, longest due first.
 * Those handed over before `lostBefore` and still claimed by nobody count as lost and come again; null takes none to be lost.
 */
export async function takeToEnqueue(
  tx: Tx,
  now: string,
  lostBefore: string | null,
  limit: number,
): Promise<string[]> {
  const due = free(tx, now)
    .where((handed: Knex.QueryBuilder) => {
      handed.whereNull('enqueued_at');
      if (lostBefore !== null) handed.orWhere('enqueued_at', '<', lostBefore);
    })
    .orderBy(['not_before', 'created_at', 'key'])
    .limit(limit);
  const rows: { key: string }[] = await forUpdate(tx, due, 'skip').select('key');
  const keys = rows.map(({ key }) => key);
  await tx('outbox').whereIn('key', keys).update({ enqueued_at: now });
  return keys;
}

/** The queue did not take them after all. */
export async function notEnqueued(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx('outbox').whereIn('key', keys).update({ enqueued_at: null });
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

/** What failed and is tried again, of one contract or of all, longest waiting first. */
export async function waitingEntries(tx: Tx, contract?: string): Promise<WaitingEntry[]> {
  const found = open(tx).whereNotNull('waiting_since').orderBy(['waiting_since', 'key']);
  const rows: Row[] = await (contract === undefined ? found : found.where({ contract }));
  return rows.map((row) => {
    const { key, municipality, type, payload, failures, awaits } = row;
    return {
      key,
      municipality,
      contract: row.contract,
      type,
      payload,
      failures,
      awaits,
      notBefore: row.not_before,
      since: row.waiting_since!,
      until: row.waiting_until,
    };
  });
}

export async function parkedEntries(tx: Tx): Promise<{ key: string; type: string; error: string }[]> {
  const rows: Row[] = await setAside(tx).orderBy('parked_at');
  return rows.map(({ key, type, last_error }) => ({ key, type, error: last_error! }));
}

/** What was set aside of one contract's work. */
export async function parkedOf(
  tx: Tx,
  contract: string,
): Promise<Pick<OutboxEntry, 'key' | 'contract' | 'type' | 'payload'>[]> {
  return setAside(tx).where({ contract }).orderBy('parked_at').select('key', 'contract', 'type', 'payload');
}

/** Everything that was set aside is due at `now`, as if it had never failed; resolves to how many entries that were. */
export async function unpark(tx: Tx, now: string): Promise<number> {
  return setAside(tx).update({
    parked_at: null,
    failures: 0,
    not_before: now,
    enqueued_at: null,
    waiting_since: null,
  });
}

/** Whether the entry has been performed; undefined when there is none such. */
export async function isDone(tx: Tx, key: string): Promise<boolean | undefined> {
  const row = await tx('outbox').where({ key }).first('done_at');
  return row && row.done_at !== null;
}

/** Of what was set aside under these keys nothing is left to do: newer work has taken its place. */
export async function dropParked(tx: Tx, keys: readonly string[], now: string): Promise<void> {
  await setAside(tx).whereIn('key', keys).update({ done_at: now });
}

/** How many entries whose keys begin with `prefix` wait or are being performed. */
export async function countOpen(tx: Tx, prefix: string): Promise<number> {
  // A range rather than LIKE, which neither engine looks up in the index.
  const row = await open(tx)
    .where('key', '>=', prefix)
    .where('key', '<', `${prefix}\u{10ffff}`)
    .count({ entries: '*' })
    .first();
  return Number(row.entries);
}

// biome-ignore lint/suspicious/noExplicitAny: knex rows of an untyped table
function open(tx: Tx): any {
  return tx('outbox').whereNull('done_at').whereNull('parked_at');
}

function setAside(tx: Tx): Knex.QueryBuilder {
  return tx('outbox').whereNotNull('parked_at').whereNull('done_at');
}

/** Due and in nobody's hands. */
function free(tx: Tx, now: string): ReturnType<typeof open> {
  return open(tx)
    .where('not_before', '<=', now)
    .where((lease: Knex.QueryBuilder) => lease.whereNull('leased_until').orWhere('leased_until', '<', now));
}

async function lease(
  tx: Tx,
  candidates: ReturnType<typeof free>,
  leaseUntil: string,
): Promise<ClaimedEntry | undefined> {
  // Workers that claim at once pass over each other's choice instead of waiting for it.
  const due = await forUpdate(tx, candidates, 'skip').first();
  if (!due) return undefined;
  const attempt = due.attempt + 1;
  await tx('outbox').where({ key: due.key }).update({ attempt, leased_until: leaseUntil });
  return fromRow({ ...due, attempt });
}

/** A server's words may hold NUL, which PostgreSQL's text does not. */
function storable(error: string): string {
  return error.replaceAll('\0', '');
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
  waiting_since: string | null;
  awaits: string | null;
  waiting_until: string | null;
  last_error: string | null;
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
    waitingSince: row.waiting_since,
  };
}
