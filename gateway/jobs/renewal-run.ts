/** A renewal run (R56): begun once a year or by command, it puts the files that are due on the outbox, paced, and ends in a report. */
import type { Logger } from 'pino';
import { nextCount } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { append, countOpen, dropParked, ensure, isDone, type OutboxEntry } from '../../storage/outbox.ts';
import {
  CERTIFICATE_PROOF,
  contractsWithoutProofs,
  type DueFilter,
  dueProofs,
  listUnknownProofs,
  soonestEndIn,
  takeProofs,
} from '../../storage/proofs.ts';
import type { ContractStore } from '../app/contract-store.ts';
import { addDays, addSeconds, afterDays, endOfJstDay, jstDate, jstInstant } from '../contract/jst.ts';
import type { Performers } from './performer.ts';
import { type RunFigures, runFigures } from './renewal-figures.ts';
import type { RenewalOutcome, RenewPayload } from './renewing.ts';

export interface RenewalSettings {
  /** mm-dd in Japan. */
  readonly monthDay: string;
  readonly withinDays: number;
  readonly perMinute: number;
  /** Failures that one mail names. */
  readonly failuresListed: number;
}

export interface RenewalRunDependencies {
  readonly store: ContractStore;
  readonly settings: RenewalSettings;
  /** Who is told a municipality's figures; empty where nobody is. */
  readonly reportAddressesOf: (municipality: string) => readonly string[];
  readonly log: Logger;
}

/** What a run is to look at. */
export interface RunOrder {
  /** Names the run in outbox, logs and reports: its date in Japan, and a count where it was asked for by command. */
  readonly run: string;
  readonly withinDays: number;
  /** null: every municipality's. */
  readonly municipality: string | null;
  /** Files at most; null: all that are due. */
  readonly limit: number | null;
  /** ISO UTC; the files are spread from here on. */
  readonly startedAt: string;
}

/** A run goes on in steps, so that no transaction grows with the number of contracts. */
interface StepPayload extends RunOrder {
  readonly step: number;
  /** Files put on the outbox so far. */
  readonly taken: number;
  /** Whether every concluded contract is known to have its rows: those to come bring theirs along. */
  readonly listed: boolean;
}

/** A run is looked at until it is complete. */
interface ReportPayload extends RunOrder {
  /** How often it was not, so far. */
  readonly look: number;
}

const FIRST_STEP = { step: 1, taken: 0, listed: false };

export interface RenewalMailPayload extends RunFigures {
  /** ISO UTC: when a further run tries what could not be extended; null where the yearly one is soon enough. */
  readonly againAt: string | null;
  /** Which of the municipality's report addresses. */
  readonly recipient: number;
}

/** Files and contracts looked at in one transaction. */
const PORTION = 500;
/** What would not outlive the next yearly run by far is tried again each month, lest the authority be renewed too late for it. */
const AGAIN_WITHIN_DAYS = 400;
const AGAIN_AFTER_DAYS = 30;
/** Between two looks at a run that is not complete. */
const LONGEST_PAUSE_SECONDS = 3600;
/** When the yearly run begins in Japan. */
const HOUR = '02:00';

const filesOf = (run: string): string => `renewal:${run}:`;
const reportKey = (run: string): string => `renewal-report:${run}`;
const fileKey = (run: string, contract: string, file: string): string => `${filesOf(run)}${contract}:${file}`;

/** What a run of `withinDays` looks at when it begins at `now`: what was dealt with this year (JST) is left alone. */
export function dueFilter(
  { withinDays, municipality }: Pick<RunOrder, 'withinDays' | 'municipality'>,
  now: string,
): DueFilter {
  const lastYear = `${Number(jstDate(now).slice(0, 4)) - 1}-12-31`;
  return {
    before: afterDays(now, withinDays),
    settledBefore: endOfJstDay(lastYear),
    municipality,
  };
}

/** Notes that the first yearly run on or after `today` (JST, yyyy-mm-dd) is to begin when its day comes. */
export async function scheduleRenewal(
  tx: Tx,
  { monthDay }: RenewalSettings,
  today: string,
  now: string,
): Promise<void> {
  const year = Number(today.slice(0, 4));
  const day = `${today.slice(5) <= monthDay ? year : year + 1}-${monthDay}`;
  const notBefore = jstInstant(day, HOUR);
  const payload = JSON.stringify({ day });
  const entry = { key: `yearly-renewal:${day}`, type: 'yearly-renewal', payload, notBefore };
  await ensure(tx, { ...entry, municipality: '', contract: null }, now);
}

/** Begins a run by command; resolves to its id. */
export async function orderRun(
  tx: Tx,
  order: Omit<RunOrder, 'run' | 'startedAt'>,
  now: string,
): Promise<string> {
  const day = jstDate(now);
  const run = `${day}-${await nextCount(tx, '', `renewal-${day}`)}`;
  await append(tx, [stepEntry({ ...order, run, startedAt: now, ...FIRST_STEP }, now)], now);
  return run;
}

