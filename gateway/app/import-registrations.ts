/** Takes a registration feed in (R1–R11), in batches: every row's fate is stored, and a killed run goes on where it was. */
import type { Database, Tx } from '../../storage/database.ts';
import {
  contestedLater,
  dropFatesAfter,
  type FeedRowRecord,
  type FeedRunRecord,
  fatesBetween,
  insertRun,
  saveFates,
  unfinishedRun,
  updateRun,
} from '../../storage/feeds.ts';
import type { MasterKey } from '../../storage/keys.ts';
import { ensure, type OutboxEntry } from '../../storage/outbox.ts';
import { registrationById } from '../../storage/registry.ts';
import {
  type AddressLists,
  type FeedItem,
  type FeedLimits,
  type FeedSource,
  type Form,
  judge,
  type RegistrationRefusal,
  readFeed,
} from '../registration/index.ts';
import { newId } from './accept-message.ts';
import { feedRunOf, type RowBody, type RunBody, referenceHash, rowContext, runContext } from './feed-runs.ts';
import { type Registering, registerBatch, type Said } from './register-batch.ts';
import type { FeedRun, FeedWay, RowFate } from './registration-types.ts';
import { type RegistryRows, registryRows } from './registry-rows.ts';

export interface ImportDependencies {
  readonly database: Database;
  readonly master: MasterKey;
  readonly clock: () => Date;
  readonly settings: ImportSettings;
  /** Rows in one transaction; `BATCH_ROWS` unless a measurement or a test asks for another. */
  readonly batchRows?: number;
}

export interface ImportSettings extends AddressLists {
  /** Version of the explanations that the forms show (R7, R7b); null: they show our page's own. */
  readonly declarationVersion: string | null;
  readonly limits: FeedLimits;
}

export interface Feed {
  /** The municipality's id. */
  readonly municipality: string;
  readonly form: Form;
  /** How it came in, and what that way calls the file: the same again goes on with a run that was killed. */
  readonly origin: { readonly way: FeedWay; readonly reference: string };
  readonly source: FeedSource;
  /** Hears after each batch how many rows are done. */
  readonly onProgress?: (rows: number) => void;
}

/** Rows in one transaction: long enough to be quick, short enough to spare memory and let others write in between. */
const BATCH_ROWS = 200;

type Row = Exclude<FeedItem, { header: readonly string[] }>;

/** Idempotent: a feed taken twice, or once more after a crash, changes nothing. Appends `feed-report` {run} at its end. */
export async function importFeed(dependencies: ImportDependencies, feed: Feed): Promise<FeedRun> {
  const { database, master, clock, settings, batchRows = BATCH_ROWS } = dependencies;
  const rows = registryRows(master);
  const started = await database.transaction((tx) => startRun(tx, rows, feed, clock().toISOString()));
  const run = { ...started, header: null as readonly string[] | null, readable: true, last: 0, done: 0 };
  const counts = { accepted: 0, superseding: 0, pending: 0, refused: 0, unchanged: 0, withdrawn: 0 };
  const settleBatch = async (batch: readonly Row[]): Promise<void> => {
    const now = clock().toISOString();
    const of = { rows, run: run.id, settings, now, ...feed };
    const fates = await database.transaction((tx) => takeBatch(tx, of, started.line, batch));
    for (const fate of fates) counts[fate]++;
    run.last = batch.at(-1)!.line;
    run.done += batch.length;
    feed.onProgress?.(run.done);
  };

  let batch: Row[] = [];
  for await (const item of readFeed(feed.source, feed.form, settings.limits)) {
    if ('header' in item) {
      run.header = item.header;
      continue;
    }
    // Ends before any header: no table of this form.
    if (run.header === null && 'refusals' in item && item.ends) run.readable = false;
    batch.push(item);
    if (batch.length < batchRows) continue;
    await settleBatch(batch);
    batch = [];
  }
  if (batch.length > 0) await settleBatch(batch);
  return database.transaction(async (tx) => {
    const now = clock().toISOString();
    await dropFatesAfter(tx, run.id, run.last);
    for (const fate of await contest(tx, rows, run.id)) {
      counts[fate]--;
      counts.pending++;
    }
    const body: RunBody = { reference: feed.origin.reference, header: run.header ?? [] };
    const end = {
      line: run.last,
      body: rows.seal(body, runContext(run.id)),
      finished_at: now,
      readable: run.readable ? ('yes' as const) : ('no' as const),
      counts: JSON.stringify(counts),
    };
    await updateRun(tx, run.id, end);
    await ensure(tx, reportEntry(feed.municipality, run.id, now), now);
    return feedRunOf(rows, { ...started, ...end });
  });
}

