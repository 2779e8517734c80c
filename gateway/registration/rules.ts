// The rules of a vendor's registration (R2, R4–R7b, R9): a row as understood becomes a registration, a withdrawal or refusals.
import { isUnder, probablyMeant, registeredAddress } from './addresses.ts';
import { readAppliedAt } from './applied-at.ts';
import { type Cells, COLUMNS, type Column, ESSENTIAL_COLUMNS } from './columns.ts';
import { type Form, statusOf } from './forms.ts';
import type { RegistrationRefusal } from './refusals.ts';
import { unguarded } from './write.ts';

/** What a vendor registered through the form; addresses are in their one spelling, what was left empty is ''. */
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
  /** 個人 (R6). */
  readonly individual: boolean;
  /** 「電子契約への同意」 (R7b); false only where the form does not ask. */
  readonly consentedToElectronic: boolean;
  /** That a contract from this address counts as the representative's (R7); false where the form did not ask. */
  readonly representationAccepted: boolean;
  /** Columns the form says to keep. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Why a registration waits for staff. */
export type AskCode = 'free-mail' | 'carrier-mail' | 'unusual-domain' | 'change-of-address';

export type Judgement =
  | { readonly outcome: 'registration'; readonly registration: Registration; readonly asks: AskCode[] }
  /** 取下げ or 却下. */
  | { readonly outcome: 'withdrawn'; readonly receiptNumber: string; readonly appliedAt: Date }
  | {
      readonly outcome: 'refused';
      /** Null where the row has none. */
      readonly receiptNumber: string | null;
      readonly refusals: readonly RegistrationRefusal[];
    };

/** Domains that belong to no company, subdomains included (R5). */
export interface AddressLists {
  readonly freeMailDomains: readonly string[];
  readonly carrierDomains: readonly string[];
}

const AGREED = new Set([
  '同意する',
  '同意します',
  '同意',
  '同意済',
  'はい',
  '承諾する',
  '承諾します',
  '確認しました',
  '○',
  '〇',
  '◯',
]);

/** R4; half-width kana, a missing の and blanks are forgiven. */
const CHANGE = /アドレス(?:の|を)?(?:変更|訂正|修正)/;
const NO_REASON = /^(?:特に)?(?:なし|無し|ない|無|ありません)?$/;

/** One row on its own: what others say does not matter here. */
export function judge(written: Cells, form: Form, lists: AddressLists): Judgement {
  const cells = withoutGuards(written);
  const receiptNumber = cells.receiptNumber.normalize('NFKC');
  const appliedAt = readAppliedAt(cells.appliedAt);
  const status = statusOf(form, cells.status);
  if (status === 'withdrawn' || status === 'rejected') {
    if (receiptNumber !== '' && appliedAt) return { outcome: 'withdrawn', receiptNumber, appliedAt };
  }
  const refusals: RegistrationRefusal[] = [];
  if (status === null) {
    refusals.push({ code: 'unknown-status', args: { column: nameOf(form, 'status'), value: cells.status } });
  }
  if (status === 'waiting') {
    refusals.push({ code: 'not-accepted-yet', args: { value: cells.status } });
  }
  const registration = registrationOf(cells, form, receiptNumber);
  refusals.push(...missing(cells, form, registration.individual));
  if (appliedAt === null && cells.appliedAt !== '') {
    refusals.push({
      code: 'bad-applied-at',
      args: { column: nameOf(form, 'appliedAt'), value: cells.appliedAt },
    });
  }
  refusals.push(...checkerFaults(cells, form, registration), ...declarationFaults(cells, form, registration));
  const asks = new Set<AskCode>();
  for (const column of ['signatoryAddress', 'checkerAddress'] as const) {
    const finding = addressFinding(cells, column, form, registration, lists);
    if (typeof finding === 'string') asks.add(finding);
    else if (finding) refusals.push(finding);
  }
  if (CHANGE.test(foldRemarks(cells.remarks))) asks.add('change-of-address');
  if (refusals.length > 0 || appliedAt === null) {
    return { outcome: 'refused', receiptNumber: receiptNumber || null, refusals };
  }
  return { outcome: 'registration', registration: { ...registration, appliedAt }, asks: [...asks] };
}

/** Rows that were sent back to be corrected carry the marks that kept them from running as formulas. */
function withoutGuards(cells: Cells): Cells {
  const entries = Object.entries(cells).map(([column, value]) => [
    column,
    typeof value === 'string' ? unguarded(value).trim() : value,
  ]);
  return Object.fromEntries(entries) as Cells;
}

