/** Work that takes turns: few at once, in order, and a failure passes its turn on. */
import { expect } from 'chai';
import { turns } from '../../gateway/web/turns.ts';

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

  it('come one by one while something goes first', async () => {
    const { take, giveWay } = turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const [over, alsoOver] = [giveWay(), giveWay()];
    const works = [0, 1, 2].map((number) =>
      take(() => {
        begun.push(number);
        return new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    expect(begun).to.deep.equal([0]);
    over();
    over();
    expect(begun).to.deep.equal([0]);
    alsoOver();
    await Promise.resolve();
    expect(begun).to.deep.equal([0, 1]);
    ends[0]!();
    await works[0];
    expect(begun).to.deep.equal([0, 1, 2]);
    for (const end of ends) end();
    await Promise.all(works);
  });
});
