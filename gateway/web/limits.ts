/** Counts requests by a key within fixed windows; forgets them all when a window is over, so that memory stays bounded. */

/** True while `key` has asked at most `max` times in the present window of `windowMs` milliseconds. */
export function requestLimit(max: number, windowMs: number, clock: () => Date): (key: string) => boolean {
  const counts = new Map<string, number>();
  let ends = 0;
  return (key) => {
    const now = clock().getTime();
    if (now >= ends) {
      counts.clear();
      ends = now + windowMs;
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= max;
  };
}
