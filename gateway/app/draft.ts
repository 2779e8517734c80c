/** From what a contract mail says to a Draft: people found in the registrations, documents inspected and stored; or every problem at once. */
import { Readable } from 'node:stream';
import type { BlobOwner, Blobs } from '../../storage/blobs/blobs.ts';
import type { Tx } from '../../storage/database.ts';
import {
  findRegistrations,
  type RegistrationKey,
  type RegistrationRow,
} from '../../storage/registrations.ts';
import type { ContractDocument, Draft, Initiator, Person } from '../contract/contract.ts';
import { addDays, jstDate } from '../contract/jst.ts';
import type { ContractFields, Person as NamedPerson } from '../mail/contract-mail.ts';
import type { MailProblem } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import { normaliseAddress } from '../registration/address.ts';

/** What an inspection of an uploaded PDF says; signing's inspect() satisfies it. */
export type InspectPdf = (
  content: Uint8Array,
) => Promise<
  | { readonly ok: true; readonly pages: number; readonly size: number; readonly sha256: string }
  | { readonly ok: false; readonly code: string; readonly detail: string }
>;

export interface DraftProblem {
  readonly code: MailProblem['code'] | ResolutionCode | `pdf-refused:${string}`;
  readonly args: Readonly<Record<string, string>>;
}

type ResolutionCode =
  | 'not-registered'
  | 'ambiguous-registration'
  | 'same-address'
  | 'approver-not-staff'
  | 'approver-is-initiator'
  | 'deadline-past'
  | 'too-many-documents'
  | 'too-large';

/** The municipality as far as a draft depends on it. */
export interface DraftMunicipality {
  readonly id: string;
  readonly formUrl: string | null;
  readonly staff: {
    readonly domains: readonly string[];
    readonly members: readonly { address: string; name: string; section: string; phone: string }[];
  };
}

export interface DraftSettings {
  readonly deadlineDays: number;
  readonly maxDocuments: number;
  readonly maxTotalOctets: number;
  readonly approverMustDiffer: boolean;
}

export interface DraftInput {
  readonly municipality: DraftMunicipality;
  readonly fields: ContractFields;
  readonly initiator: Initiator;
  /** PDFs of the mail, in its order. */
  readonly attachments: readonly Attachment[];
  /** Documents that are already stored and stay (a correction by reply). */
  readonly kept: Draft['documents'];
  readonly owner: BlobOwner;
  /** ISO UTC. */
  readonly now: string;
}

export interface DraftDependencies {
  readonly tx: Tx;
  readonly blobs: Blobs;
  readonly inspect: InspectPdf;
  readonly settings: DraftSettings;
}

export async function resolveDraft(
  dependencies: DraftDependencies,
  input: DraftInput,
): Promise<{ draft: Draft } | { problems: DraftProblem[] }> {
  const { fields, initiator, now } = input;
  const { settings } = dependencies;
  const problems: DraftProblem[] = [];
  const today = jstDate(now);

  const steps = await resolveSteps(dependencies, input, problems);
  const observers = await resolveObservers(dependencies, input, problems);
  const documents = await resolveDocuments(dependencies, input, problems);

  if (fields.deadline !== null && fields.deadline < today) problems.push({ code: 'deadline-past', args: {} });
  const planned = fields.plannedDate;
  const deadline =
    fields.deadline ??
    (planned !== null && planned >= today ? planned : addDays(today, settings.deadlineDays));

  if (fields.title === null) problems.push({ code: 'missing-title', args: {} });
  if (problems.length > 0 || fields.title === null) return { problems: unique(problems) };
  return {
    draft: {
      kind: fields.kind ?? 'contract',
      title: fields.title,
      terms: {
        amountYen: fields.amount?.yen ?? null,
        amountTax: fields.amount?.tax ?? null,
        plannedDate: planned,
        effectiveDate: fields.effectiveDate,
        periodFrom: fields.term?.from ?? null,
        periodTo: fields.term?.to ?? null,
        contractNumber: fields.contractNumber,
        approvalNumber: fields.approvalNumber,
        bond: fields.guarantee,
        message: fields.note,
      },
      initiator,
      steps: steps.map((step, index) => ({ participant: `step-${index + 1}`, ...step })),
      observers,
      documents,
      deadline,
      warnings: planned !== null && planned < today ? ['planned-date-past'] : [],
    },
  };
}

type ResolvedStep = Omit<Draft['steps'][number], 'participant'>;