/** Rows that a later transaction of the same run contested: they wait, too. The fates that they had before. */
async function contest(tx: Tx, rows: RegistryRows, run: string): Promise<RowFate[]> {
  const had: RowFate[] = [];
  for (;;) {
    const contested = await contestedLater(tx, run, ['accepted', 'superseding'], BATCH_ROWS);
    if (contested.length === 0) return had;
    const waiting: FeedRowRecord[] = [];
    for (const row of contested) {
      const { receipt_number, asks } = rows.registered((await registrationById(tx, row.registration))!);
      const body: RowBody = { receiptNumber: receipt_number, asks };
      waiting.push({ ...row, fate: 'pending', body: rows.seal(body, rowContext(run, row.line)) });
    }
    await saveFates(tx, waiting);
    had.push(...contested.map(({ fate }) => fate as RowFate));
  }
}

/** The run of this very file that was killed, or a new one. */
async function startRun(
  tx: Tx,
  rows: RegistryRows,
  { municipality, form, origin }: Feed,
  now: string,
): Promise<FeedRunRecord> {
  const reference_hash = referenceHash(rows, municipality, origin.way, origin.reference);
  const which = { municipality, form: form.name, way: origin.way, reference_hash };
  const killed = await unfinishedRun(tx, which);
  if (killed) return killed;
  const rest = { finished_at: null, line: 0, readable: 'yes', counts: '{}', body: null } as const;
  const run = { id: newId(), ...which, started_at: now, ...rest };
  await insertRun(tx, run);
  return run;
}

interface TakingBatch extends Pick<Feed, 'municipality' | 'form'> {
  readonly rows: RegistryRows;
  readonly run: string;
  readonly settings: ImportSettings;
  readonly now: string;
}

/** The fates of these rows; what was done before a kill is left as it was, as long as the file still says the same. */
async function takeBatch(tx: Tx, of: TakingBatch, doneTo: number, batch: readonly Row[]): Promise<RowFate[]> {
  const { rows, run, municipality, form, settings } = of;
  const [first, last] = [batch[0]!.line, batch.at(-1)!.line];
  const stored = first <= doneTo ? await fatesBetween(tx, run, first, last) : [];
  const doneAt = new Map(stored.map((one) => [one.line, one]));
  const came = batch.map((row) => {
    const row_hash = rows.hash('row', municipality, JSON.stringify(row.original));
    const before = doneAt.get(row.line);
    return { row, row_hash, fate: before?.row_hash === row_hash ? (before.fate as RowFate) : null };
  });
  const open = came
    .filter(({ fate }) => fate === null)
    .map(({ row, row_hash }) => ({ row, row_hash, read: read(row, form, settings) }));
  const said = open.flatMap(({ read }) => read.said ?? []);
  const registered = await registerBatch(
    tx,
    { ...of, declarationVersion: settings.declarationVersion },
    said,
  );
  const records = open.map(({ row, row_hash, read }) =>
    recordOf(of, row, row_hash, read, read.said ? registered.shift()! : null),
  );
  await saveFates(tx, records);
  await updateRun(tx, run, { line: Math.max(last, doneTo) });
  const fates = new Map(records.map(({ line, fate }) => [line, fate as RowFate]));
  return came.map(({ row, fate }) => fate ?? fates.get(row.line)!);
}

interface Read {
  readonly receiptNumber: string | null;
  readonly refusals: readonly RegistrationRefusal[];
  /** Null where the row is refused. */
  readonly said: Said | null;
}

function read(row: Row, form: Form, settings: ImportSettings): Read {
  if ('refusals' in row) return { receiptNumber: null, refusals: row.refusals, said: null };
  const judgement = judge(row.cells, form, settings);
  if (judgement.outcome === 'refused') return { ...judgement, said: null };
  if (judgement.outcome === 'withdrawn') {
    const { receiptNumber, appliedAt } = judgement;
    return { receiptNumber, refusals: [], said: { withdrawn: true, receiptNumber, appliedAt } };
  }
  const { registration, asks } = judgement;
  return { receiptNumber: registration.receiptNumber, refusals: [], said: { registration, asks } };
}

function recordOf(
  { rows, run }: TakingBatch,
  { line, original }: Row,
  row_hash: string,
  { receiptNumber, refusals, said }: Read,
  registered: Registering | null,
): FeedRowRecord {
  const fate = registered?.fate ?? 'refused';
  const asks = said && 'asks' in said ? said.asks : [];
  const body: RowBody = {
    receiptNumber,
    ...(registered === null ? { refusals, original } : {}),
    ...(fate === 'pending' ? { asks: asks.length === 0 ? ['contested'] : asks } : {}),
    ...(registered?.late ? { late: true } : {}),
  };
  const { number_hash = null, content_hash = null, registration = null } = registered ?? {};
  // Of what was taken in, the register itself holds everything.
  const silent = !registered?.late && (fate === 'accepted' || fate === 'superseding' || fate === 'unchanged');
  const sealed = silent ? null : rows.seal(body, rowContext(run, line));
  return { run, line, fate, row_hash, number_hash, content_hash, registration, body: sealed };
}

function reportEntry(municipality: string, run: string, now: string): OutboxEntry {
  const key = `feed:${run}:report`;
  return {
    key,
    municipality,
    contract: null,
    type: 'feed-report',
    payload: JSON.stringify({ run }),
    notBefore: now,
  };
}
