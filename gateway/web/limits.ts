/** How often something may be asked for by one key within a window. */
import { windowCounts } from '../window-counts.ts';

/** True while `key` has asked at most `max` times in the present window of `windowMs` milliseconds. */
export function requestLimit(max: number, windowMs: number, clock: () => Date): (key: string) => boolean {
  const counts = windowCounts(windowMs, clock);
  return (key) => counts.add(key) <= max;
}
