/** Keeps a distance between the requests to one authority: they queue up instead of being refused (RFC 3161 names no limit, contracts do). */

/** Resolves when the next request may start; calls are served in their order. */
export type Pace = () => Promise<void>;

export interface PaceTimer {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  wait(ms: number): Promise<void>;
}

const SYSTEM: PaceTimer = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** At least `intervalMs` between two starts; 0 lets every request start at once. */
export function pace(intervalMs: number, { now, wait }: PaceTimer = SYSTEM): Pace {
  let free = Number.NEGATIVE_INFINITY;
  return async () => {
    const start = Math.max(now(), free);
    free = start + intervalMs;
    const ms = start - now();
    if (ms > 0) await wait(ms);
  };
}
