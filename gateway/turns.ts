/** Lets little work of one kind go on at once: who comes later waits for a turn, first come, first served. */

export interface Turns {
  /** Does the work when its turn comes; what it throws reaches its caller only. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Until what it returns is called, something goes first that people wait for: no work begins, or one by one when that has
   * taken `patienceMs` milliseconds. Those who give way meanwhile do not prolong it.
   */
  giveWay(patienceMs: number): () => void;
}

/** At most `atOnce` works go on. */
export function turns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let [going, first] = [0, 0];
  let patience: NodeJS.Timeout | undefined;
  const most = (): number => {
    if (first === 0) return atOnce;
    return patience ? 0 : 1;
  };
  const fill = (): void => {
    while (waiting.length > 0 && going < most()) {
      going += 1;
      waiting.shift()!();
    }
  };
  const endPatience = (): void => {
    clearTimeout(patience);
    patience = undefined;
    fill();
  };
  return {
    async take(work) {
      if (going < most()) going += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        going -= 1;
        fill();
      }
    },
    giveWay(patienceMs) {
      // Not anew for each: what comes without a gap would hold up all work for ever.
      if (first === 0) patience = setTimeout(endPatience, patienceMs);
      first += 1;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        first -= 1;
        if (first === 0) endPatience();
      };
    },
  };
}
