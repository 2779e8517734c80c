/** Hands due outbox entries to the carrier: right after a commit in every process, and again and again in the scheduler's. */
import type { Logger } from 'pino';
import type { Database } from '../../storage/database.ts';
import { notEnqueued, takeToEnqueue } from '../../storage/outbox.ts';
import type { Carrier } from './carrier.ts';
import type { Queue } from './queue.ts';

export interface RelayOptions {
  readonly database: Database;
  /** Says that something was committed in this process. */
  readonly queue: Queue;
  readonly carrier: Carrier;
  /** The scheduler's relay: looks every second, for what became due and for what the carrier lost. */
  readonly periodic: boolean;
  /** An entry handed over this long ago, unclaimed while the carrier is empty, counts as lost. */
  readonly requeueSeconds: number;
  readonly clock: () => Date;
  readonly log: Logger;
}

export interface Relay {
  stop(): Promise<void>;
}

const LOOK_AGAIN_MS = 1000;
const BATCH = 100;

export function startRelay(options: RelayOptions): Relay {
  const { queue, carrier, periodic, log } = options;
  let stopping = false;
  let woken = false;
  let rouse = (): void => {};
  const wake = (): void => {
    woken = true;
    rouse();
  };
  const unlisten = queue.onWake(wake);

  const loop = async (): Promise<void> => {
    while (!stopping) {
      woken = false;
      try {
        while (carrier.isReachable() && (await handOver(options)) === BATCH);
      } catch (error) {
        log.warn({ err: error }, 'outbox entries could not be handed to the queue; trying again');
      }
      if (!woken && !stopping) await rest();
    }
  };
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = periodic ? setTimeout(resolve, LOOK_AGAIN_MS) : undefined;
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const looping = loop();
  return {
    async stop() {
      stopping = true;
      unlisten();
      rouse();
      await looping;
    },
  };
}

/** Hands over one batch; resolves to how many entries it held. */
export async function handOver(options: Omit<RelayOptions, 'queue' | 'log'>): Promise<number> {
  const { database, carrier, periodic, requeueSeconds, clock } = options;
  const now = clock();
  // A carrier with keys waiting is only slow: sending them again would make it slower.
  const lost = periodic && (await carrier.waiting()) === 0;
  const lostBefore = lost ? new Date(now.getTime() - requeueSeconds * 1000).toISOString() : null;
  const keys = await database.transaction((tx) => takeToEnqueue(tx, now.toISOString(), lostBefore, BATCH));
  if (keys.length === 0) return 0;
  try {
    await carrier.send(keys);
  } catch (error) {
    await notEnqueued(database.knex, keys);
    throw error;
  }
  return keys.length;
}