export function renewalRunPerformers(
  dependencies: RenewalRunDependencies,
): Record<'yearly-renewal' | 'renewal-step' | 'renewal-report', Performers[string]> {
  const { settings, log } = dependencies;
  return {
    'yearly-renewal': async (entry) => {
      const { day }: { day: string } = JSON.parse(entry.payload);
      return async (tx, now) => {
        // The setting may have been moved since; then the new day has an entry of its own.
        if (day.slice(5) === settings.monthDay) {
          const { withinDays } = settings;
          const order = { run: day, withinDays, municipality: null, limit: null, startedAt: now };
          await append(tx, [stepEntry({ ...order, ...FIRST_STEP }, now)], now);
        }
        await scheduleRenewal(tx, settings, addDays(jstDate(now), 1), now);
      };
    },
    'renewal-step': async (entry) => {
      const step: StepPayload = JSON.parse(entry.payload);
      return (tx, now) => takeStep(dependencies, tx, step, now);
    },
    'renewal-report': async (entry) => {
      const look: ReportPayload = JSON.parse(entry.payload);
      const { run, municipality } = look;
      return async (tx, now) => {
        // Nothing fails while files wait for their turn or for an authority, so this looks again instead of failing.
        if ((await countOpen(tx, filesOf(run))) > 0) {
          const pause = Math.min(LONGEST_PAUSE_SECONDS, 2 ** look.look);
          await append(tx, [reportEntry({ ...look, look: look.look + 1 }, addSeconds(now, pause))], now);
          return;
        }
        const againAt = await tryAgain(tx, run, municipality, now);
        const figures = await runFigures(tx, run, municipality, settings.failuresListed);
        for (const [id, about] of figures) {
          log.info({ municipality: id, ...about, failures: undefined }, 'renewal run is complete');
          await append(
            tx,
            mailEntries(id, { ...about, againAt }, dependencies.reportAddressesOf(id), now),
            now,
          );
        }
      };
    },
  };
}

async function takeStep(
  { store, settings }: RenewalRunDependencies,
  tx: Tx,
  order: StepPayload,
  now: string,
): Promise<void> {
  const { run, municipality, limit, startedAt, taken } = order;
  // Two runs at once take turns: what one has taken the other sees.
  await nextCount(tx, '', 'renewal-steps');
  const unknown = order.listed ? [] : await contractsWithoutProofs(tx, municipality, PORTION);
  for (const id of unknown) {
    const { contract } = (await store.load(tx, id))!;
    const files = [...contract.documents.map((document) => document.id), CERTIFICATE_PROOF];
    await listUnknownProofs(
      tx,
      files.map((file) => ({ contract: id, file, municipality: contract.municipality })),
    );
  }
  const portion = limit === null ? PORTION : Math.min(PORTION, limit - taken);
  const due = await dueProofs(tx, dueFilter(order, startedAt), portion);
  const replaced = due.flatMap((one) => (one.run === null ? [] : [fileKey(one.run, one.contract, one.file)]));
  await dropParked(tx, replaced, now);
  await takeProofs(tx, run, due);
  const payload = { run, withinDays: order.withinDays };
  const entries = due.map(
    ({ contract, file, municipality: of }, index): OutboxEntry => ({
      key: fileKey(run, contract, file),
      municipality: of,
      contract,
      type: 'renew',
      payload: JSON.stringify({ ...payload, file } satisfies RenewPayload),
      notBefore: addSeconds(startedAt, Math.floor(((taken + index) * 60) / settings.perMinute)),
    }),
  );
  await append(tx, entries, now);
  const total = taken + due.length;
  const more = unknown.length === PORTION || (due.length === PORTION && total !== limit);
  const next = { ...order, step: order.step + 1, taken: total, listed: unknown.length < PORTION };
  // The last file is being renewed when the next one would begin.
  const ended = due.length === 0 ? now : addSeconds(startedAt, Math.ceil((total * 60) / settings.perMinute));
  await append(tx, [more ? stepEntry(next, now) : reportEntry({ ...next, look: 0 }, ended)], now);
}

/** Orders a further run where files wait for their authority's new certificate and the yearly run may come too late. */
async function tryAgain(
  tx: Tx,
  run: string,
  municipality: string | null,
  now: string,
): Promise<string | null> {
  const soonest = await soonestEndIn(tx, run, 'unextendable' satisfies RenewalOutcome);
  if (soonest === null || soonest >= afterDays(now, AGAIN_WITHIN_DAYS)) return null;
  const [first, times = '1'] = run.split('.');
  const startedAt = afterDays(now, AGAIN_AFTER_DAYS);
  const order = {
    run: `${first}.${Number(times) + 1}`,
    withinDays: AGAIN_WITHIN_DAYS,
    municipality,
    limit: null,
  };
  await append(tx, [stepEntry({ ...order, startedAt, ...FIRST_STEP }, startedAt)], now);
  return startedAt;
}

function stepEntry(payload: StepPayload, now: string): OutboxEntry {
  const key = `renewal-step:${payload.run}:${payload.step}`;
  return { ...installationWide('renewal-step', payload), key, notBefore: now };
}

function reportEntry(payload: ReportPayload, notBefore: string): OutboxEntry {
  const { run, look } = payload;
  const key = look === 0 ? reportKey(run) : `${reportKey(run)}:${look}`;
  return { ...installationWide('renewal-report', payload), key, notBefore };
}

function installationWide(type: string, payload: RunOrder) {
  return { municipality: '', contract: null, type, payload: JSON.stringify(payload) };
}

/** One entry for each address: one SMTP transaction per recipient (decided 5). */
function mailEntries(
  municipality: string,
  figures: Omit<RenewalMailPayload, 'recipient'>,
  addresses: readonly string[],
  notBefore: string,
): OutboxEntry[] {
  return addresses.map((_, recipient) => ({
    key: `renewal-mail:${figures.run}:${municipality}:${recipient}`,
    municipality,
    contract: null,
    type: 'renewal-mail',
    payload: JSON.stringify({ ...figures, recipient } satisfies RenewalMailPayload),
    notBefore,
  }));
}

/** Whether the run has put all its files on the outbox and each is settled or set aside. */
export async function isRunComplete(tx: Tx, run: string): Promise<boolean> {
  return (await isDone(tx, reportKey(run))) !== undefined && (await countOpen(tx, filesOf(run))) === 0;
}
