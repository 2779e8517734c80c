/** Lets little work of one kind go on at once: who comes later waits for a turn, first come, first served. */

export interface Turns {
  /** Does the work when its turn comes; what it throws reaches its caller only. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Until what it returns is called, turns come one by one: something goes first that people wait for. */
  giveWay(): () => void;
}

/** At most `atOnce` works go on. */
export function turns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let [going, first] = [0, 0];
  const free = (): boolean => going < (first > 0 ? 1 : atOnce);
  const fill = (): void => {
    while (waiting.length > 0 && free()) {
      going += 1;
      waiting.shift()!();
    }
  };
  return {
    async take(work) {
      if (free()) going += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        going -= 1;
        fill();
      }
    },
    giveWay() {
      first += 1;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        first -= 1;
        fill();
      };
    },
  };
}
