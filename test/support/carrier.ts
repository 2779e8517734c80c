/** A carrier in memory that a test can fill, empty, break and cut off. */
import type { Carrier } from '../../gateway/jobs/carrier.ts';

export interface FakeCarrier extends Carrier {
  /** What was sent and not fetched yet; with a worker listening it stays empty. */
  readonly keys: string[];
  reachable: boolean;
  /** Rejects the next `send` with this. */
  failing: Error | null;
  /** Brings keys to the worker; resolves when it has performed them. */
  deliver(...keys: string[]): Promise<void>;
}

export function fakeCarrier(): FakeCarrier {
  let perform: ((key: string) => Promise<void>) | undefined;
  const carrier: FakeCarrier = {
    keys: [],
    reachable: true,
    failing: null,
    isReachable: () => carrier.reachable,
    async send(keys) {
      if (carrier.failing) throw carrier.failing;
      carrier.keys.push(...keys);
    },
    waiting: async () => carrier.keys.length,
    receive(_concurrency, listener) {
      perform = listener;
      return { stop: async () => {} };
    },
    async deliver(...keys) {
      await Promise.all(keys.map((key) => perform!(key)));
    },
    close: async () => {},
  };
  return carrier;
}
