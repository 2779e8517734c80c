/** Tries at a second factor as they are stored: counted, locked, begun anew. */
import { expect } from 'chai';
import {
  beginTry,
  carryTries,
  type FactorHolder,
  forgetTries,
  locksOf,
  lockTries,
} from '../../storage/second-factors.ts';
import { onEachEngine } from '../support/database.ts';

onEachEngine('tries at a second factor', (held) => {
  const NOW = '2026-11-21T00:00:00.000Z';
  const UNTIL = '2026-11-21T01:00:00.000Z';
  const holder: FactorHolder = { contract: 'c', participant: 'p', generation: 1 };

  it('are counted up to the lock, which is set once and ends with its time', async () => {
    const { knex } = held.database;
    expect([await beginTry(knex, holder, NOW), await beginTry(knex, holder, NOW)]).to.deep.equal([1, 2]);
    expect(await lockTries(knex, holder, UNTIL)).to.equal(true);
    expect(await lockTries(knex, holder, '2030-01-01T00:00:00.000Z'), 'it is locked already').to.equal(false);
    expect(await locksOf(knex, 'c')).to.deep.equal([{ participant: 'p', generation: 1, until: UNTIL }]);
    expect(await beginTry(knex, holder, NOW)).to.equal(null);
    expect(await beginTry(knex, holder, UNTIL)).to.equal(1);
    expect(await locksOf(knex, 'c')).to.deep.equal([]);
  });

  it('begin anew with a new link, and after a right one', async () => {
    const { knex } = held.database;
    await beginTry(knex, holder, NOW);
    await lockTries(knex, holder, UNTIL);
    expect(await beginTry(knex, { ...holder, generation: 2 }, NOW)).to.equal(1);
    expect(await beginTry(knex, { ...holder, generation: 2 }, NOW)).to.equal(2);
    await forgetTries(knex, holder);
    expect(await beginTry(knex, { ...holder, generation: 2 }, NOW)).to.equal(1);
  });

  it('go on with a new link that the holder asked for, and so does the lock; those of links before are over', async () => {
    const { knex } = held.database;
    await beginTry(knex, holder, NOW);
    await carryTries(knex, { ...holder, generation: 2 });
    expect(await beginTry(knex, { ...holder, generation: 2 }, NOW)).to.equal(2);
    await lockTries(knex, holder, UNTIL);
    await carryTries(knex, { ...holder, generation: 3 });
    expect(await beginTry(knex, { ...holder, generation: 3 }, NOW)).to.equal(null);
    await carryTries(knex, { ...holder, generation: 5 });
    expect(await beginTry(knex, { ...holder, generation: 5 }, NOW)).to.equal(1);
  });
});
