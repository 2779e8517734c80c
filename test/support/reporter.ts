// Mocha reporter: the usual listing, then one last line "N passed, N failed" that a script can read.
import { appendFileSync, readFileSync } from 'node:fs';
import Mocha from 'mocha';

const Listing = process.env.CI ? Mocha.reporters.Dot : Mocha.reporters.Spec;

/** Dots in CI, the full listing elsewhere; the summary stands alone on the last line. */
export default class SummaryReporter extends Listing {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      console.log(summary(runner.stats?.passes ?? 0, runner.stats?.failures ?? 0));
    });
  }
}

/** The figures of this run; where several runs share a tally file, the sums so far. */
function summary(passed: number, failed: number): string {
  const tally = process.env.TEST_TALLY;
  if (tally === undefined) return `${passed} passed, ${failed} failed`;
  appendFileSync(tally, `${passed} ${failed}\n`);
  const runs = readFileSync(tally, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const sum = (column: number): number => runs.reduce((total, run) => total + (run[column] ?? 0), 0);
  return `${sum(0)} passed, ${sum(1)} failed`;
}
