// The one loop (decided 5): order, waking, waiting, retrying, parking, and one outcome for an entry whatever happens.
import { expect } from 'chai';
import { type Performer, type Performers, TransientError } from '../../gateway/jobs/performer.ts';
import { embeddedQueue, type Queue } from '../../gateway/jobs/queue.ts';
import { performNext, startWorker, type Worker, type WorkerOptions } from '../../gateway/jobs/worker.ts';
import { SigningError } from '../../signing/ports.ts';
import type { Database } from '../../storage/database.ts';
import { append, type ClaimedEntry, claim } from '../../storage/outbox.ts';
import { onEachEngine } from '../support/database.ts';
import { type LogLine, recordingLog } from '../support/log.ts';

const START = Date.parse('2026-11-21T01:00:00.000Z');

/** A promise and the way to fulfil it. */
function signal(): { reached: Promise<void>; reach: () => void } {
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}

onEachEngine('worker', (held) => {
  let queue: Queue;
  let elapsed: number;
  let lines: LogLine[];
  let performed: string[];
  let options: WorkerOptions;

  const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
  const note: Performer = async ({ key }) => {
    performed.push(key);
    return async () => {};
  };
  const using = (performers: Performers, changes: Partial<WorkerOptions> = {}): WorkerOptions => ({
    ...options,
    performers,
    ...changes,
  });
  const add = (key: string, notBefore = at(0), type = 'note'): Promise<void> =>
    held.database.transaction((tx) =>
      append(tx, [{ key, municipality: 'mihon', contract: null, type, payload: '{}', notBefore }], at(0)),
    );
  const row = (key: string) => held.database.knex('outbox').where({ key }).first();
  const writes = (): Promise<string[]> => held.database.knex('meta').orderBy('name').pluck('name');

  beforeEach(() => {
    queue = embeddedQueue();
    elapsed = 0;
    performed = [];
    const recording = recordingLog();
    lines = recording.lines;
    options = {
      database: held.database,
      queue,
      performers: { note },
      concurrency: 1,
      leaseSeconds: 120,
      backoff: { firstSeconds: 60, factor: 2, maxSeconds: 200 },
      clock: () => new Date(START + elapsed * 1000),
      log: recording.log,
    };
  });

  describe('one step', () => {
    it('performs what has been due longest, then the next, then nothing', async () => {
      await add('b', at(0));
      await add('a', at(-5));
      expect([await performNext(options), await performNext(options)]).to.deep.equal([true, true]);
      expect(performed).to.deep.equal(['a', 'b']);
      expect(await performNext(options)).to.equal(false);
      expect((await row('a')).done_at).to.equal(at(0));
    });

    it('leaves an entry alone until its time has come', async () => {
      await add('later', at(300));
      elapsed = 299;
      expect(await performNext(options)).to.equal(false);
      elapsed = 300;
      expect(await performNext(options)).to.equal(true);
      expect(performed).to.deep.equal(['later']);
    });

    it('tells performer and settlement the time, and the settlement its transaction', async () => {
      await add('a');
      const told: string[] = [];
      const performer: Performer = async (entry, now) => {
        told.push(entry.key, now);
        elapsed = 7;
        return async (tx, settledAt) => {
          told.push(settledAt);
          await tx('meta').insert({ name: 'settled', value: 'yes' });
        };
      };
      await performNext(using({ note: performer }));
      expect(told).to.deep.equal(['a', at(0), at(7)]);
      expect(await writes()).to.deep.equal(['settled']);
      expect((await row('a')).done_at).to.equal(at(7));
    });

    it('tries again after an outage, waiting longer each time up to the limit', async () => {
      await add('a');
      const failing = using({
        note: async () => {
          throw new TransientError('451 try later');
        },
      });
      for (const wait of [60, 120, 200, 200]) {
        expect(await performNext(failing)).to.equal(true);
        expect((await row('a')).not_before, `after ${wait} s`).to.equal(at(elapsed + wait));
        elapsed += wait - 1;
        expect(await performNext(failing)).to.equal(false);
        elapsed += 1;
      }
      expect(await row('a')).to.include({ failures: 4, last_error: '451 try later', parked_at: null });
      expect(lines.map(({ level }) => level)).to.deep.equal([40, 40, 40, 40]);
      expect(await performNext(options)).to.equal(true);
      expect(performed).to.deep.equal(['a']);
    });

    it('tries no later than an answer is announced for, and notes since when, for whom and until when it waits', async () => {
      await add('a');
      const heard: string[] = [];
      const failing = (retryAt: string): WorkerOptions =>
        using(
          {
            note: async () => {
              const due = new Date(retryAt);
              throw new SigningError('no CRL', { transient: true, awaits: 'revocation', retryAt: due });
            },
          },
          { onDelay: async (_tx, { key }, since, now) => void heard.push(key, since, now) },
        );
      await performNext(failing(at(1000)));
      const waits = { waiting_since: at(0), awaits: 'revocation' };
      expect(await row('a')).to.include({ ...waits, not_before: at(60), waiting_until: at(1000) });
      elapsed = 60;
      await performNext(failing(at(150)));
      expect(await row('a'), 'sooner than the backoff').to.include({ ...waits, not_before: at(150) });
      elapsed = 150;
      await performNext(failing(at(151)));
      expect(await row('a'), 'but not at once').to.include({ ...waits, not_before: at(210) });
      expect(heard).to.deep.equal([0, 60, 150].flatMap((then) => ['a', at(0), at(then)]));
      elapsed = 210;
      await performNext(using({ note }, { onDelay: async () => expect.fail('nothing failed') }));
      expect(performed).to.deep.equal(['a']);
    });

    it('gives an entry back together with what was written about it, or not at all', async () => {
      await add('a');
      const failing = using(
        {
          note: async () => {
            throw new TransientError('451 try later');
          },
        },
        {
          onDelay: async (tx) => {
            await tx('meta').insert({ name: 'noticed', value: 'yes' });
            throw new Error('no');
          },
        },
      );
      await performNext(failing).catch(() => {});
      expect(await writes()).to.deep.equal([]);
      expect(await row('a')).to.include({ failures: 0, waiting_since: null });
    });

    it('parks what no retry will mend, says so, and goes on with the rest', async () => {
      await add('bad', at(-1));
      await add('good');
      const failing = using({
        note: async (entry, now) => {
          if (entry.key === 'bad') throw new Error('no such document');
          return note(entry, now);
        },
      });
      await performNext(failing);
      expect(await row('bad')).to.include({ parked_at: at(0), last_error: 'no such document' });
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include({ level: 50, entry: 'bad', type: 'note' });
      await performNext(failing);
      expect(performed).to.deep.equal(['good']);
      elapsed = 1_000_000;
      expect(await performNext(failing)).to.equal(false);
    });

    it('tries again where somebody else was first, but not for ever', async () => {
      await add('a');
      const clashing = using({
        note: async () => {
          await held.database.knex('meta').insert({ name: 'taken', value: 'second' });
          return async () => {};
        },
      });
      await held.database.knex('meta').insert({ name: 'taken', value: 'first' });
      for (let tries = 1; tries <= 5; tries++) {
        await performNext(clashing);
        expect(await row('a')).to.include({ failures: tries, parked_at: null });
        elapsed += 200;
      }
      await performNext(clashing);
      expect((await row('a')).parked_at).to.equal(at(elapsed));
    });

    it('parks an entry that nobody knows how to perform', async () => {
      await add('a', at(0), 'unheard-of');
      await performNext(options);
      expect((await row('a')).last_error).to.include('unheard-of');
      expect((await row('a')).parked_at).to.equal(at(0));
    });

    it('writes nothing of a settlement that fails, and leaves the entry open', async () => {
      await add('a');
      const broken = using({
        note: async () => async (tx) => {
          await tx('meta').insert({ name: 'half', value: 'done' });
          throw new TransientError('disk full');
        },
      });
      await performNext(broken);
      expect(await writes()).to.deep.equal([]);
      expect(await row('a')).to.include({ done_at: null, failures: 1, not_before: at(60) });
    });

    it('marks an entry done only together with its settlement', async () => {
      await add('a');
      const seen: unknown[] = [];
      const settling = using({
        note: async () => async (tx) => {
          seen.push((await tx('outbox').where({ key: 'a' }).first()).done_at);
          await tx('outbox').insert({
            key: 'a:next',
            municipality: 'mihon',
            type: 'note',
            payload: '{}',
            not_before: at(0),
            created_at: at(0),
          });
        },
      });
      await performNext(settling);
      expect(seen).to.deep.equal([at(0)]);
      expect(await row('a:next')).to.include({ done_at: null });
    });

    it('lets only the current of two workers settle', async () => {
      await add('a');
      const slowStarted = signal();
      const slowMayEnd = signal();
      const settlement =
        (name: string): Performer =>
        async () =>
        async (tx) =>
          void (await tx('meta').insert({ name, value: 'settled' }));
      const slow = performNext(
        using({
          note: async (entry, now) => {
            slowStarted.reach();
            await slowMayEnd.reached;
            return settlement('slow')(entry, now);
          },
        }),
      );
      await slowStarted.reached;
      elapsed = 121;
      expect(await performNext(using({ note: settlement('quick') }))).to.equal(true);
      const settled = await row('a');
      slowMayEnd.reach();
      await slow;
      expect(await writes()).to.deep.equal(['quick']);
      expect(await row('a')).to.deep.equal(settled);
      expect(lines.map(({ level, entry, attempt }) => ({ level, entry, attempt }))).to.deep.equal([
        { level: 40, entry: 'a', attempt: 1 },
      ]);
    });

    it('keeps its lease for as long as the work takes', async () => {
      await add('a');
      const patient = using(
        {
          note: async (entry, now) => {
            const { leased_until } = await row('a');
            elapsed = 1000;
            // Beyond the lease it was claimed with, and the entry is still in nobody else's reach.
            while ((await row('a')).leased_until === leased_until) await new Promise(setImmediate);
            expect(await performNext(options)).to.equal(false);
            return note(entry, now);
          },
        },
        { leaseSeconds: 1 },
      );
      await performNext(patient);
      expect(performed).to.deep.equal(['a']);
      expect(await row('a')).to.include({ done_at: at(1000), attempt: 1, leased_until: null });
    });

    it('does not let the failure of a lost lease touch what the other worker did', async () => {
      await add('a');
      const late = using({
        note: async () => {
          elapsed = 121;
          await performNext(options);
          throw new Error('too late to matter');
        },
      });
      await performNext(late);
      expect(performed).to.deep.equal(['a']);
      expect(await row('a')).to.include({ done_at: at(121), parked_at: null, last_error: null });
    });

    it('settles what was performed once the database is back, and does not perform it again', async () => {
      await add('a');
      let transactions = 0;
      const restarting: Database = {
        ...held.database,
        transaction: (work) =>
          ++transactions === 2
            ? Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
            : held.database.transaction(work),
      };
      await performNext({ ...options, database: restarting });
      expect(performed).to.deep.equal(['a']);
      expect(await row('a')).to.include({ done_at: at(0), failures: 0 });
    });

    it('gives two workers at once an entry each', async () => {
      await add('a');
      await add('b');
      await Promise.all([performNext(options), performNext(options)]);
      expect(performed.sort()).to.deep.equal(['a', 'b']);
    });
  });

  describe('running', () => {
    let worker: Worker | undefined;
    afterEach(() => worker?.stop());

    it('performs all there is, in order, and what settlements add', async () => {
      for (const key of ['c', 'b', 'a']) await add(key, at({ a: -3, b: -2, c: -1 }[key]!));
      const done = signal();
      const chain: Performer = async (entry) => {
        performed.push(entry.key);
        if (entry.key === 'next') done.reach();
        return async (tx, now) => {
          if (entry.key !== 'c') return;
          const { municipality, contract, type, payload } = entry;
          await append(tx, [{ key: 'next', municipality, contract, type, payload, notBefore: now }], now);
        };
      };
      worker = startWorker(using({ note: chain }));
      await done.reached;
      expect(performed).to.deep.equal(['a', 'b', 'c', 'next']);
    });

    it('wakes at once when something was added while it slept', async () => {
      const asleep = signal();
      const done = signal();
      worker = startWorker(
        using(
          {
            note: async (entry, now) => {
              const settle = await note(entry, now);
              done.reach();
              return settle;
            },
          },
          { database: whenRead(held.database, asleep.reach) },
        ),
      );
      await asleep.reached;
      // The pool has one connection: this waits for the look that sends the worker to sleep.
      await row('none');
      await add('a');
      queue.wake();
      // Unwoken it would sleep half a minute, which this test is not given.
      await done.reached;
      expect(performed).to.deep.equal(['a']);
    }).timeout(25_000);

    it('works on as many entries at once as it is told to', async () => {
      for (const key of ['a', 'b', 'c']) await add(key);
      const bothRun = signal();
      const mayEnd = signal();
      let running = 0;
      let most = 0;
      worker = startWorker(
        using(
          {
            note: async () => {
              most = Math.max(most, ++running);
              if (running === 2) bothRun.reach();
              await mayEnd.reached;
              running--;
              return async () => {};
            },
          },
          { concurrency: 2 },
        ),
      );
      await bothRun.reached;
      expect((await row('c')).attempt).to.equal(0);
      mayEnd.reach();
      await worker.stop();
      expect(most).to.equal(2);
    });

    it('settles what it has begun before it stops, and begins nothing more', async () => {
      await add('a', at(-1));
      await add('b');
      const started = signal();
      const mayEnd = signal();
      worker = startWorker(
        using({
          note: async (entry, now) => {
            started.reach();
            await mayEnd.reached;
            return note(entry, now);
          },
        }),
      );
      await started.reached;
      const stopped = worker.stop();
      mayEnd.reach();
      await stopped;
      expect((await row('a')).done_at).to.equal(at(0));
      expect((await row('b')).attempt).to.equal(0);
    });

    it('goes on after the database could not be read', async () => {
      await add('a');
      const done = signal();
      let failures = 0;
      const flaky: Database = {
        ...held.database,
        transaction: (work) => {
          if (failures++ === 0) {
            // Rouses the worker from the pause it takes after this.
            setImmediate(queue.wake);
            return Promise.reject(new Error('disk I/O error'));
          }
          return held.database.transaction(work);
        },
      };
      const finish: Performer = async (entry, now) => {
        done.reach();
        return note(entry, now);
      };
      worker = startWorker(using({ note: finish }, { database: flaky }));
      await done.reached;
      expect(lines[0]).to.include({ level: 50 });
    });
  });

  it('leaves to nobody what another process has leased', async () => {
    await add('a');
    const leased = await held.database.transaction((tx) => claim(tx, at(0), at(120)));
    expect((leased as ClaimedEntry).key).to.equal('a');
    expect(await performNext(options)).to.equal(false);
    elapsed = 121;
    expect(await performNext(options)).to.equal(true);
  });
});

/** The same database, reporting when it is first read outside a transaction. */
function whenRead(database: Database, report: () => void): Database {
  return {
    get knex() {
      // The read itself is queued right after this.
      queueMicrotask(report);
      return database.knex;
    },
    transaction: (work) => database.transaction(work),
    close: () => database.close(),
  };
}
