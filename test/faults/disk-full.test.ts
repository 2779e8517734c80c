/** A database whose disk is full (here: its page limit) fails for a while only, and says why. */
import { expect } from 'chai';
import { embeddedQueue } from '../../gateway/jobs/queue.ts';
import { performNext } from '../../gateway/jobs/worker.ts';
import { append } from '../../storage/outbox.ts';
import { temporaryDatabase } from '../support/database.ts';
import { recordingLog } from '../support/log.ts';
import { rejection } from '../support/rejection.ts';

const MORE_THAN_THE_DISK_HOLDS = 'x'.repeat(1_000_000);
const NO_LIMIT = 2 ** 31;

describe('a full disk under the database', () => {
  const held = temporaryDatabase();
  const fill = async (): Promise<void> => {
    const [{ page_count: pages }] = await held.database.knex.raw('PRAGMA page_count');
    await held.database.knex.raw(`PRAGMA max_page_count = ${pages}`);
  };
  const makeRoom = async (): Promise<void> => {
    await held.database.knex.raw(`PRAGMA max_page_count = ${NO_LIMIT}`);
  };
  const names = (): Promise<string[]> => held.database.knex('meta').pluck('name');

  it('ends a transaction with the reason, and the next one finds nothing of it', async () => {
    await fill();
    const failure = await rejection(
      held.database.transaction(async (tx) => {
        await tx('meta').insert({ name: 'small', value: '1' });
        await tx('meta').insert({ name: 'large', value: MORE_THAN_THE_DISK_HOLDS });
      }),
    );
    expect(failure).to.include({ code: 'SQLITE_FULL' });
    expect(String(failure), 'values do not belong in logs').to.not.include('xxx');
    expect(await names()).to.deep.equal([]);
    await makeRoom();
    await held.database.transaction((tx) => tx('meta').insert({ name: 'after', value: '1' }));
    expect(await names()).to.deep.equal(['after']);
  });

  it('makes work wait instead of setting it aside', async () => {
    let now = Date.parse('2026-11-21T01:00:00.000Z');
    const at = new Date(now).toISOString();
    const entry = { key: 'k', municipality: 'mihon', contract: null, type: 'write', payload: '{}' };
    await held.database.transaction((tx) => append(tx, [{ ...entry, notBefore: at }], at));
    const options = {
      database: held.database,
      queue: embeddedQueue(),
      performers: {
        write: async () => {
          await held.database.transaction((tx) =>
            tx('meta').insert({ name: 'large', value: MORE_THAN_THE_DISK_HOLDS }),
          );
          return async () => {};
        },
      },
      concurrency: 1,
      leaseSeconds: 120,
      backoff: { firstSeconds: 60, factor: 2, maxSeconds: 3600 },
      clock: () => new Date(now),
      log: recordingLog().log,
    };
    await fill();
    expect(await performNext(options)).to.equal(true);
    expect(await held.database.knex('outbox').first()).to.include({
      parked_at: null,
      done_at: null,
      failures: 1,
    });
    await makeRoom();
    now += 60_000;
    expect(await performNext(options)).to.equal(true);
    expect(await names()).to.deep.equal(['large']);
  });
});