async function resolveSteps(
  dependencies: DraftDependencies,
  input: DraftInput,
  problems: DraftProblem[],
): Promise<ResolvedStep[]> {
  const { fields } = input;
  const signatory =
    fields.counterparty &&
    (await registered(dependencies, input, fields.counterparty, 'signatory', problems));
  const checker =
    fields.checker && (await registered(dependencies, input, fields.checker, 'checker', problems));
  if (fields.counterparty === null) problems.push({ code: 'missing-counterparty', args: {} });
  if (checker && signatory && checker.person.address === signatory.person.address) {
    problems.push({ code: 'same-address', args: {} });
  }
  const approver = fields.kind === 'acknowledgement' ? null : resolveApprover(dependencies, input, problems);
  return [checker, signatory, approver].filter((step) => step !== null);
}

/** R1: a vendor's person comes from a registration in force, never from the mail. */
async function registered(
  { tx }: DraftDependencies,
  { municipality }: DraftInput,
  named: NamedPerson,
  role: 'signatory' | 'checker',
  problems: DraftProblem[],
): Promise<ResolvedStep | null> {
  const value = named.receiptNumber ?? named.address ?? named.company ?? named.name ?? '';
  const rows = await findRegistrations(tx, municipality.id, keyOf(named, value));
  const people = rows.flatMap((row) => personIn(row, role, named) ?? []);
  const addresses = new Set(people.map(({ person }) => person.address));
  if (addresses.size > 1) {
    const choices = people.map((step) => `整理番号${step.receiptNumber}`).join('、');
    problems.push({ code: 'ambiguous-registration', args: { value, choices } });
    return null;
  }
  const [newest] = people;
  if (!newest) {
    problems.push({ code: 'not-registered', args: { value, formUrl: municipality.formUrl ?? '' } });
    return null;
  }
  return { role, ...newest };
}

function keyOf(named: NamedPerson, value: string): RegistrationKey {
  if (named.receiptNumber !== undefined) return { receiptNumber: named.receiptNumber };
  if (named.address !== undefined) return { address: normaliseAddress(named.address) };
  return { company: value };
}

function personIn(
  row: RegistrationRow,
  role: 'signatory' | 'checker',
  named: NamedPerson,
): Omit<ResolvedStep, 'role'> | null {
  const person: Person | null =
    role === 'signatory'
      ? {
          name: row.signatory_name,
          address: row.signatory_address,
          title: row.signatory_title,
          company: row.company,
        }
      : row.checker_address === null
        ? null
        : { name: row.checker_name ?? '', address: row.checker_address, title: null, company: row.company };
  if (!person) return null;
  if (named.address !== undefined && person.address !== normaliseAddress(named.address)) return null;
  return {
    person,
    receiptNumber: row.receipt_number,
    phone: row.phone,
    registration: row.confirmed_at === null ? 'registered' : 'confirmed',
  };
}

function resolveApprover(
  { settings }: DraftDependencies,
  { fields, municipality, initiator }: DraftInput,
  problems: DraftProblem[],
): ResolvedStep | null {
  const named = fields.approver;
  if (named === null) {
    problems.push({ code: 'missing-approver', args: {} });
    return null;
  }
  const person = staffPerson(municipality, named);
  if (!person) {
    problems.push({ code: 'approver-not-staff', args: { address: named.address ?? named.name ?? '' } });
    return null;
  }
  if (settings.approverMustDiffer && person.address === initiator.address) {
    problems.push({ code: 'approver-is-initiator', args: {} });
  }
  return { role: 'approver', person, receiptNumber: null, phone: null, registration: null };
}

/** A staff member by address, or by a name that only one of the known members has. */
function staffPerson({ staff }: DraftMunicipality, named: NamedPerson): Person | null {
  const address = named.address === undefined ? undefined : normaliseAddress(named.address);
  const byName = staff.members.filter(({ name }) => name === named.name);
  const member =
    staff.members.find((known) => known.address === address) ??
    (address === undefined && byName.length === 1 ? byName[0] : undefined);
  const domain = address?.slice(address.lastIndexOf('@') + 1);
  if (!member && (domain === undefined || !staff.domains.includes(domain))) return null;
  return {
    name: named.name ?? member?.name ?? '',
    address: member?.address ?? address!,
    title: named.title ?? null,
    company: null,
  };
}

/** Observers receive the executed contract: only staff and registered addresses may. */
async function resolveObservers(
  { tx }: DraftDependencies,
  { fields, municipality }: DraftInput,
  problems: DraftProblem[],
): Promise<Person[]> {
  const observers: Person[] = [];
  for (const named of fields.observers) {
    const staff = staffPerson(municipality, named);
    const value = named.address ?? named.name ?? '';
    const [row] =
      staff || named.address === undefined
        ? []
        : await findRegistrations(tx, municipality.id, { address: normaliseAddress(named.address) });
    if (staff) observers.push(staff);
    else if (row)
      observers.push({
        name: named.name ?? '',
        address: normaliseAddress(value),
        title: named.title ?? null,
        company: row.company,
      });
    else problems.push({ code: 'not-registered', args: { value, formUrl: municipality.formUrl ?? '' } });
  }
  return observers;
}

