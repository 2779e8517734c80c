// The outbox (decided 5): every entry is performed by one attempt at a time, and only the current attempt's outcome counts.
import { expect } from 'chai';
import type { Tx } from '../../storage/database.ts';
import { isUniqueViolation } from '../../storage/outages.ts';
import * as outbox from '../../storage/outbox.ts';
import { onEachEngine } from '../support/database.ts';
import { rejection } from '../support/rejection.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const LATER = '2026-11-21T01:01:00.000Z';
const LEASE = '2026-11-21T01:02:00.000Z';
const AGAIN: outbox.Delay = { since: NOW, awaits: 'timestamp', until: null };
const AFTER_LEASE = '2026-11-21T01:02:00.001Z';

function entry(key: string, notBefore = NOW): outbox.OutboxEntry {
  const contract = key.split(':')[0]!;
  return { key, municipality: 'mihon', contract, type: 'mail', payload: '{"mail":"receipt"}', notBefore };
}

onEachEngine('outbox', (held) => {
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => held.database.transaction(work);
  const append = (...entries: outbox.OutboxEntry[]): Promise<void> =>
    within((tx) => outbox.append(tx, entries, NOW));
  const claim = (now = NOW, leaseUntil = LEASE): Promise<outbox.ClaimedEntry | undefined> =>
    within((tx) => outbox.claim(tx, now, leaseUntil));
  const nextDue = (): Promise<string | undefined> => outbox.nextDue(held.database.knex);
  const row = (key: string) => held.database.knex('outbox').where({ key }).first();

  it('hands an entry out with all it holds', async () => {
    await append(entry('a:1:receipt:initiator'));
    expect(await claim()).to.deep.equal({
      ...entry('a:1:receipt:initiator'),
      attempt: 1,
      failures: 0,
      createdAt: NOW,
      waitingSince: null,
    });
  });

  it('lists what waits, of one contract or of all, until it is done', async () => {
    await append(entry('b:1:seal:x'), entry('a:1:seal:x'));
    expect(await outbox.waitingEntries(held.database.knex)).to.deep.equal([]);
    await within(async (tx) => outbox.retry(tx, (await outbox.claim(tx, NOW, LEASE))!, LATER, '451', AGAIN));
    const until = '2026-11-22T00:00:00.000Z';
    const later = { since: LATER, awaits: null, until };
    await within(async (tx) => outbox.retry(tx, (await outbox.claim(tx, NOW, LEASE))!, LATER, 'no', later));
    const all = await outbox.waitingEntries(held.database.knex);
    expect(all).to.deep.equal([
      { ...entry('a:1:seal:x', LATER), failures: 1, ...AGAIN },
      { ...entry('b:1:seal:x', LATER), failures: 1, ...later },
    ]);
    expect(await outbox.waitingEntries(held.database.knex, 'b')).to.deep.equal([all[1]]);
    const again = (await claim(LATER))!;
    expect(again.waitingSince).to.equal(NOW);
    await within((tx) => outbox.complete(tx, again, LATER));
    expect(await outbox.waitingEntries(held.database.knex)).to.deep.equal([all[1]]);
  });

  it('hands out what has been due longest first, and nothing before its time', async () => {
    await append(entry('c', LATER), entry('b', NOW), entry('a', '2026-11-21T00:59:00.000Z'));
    expect((await claim())?.key).to.equal('a');
    expect((await claim())?.key).to.equal('b');
    expect(await claim()).to.equal(undefined);
    expect((await claim(LATER))?.key).to.equal('c');
  });

  it('refuses a key that is there already, with everything beside it', async () => {
    await append(entry('a'));
    expect(isUniqueViolation(await rejection(append(entry('b'), entry('a'))))).to.equal(true);
    expect(await row('b')).to.equal(undefined);
  });

  it('is given an entry once when asked to ensure it, also after it was performed', async () => {
    await within((tx) => outbox.ensure(tx, entry('daily'), NOW));
    const claimed = (await claim())!;
    await within((tx) => outbox.complete(tx, claimed, NOW));
    await within((tx) => outbox.ensure(tx, entry('daily'), LATER));
    expect(await claim(LATER)).to.equal(undefined);
    expect((await row('daily')).created_at).to.equal(NOW);
  });

  it('hands an entry to one worker only while its lease runs, then to the next with a new attempt', async () => {
    await append(entry('a'));
    expect((await claim())?.attempt).to.equal(1);
    expect(await claim(LATER)).to.equal(undefined);
    expect(await claim(LEASE)).to.equal(undefined);
    expect((await claim(AFTER_LEASE, '2026-11-21T01:05:00.000Z'))?.attempt).to.equal(2);
  });

  it('never hands out what is done or parked', async () => {
    await append(entry('a'), entry('b'));
    const [done, parked] = [(await claim())!, (await claim())!];
    expect(await within((tx) => outbox.complete(tx, done, NOW))).to.equal(true);
    expect(await within((tx) => outbox.park(tx, parked, NOW, 'no such mailbox'))).to.equal(true);
    expect(await claim('2027-01-01T00:00:00.000Z')).to.equal(undefined);
    expect(await nextDue()).to.equal(undefined);
    expect(await outbox.parkedEntries(held.database.knex)).to.deep.equal([
      { key: 'b', type: 'mail', error: 'no such mailbox' },
    ]);
  });

  it('takes what was parked up again, and nothing else', async () => {
    await append(entry('a'), entry('b', LATER));
    const parked = (await claim())!;
    await within((tx) => outbox.park(tx, parked, NOW, 'no such mailbox'));
    expect(await outbox.unpark(held.database.knex, LATER)).to.equal(1);
    expect(await outbox.unpark(held.database.knex, LATER)).to.equal(0);
    expect(await claim(NOW)).to.equal(undefined);
    expect([await claim(LATER), await claim(LATER)].map((one) => one?.key).sort()).to.deep.equal(['a', 'b']);
  });

  it('gives an entry back for another try, and counts its failures', async () => {
    await append(entry('a'));
    expect(
      await within(async (tx) =>
        outbox.retry(tx, (await outbox.claim(tx, NOW, LEASE))!, LATER, '451', AGAIN),
      ),
    ).to.equal(true);
    expect(await row('a')).to.include({ not_before: LATER, leased_until: null, last_error: '451' });
    expect(await claim(NOW)).to.equal(undefined);
    const again = (await claim(LATER))!;
    expect(again).to.include({ attempt: 2, failures: 1 });
    await within((tx) => outbox.retry(tx, again, LATER, '451', AGAIN));
    expect(await claim(LATER)).to.include({ attempt: 3, failures: 2 });
  });

  it('forgets the last error once an entry has succeeded', async () => {
    await append(entry('a'));
    const first = (await claim())!;
    await within((tx) => outbox.retry(tx, first, NOW, '451', AGAIN));
    const second = (await claim())!;
    await within((tx) => outbox.complete(tx, second, LATER));
    expect(await row('a')).to.include({ done_at: LATER, last_error: null, failures: 1 });
  });

  it('ignores every outcome of a lost lease', async () => {
    await append(entry('a'));
    const lost = (await claim())!;
    const current = (await claim(AFTER_LEASE, '2026-11-21T01:05:00.000Z'))!;
    const before = await row('a');
    expect(await within((tx) => outbox.complete(tx, lost, AFTER_LEASE))).to.equal(false);
    expect(await within((tx) => outbox.retry(tx, lost, LATER, 'late', AGAIN))).to.equal(false);
    expect(await within((tx) => outbox.park(tx, lost, LATER, 'late'))).to.equal(false);
    expect(await row('a')).to.deep.equal(before);
    expect(await within((tx) => outbox.complete(tx, current, AFTER_LEASE))).to.equal(true);
    expect(await within((tx) => outbox.complete(tx, current, AFTER_LEASE)), 'a second time').to.equal(false);
  });

  it('puts off the end of a lease for its holder only, and never of what was given back', async () => {
    await append(entry('a'), entry('b'));
    const [held1, given] = [(await claim())!, (await claim())!];
    await outbox.renewLease(held.database.knex, held1, '2026-11-21T01:05:00.000Z');
    expect((await row('a')).leased_until).to.equal('2026-11-21T01:05:00.000Z');
    expect(await claim(AFTER_LEASE)).to.include({ key: 'b', attempt: 2 });
    await outbox.renewLease(held.database.knex, given, '2026-11-21T02:00:00.000Z');
    expect((await row('b')).leased_until).to.equal(LEASE);
    await within((tx) => outbox.retry(tx, held1, LATER, '451', AGAIN));
    await outbox.renewLease(held.database.knex, held1, '2026-11-21T02:00:00.000Z');
    expect((await row('a')).leased_until).to.equal(null);
  });

  it('still takes the outcome of a lease that ran out but was never given to another', async () => {
    await append(entry('a'));
    const slow = (await claim())!;
    expect(await within((tx) => outbox.complete(tx, slow, '2026-11-21T02:00:00.000Z'))).to.equal(true);
  });

  it('knows when to look again: the earliest time an entry is due or its lease ends', async () => {
    expect(await nextDue()).to.equal(undefined);
    await append(entry('b', LATER));
    expect(await nextDue()).to.equal(LATER);
    await append(entry('a', NOW));
    expect(await nextDue()).to.equal(NOW);
    await claim();
    expect(await nextDue()).to.equal(LATER);
    await claim(LATER, '2026-11-21T01:03:00.000Z');
    expect(await nextDue()).to.equal(LEASE);
  });

  it('frees what a crashed worker had claimed, so that the restart need not wait for the lease', async () => {
    await append(entry('a'));
    const lost = (await claim())!;
    await within((tx) => outbox.releaseLeases(tx));
    const again = await claim();
    expect(again).to.include({ key: 'a', attempt: 2, failures: 0 });
    expect(await within((tx) => outbox.complete(tx, lost, NOW))).to.equal(false);
  });

  describe('by key', () => {
    const claimByKey = (key: string, now = NOW): Promise<outbox.ClaimedEntry | undefined> =>
      within((tx) => outbox.claimByKey(tx, key, now, LEASE));

    it('hands out that entry and no other', async () => {
      await append(entry('a'), entry('b'));
      expect((await claimByKey('b'))?.key).to.equal('b');
      expect((await row('a')).attempt).to.equal(0);
      expect(await claimByKey('c')).to.equal(undefined);
    });

    it('hands out nothing that is leased, not due, done or parked: a doubled or late job does nothing', async () => {
      await append(entry('a'), entry('later', LATER), entry('p'));
      const claimed = (await claimByKey('a'))!;
      expect(await claimByKey('a')).to.equal(undefined);
      expect(await claimByKey('later')).to.equal(undefined);
      await within((tx) => outbox.complete(tx, claimed, NOW));
      const parked = (await claimByKey('p'))!;
      await within((tx) => outbox.park(tx, parked, NOW, 'no such mailbox'));
      for (const key of ['a', 'p']) expect(await claimByKey(key, AFTER_LEASE)).to.equal(undefined);
    });
  });

  describe('handed to a queue', () => {
    const take = (now = NOW, lostBefore: string | null = null, limit = 10): Promise<string[]> =>
      within((tx) => outbox.takeToEnqueue(tx, now, lostBefore, limit));

    it('gives each due entry once, longest due first', async () => {
      await append(entry('later', LATER), entry('b'), entry('a', '2026-11-21T00:59:00.000Z'));
      expect(await take(NOW, null, 1)).to.deep.equal(['a']);
      expect(await take()).to.deep.equal(['b']);
      expect(await take()).to.deep.equal([]);
      expect(await take(LATER)).to.deep.equal(['later']);
    });

    it('gives again what was lost: handed over long ago, and in nobody’s hands', async () => {
      await append(entry('a'), entry('b'));
      await take();
      await within((tx) => outbox.claimByKey(tx, 'b', NOW, LEASE));
      expect(await take(LATER, NOW)).to.deep.equal([]);
      expect(await take(LATER, LATER)).to.deep.equal(['a']);
      expect(await take(AFTER_LEASE, AFTER_LEASE), 'the lease of b has ended').to.deep.equal(['a', 'b']);
    });

    it('gives again what the queue refused, and what failed and is due once more', async () => {
      await append(entry('a'));
      await outbox.notEnqueued(held.database.knex, await take());
      expect(await take()).to.deep.equal(['a']);
      const claimed = (await claim())!;
      await within((tx) => outbox.retry(tx, claimed, LATER, '451', AGAIN));
      expect(await take()).to.deep.equal([]);
      expect(await take(LATER)).to.deep.equal(['a']);
    });

    it('gives no entry to two processes that take at once', async () => {
      await append(...['a', 'b', 'c', 'd'].map((key) => entry(key)));
      const taken = await Promise.all([take(NOW, null, 2), take(NOW, null, 2), take(NOW, null, 2)]);
      const later = await take();
      expect([...taken.flat(), ...later].sort()).to.deep.equal(['a', 'b', 'c', 'd']);
    });
  });

  it('gives workers that claim at once an entry each', async () => {
    await append(...['a', 'b', 'c', 'd'].map((key) => entry(key)));
    const claimed = await Promise.all([claim(), claim(), claim()]);
    const keys = claimed.map((one) => one?.key);
    expect(new Set(keys).size, 'nobody went away empty or shared').to.equal(3);
    expect(keys).to.not.include(undefined);
  });

  it('keeps the words of an error without what a database cannot hold', async () => {
    await append(entry('a'));
    const claimed = (await claim())!;
    await within((tx) => outbox.retry(tx, claimed, LATER, '451 a\0b', AGAIN));
    expect((await row('a')).last_error).to.equal('451 ab');
  });

  it('orders keys octet by octet, whatever the server’s collation', async () => {
    await append(...['b', 'A', 'a', 'B', '-', '1'].map((key) => entry(key)));
    const keys: (string | undefined)[] = [];
    for (let n = 0; n < 6; n++) keys.push((await claim())?.key);
    expect(keys).to.deep.equal(['-', '1', 'A', 'B', 'a', 'b']);
  });

  it('holds nothing of a transaction that failed', async () => {
    const error = await rejection(
      within(async (tx) => {
        await outbox.append(tx, [entry('a')], NOW);
        throw new Error('no');
      }),
    );
    expect(error).to.have.property('message', 'no');
    expect(await claim()).to.equal(undefined);
  });
});
