/** Takes a registration feed in (R1–R4): every row's fate is reported, an address is never overwritten silently. */
import { createHash } from 'node:crypto';
import type { Database, Tx } from '../../storage/database.ts';
import { type NewRegistration, registrationsUnder, saveRegistration } from '../../storage/registrations.ts';
import { registrationSentence } from '../../templates/registration.ja.ts';
import {
  type AcceptedRow,
  decodeCsv,
  type FeedEncoding,
  type RefusedRow,
  type Registration,
  type RegistrationRefusal,
  readRegistrations,
} from '../registration/index.ts';
import { stringify } from './canonical.ts';

export interface ImportDependencies {
  readonly database: Database;
  readonly clock: () => Date;
}

export interface Feed {
  /** The municipality's id. */
  readonly municipality: string;
  /** Name of the e-application form; 整理番号 are unique within one. */
  readonly form: string;
  readonly bytes: Uint8Array;
  readonly signatoryModel: 'standing' | 'perContract';
}

/** What became of a row; `superseding` replaced older content of the same 整理番号. */
export type RowFate = 'new' | 'superseding' | 'unchanged' | 'refused';

export interface ImportedRow {
  /** Line of the file, 1 is the header. */
  readonly line: number;
  readonly fate: RowFate;
  readonly receiptNumber: string | null;
  /** Japanese sentences for staff; empty unless refused. */
  readonly reasons: readonly string[];
}

export interface ImportReport {
  /** Null when the file is no CSV with the columns of a feed; nothing has been taken then. */
  readonly encoding: FeedEncoding | null;
  /** In the file's order. */
  readonly rows: readonly ImportedRow[];
  readonly counts: Readonly<Record<RowFate, number>>;
}

/** Rows saved in one transaction: long enough to be quick, short enough to let others write in between. */
const BATCH_ROWS = 200;

/** Idempotent: a feed taken twice, or once more after a crash, changes nothing. */
export async function importRegistrations(
  { database, clock }: ImportDependencies,
  { municipality, form, bytes, signatoryModel }: Feed,
): Promise<ImportReport> {
  const feed = decodeCsv(bytes);
  if ('reason' in feed) return report(null, [refusedRow(feed.line, null, [feed.reason])]);
  const { accepted, refused } = readRegistrations(feed.rows, signatoryModel);
  const rows = byLine(refused);
  const header = feed.rows[0]?.line ?? 1;
  if (refused.some(({ line }) => line === header)) return report(null, rows);
  const importedAt = clock().toISOString();
  for (let from = 0; from < accepted.length; from += BATCH_ROWS) {
    const saved = await database.transaction(async (tx) => {
      const outcomes: ImportedRow[] = [];
      for (const row of accepted.slice(from, from + BATCH_ROWS)) {
        outcomes.push(await save(tx, row, toRow(row.registration, municipality, form, importedAt)));
      }
      return outcomes;
    });
    rows.push(...saved);
  }
  return report(feed.encoding, rows);
}

async function save(tx: Tx, { line }: AcceptedRow, row: NewRegistration): Promise<ImportedRow> {
  const receiptNumber = row.receipt_number;
  const earlier = await registrationsUnder(tx, row);
  const known = earlier.some(({ content_hash }) => content_hash === row.content_hash);
  const inForce = earlier.find(({ superseded_at }) => superseded_at === null);
  if (!known && inForce && inForce.signatory_address !== row.signatory_address) {
    const args = { receiptNumber, address: inForce.signatory_address };
    return refusedRow(line, receiptNumber, [{ code: 'other-address', args }]);
  }
  return { line, fate: await saveRegistration(tx, row), receiptNumber, reasons: [] };
}

function toRow(
  registration: Registration,
  municipality: string,
  form: string,
  importedAt: string,
): NewRegistration {
  const { signatory, checker } = registration;
  return {
    municipality,
    form,
    receipt_number: registration.receiptNumber,
    content_hash: createHash('sha256').update(stringify(registration)).digest('hex'),
    applied_at: registration.appliedAt.toISOString(),
    imported_at: importedAt,
    company: registration.company,
    place: registration.place,
    signatory_title: signatory.title || null,
    signatory_name: signatory.name,
    signatory_address: signatory.address,
    checker_name: checker?.name ?? null,
    checker_address: checker?.address ?? null,
    phone: registration.phone,
    title: registration.title || null,
    section: registration.section || null,
    remarks: registration.remarks || null,
  };
}

/** One entry a row: a row's reasons stand together. */
function byLine(refused: readonly RefusedRow[]): ImportedRow[] {
  const lines = [...new Set(refused.map(({ line }) => line))];
  return lines.map((line) => {
    const ofLine = refused.filter((row) => row.line === line);
    return refusedRow(
      line,
      ofLine[0]!.receiptNumber,
      ofLine.map(({ reason }) => reason),
    );
  });
}

function refusedRow(
  line: number,
  receiptNumber: string | null,
  reasons: readonly RegistrationRefusal[],
): ImportedRow {
  const sentences = reasons.map(({ code, args }) => registrationSentence(code, args));
  return { line, fate: 'refused', receiptNumber, reasons: sentences };
}

function report(encoding: FeedEncoding | null, rows: readonly ImportedRow[]): ImportReport {
  const counts = { new: 0, superseding: 0, unchanged: 0, refused: 0 };
  for (const { fate } of rows) counts[fate]++;
  return { encoding, rows: [...rows].sort((a, b) => a.line - b.line), counts };
}
