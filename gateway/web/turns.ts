/** Lets little work of one kind go on at once: who comes later waits for a turn, first come, first served. */

/** A runner that has at most `atOnce` works going; what a work throws reaches its caller only. */
export function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let going = 0;
  return async (work) => {
    if (going >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
    try {
      return await work();
    } finally {
      // The turn goes on to the next, or is free again.
      const next = waiting.shift();
      if (next) next();
      else going -= 1;
    }
  };
}
