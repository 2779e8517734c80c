/** The report on imported feeds as a mail: figures first, refused rows as a CSV to be corrected and sent back (R1–R5, R11). */
import type { Database } from '../../storage/database.ts';
import {
  type MailBase,
  type MailContent,
  REFUSED_ROWS_SHOWN,
  type ReportedFeed,
  registrationReport,
} from '../../templates/index.ts';
import type { ReportedRun } from '../app/answers.ts';
import type { FeedRuns } from '../app/feed-runs.ts';
import { pendingFact } from '../app/registration-facts.ts';
import type { Registered, Registry } from '../app/registration-types.ts';
import type { OutgoingMail } from '../mail/deliver.ts';

/** Registrations that wait for staff and that one mail can name and still be read. */
const PENDING_SHOWN = 30;

export interface FeedReporting {
  readonly database: Database;
  readonly registry: Registry;
  readonly runs: FeedRuns;
}

/** All runs at once: one mail tells of one mail's files. */
export async function feedReport(
  { database: { knex }, registry, runs }: FeedReporting,
  base: MailBase,
  reported: readonly ReportedRun[],
  passedOver: readonly string[],
): Promise<{ content: MailContent; attachments: OutgoingMail['attachments'] }> {
  const feeds: ReportedFeed[] = [];
  const attachments: OutgoingMail['attachments'][number][] = [];
  const pending = new Map<number, Registered>();
  for (const { run: id, name } of reported) {
    const run = await runs.find(knex, id);
    if (!run) throw new Error(`no feed run ${id}`);
    const refused = await runs.rows(knex, id, { fates: ['refused'], limit: REFUSED_ROWS_SHOWN });
    feeds.push({ name, form: run.form, readable: run.readable, counts: run.counts, refused });
    for (const { registration } of await runs.rows(knex, id, { fates: ['pending'], limit: PENDING_SHOWN })) {
      const waiting = registration === null ? undefined : await registry.byId(knex, registration);
      if (waiting?.state === 'pending') pending.set(waiting.id, waiting);
    }
    const csv = await runs.refusedCsv(knex, id);
    if (csv !== null) {
      const fileName = `登録しなかった行_${name.replace(/\.[^.]{1,5}$/, '')}.csv`;
      attachments.push({ fileName, content: Buffer.from(csv), contentType: 'text/csv; charset=utf-8' });
    }
  }
  const shown = [...pending.values()].slice(0, PENDING_SHOWN).map(pendingFact);
  const attached = attachments.length > 0;
  return {
    content: registrationReport({ ...base, feeds, passedOver, pending: shown, attached }),
    attachments,
  };
}
