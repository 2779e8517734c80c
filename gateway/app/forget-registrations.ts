/** Forgets registrations and what feeds said once their time is over: hashes, dates and fates stay as a trace, the data does not. */
import type { Database } from '../../storage/database.ts';
import { eraseRun, runsWithBodies } from '../../storage/feeds.ts';
import { forgetAskers } from '../../storage/registration-mails.ts';
import { eraseRegistrations, registrationsEndedBefore } from '../../storage/registry.ts';
import { afterDays } from '../contract/jst.ts';

/** Days; null: for ever. */
export interface Retention {
  /** For one contract (R3), from the application on. */
  readonly perContractDays: number | null;
  /** For all contracts, from the application on. */
  readonly standingDays: number | null;
  /** Superseded, withdrawn, rejected: from then on. */
  readonly endedDays: number;
  /** Refused rows and reasons in reports, from the import on. */
  readonly reportDays: number;
}

export interface Forgotten {
  readonly registrations: number;
  readonly reports: number;
}

/** In one transaction: short enough to let others write in between. */
const AT_ONCE = 200;
const ENDED = ['superseded', 'withdrawn', 'rejected'] as const;
const LIVE = ['inForce', 'pending'] as const;

/** May run twice or be cut off: what is forgotten is not found again. */
export async function forgetRegistrations(
  database: Database,
  { perContractDays, standingDays, endedDays, reportDays }: Retention,
  now: string,
): Promise<Forgotten> {
  const before = (days: number): string => afterDays(now, -days);
  const kinds = [
    { of: { states: ENDED, since: 'state_at' }, days: endedDays },
    { of: { states: LIVE, model: 'perContract', since: 'applied_at' }, days: perContractDays },
    { of: { states: LIVE, model: 'standing', since: 'applied_at' }, days: standingDays },
  ] as const;
  let registrations = 0;
  for (const { of, days } of kinds) {
    if (days === null) continue;
    registrations += await untilNone(() =>
      database.transaction(async (tx) => {
        const ids = await registrationsEndedBefore(tx, of, before(days), AT_ONCE);
        if (ids.length > 0) {
          await eraseRegistrations(tx, ids, now);
          await forgetAskers(tx, ids);
        }
        return ids.length;
      }),
    );
  }
  const reports = await untilNone(() =>
    database.transaction(async (tx) => {
      const ids = await runsWithBodies(tx, before(reportDays), AT_ONCE);
      for (const id of ids) await eraseRun(tx, id);
      return ids.length;
    }),
  );
  return { registrations, reports };
}

async function untilNone(some: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await some();
    total += count;
    if (count === 0) return total;
  }
}
