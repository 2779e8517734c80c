/** Bull on Redis as the carrier. Redis may be slow, restarted or emptied: the outbox is the truth, a job only a wake-up. */
import Bull from 'bull';
import type { Logger } from 'pino';
import type { Carrier } from './carrier.ts';

export interface BullOptions {
  /** redis://… or rediss://… */
  readonly url: string;
  /** Stands before every key, so that installations can share one Redis. */
  readonly prefix: string;
  /** How long an answer of Redis is waited for. */
  readonly answerSeconds: number;
  /** Redis answers again. */
  readonly onReachable: () => void;
  readonly log: Logger;
}

interface Job {
  readonly key: string;
}

/** An answer that comes later is of no use: ending must not wait for Redis. */
const CLOSE_TIMEOUT_MS = 3000;
/** Between two tries to connect; they go on without end. */
const LONGEST_RECONNECT_MS = 2000;

/** Connects in the background, for as long as it takes. */
export function bullCarrier({ url, prefix, answerSeconds, onReachable, log }: BullOptions): Carrier {
  const bull = new Bull<Job>('outbox', url, {
    prefix,
    redis: {
      retryStrategy: (times: number) => Math.min(times * 100, LONGEST_RECONNECT_MS),
      ...(url.startsWith('rediss:') ? { tls: {} } : {}),
    },
    // No attempts of its own: the outbox knows when to try again.
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    settings: { retryProcessDelay: 1000 },
  });
  const { client } = bull;
  const answerMs = answerSeconds * 1000;
  const isReachable = (): boolean => client.status === 'ready';
  let complained = false;
  bull.on('error', (error: Error) => {
    if (isReachable()) log.warn({ err: error }, 'Redis answered with an error');
    else if (!complained) {
      complained = true;
      log.error(
        { err: error, redis: new URL(url).host },
        'Redis cannot be reached; trying again, all work is kept in the database until then',
      );
    }
  });
  client.on('ready', () => {
    if (complained) log.info('Redis can be reached again');
    complained = false;
    onReachable();
  });

  return {
    isReachable,
    send: (keys) =>
      inTime(
        bull.addBulk(keys.map((key) => ({ data: { key } }))).then(() => {}),
        answerMs,
      ),
    waiting: () => inTime(bull.getWaitingCount(), answerMs),
    receive(concurrency, perform) {
      bull
        .process(concurrency, ({ data }) => perform(data.key))
        .catch((error) => log.debug({ err: error }, 'queue stopped'));
      // Waiting for what runs is the worker's task.
      return { stop: () => inTime(bull.pause(true, true), answerMs).catch(() => {}) };
    },
    // What it leaves behind in Redis is worth less than ending in time.
    close: () => inTime(bull.close(true), CLOSE_TIMEOUT_MS).catch(() => {}),
  };
}

/** Redis commands wait for a connection; nobody here waits that long. */
async function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
