// Mocha reporter: the usual listing, then a line "N passed, N failed"; where several runs share a tally file, this run's figures go there.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

const Listing = process.env.CI ? Mocha.reporters.Dot : Mocha.reporters.Spec;

/** Dots in CI, the full listing elsewhere; the summary stands alone on the last line. */
export default class SummaryReporter extends Listing {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      console.log(`${passes} passed, ${failures} failed`);
      if (process.env.TEST_TALLY) appendFileSync(process.env.TEST_TALLY, `${passes} ${failures}\n`);
    });
  }
}
