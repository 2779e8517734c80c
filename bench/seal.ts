/** `npm run bench -- seal`: CPU, time, memory and octets of a seal at B-LTA beside LibPDF, signpdf and what cannot be avoided, taken in turns in one run. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, table } from './figures.ts';
import type { Assignment, ContenderName } from './seal-contender.ts';
import { writePdf, type XrefStyle } from './seal-files.ts';
import type { Reply, Request } from './seal-process.ts';
import { type Figures, targetLines } from './seal-targets.ts';

export interface SealBenchOptions {
  /** Megabytes (10⁶ octets). */
  readonly sizes: readonly number[];
  readonly styles: readonly XrefStyle[];
  readonly parties: readonly number[];
  /** Measured rounds of each contender, after a second that warms it up. */
  readonly rounds: number;
}

const SEALERS: readonly ContenderName[] = ['ours', 'libpdf', 'signpdf', 'floor', 'floor-in-memory'];
const WARM_UP_MS = 1000;
const VERIFIERS: readonly ContenderName[] = ['verify', 'verify-floor', 'verify-floor-in-memory'];

export async function seal(options: SealBenchOptions): Promise<void> {
  await inFolder(async (folder, authority) => {
    const [cpu] = cpus();
    console.log(
      `seal: ${options.rounds} rounds after a second of warm-up, ${cpus().length} cores (${cpu?.model.trim()}), Node.js ${process.version}`,
    );
    const figures: Figures[] = [];
    for (const size of options.sizes) {
      for (const style of options.styles) {
        const file = join(folder, `${style}-${size}.pdf`);
        writePdf(file, size * 1e6, style);
        for (const parties of options.parties) {
          figures.push(...(await measureFile({ file, authority, parties }, { size, style }, options.rounds)));
        }
        await rm(file);
      }
    }
    console.log(targetLines(figures).join('\n'));
  });
}

/** `runs` small contracts in one process; memory after 100 and after all, a full collection before each look. */
export async function leak(runs: number): Promise<void> {
  await inFolder(async (folder, authority) => {
    const file = join(folder, 'small.pdf');
    writePdf(file, 50_000, 'table');
    const child = new Contestant({ contender: 'ours', file, parties: 2, authority });
    await child.ask({ do: 'open', assignment: child.assignment });
    const early = await child.ask({ do: 'leak', runs: 100 });
    const late = await child.ask({ do: 'leak', runs: runs - 100 });
    child.end();
    const row = (after: number, { heap, external, resident }: Reply) =>
      [after, ...[heap, external, resident].map((megabytes) => megabytes!.toFixed(1))] as const;
    console.log(table(['contracts', 'heap MB', 'external MB', 'RSS MB'], [row(100, early), row(runs, late)]));
  });
}

async function inFolder(work: (folder: string, authority: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-seal-'));
  const authority = join(folder, 'authority');
  const server = forked('seal-authority.ts', [authority]);
  try {
    await once(server, 'message');
    await work(folder, authority);
  } finally {
    server.kill();
    await rm(folder, { recursive: true });
  }
}

async function measureFile(
  base: Omit<Assignment, 'contender'>,
  shape: { size: number; style: XrefStyle },
  rounds: number,
): Promise<Figures[]> {
  const measured = await inTurns(
    SEALERS.map((contender) => ({ ...base, contender })),
    rounds,
    async (contestants) => {
      const sealed = `${base.file}.sealed`;
      await contestants
        .find(({ assignment }) => assignment.contender === 'ours')!
        .ask({ do: 'save', path: sealed });
    },
  );
  const sealed = `${base.file}.sealed`;
  const judged = await inTurns(
    VERIFIERS.map((contender) => ({ ...base, file: sealed, contender })),
    rounds,
  );
  const { size } = await stat(sealed);
  await rm(sealed);
  const figures = [...measured, ...judged].map((outcome) => ({
    ...shape,
    parties: base.parties,
    ...outcome,
  }));
  console.log(
    `\n${shape.size} MB, ${shape.style} xref, ${base.parties} ${base.parties === 1 ? 'party' : 'parties'} (sealed: ${size} octets)`,
  );
  console.log(
    table(
      ['', 'CPU ms', 'wall ms', 'peak MB', 'KB added'],
      figures.map(({ contender, error, cpu, wall, peak, added }) =>
        error !== null
          ? [contender, error.slice(0, 60), '', '', '']
          : [contender, cpu.toFixed(1), wall.toFixed(1), peak.toFixed(0), (added / 1000).toFixed(1)],
      ),
    ),
  );
  return figures;
}

type Outcome = Omit<Figures, 'size' | 'style' | 'parties'>;

/** Each contender in a process of its own; round by round, one after the other. */
async function inTurns(
  assignments: readonly Assignment[],
  rounds: number,
  afterwards: (contestants: readonly Contestant[]) => Promise<void> = async () => {},
): Promise<Outcome[]> {
  const contestants = assignments.map((assignment) => new Contestant(assignment));
  try {
    for (const contestant of contestants) {
      await contestant.ask({ do: 'open', assignment: contestant.assignment });
      await contestant.warmUp();
    }
    for (let round = 0; round < rounds; round++)
      for (const contestant of contestants) await contestant.round();
    await afterwards(contestants);
    return contestants.map((contestant) => contestant.outcome());
  } finally {
    for (const contestant of contestants) contestant.end();
  }
}

class Contestant {
  readonly assignment: Assignment;
  readonly rounds: Reply[] = [];
  private readonly child: ChildProcess;
  private error: string | null = null;

  constructor(assignment: Assignment) {
    this.assignment = assignment;
    this.child = forked('seal-process.ts', []);
  }

  async ask(request: Request): Promise<Reply> {
    this.child.send(request);
    const [reply] = (await once(this.child, 'message')) as [Reply];
    if (reply.error !== undefined) throw new Error(`${this.assignment.contender}: ${reply.error}`);
    return reply;
  }

  /** A peer that cannot do a file is out for that file. */
  async round(): Promise<void> {
    if (this.error !== null) return;
    try {
      this.rounds.push(await this.ask({ do: 'run' }));
    } catch (error) {
      if (!['libpdf', 'signpdf'].includes(this.assignment.contender)) throw error;
      this.error = (error as Error).message;
    }
  }

  /** As a process is that has been at work for a while: what it does often is compiled. */
  async warmUp(): Promise<void> {
    const started = performance.now();
    for (let round = 0; round < 2 || performance.now() - started < WARM_UP_MS; round++) await this.round();
    this.rounds.length = 0;
  }

  outcome(): Outcome {
    const middle = (pick: (reply: Reply) => number | undefined): number =>
      median(this.rounds.map((reply) => pick(reply)!));
    return {
      contender: this.assignment.contender,
      error: this.error,
      cpu: middle(({ cpu }) => cpu),
      wall: middle(({ wall }) => wall),
      added: middle(({ added }) => added),
      peak: Math.max(...this.rounds.map(({ peak }) => peak!)),
    };
  }

  end(): void {
    this.child.kill();
  }
}

function forked(name: string, parameters: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return fork(path, parameters, { execArgv: ['--import', 'tsx', '--expose-gc'] });
}
