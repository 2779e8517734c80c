/** `keiyakubin renew`: orders a run that renews the proof of executed files before it ends (R56). The gateway does the work. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from '../../storage/database.ts';
import { contractsWithoutProofs, countDue, countRun } from '../../storage/proofs.ts';
import { renewalSentences } from '../../templates/renewal.ja.ts';
import type { Config } from '../config.ts';
import { totals } from '../jobs/renewal-figures.ts';
import { dueFilter, isRunComplete, orderRun } from '../jobs/renewal-run.ts';
import type { CommandIo } from './io.ts';

export interface RenewOptions {
  readonly config: Config;
  /** Says what is due and orders nothing. */
  readonly dryRun: boolean;
  /** Days to look ahead; `signing.renewal.withinDays` when absent. */
  readonly within?: unknown;
  readonly municipality?: string | undefined;
  /** Files at most. */
  readonly limit?: unknown;
  /** Follows the run to its end. */
  readonly wait: boolean;
  readonly json: boolean;
}

const LOOK_MS = 1000;
/** As far as the setting goes, and dates with it. */
const MOST_DAYS = 36_500;

/** Exit code: 0 done or ordered, 1 some could not be renewed (with `wait`), 2 wrong use. */
export async function renewProofs(options: RenewOptions, io: CommandIo): Promise<number> {
  const { config, json } = options;
  const municipality = options.municipality ?? null;
  if (municipality !== null && !config.municipalities.some(({ id }) => id === municipality)) {
    io.err(renewalSentences.noMunicipality(municipality));
    return 2;
  }
  const withinDays =
    options.within === undefined ? config.signing.renewal.withinDays : Number(String(options.within));
  const limit = options.limit === undefined ? null : Number(String(options.limit));
  for (const [option, value] of [['--within', withinDays] as const, ['--limit', limit ?? 1] as const]) {
    if (Number.isSafeInteger(value) && value > 0 && (option === '--limit' || value <= MOST_DAYS)) continue;
    io.err(renewalSentences.noCount(option));
    return 2;
  }
  const say = json ? () => {} : io.out;
  const database = await openDatabase(config);
  try {
    const now = new Date().toISOString();
    const due = await countDue(database.knex, dueFilter({ withinDays, municipality }, now));
    const unknown = (await contractsWithoutProofs(database.knex, municipality, Number.MAX_SAFE_INTEGER))
      .length;
    for (const of of due) say(renewalSentences.due(of));
    if (unknown > 0) say(renewalSentences.unknown(unknown));
    const nothing = due.length === 0 && unknown === 0;
    if (nothing) say(renewalSentences.nothingDue);
    if (nothing || options.dryRun) {
      if (json) io.out(JSON.stringify({ run: null, due, unknown, outcome: null }));
      return 0;
    }
    const run = await database.transaction((tx) => orderRun(tx, { withinDays, municipality, limit }, now));
    say(renewalSentences.ordered(run));
    const outcome = options.wait ? await followed(database, run, say) : null;
    say(outcome ? renewalSentences.outcome(outcome) : renewalSentences.howToFollow);
    if (json) io.out(JSON.stringify({ run, due, unknown, outcome }));
    return outcome && outcome.failed > 0 ? 1 : 0;
  } finally {
    await database.close();
  }
}

/** Says how far the run is whenever that changes, until every file is settled. */
async function followed({ knex }: Database, run: string, say: (line: string) => void) {
  for (let said = ''; ; ) {
    const complete = await isRunComplete(knex, run);
    const now = totals(await countRun(knex, run));
    const line = renewalSentences.progress(run, now.files - now.open, now.files);
    if (line !== said) say(line);
    said = line;
    // What is still open then was set aside before it could say why.
    if (complete) return { ...now, open: 0, failed: now.failed + now.open };
    await pause(LOOK_MS);
  }
}
