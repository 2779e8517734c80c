/** What became of the files of a renewal run, counted for its report and its progress (R56). */
import type { Tx } from '../../storage/database.ts';
import { countRun, countRunContracts, type RunCount, runFiles, soonestEnds } from '../../storage/proofs.ts';
import type { RenewalOutcome } from './renewing.ts';

/** What became of a municipality's files in a run; counts of files, and of the contracts they belong to. */
export interface RunFigures {
  readonly run: string;
  readonly contracts: number;
  readonly renewed: number;
  readonly unchanged: number;
  readonly unextendable: number;
  readonly failed: number;
  /** The first of those that failed, by contract number; as many as asked for. */
  readonly failures: readonly {
    readonly contract: string;
    readonly file: string;
    readonly outcome: string;
  }[];
  /** ISO UTC: the soonest end of any proof after the run; null where none is known. */
  readonly soonestEnd: string | null;
}

const SUCCESSFUL: readonly string[] = ['renewed', 'unchanged', 'unextendable'] satisfies RenewalOutcome[];

/** A run's files in all, over every municipality; `open` are still to be settled. */
export function totals(counts: readonly RunCount[]) {
  const sum = (matches: (outcome: string | null) => boolean): number =>
    counts.reduce((total, { outcome, files }) => total + (matches(outcome) ? files : 0), 0);
  return {
    files: sum(() => true),
    open: sum((outcome) => outcome === null),
    renewed: sum((outcome) => outcome === 'renewed'),
    unchanged: sum((outcome) => outcome === 'unchanged' || outcome === 'unextendable'),
    failed: sum((outcome) => outcome !== null && !SUCCESSFUL.includes(outcome)),
  };
}

/** The figures of every municipality (or the one) that has executed contracts, those without a due file included. */
export async function runFigures(
  tx: Tx,
  run: string,
  municipality: string | null,
  failuresListed: number,
): Promise<Map<string, RunFigures>> {
  const counts = await countRun(tx, run);
  const contracts = await countRunContracts(tx, run);
  const figures = new Map<string, RunFigures>();
  for (const [id, soonestEnd] of await soonestEnds(tx)) {
    if (municipality !== null && id !== municipality) continue;
    const of = counts.filter((one) => one.municipality === id);
    const filesWith = (outcome: RenewalOutcome): number =>
      of.find((one) => one.outcome === outcome)?.files ?? 0;
    const failing = of.filter(({ outcome }) => outcome === null || !SUCCESSFUL.includes(outcome));
    const named = failing.flatMap(({ outcome }) => outcome ?? []);
    const failures = await runFiles(tx, run, id, named, failuresListed);
    figures.set(id, {
      run,
      contracts: contracts.get(id) ?? 0,
      renewed: filesWith('renewed'),
      unchanged: filesWith('unchanged'),
      unextendable: filesWith('unextendable'),
      failed: failing.reduce((sum, { files }) => sum + files, 0),
      failures: failures.map(({ contract, file, outcome }) => ({ contract, file, outcome: outcome! })),
      soonestEnd,
    });
  }
  return figures;
}
