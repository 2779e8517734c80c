/** Imports of registration feeds: one row a run with how far it is, one row each for what became of a line (R11). */
import type { Knex } from 'knex';
import { inStatements, type Tx } from './database.ts';

export interface FeedRunRecord {
  readonly id: string;
  readonly municipality: string;
  readonly form: string;
  readonly way: string;
  readonly reference_hash: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly line: number;
  readonly readable: 'yes' | 'no';
  /** JSON of figures by fate. */
  readonly counts: string;
  readonly body: Uint8Array | null;
}

export interface FeedRowRecord {
  readonly run: string;
  readonly line: number;
  readonly fate: string;
  /** Keyed hash of the row as it came. */
  readonly row_hash: string;
  readonly number_hash: string | null;
  readonly content_hash: string | null;
  readonly registration: number | null;
  readonly body: Uint8Array | null;
}

/** One file, as the way that brought it names it. */
type BroughtFile = Pick<FeedRunRecord, 'municipality' | 'form' | 'way' | 'reference_hash'>;

function runsOf(tx: Tx, { municipality, form, way, reference_hash }: BroughtFile): Knex.QueryBuilder {
  return tx('feed_runs').where({ municipality, form, way, reference_hash });
}

/** The newest run of this file that a kill left unfinished. */
export async function unfinishedRun(tx: Tx, of: BroughtFile): Promise<FeedRunRecord | undefined> {
  return runsOf(tx, of)
    .whereNull('finished_at')
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first();
}

/** The first run of this delivery that came to its end. */
export async function finishedRun(tx: Tx, of: BroughtFile): Promise<FeedRunRecord | undefined> {
  return runsOf(tx, of).whereNotNull('finished_at').orderBy(['started_at', 'id']).first();
}

export async function insertRun(tx: Tx, run: FeedRunRecord): Promise<void> {
  await tx('feed_runs').insert(run);
}

export async function findRun(tx: Tx, id: string): Promise<FeedRunRecord | undefined> {
  return tx('feed_runs').where({ id }).first();
}

export async function updateRun(
  tx: Tx,
  id: string,
  changes: Partial<Pick<FeedRunRecord, 'line' | 'counts' | 'finished_at' | 'readable' | 'body'>>,
): Promise<void> {
  await tx('feed_runs').where({ id }).update(changes);
}

/** What is known of a line already gives way: the file was another one before a kill. */
export async function saveFates(tx: Tx, rows: readonly FeedRowRecord[]): Promise<void> {
  for (const some of inStatements(rows))
    await tx('feed_rows').insert(some).onConflict(['run', 'line']).merge();
}

/** What was stored for the lines from `first` to `last`. */
export async function fatesBetween(
  tx: Tx,
  run: string,
  first: number,
  last: number,
): Promise<Pick<FeedRowRecord, 'line' | 'row_hash' | 'fate'>[]> {
  return tx('feed_rows')
    .select('line', 'row_hash', 'fate')
    .where({ run })
    .whereBetween('line', [first, last]);
}

/** Lines that the file had before a kill, and has no more. */
export async function dropFatesAfter(tx: Tx, run: string, line: number): Promise<void> {
  await tx('feed_rows').where({ run }).where('line', '>', line).delete();
}

/** Lines of a run after `after`, in order; of some fates only where given. */
export async function fatesOf(
  tx: Tx,
  run: string,
  { fates, after = 0, limit }: { fates?: readonly string[]; after?: number; limit: number },
): Promise<FeedRowRecord[]> {
  const query = tx('feed_rows').where({ run }).where('line', '>', after).orderBy('line').limit(limit);
  return fates === undefined ? query : query.whereIn('fate', [...fates]);
}

/** Rows with a fate among `taken` whose registration waits by now: a later row contested it. */
export async function contestedLater(
  tx: Tx,
  run: string,
  taken: readonly string[],
  limit: number,
): Promise<(FeedRowRecord & { readonly registration: number })[]> {
  return tx('feed_rows')
    .select('feed_rows.*')
    .join('registry', 'registry.id', 'feed_rows.registration')
    .where('feed_rows.run', run)
    .whereIn('feed_rows.fate', [...taken])
    .where('registry.state', 'pending')
    .whereNotNull('registry.body')
    .orderBy('feed_rows.line')
    .limit(limit);
}

/** Finished before `before`, and still holding what the files said. */
export async function runsWithBodies(tx: Tx, before: string, limit: number): Promise<string[]> {
  return tx('feed_runs')
    .where('started_at', '<', before)
    .whereNotNull('finished_at')
    .whereNotNull('body')
    .orderBy('id')
    .limit(limit)
    .pluck('id');
}

/** Figures and fates stay. */
export async function eraseRun(tx: Tx, id: string): Promise<void> {
  await tx('feed_rows').where({ run: id }).whereNotNull('body').update({ body: null });
  await tx('feed_runs').where({ id }).update({ body: null });
}
