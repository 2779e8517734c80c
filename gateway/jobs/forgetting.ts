/** Once a day, what registrations and their feeds said of people is deleted where its time is over. */
import type { Logger } from 'pino';
import type { Database, Tx } from '../../storage/database.ts';
import { ensure } from '../../storage/outbox.ts';
import { forgetRegistrations, type Retention } from '../app/forget-registrations.ts';
import { addDays, endOfJstDay, jstDate } from '../contract/jst.ts';
import type { Performer } from './performer.ts';

/** Notes that the work is due when `day` (JST, yyyy-mm-dd) is over. */
export async function scheduleForgetting(tx: Tx, day: string, now: string): Promise<void> {
  const entry = { key: `forget-registrations:${day}`, type: 'forget-registrations' };
  const payload = JSON.stringify({ day });
  await ensure(tx, { ...entry, payload, municipality: '', contract: null, notBefore: endOfJstDay(day) }, now);
}

export function forgettingPerformer({
  database,
  retention,
  log,
}: {
  readonly database: Database;
  readonly retention: Retention;
  readonly log: Logger;
}): Performer {
  return async (entry, startedAt) => {
    const { day }: { day: string } = JSON.parse(entry.payload);
    const forgotten = await forgetRegistrations(database, retention, startedAt);
    log.info({ day, ...forgotten }, 'registrations whose time is over forgotten');
    return async (tx, now) => {
      const today = jstDate(now);
      await scheduleForgetting(tx, day < today ? today : addDays(day, 1), now);
    };
  };
}
