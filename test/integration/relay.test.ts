// From the outbox to a worker in another process: every due entry is carried, none twice without need, none lost for good.
import { expect } from 'chai';
import type { Performer } from '../../gateway/jobs/performer.ts';
import { embeddedQueue, type Queue } from '../../gateway/jobs/queue.ts';
import { handOver, type Relay, type RelayOptions, startRelay } from '../../gateway/jobs/relay.ts';
import { startCarriedWorker, type Worker, type WorkerOptions } from '../../gateway/jobs/worker.ts';
import { append, claimByKey } from '../../storage/outbox.ts';
import { type FakeCarrier, fakeCarrier } from '../support/carrier.ts';
import { onEachEngine } from '../support/database.ts';
import { type LogLine, recordingLog } from '../support/log.ts';
import { rejection } from '../support/rejection.ts';

const START = Date.parse('2026-11-21T01:00:00.000Z');

onEachEngine('relay and carried worker', (held) => {
  let carrier: FakeCarrier;
  let queue: Queue;
  let elapsed: number;
  let lines: LogLine[];
  let relaying: RelayOptions;
  const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
  const add = (key: string, notBefore = at(0)): Promise<void> =>
    held.database.transaction((tx) =>
      append(
        tx,
        [{ key, municipality: 'mihon', contract: null, type: 'note', payload: '{}', notBefore }],
        at(0),
      ),
    );
  const row = (key: string) => held.database.knex('outbox').where({ key }).first();

  beforeEach(() => {
    carrier = fakeCarrier();
    queue = embeddedQueue();
    elapsed = 0;
    const recording = recordingLog();
    lines = recording.lines;
    relaying = {
      database: held.database,
      queue,
      carrier,
      periodic: true,
      requeueSeconds: 60,
      clock: () => new Date(START + elapsed * 1000),
      log: recording.log,
    };
  });

  describe('relay', () => {
    it('hands over what is due, once, and the rest when its time has come', async () => {
      await add('b');
      await add('a', at(-1));
      await add('later', at(10));
      await handOver(relaying);
      await handOver(relaying);
      expect(carrier.keys).to.deep.equal(['a', 'b']);
      elapsed = 10;
      await handOver(relaying);
      expect(carrier.keys).to.deep.equal(['a', 'b', 'later']);
    });

    it('hands over again what the carrier lost', async () => {
      await add('a');
      await handOver(relaying);
      carrier.keys.length = 0;
      elapsed = 60;
      expect(await handOver(relaying)).to.equal(0);
      elapsed = 61;
      expect(await handOver(relaying)).to.equal(1);
      expect(carrier.keys).to.deep.equal(['a']);
    });

    it('does not take for lost what a slow carrier still holds or a worker has in hand', async () => {
      await add('waiting');
      await handOver(relaying);
      elapsed = 1000;
      expect(await handOver(relaying), 'still in the carrier').to.equal(0);
      carrier.keys.length = 0;
      await held.database.transaction((tx) => claimByKey(tx, 'waiting', at(1000), at(1120)));
      expect(await handOver(relaying), 'claimed').to.equal(0);
      elapsed = 1121;
      expect(await handOver(relaying), 'its worker died').to.equal(1);
    });

    it('leaves looking for lost ones to the scheduler', async () => {
      await add('a');
      await handOver(relaying);
      carrier.keys.length = 0;
      elapsed = 1000;
      expect(await handOver({ ...relaying, periodic: false })).to.equal(0);
    });

    it('takes back what the carrier refused', async () => {
      await add('a');
      carrier.failing = new Error('OOM command not allowed');
      expect(await rejection(handOver(relaying))).to.equal(carrier.failing);
      expect((await row('a')).enqueued_at).to.equal(null);
      carrier.failing = null;
      expect(await handOver(relaying)).to.equal(1);
    });

    describe('running', () => {
      let relay: Relay;
      afterEach(() => relay.stop());

      it('hands nothing to a carrier that cannot be reached, and everything once it is woken afterwards', async () => {
        await add('a');
        carrier.reachable = false;
        relay = startRelay({ ...relaying, periodic: false });
        expect((await row('a')).enqueued_at).to.equal(null);
        const sent = nextSend(carrier);
        carrier.reachable = true;
        queue.wake();
        expect(await sent).to.deep.equal(['a']);
      });

      it('hands over more than one batch at once', async () => {
        for (let n = 0; n < 101; n++) await add(`key-${n}`);
        const [first, second] = [nextSend(carrier), nextSend(carrier, 2)];
        relay = startRelay({ ...relaying, periodic: false });
        expect([(await first).length, (await second).length]).to.deep.equal([100, 1]);
      });
    });
  });

  describe('carried worker', () => {
    let worker: Worker;
    let performed: string[];
    let working: WorkerOptions;
    const note: Performer = async ({ key }) => {
      performed.push(key);
      return async () => {};
    };
    beforeEach(() => {
      performed = [];
      working = {
        ...relaying,
        performers: { note },
        concurrency: 2,
        leaseSeconds: 120,
        backoff: { firstSeconds: 60, factor: 2, maxSeconds: 200 },
      };
    });

    it('performs what it is brought, and a doubled, late or unknown key not at all', async () => {
      await add('a');
      await add('b', at(100));
      worker = startCarriedWorker(working, carrier);
      await carrier.deliver('a', 'a', 'b', 'c');
      await carrier.deliver('a');
      expect(performed).to.deep.equal(['a']);
      expect((await row('a')).done_at).to.equal(at(0));
      await worker.stop();
    });

    it('shares entries with another worker that is brought the same keys', async () => {
      for (const key of ['a', 'b', 'c']) await add(key);
      worker = startCarriedWorker(working, carrier);
      const other = fakeCarrier();
      const second = startCarriedWorker(working, other);
      await Promise.all([carrier.deliver('a', 'b', 'c'), other.deliver('c', 'b', 'a')]);
      expect(performed.sort()).to.deep.equal(['a', 'b', 'c']);
      await Promise.all([worker.stop(), second.stop()]);
    });

    it('gives back what arrives while it stops, so that another takes it at once', async () => {
      await add('a');
      await handOver(relaying);
      worker = startCarriedWorker(working, carrier);
      await worker.stop();
      await carrier.deliver('a');
      expect(performed).to.deep.equal([]);
      expect(await handOver(relaying)).to.equal(1);
    });

    it('tries again when the database cannot be reached', async () => {
      await add('a');
      let failures = 0;
      const flaky: WorkerOptions = {
        ...working,
        database: {
          ...held.database,
          transaction: (work) =>
            failures++ === 0 ? Promise.reject(new Error('disk I/O error')) : held.database.transaction(work),
        },
      };
      worker = startCarriedWorker(flaky, carrier);
      await carrier.deliver('a');
      expect(performed).to.deep.equal(['a']);
      expect(lines[0]).to.include({ level: 50, entry: 'a' });
      await worker.stop();
    });
  });
});

/** The keys of the carrier's `count`th `send` from now on. */
function nextSend(carrier: FakeCarrier, count = 1): Promise<readonly string[]> {
  const { send } = carrier;
  let sent = 0;
  return new Promise((resolve) => {
    Object.assign(carrier, {
      send: async (keys: readonly string[]) => {
        await send(keys);
        if (++sent === count) resolve(keys);
      },
    });
  });
}
