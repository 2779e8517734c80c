/** The one loop (decided 5): claim an entry under a lease, perform it, settle it if the attempt is still current. */
import type { Logger } from 'pino';
import type { Database, Tx } from '../../storage/database.ts';
import { isOutage, isUniqueViolation } from '../../storage/outages.ts';
import * as outbox from '../../storage/outbox.ts';
import { isTransient } from '../app/transient.ts';
import type { Carrier } from './carrier.ts';
import type { Performers } from './performer.ts';
import type { Queue } from './queue.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly performers: Performers;
  readonly concurrency: number;
  readonly leaseSeconds: number;
  readonly backoff: Backoff;
  /** Hears, in the transaction that gives an entry back, that it waits since the instant `since`. */
  readonly onDelay?: (tx: Tx, entry: outbox.ClaimedEntry, since: string, now: string) => Promise<void>;
  /** Hears, in the transaction that sets an entry aside, for which error. */
  readonly onParked?: (tx: Tx, entry: outbox.ClaimedEntry, error: unknown, now: string) => Promise<void>;
  readonly clock: () => Date;
  readonly log: Logger;
}

export interface Backoff {
  readonly firstSeconds: number;
  readonly factor: number;
  readonly maxSeconds: number;
}

export interface Worker {
  /** Claims nothing more and resolves when what runs has been settled. */
  stop(): Promise<void>;
}

/** Longest sleep between two looks at the outbox, should a wake-up have been lost. */
const LONGEST_SLEEP_MS = 30_000;
/** While the database cannot be reached. */
const PAUSE_MS = 1000;
/** How often an entry may meet a row that somebody else has written. */
const CLASHES = 5;
/** So that one that fails does not cost the lease. */
const RENEWALS_PER_LEASE = 3;
/** A restart of the database should cost neither what was performed nor the wait for a lease to end. */
const SETTLING_TRIES = 10;

/** Looks for due entries itself: the only process, or the only kind of process, that works on this outbox. */
export function startWorker(options: WorkerOptions): Worker {
  let stopping = false;
  const sleepers = new Set<() => void>();
  const rouse = (): void => {
    for (const wake of sleepers) wake();
  };
  const unlisten = options.queue.onWake(rouse);

  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        if (!(await performNext(options))) await idle();
      } catch (error) {
        options.log.error({ err: error }, 'outbox cannot be read; trying again');
        await sleep(PAUSE_MS);
      }
    }
  };
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      sleepers.add(wake);
    });
  const idle = async (): Promise<void> => {
    // Registered before the look-up: what is appended in between still ends the sleep.
    let due: string | undefined;
    let woken = false;
    const note = (): void => {
      woken = true;
    };
    sleepers.add(note);
    try {
      due = await outbox.nextDue(options.database.knex);
    } finally {
      sleepers.delete(note);
    }
    if (woken || stopping) return;
    const wait = due === undefined ? LONGEST_SLEEP_MS : Date.parse(due) - options.clock().getTime();
    await sleep(Math.min(LONGEST_SLEEP_MS, Math.max(1, wait)));
  };

  const loops = Array.from({ length: options.concurrency }, loop);
  return {
    async stop() {
      stopping = true;
      unlisten();
      rouse();
      await Promise.all(loops);
    },
  };
}

/** Performs the entries whose keys the carrier brings; several processes may do so side by side. */
export function startCarriedWorker(options: WorkerOptions, carrier: Carrier): Worker {
  const { database, log } = options;
  let stopping = false;
  const running = new Set<Promise<void>>();

  const perform = async (key: string): Promise<void> => {
    for (;;) {
      try {
        // What arrives too late is handed over again, to somebody else.
        if (stopping) await outbox.notEnqueued(database.knex, [key]);
        else await performKey(options, key);
        return;
      } catch (error) {
        log.error({ err: error, entry: key }, 'outbox cannot be read; trying again');
        if (stopping) return;
        await pause();
      }
    }
  };
  const received = carrier.receive(options.concurrency, (key) => {
    const done = perform(key).finally(() => running.delete(done));
    running.add(done);
    return done;
  });
  return {
    async stop() {
      stopping = true;
      await received.stop();
      await Promise.all(running);
    },
  };
}

/** Performs the entry that has been due longest; false when none is due. */
export function performNext(options: WorkerOptions): Promise<boolean> {
  return claimAndPerform(options, outbox.claim);
}

