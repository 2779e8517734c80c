/** Counts by a key within fixed windows; forgets them all when a window is over, so that memory stays bounded. */

export interface WindowCounts {
  /** So often in the present window. */
  of(key: string): number;
  /** Once more; gives how often now. */
  add(key: string): number;
}

/** Windows of `windowMs` milliseconds. */
export function windowCounts(windowMs: number, clock: () => Date): WindowCounts {
  const counts = new Map<string, number>();
  let ends = 0;
  const of = (key: string): number => {
    const now = clock().getTime();
    if (now >= ends) {
      counts.clear();
      ends = now + windowMs;
    }
    return counts.get(key) ?? 0;
  };
  return {
    of,
    add(key) {
      const count = of(key) + 1;
      counts.set(key, count);
      return count;
    },
  };
}
