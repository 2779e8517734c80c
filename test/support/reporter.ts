// Mocha reporter: the usual listing, then one last line "N passed, N failed" that a script can read.
import Mocha from 'mocha';

const Listing = process.env.CI ? Mocha.reporters.Dot : Mocha.reporters.Spec;

/** Dots in CI, the full listing elsewhere; the summary stands alone on the last line. */
export default class SummaryReporter extends Listing {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      console.log(`${runner.stats?.passes ?? 0} passed, ${runner.stats?.failures ?? 0} failed`);
    });
  }
}
