/** What became of a feed's rows, as it is stored and reported (R11): figures, fates with their sentences, refused rows to correct. */
import type { Tx } from '../../storage/database.ts';
import {
  type FeedRowRecord,
  type FeedRunRecord,
  fatesOf,
  findRun,
  finishedRun,
} from '../../storage/feeds.ts';
import type { MasterKey } from '../../storage/keys.ts';
import { askSentence, registrationSentence, rowSentences } from '../../templates/registration.ja.ts';
import type { RegistrationRefusal } from '../registration/index.ts';
import { refusedCsv } from '../registration/write.ts';
import type { AskCode, FeedRun, FeedRunRow, FeedWay, RowFate } from './registration-types.ts';
import { type RegistryRows, registryRows } from './registry-rows.ts';

/** Sealed in a run. */
export interface RunBody {
  readonly reference: string;
  readonly header: readonly string[];
}

/** Sealed in a row where there is something to say of it. */
export interface RowBody {
  readonly receiptNumber: string | null;
  readonly refusals?: readonly RegistrationRefusal[];
  /** The row as it came, where it was refused. */
  readonly original?: readonly string[];
  readonly asks?: readonly AskCode[];
  readonly late?: true;
}

export interface FeedRuns {
  find(tx: Tx, id: string): Promise<FeedRun | undefined>;
  /** The first run of what this way calls so, if it came to its end. */
  finished(
    tx: Tx,
    of: { municipality: string; form: string; way: FeedWay; reference: string },
  ): Promise<FeedRun | undefined>;
  /** Lines after `after` in order, `limit` at most; of some fates only where given. */
  rows(
    tx: Tx,
    id: string,
    which: { fates?: readonly RowFate[]; after?: number; limit: number },
  ): Promise<FeedRunRow[]>;
  /** Refused rows with their reasons under the header they came with: to be corrected and sent back; the first `limit`. Null where none was. */
  refusedCsv(tx: Tx, id: string, limit: number): Promise<string | null>;
}

export function feedRuns(master: MasterKey): FeedRuns {
  const rows = registryRows(master);
  return {
    async find(tx, id) {
      const record = await findRun(tx, id);
      return record && feedRunOf(rows, record);
    },
    async finished(tx, { municipality, form, way, reference }) {
      const reference_hash = referenceHash(rows, municipality, way, reference);
      const record = await finishedRun(tx, { municipality, form, way, reference_hash });
      return record && feedRunOf(rows, record);
    },
    async rows(tx, id, which) {
      return (await fatesOf(tx, id, which)).map((record) => runRowOf(record, bodyOf(rows, record)));
    },
    async refusedCsv(tx, id, limit) {
      const run = await findRun(tx, id);
      if (run?.readable !== 'yes' || run.body === null) return null;
      const { header } = feedRunOf(rows, run);
      const refused = (await fatesOf(tx, id, { fates: ['refused'], limit })).flatMap((record) => {
        const body = bodyOf(rows, record);
        const { reasons } = runRowOf(record, body);
        // Where reading ended there is no row.
        return body?.original?.length ? [{ original: body.original, reasons }] : [];
      });
      return refused.length === 0 ? null : refusedCsv(header, refused);
    },
  };
}

export function feedRunOf(rows: RegistryRows, record: FeedRunRecord): FeedRun {
  const body = record.body && (rows.open(record.body, runContext(record.id)) as RunBody);
  return {
    id: record.id,
    municipality: record.municipality,
    form: record.form,
    way: record.way as FeedWay,
    reference: body?.reference ?? '',
    startedAt: record.started_at,
    counts: JSON.parse(record.counts),
    readable: record.readable === 'yes',
    header: body?.header ?? [],
  };
}

/** Names a delivery without telling what it is called. */
export function referenceHash(
  rows: RegistryRows,
  municipality: string,
  way: FeedWay,
  reference: string,
): string {
  return rows.hash('reference', municipality, `${way}\0${reference}`);
}

export function runContext(run: string): string {
  return `feed-run:${run}`;
}

export function rowContext(run: string, line: number): string {
  return `feed-row:${run}:${line}`;
}

function bodyOf(rows: RegistryRows, { run, line, body }: FeedRowRecord): RowBody | null {
  return body && (rows.open(body, rowContext(run, line)) as RowBody);
}

function runRowOf({ line, fate, registration }: FeedRowRecord, body: RowBody | null): FeedRunRow {
  const reasons = [
    ...(body?.refusals ?? []).map(({ code, args }) => registrationSentence(code, args)),
    ...(body?.asks ?? []).map(askSentence),
    ...(body?.late ? [rowSentences.late] : []),
    ...(fate === 'withdrawn' ? [rowSentences.withdrawn] : []),
  ];
  return {
    line,
    fate: fate as RowFate,
    receiptNumber: body?.receiptNumber ?? null,
    reasons,
    registration,
  };
}
