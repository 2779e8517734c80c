// The rules of a vendor's registration (R1–R3, R7b, R9): rows of the feed become registrations or refusals, row by row.
import { isMailAddress, normaliseAddress } from '../mail/address.ts';
import { readAppliedAt } from './applied-at.ts';
import { type Cells, COLUMNS, type Column } from './columns.ts';
import type { FeedRow } from './csv.ts';
import { presetForm } from './forms.ts';
import { type Layout, readCells, readHeader } from './layout.ts';
import type { RegistrationRefusal } from './refusals.ts';

/** What a vendor registered through the form; addresses are normalised, `title` and `section` may be ''. */
export interface Registration {
  readonly receiptNumber: string;
  readonly appliedAt: Date;
  readonly company: string;
  readonly place: string;
  readonly signatory: { readonly title: string; readonly name: string; readonly address: string };
  readonly checker: { readonly name: string; readonly address: string } | null;
  readonly phone: string;
  readonly title: string;
  readonly section: string;
  readonly remarks: string;
  /** The vendor's consent to electronic contracting itself (建設業法19条3項); rows without it are refused. */
  readonly consentedToElectronic: boolean;
}

/** A row that may be registered. */
export interface AcceptedRow {
  /** Line of the file, 1 is the header. */
  readonly line: number;
  readonly registration: Registration;
}

/** A row that was not taken; one row can have several reasons, each stands on its own. */
export interface RefusedRow {
  readonly line: number;
  /** Null where the row has none, or cannot be told apart into values. */
  readonly receiptNumber: string | null;
  readonly reason: RegistrationRefusal;
}

/** Every row's outcome. */
export interface FeedReport {
  readonly accepted: readonly AcceptedRow[];
  readonly refused: readonly RefusedRow[];
}

const REQUIRED: readonly Column[] = [
  'receiptNumber',
  'appliedAt',
  'company',
  'signatoryTitle',
  'signatoryName',
  'signatoryAddress',
  'phone',
];

const DECLARATIONS = new Set(['同意する', '同意します', '同意', 'はい', '○', '〇']);

/** Reads a decoded feed, header first; `perContract` (R3) also wants 契約件名. A header that does not fit refuses the feed. */
export function readRegistrations(
  rows: readonly FeedRow[],
  signatoryModel: 'standing' | 'perContract' = 'perContract',
): FeedReport {
  const [header, ...body] = rows;
  if (!header) return noFeed(1, [{ code: 'no-header', args: {} }]);
  const columns = readHeader(header.cells, presetForm('標準'));
  if ('refusals' in columns) return noFeed(header.line, columns.refusals);
  const required = signatoryModel === 'perContract' ? [...REQUIRED, 'title' as const] : REQUIRED;
  const accepted: AcceptedRow[] = [];
  const refused: RefusedRow[] = [];
  /** Line of each accepted receipt number: a refused row does not stand in the way of its correction. */
  const lineOf = new Map<string, number>();
  for (const row of body) {
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    const { line } = row;
    const outcome = readRow(row, header.cells.length, columns.layout, required, lineOf);
    if ('registration' in outcome) accepted.push({ line, ...outcome });
    else
      refused.push(
        ...outcome.reasons.map((reason) => ({ line, receiptNumber: outcome.receiptNumber, reason })),
      );
  }
  return { accepted, refused };
}

function noFeed(line: number, reasons: readonly RegistrationRefusal[]): FeedReport {
  return { accepted: [], refused: reasons.map((reason) => ({ line, receiptNumber: null, reason })) };
}

function readRow(
  row: FeedRow,
  width: number,
  layout: Layout,
  required: readonly Column[],
  lineOf: Map<string, number>,
):
  | { registration: Registration }
  | { receiptNumber: string | null; reasons: readonly RegistrationRefusal[] } {
  if (row.cells.length !== width) {
    const args = { found: String(row.cells.length), expected: String(width) };
    return { receiptNumber: null, reasons: [{ code: 'wrong-cell-count', args }] };
  }
  const cells = readCells(row.cells, layout);
  const registration = toRegistration(cells);
  const { receiptNumber } = registration;
  const reasons = refusalsOf(cells, registration, required);
  const earlier = lineOf.get(receiptNumber);
  if (earlier !== undefined) {
    reasons.push({ code: 'repeated-receipt-number', args: { receiptNumber, line: String(earlier) } });
  }
  const { appliedAt } = registration;
  if (reasons.length > 0 || appliedAt === null) return { receiptNumber: receiptNumber || null, reasons };
  lineOf.set(receiptNumber, row.line);
  return { registration: { ...registration, appliedAt } };
}

function toRegistration(cells: Cells): Omit<Registration, 'appliedAt'> & { appliedAt: Date | null } {
  const hasChecker = cells.checkerName !== '' || cells.checkerAddress !== '';
  return {
    receiptNumber: cells.receiptNumber.normalize('NFKC'),
    appliedAt: readAppliedAt(cells.appliedAt),
    company: cells.company,
    place: cells.place,
    signatory: {
      title: cells.signatoryTitle,
      name: cells.signatoryName,
      address: normaliseAddress(cells.signatoryAddress),
    },
    checker: hasChecker ? { name: cells.checkerName, address: normaliseAddress(cells.checkerAddress) } : null,
    phone: cells.phone.normalize('NFKC'),
    title: cells.title,
    section: cells.section,
    remarks: cells.remarks,
    consentedToElectronic: DECLARATIONS.has(cells.consent.normalize('NFKC')),
  };
}

function refusalsOf(
  cells: Cells,
  { appliedAt, signatory, checker, consentedToElectronic }: ReturnType<typeof toRegistration>,
  required: readonly Column[],
): RegistrationRefusal[] {
  const refusals: RegistrationRefusal[] = required
    .filter((column) => cells[column] === '')
    .map((column) => ({ code: 'missing-value', args: { column: COLUMNS[column] } }));
  if (appliedAt === null && cells.appliedAt !== '') {
    refusals.push({ code: 'bad-applied-at', args: { column: COLUMNS.appliedAt, value: cells.appliedAt } });
  }
  for (const column of ['signatoryAddress', 'checkerAddress'] as const) {
    if (cells[column] === '' || isMailAddress(normaliseAddress(cells[column]))) continue;
    refusals.push({ code: 'bad-address', args: { column: COLUMNS[column], value: cells[column] } });
  }
  if (checker) {
    for (const column of ['checkerName', 'checkerAddress'] as const) {
      if (cells[column] !== '') continue;
      refusals.push({ code: 'incomplete-checker', args: { column: COLUMNS[column] } });
    }
    if (checker.address !== '' && checker.address === signatory.address) {
      refusals.push({ code: 'same-address', args: { address: signatory.address } });
    }
  }
  if (!consentedToElectronic) {
    refusals.push({ code: 'no-declaration', args: { column: COLUMNS.consent, value: cells.consent } });
  }
  return refusals;
}
