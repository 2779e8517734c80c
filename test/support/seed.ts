// Loaded before the tests: property tests draw the same values in each run, unless TEST_SEED names others.
import fc from 'fast-check';

/** TEST_SEED=7 npm test -- test/unit/registration.test.ts */
export const SEED = Number(process.env.TEST_SEED ?? 20_261_121);

fc.configureGlobal({ seed: SEED });
