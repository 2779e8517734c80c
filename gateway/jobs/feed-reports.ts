/** The report on imported feeds as a mail: figures first, refused rows as a CSV to be corrected and sent back (R1–R5, R11). */
import type { Database } from '../../storage/database.ts';
import {
  type MailBase,
  type MailContent,
  type ReportedFeed,
  registrationReport,
} from '../../templates/index.ts';
import type { ReportedRun } from '../app/answers.ts';
import type { ContractStore } from '../app/contract-store.ts';
import type { FeedRuns } from '../app/feed-runs.ts';
import { pendingFact } from '../app/registration-facts.ts';
import type { RegistrationRules } from '../app/registration-mails.ts';
import type { FeedRun, Registered, Registry } from '../app/registration-types.ts';
import { type RunningContract, runningWith } from '../app/running-contracts.ts';
import type { OutgoingMail } from '../mail/deliver.ts';

export interface FeedReporting {
  readonly database: Database;
  readonly registry: Registry;
  readonly runs: FeedRuns;
  readonly store: ContractStore;
  readonly registration: Pick<RegistrationRules, 'report'>;
}

/** All runs at once: one mail tells of one mail's files. */
export async function feedReport(
  reporting: FeedReporting,
  base: MailBase,
  reported: readonly ReportedRun[],
  passedOver: readonly string[],
): Promise<{ content: MailContent; attachments: OutgoingMail['attachments'] }> {
  const { knex } = reporting.database;
  const { registry, runs } = reporting;
  const { listed, attachedRows, withdrawnRows } = reporting.registration.report;
  const feeds: ReportedFeed[] = [];
  const running = new Map<string, RunningContract>();
  const attachments: OutgoingMail['attachments'][number][] = [];
  const pending = new Map<number, Registered>();
  const unseen = { pending: 0, withdrawn: 0 };
  for (const { run: id, name } of reported) {
    const run = await runs.find(knex, id);
    if (!run) throw new Error(`no feed run ${id}`);
    const refused = await runs.rows(knex, id, { fates: ['refused'], limit: listed });
    feeds.push({ name, form: run.form, readable: run.readable, counts: run.counts, refused });
    const waits = await runs.rows(knex, id, { fates: ['pending'], limit: listed });
    unseen.pending += run.counts.pending - waits.length;
    unseen.withdrawn += Math.max(0, run.counts.withdrawn - withdrawnRows);
    for (const { registration } of waits) {
      const waiting = registration === null ? undefined : await registry.byId(knex, registration);
      if (waiting?.state === 'pending') pending.set(waiting.id, waiting);
    }
    for (const contract of await runningWithdrawn(reporting, run)) running.set(contract.number, contract);
    const csv = await runs.refusedCsv(knex, id, attachedRows);
    if (csv !== null) {
      const fileName = `登録しなかった行_${name.replace(/\.[^.]{1,5}$/, '')}.csv`;
      attachments.push({ fileName, content: Buffer.from(csv), contentType: 'text/csv; charset=utf-8' });
    }
  }
  const shown = [...pending.values()].slice(0, listed).map(pendingFact);
  const attached = attachments.length > 0;
  return {
    content: registrationReport({
      ...base,
      feeds,
      passedOver,
      pending: shown,
      morePending: pending.size - shown.length + unseen.pending,
      running: [...running.values()],
      withdrawnUnseen: unseen.withdrawn,
      attached,
      attachedRows,
    }),
    attachments,
  };
}

/** Contracts on their way to addresses that the feed took out of the register, as long as nothing else registers them. */
async function runningWithdrawn(
  { database: { knex }, registry, runs, store, registration: { report } }: FeedReporting,
  { id, municipality }: FeedRun,
): Promise<RunningContract[]> {
  const addresses = new Set<string>();
  for (const { receiptNumber } of await runs.rows(knex, id, {
    fates: ['withdrawn'],
    limit: report.withdrawnRows,
  })) {
    if (receiptNumber === null) continue;
    const { ended } = await registry.standing(knex, municipality, { receiptNumber });
    for (const { signatory_address, checker_address } of ended) {
      addresses.add(signatory_address);
      if (checker_address !== null) addresses.add(checker_address);
    }
  }
  const gone: string[] = [];
  for (const address of addresses) {
    if ((await registry.find(knex, municipality, { address })).length === 0) gone.push(address);
  }
  return runningWith(knex, store, municipality, gone);
}
