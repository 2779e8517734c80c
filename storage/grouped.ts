/** Group commit: what many want written at the same time shares one transaction, so that they wait for one fsync together. */

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gives a function that resolves once its item has been committed. While a commit runs, items gather for the next one,
 * `most` at a time. `commit` writes all it is given or nothing; where it rejects, each item is tried alone, so that what
 * the database does not take fails nobody else.
 */
export function grouped<T>(
  commit: (items: readonly T[]) => Promise<void>,
  most: number,
): (item: T) => Promise<void> {
  const waiting: Waiting<T>[] = [];
  let working = false;
  const settle = async (group: readonly Waiting<T>[]): Promise<void> => {
    try {
      await commit(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1) return group[0]!.reject(error);
      for (const one of group) await settle([one]);
    }
  };
  const work = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0) await settle(waiting.splice(0, most));
    working = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!working) void work();
    });
}