/** Performs exactly this entry; false when it is not due, done, or in somebody else's hands: a doubled or late job. */
function performKey(options: WorkerOptions, key: string): Promise<boolean> {
  return claimAndPerform(options, (tx, now, leaseUntil) => outbox.claimByKey(tx, key, now, leaseUntil));
}

async function claimAndPerform(options: WorkerOptions, claim: typeof outbox.claim): Promise<boolean> {
  const { database, performers, queue, clock, log } = options;
  const now = clock().toISOString();
  const entry = await database.transaction((tx) => claim(tx, now, leaseEnd(options)));
  if (!entry) return false;
  const keeping = keepLease(options, entry);
  try {
    const performer = performers[entry.type];
    if (!performer) throw new Error(`no performer for outbox entries of type ${entry.type}`);
    const settle = await performer(entry, now);
    const settledAt = clock().toISOString();
    await patiently(() =>
      database.transaction(async (tx) => {
        // First the mark: a lost lease means that another worker's outcome counts, so nothing of ours is written.
        if (await outbox.complete(tx, entry, settledAt)) await settle(tx, settledAt);
        else log.warn({ entry: entry.key, attempt: entry.attempt }, 'outcome of a lost lease ignored');
      }),
    );
  } catch (error) {
    await giveBack(options, entry, error);
  } finally {
    clearInterval(keeping);
  }
  queue.wake();
  return true;
}

function leaseEnd({ clock, leaseSeconds }: WorkerOptions): string {
  return new Date(clock().getTime() + leaseSeconds * 1000).toISOString();
}

/** Work that takes longer than a lease would otherwise be begun anew for ever: each attempt would outdate the one before. */
function keepLease(options: WorkerOptions, entry: outbox.ClaimedEntry): NodeJS.Timeout {
  const { database, leaseSeconds, log } = options;
  const renew = (): void => {
    outbox
      .renewLease(database.knex, entry, leaseEnd(options))
      .catch((error) => log.warn({ err: error, entry: entry.key }, 'lease could not be renewed'));
  };
  return setInterval(renew, (leaseSeconds * 1000) / RENEWALS_PER_LEASE);
}

async function giveBack(options: WorkerOptions, entry: outbox.ClaimedEntry, error: unknown): Promise<void> {
  const { database, backoff, onDelay, onParked, clock, log } = options;
  const reason = error instanceof Error ? error.message : String(error);
  const fields = { entry: entry.key, type: entry.type, failures: entry.failures + 1, err: error };
  // Somebody else was first once or twice; a row that is always there already is a bug.
  const hopeless = isUniqueViolation(error) && entry.failures >= CLASHES;
  if (isTransient(error) && !hopeless) {
    const failedAt = clock();
    const now = failedAt.toISOString();
    const notBefore = nextTry(backoff, entry.failures, failedAt, error).toISOString();
    const delay = { since: entry.waitingSince ?? now, ...awaitedBy(error) };
    log.warn({ ...fields, notBefore, ...delay }, 'outbox entry failed for now');
    await patiently(() =>
      database.transaction(async (tx) => {
        const given = await outbox.retry(tx, entry, notBefore, reason, delay);
        if (given) await onDelay?.(tx, entry, delay.since, now);
      }),
    );
  } else {
    log.error(fields, 'outbox entry parked: an operator must look at it');
    const parkedAt = clock().toISOString();
    await patiently(() =>
      database.transaction(async (tx) => {
        if (await outbox.park(tx, entry, parkedAt, reason)) await onParked?.(tx, entry, error, parkedAt);
      }),
    );
  }
}

/** Longer each time; sooner where the error says when the answer will be there, never sooner than the first wait. */
function nextTry(backoff: Backoff, failures: number, now: Date, error: unknown): Date {
  const { firstSeconds, factor, maxSeconds } = backoff;
  const wait = Math.min(maxSeconds, firstSeconds * factor ** failures) * 1000;
  const { retryAt } = error as { retryAt?: Date | null };
  const announced = retryAt ? retryAt.getTime() - now.getTime() : wait;
  return new Date(now.getTime() + Math.min(wait, Math.max(announced, firstSeconds * 1000)));
}

/** For whose answer an error of signing/ says it waits, and until when. */
function awaitedBy(error: unknown): Pick<outbox.Delay, 'awaits' | 'until'> {
  const { awaits, retryAt } = error as { awaits?: string | null; retryAt?: Date | null };
  return { awaits: awaits ?? null, until: retryAt?.toISOString() ?? null };
}

async function patiently(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isOutage(error) || tries === SETTLING_TRIES) throw error;
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