/** Attachments become documents 1…n; one with the file name of a kept document replaces it. */
async function resolveDocuments(
  { blobs, inspect, settings }: DraftDependencies,
  { attachments, fields, kept, owner }: DraftInput,
  problems: DraftProblem[],
): Promise<Draft['documents'][number][]> {
  const files: (Draft['documents'][number] | Attachment)[] = [...kept];
  for (const attachment of attachments) {
    const at = files.findIndex(({ fileName }) => fileName === attachment.fileName);
    if (at >= 0 && at < kept.length) files[at] = attachment;
    else files.push(attachment);
  }
  const ordered = inNamedOrder(files, fields.documents);
  if (ordered.length > settings.maxDocuments) {
    problems.push({ code: 'too-many-documents', args: { limit: String(settings.maxDocuments) } });
    return [];
  }
  const size = ordered.reduce(
    (sum, { file }) => sum + ('content' in file ? file.content.length : file.upload.size),
    0,
  );
  if (size > settings.maxTotalOctets) {
    problems.push({
      code: 'too-large',
      args: { limit: `${Math.floor(settings.maxTotalOctets / 1_048_576)}MB` },
    });
    return [];
  }
  const documents: Omit<ContractDocument, 'revisions'>[] = [];
  for (const [index, { file, name }] of ordered.entries()) {
    const id = `document-${index + 1}`;
    const called = distinct(
      name ?? ('content' in file ? file.fileName.replace(/\.pdf$/i, '') : file.name),
      documents,
    );
    if (!('content' in file)) {
      documents.push({ ...file, id, name: called });
      continue;
    }
    const inspection = await inspect(file.content);
    if (!inspection.ok) {
      problems.push({ code: `pdf-refused:${inspection.code}`, args: { file: file.fileName } });
      continue;
    }
    const stored = await blobs.put(owner, Readable.from([file.content]));
    const upload = { blob: stored.name, size: stored.size, sha256: stored.sha256 };
    documents.push({ id, name: called, fileName: file.fileName, pages: inspection.pages, upload });
  }
  return documents;
}

/** 「文書1：名称＝ファイル名」 names and orders; what it does not mention follows in the mail's order. */
function inNamedOrder<T extends { fileName: string }>(
  files: readonly T[],
  named: ContractFields['documents'],
): { file: T; name: string | null }[] {
  const rest = [...files];
  const first = [...named]
    .sort((a, b) => a.number - b.number)
    .flatMap(({ name, fileName }) => {
      const at =
        fileName === null ? (rest.length > 0 ? 0 : -1) : rest.findIndex((file) => file.fileName === fileName);
      return at < 0 ? [] : rest.splice(at, 1).map((file) => ({ file, name }));
    });
  return [...first, ...rest.map((file) => ({ file, name: null }))];
}

function distinct(name: string, documents: readonly { name: string }[]): string {
  const taken = new Set(documents.map((document) => document.name));
  for (let n = 2, candidate = name; ; n++, candidate = `${name}（${n}）`)
    if (!taken.has(candidate)) return candidate;
}

function unique(problems: readonly DraftProblem[]): DraftProblem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}

/** The fields that led to a stored draft, for a correction to be laid over. */
export function fieldsOf(draft: Draft): ContractFields {
  const { terms } = draft;
  const vendor = (role: 'signatory' | 'checker'): NamedPerson | null => {
    const step = draft.steps.find((candidate) => candidate.role === role);
    return step ? { address: step.person.address } : null;
  };
  const approver = draft.steps.find(({ role }) => role === 'approver')?.person;
  const named = ({ name, address, title }: Person): NamedPerson => ({
    name,
    address,
    ...(title === null ? {} : { title }),
  });
  return {
    title: draft.title,
    kind: draft.kind,
    counterparty: vendor('signatory'),
    checker: vendor('checker'),
    approver: approver ? named(approver) : null,
    observers: draft.observers.map(named),
    contractNumber: terms.contractNumber,
    amount: terms.amountYen === null ? null : { yen: terms.amountYen, tax: terms.amountTax },
    plannedDate: terms.plannedDate,
    effectiveDate: terms.effectiveDate,
    term:
      terms.periodFrom || terms.periodTo ? { from: terms.periodFrom, to: terms.periodTo, text: '' } : null,
    deadline: draft.deadline,
    approvalNumber: terms.approvalNumber,
    guarantee: terms.bond,
    documents: [],
    note: terms.message,
  };
}
