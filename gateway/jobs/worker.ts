/** The one loop (decided 5): claim an entry under a lease, perform it, settle it if the attempt is still current. */
import type { Logger } from 'pino';
import type { Database } from '../../storage/database.ts';
import * as outbox from '../../storage/outbox.ts';
import { isTransient, type Performers } from './performer.ts';
import type { Queue } from './queue.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly performers: Performers;
  readonly concurrency: number;
  readonly leaseSeconds: number;
  readonly backoff: Backoff;
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
        await sleep(1000);
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

/** Performs the entry that has been due longest; false when none is due. */
export async function performNext(options: WorkerOptions): Promise<boolean> {
  const { database, performers, queue, clock, log } = options;
  const now = clock().toISOString();
  const leaseUntil = new Date(clock().getTime() + options.leaseSeconds * 1000).toISOString();
  const entry = await database.transaction((tx) => outbox.claim(tx, now, leaseUntil));
  if (!entry) return false;
  try {
    const performer = performers[entry.type];
    if (!performer) throw new Error(`no performer for outbox entries of type ${entry.type}`);
    const settle = await performer(entry, now);
    const settledAt = clock().toISOString();
    await database.transaction(async (tx) => {
      // First the mark: a lost lease means that another worker's outcome counts, so nothing of ours is written.
      if (await outbox.complete(tx, entry, settledAt)) await settle(tx, settledAt);
      else log.warn({ entry: entry.key, attempt: entry.attempt }, 'outcome of a lost lease ignored');
    });
  } catch (error) {
    await giveBack(options, entry, error);
  }
  queue.wake();
  return true;
}

async function giveBack(options: WorkerOptions, entry: outbox.ClaimedEntry, error: unknown): Promise<void> {
  const { database, backoff, clock, log } = options;
  const reason = error instanceof Error ? error.message : String(error);
  const fields = { entry: entry.key, type: entry.type, failures: entry.failures + 1, err: error };
  if (isTransient(error)) {
    const seconds = Math.min(backoff.maxSeconds, backoff.firstSeconds * backoff.factor ** entry.failures);
    const notBefore = new Date(clock().getTime() + seconds * 1000).toISOString();
    log.warn({ ...fields, notBefore }, 'outbox entry failed for now');
    await database.transaction((tx) => outbox.retry(tx, entry, notBefore, reason));
  } else {
    log.error(fields, 'outbox entry parked: an operator must look at it');
    await database.transaction((tx) => outbox.park(tx, entry, clock().toISOString(), reason));
  }
}
