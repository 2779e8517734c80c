/** One contender in a process of its own, so that its memory is its own: does what the measuring process asks, one message at a time. */
import { setImmediate } from 'node:timers/promises';
import type { Assignment, Contender } from './seal-contender.ts';
import { openContender } from './seal-contenders.ts';

export type Request =
  | { readonly do: 'open'; readonly assignment: Assignment }
  | { readonly do: 'run' }
  | { readonly do: 'save'; readonly path: string }
  | { readonly do: 'leak'; readonly runs: number };

export interface Reply {
  readonly error?: string;
  /** User and system time of the whole process, ms. */
  readonly cpu?: number;
  readonly wall?: number;
  /** Octets. */
  readonly added?: number;
  /** The most memory the process ever had, MB. */
  readonly peak?: number;
  /** After a full collection, MB. */
  readonly heap?: number;
  readonly external?: number;
  readonly resident?: number;
}

const MB = 1_048_576;
const ROUND_MS = 300;
let contender: Contender | null = null;

process.on('message', (request: Request) => {
  answer(request).then(
    (reply) => process.send!(reply),
    (error: unknown) => process.send!({ error: String(error) } satisfies Reply),
  );
});

async function answer(request: Request): Promise<Reply> {
  switch (request.do) {
    case 'open':
      contender = await openContender(request.assignment);
      return {};
    case 'save':
      await contender!.save!(request.path);
      return {};
    case 'run':
      return measured(contender!);
    case 'leak': {
      for (let run = 0; run < request.runs; run++) await contender!.run();
      // What the first collection finds unused, the second gives back.
      globalThis.gc!();
      await setImmediate();
      globalThis.gc!();
      const { heapUsed, external, rss } = process.memoryUsage();
      return { heap: heapUsed / MB, external: external / MB, resident: rss / MB };
    }
  }
}

/** A round of short jobs is many of them, so that each bears its share of what is cleared away now and then. */
async function measured(contender: Contender): Promise<Reply> {
  const started = performance.now();
  const before = process.cpuUsage();
  let runs = 0;
  let added = 0;
  for (; runs === 0 || performance.now() - started < ROUND_MS; runs++) added = await contender.run();
  const { user, system } = process.cpuUsage(before);
  return {
    cpu: (user + system) / 1000 / runs,
    wall: (performance.now() - started) / runs,
    added,
    peak: process.resourceUsage().maxRSS / 1024,
  };
}
