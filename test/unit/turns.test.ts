/** Work that takes turns: few at once, in order, and a failure passes its turn on. */
import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { type Turns, turns } from '../../gateway/turns.ts';

/** Longer than any test here. */
const LONG_MS = 60_000;

describe('turns', () => {
  it('let no more than so many works go on at once, first come, first served', async () => {
    const { take: inTurn } = turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const works = [0, 1, 2, 3].map((number) =>
      inTurn(() => {
        begun.push(number);
        return new Promise<number>((resolve) => ends.push(() => resolve(number)));
      }),
    );
    expect(begun).to.deep.equal([0, 1]);
    ends[1]!();
    await works[1];
    expect(begun).to.deep.equal([0, 1, 2]);
    ends[0]!();
    ends[2]!();
    await works[2];
    expect(begun).to.deep.equal([0, 1, 2, 3]);
    ends[3]!();
    expect(await Promise.all(works)).to.deep.equal([0, 1, 2, 3]);
  });

  it('go on after a failure', async () => {
    const { take: inTurn } = turns(1);
    const failing = inTurn(() => Promise.reject(new Error('gone'))).catch((error: Error) => error.message);
    const next = inTurn(async () => 'done');
    expect(await Promise.all([failing, next])).to.deep.equal(['gone', 'done']);
    expect(await inTurn(async () => 'again')).to.equal('again');
  });

  /** Works that say when they begin, and end when told. */
  function works(take: Turns['take'], count: number) {
    const told = new EventEmitter();
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const done = Array.from({ length: count }, (_, number) =>
      take(() => {
        begun.push(number);
        told.emit('begun');
        return new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    return { told, begun, ends, done };
  }

  it('do not begin while something goes first, and all come when it is over', async () => {
    const { take, giveWay } = turns(2);
    const [over, alsoOver] = [giveWay(LONG_MS), giveWay(LONG_MS)];
    const { begun, ends, done } = works(take, 3);
    over();
    over();
    expect(begun).to.deep.equal([]);
    alsoOver();
    await Promise.resolve();
    expect(begun).to.deep.equal([0, 1]);
    ends[0]!();
    await done[0];
    expect(begun).to.deep.equal([0, 1, 2]);
    for (const end of ends) end();
    await Promise.all(done);
  });

  it('come one by one when what goes first takes long, also where something new goes first meanwhile', async () => {
    const { take, giveWay } = turns(2);
    const over = giveWay(1);
    const { told, begun, ends, done } = works(take, 4);
    if (begun.length === 0) await once(told, 'begun');
    const alsoOver = giveWay(LONG_MS);
    over();
    expect(begun).to.deep.equal([0]);
    ends[0]!();
    await done[0];
    expect(begun).to.deep.equal([0, 1]);
    alsoOver();
    await Promise.resolve();
    expect(begun).to.deep.equal([0, 1, 2]);
    ends[1]!();
    await done[1];
    for (const end of ends) end();
    await Promise.all(done);
  });

  it('have the same patience with the next that goes first', async () => {
    const { take, giveWay } = turns(2);
    const over = giveWay(1);
    const early = works(take, 1);
    if (early.begun.length === 0) await once(early.told, 'begun');
    over();
    early.ends[0]!();
    await early.done[0];
    const alsoOver = giveWay(LONG_MS);
    const late = works(take, 1);
    expect(late.begun).to.deep.equal([]);
    alsoOver();
    await Promise.resolve();
    late.ends[0]!();
    await late.done[0];
  });
});