function registrationOf(cells: Cells, form: Form, receiptNumber: string): Omit<Registration, 'appliedAt'> {
  const hasChecker = cells.checkerName !== '' || cells.checkerAddress !== '';
  const entity = cells.entity.normalize('NFKC');
  return {
    receiptNumber,
    company: cells.company,
    place: cells.place,
    signatory: {
      title: cells.signatoryTitle,
      name: cells.signatoryName,
      address: registeredAddress(cells.signatoryAddress),
    },
    checker: hasChecker
      ? { name: cells.checkerName, address: registeredAddress(cells.checkerAddress) }
      : null,
    phone: cells.phone.normalize('NFKC'),
    title: cells.title,
    section: cells.section || (form.section ?? ''),
    remarks: cells.remarks,
    individual: entity.includes('個人') && !entity.includes('法人'),
    consentedToElectronic: isAgreed(cells.consent),
    representationAccepted: isAgreed(cells.representation),
    extra: cells.extra,
  };
}

function missing(cells: Cells, form: Form, individual: boolean): RegistrationRefusal[] {
  // What a form does not ask at all, nobody can fill in; without number, time, names and address there is no registration.
  const asked: readonly Column[] = [
    'phone',
    ...(individual ? [] : (['signatoryTitle'] as const)),
    ...(form.model === 'perContract' ? (['title'] as const) : []),
  ];
  const required = [...ESSENTIAL_COLUMNS, ...asked.filter((column) => form.fields[column].length > 0)];
  return required
    .filter((column) => cells[column] === '')
    .map((column) => ({ code: 'missing-value', args: { column: nameOf(form, column) } }));
}

function checkerFaults(
  cells: Cells,
  form: Form,
  { checker, signatory }: Omit<Registration, 'appliedAt'>,
): RegistrationRefusal[] {
  if (!checker) return [];
  const empty = (['checkerName', 'checkerAddress'] as const).filter((column) => cells[column] === '');
  const faults: RegistrationRefusal[] = empty.map((column) => ({
    code: 'incomplete-checker',
    args: { column: nameOf(form, column) },
  }));
  if (checker.address !== '' && checker.address === signatory.address) {
    faults.push({ code: 'same-address', args: { address: signatory.address } });
  }
  return faults;
}

function declarationFaults(
  cells: Cells,
  form: Form,
  { consentedToElectronic, representationAccepted }: Omit<Registration, 'appliedAt'>,
): RegistrationRefusal[] {
  const faults: RegistrationRefusal[] = [];
  if (form.fields.consent.length > 0 && !consentedToElectronic) {
    const args = { column: nameOf(form, 'consent'), value: cells.consent };
    faults.push({ code: 'no-declaration', args });
  }
  // Left empty it is asked on the page that confirms the address.
  if (cells.representation !== '' && !representationAccepted) {
    const args = { column: nameOf(form, 'representation'), value: cells.representation };
    faults.push({ code: 'no-declaration', args });
  }
  return faults;
}

/** What speaks against an address, or what staff are to be asked of it. */
function addressFinding(
  cells: Cells,
  column: 'signatoryAddress' | 'checkerAddress',
  form: Form,
  { individual }: Omit<Registration, 'appliedAt'>,
  { freeMailDomains, carrierDomains }: AddressLists,
): RegistrationRefusal | AskCode | null {
  const value = cells[column];
  if (value === '') return null;
  const address = registeredAddress(value);
  const args = { column: nameOf(form, column), value };
  if (address === '') return { code: 'bad-address', args };
  const meant = probablyMeant(address);
  if (meant !== null) {
    // Whoever writes the domain once more into 備考 means it.
    const domain = address.slice(address.lastIndexOf('@') + 1);
    if (cells.remarks.normalize('NFKC').toLowerCase().includes(domain)) return 'unusual-domain';
    return { code: 'mistyped-address', args: { ...args, meant } };
  }
  if (individual) return null;
  const kind = isUnder(address, freeMailDomains)
    ? 'free-mail'
    : isUnder(address, carrierDomains)
      ? 'carrier-mail'
      : null;
  if (kind === null) return null;
  return hasReason(cells.remarks) ? kind : { code: kind, args };
}

/** 備考 says something beyond the words that ask for a change. */
function hasReason(remarks: string): boolean {
  const rest = foldRemarks(remarks)
    .replace(
      /(?:e-?メール|電子メール|メール)?アドレス(?:の|を)?(?:変更|訂正|修正)(?:申請|届|依頼|希望)?/g,
      '',
    )
    .replace(/[\p{P}\p{S}]/gu, '');
  return !NO_REASON.test(rest);
}

function foldRemarks(remarks: string): string {
  return remarks
    .normalize('NFKC')
    .replace(/[\s\u200b]/g, '')
    .replace(/[‐‑‒–—−]/g, '-')
    .toLowerCase();
}

function isAgreed(value: string): boolean {
  const folded = value.normalize('NFKC').replace(/\s/g, '').toLowerCase();
  return AGREED.has(folded) || AGREED.has(folded.replace(/[。.]$/, ''));
}

/** The column as this form calls it. */
function nameOf(form: Form, column: Column): string {
  return form.fields[column][0] ?? COLUMNS[column];
}
