/** A file of ours is verified before it counts; one that fails is made anew, up to three times (decided 11). */
import type { Logger } from 'pino';
import { allProblems } from '../../signing/index.ts';
import type { VerificationProfile, VerificationReport } from '../../signing/ports.ts';

/** What fails verification as often is no accident of making. */
const TRIES = 3;

/** Our own file does not hold: a bug, or storage that lies. */
class Unverified extends Error {
  override readonly name = 'Unverified';
}

/** The report itself where the file holds; `what` names the file in the log. */
export function holding(
  report: VerificationReport,
  what: string,
  profile: VerificationProfile,
): VerificationReport {
  if (report.valid) return report;
  throw new Unverified(`${what} fails ${profile}: ${allProblems(report).join('; ')}`);
}

/** What `make` gives; it is called again where `holding` found that its file does not hold. */
export async function madeAnew<T>(log: Logger, entry: string, make: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof Unverified) || tries >= TRIES) throw error;
      log.error({ entry, problems: error.message, tries }, 'own file does not verify; making it anew');
    }
  }
}
