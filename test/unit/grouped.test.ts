// Group commit: whoever is told that his rows are kept has them, whatever became of his neighbours'.
import { expect } from 'chai';
import { grouped } from '../../storage/grouped.ts';

/** A commit that the test ends itself. */
function stage(most = 10) {
  const groups: string[][] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const told: string[] = [];
  const add = grouped<string>((items) => {
    groups.push([...items]);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  }, most);
  const adding = (item: string): Promise<unknown> =>
    add(item).then(
      () => told.push(`${item} kept`),
      (error: Error) => told.push(`${item}: ${error.message}`),
    );
  return { groups, ends, told, adding };
}

const nothingLeftToRun = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('gathers what comes while a commit runs, and tells nobody before his own is done', async () => {
    const { groups, ends, told, adding } = stage();
    for (const item of ['a', 'b', 'c']) void adding(item);
    expect(groups).to.deep.equal([['a']]);
    await nothingLeftToRun();
    expect(told).to.deep.equal([]);
    ends[0]!.resolve();
    await nothingLeftToRun();
    expect(groups).to.deep.equal([['a'], ['b', 'c']]);
    expect(told).to.deep.equal(['a kept']);
    ends[1]!.resolve();
    await nothingLeftToRun();
    expect(told).to.deep.equal(['a kept', 'b kept', 'c kept']);
    void adding('d');
    expect(groups).to.have.length(3);
  });

  it('takes no more than it may at once', async () => {
    const { groups, ends, adding } = stage(2);
    for (const item of ['a', 'b', 'c', 'd']) void adding(item);
    for (const at of [0, 1, 2]) {
      ends[at]!.resolve();
      await nothingLeftToRun();
    }
    expect(groups).to.deep.equal([['a'], ['b', 'c'], ['d']]);
  });

  it('tries each alone where a group fails, so that only the bad one hears why', async () => {
    const held: string[] = [];
    const told: string[] = [];
    const add = grouped<string>(async (items) => {
      if (items.includes('bad')) throw new Error('not this one');
      held.push(...items);
    }, 10);
    await Promise.all(
      ['a', 'b', 'bad', 'c'].map((item) =>
        add(item).then(
          () => told.push(`${item} kept`),
          (error: Error) => told.push(`${item}: ${error.message}`),
        ),
      ),
    );
    expect(held).to.deep.equal(['a', 'b', 'c']);
    expect(told).to.deep.equal(['a kept', 'b kept', 'bad: not this one', 'c kept']);
    await add('d');
    expect(held).to.deep.equal(['a', 'b', 'c', 'd']);
  });
});
