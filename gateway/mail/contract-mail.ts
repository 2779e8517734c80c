// Reads the contract mail, labelled lines in any order and width, into fields and problems (WORDING, "The contract mail").

import type { Authority, ContractKind, ContractMethod } from '../contract/contract.ts';
import { type Amount, readAmount } from './amounts.ts';
import { type KnownLine, labelledLines } from './contract-lines.ts';
import { type DateFault, dateFault, readDate, readTerm } from './dates.ts';
import { type LabelName, readLabelledLine } from './labels.ts';
import { type Person, readPerson } from './persons.ts';
import { quotedLines } from './reply-text.ts';
import { normaliseLine } from './text.ts';

export type { Amount } from './amounts.ts';
export type { Person } from './persons.ts';

export interface NamedDocument {
  /** The N of 文書N, from 1. */
  number: number;
  name: string;
  /** The attachment it names; null when the order of attachments decides. */
  fileName: string | null;
}

export interface NamedCounterparty {
  /** The N of 契約相手方N; null where the line has none. */
  number: number | null;
  person: Person;
}

/** What was written; null or empty where nothing was. Dates are 'yyyy-mm-dd'. */
export interface ContractFields {
  title: string | null;
  /** `subject` where no line gives the title: it is shown for confirmation. */
  titleFrom: 'subject' | null;
  kind: ContractKind | null;
  /** Several in a joint venture (共同企業体), in the order in which they are asked. */
  counterparties: NamedCounterparty[];
  checker: Person | null;
  approver: Person | null;
  observers: Person[];
  contractNumber: string | null;
  amount: Amount | null;
  plannedDate: string | null;
  effectiveDate: string | null;
  term: { from: string | null; to: string | null; text: string } | null;
  deadline: string | null;
  method: ContractMethod | null;
  /** 公告日 or 指名日. */
  noticeDate: string | null;
  /** Whether the notice said that the contract may be electronic (R57). */
  announced: 'yes' | 'no' | null;
  accessCode: string | null;
  approvalNumber: string | null;
  authority: Authority | null;
  original: string | null;
  guarantee: string | null;
  documents: NamedDocument[];
  /** SHA-256 (lower-case hex) that was recorded of document N when the 決裁 was given. */
  decidedDigests: { number: number; sha256: string }[];
  note: string | null;
}

export interface Problem {
  code:
    | 'missing-counterparty'
    | 'missing-title'
    | 'missing-approver'
    | DateFault
    | 'bad-amount'
    | 'bad-access-code'
    | 'form-in-quote'
    | 'unknown-label'
    | 'duplicate-label'
    | 'ambiguous-line';
  /** label, value, line: as written, normalised. */
  args: Record<string, string>;
}

export interface ContractMail {
  fields: ContractFields;
  problems: Problem[];
  /** Whether the text carries labels enough to be meant as a contract mail. */
  isContractMail: boolean;
}

const SUBJECT_PREFIX =
  /^(?:(?:re|fwd?|返信|転送)\s*(?:\[\d+\])?\s*:|[【[(](?:至急|緊急|重要|再送|要確認|ご?確認|ご?依頼)[】\])])\s*/i;
const TELLING_LABELS: LabelName[] = ['title', 'counterparty', 'approver', 'amount', 'term'];

/** Reads subject and the author's own text; nothing is guessed: what cannot be read is a problem. */
export function readContractMail(subject: string, text: string): ContractMail {
  const { entries, unread } = labelledLines(text);
  const problems: Problem[] = [...unread];
  const fields = emptyFields();
  const seen = new Map<string, string>();
  for (const entry of entries) {
    if (entry.value === '') continue;
    const key = keyOf(entry);
    const before = seen.get(key);
    if (before !== undefined) {
      if (before !== entry.value) problems.push(problem('duplicate-label', entry));
      continue;
    }
    seen.set(key, entry.value);
    const fault = READERS[entry.label](fields, entry);
    if (fault !== null) problems.push(problem(fault, entry));
  }
  const labels = new Set(entries.map(({ label }) => label));
  if (fields.title === null) {
    fields.title = titleFromSubject(subject);
    fields.titleFrom = fields.title === null ? null : 'subject';
  }
  if (entries.length === 0 && isFilledForm(text)) problems.push({ code: 'form-in-quote', args: {} });
  return { fields, problems: [...problems, ...missing(fields, seen)], isContractMail: telling(labels) };
}

/** What may be written only once: of counterparties without a number there may be several. */
function keyOf({ label, number, value }: KnownLine): string {
  if (label === 'counterparty' && number === undefined) return `${label}:${value}`;
  return `${label}${number ?? ''}`;
}

/** Told over the telephone: letters and digits that nobody mishears for long. */
const ACCESS_CODE = /^[0-9A-Za-z-]{4,32}$/;

const AUTHORITIES: Readonly<Record<string, Authority>> = {
  委任: 'delegated',
  専決: 'exclusive',
  代決: 'standIn',
};

type Reader = (fields: ContractFields, entry: KnownLine) => Problem['code'] | null;

const READERS: Record<LabelName, Reader> = {
  title: text('title'),
  contractNumber: text('contractNumber'),
  approvalNumber: text('approvalNumber'),
  guarantee: text('guarantee'),
  original: text('original'),
  note: text('note'),
  kind: (fields, { value }) => {
    fields.kind = kindNamed(value);
    return fields.kind === null ? 'ambiguous-line' : null;
  },
  counterparty: (fields, { value, number }) => {
    const found = readPerson(value);
    if (found === null) return 'ambiguous-line';
    fields.counterparties.push({ number: number ?? null, person: found });
    fields.counterparties.sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
    return null;
  },
  checker: person('checker'),
  approver: person('approver'),
  observers: (fields, { value }) => {
    const people = value.split(/[,、;]/).map((part) => readPerson(part.trim()));
    fields.observers = people.filter((one) => one !== null);
    return people.length === fields.observers.length ? null : 'ambiguous-line';
  },
  amount: (fields, { value }) => {
    fields.amount = readAmount(value);
    return fields.amount === null ? 'bad-amount' : null;
  },
  authority: (fields, { value }) => {
    fields.authority = AUTHORITIES[value] ?? null;
    return fields.authority === null ? 'ambiguous-line' : null;
  },
  method: (fields, { value }) => {
    fields.method = methodNamed(value);
    return fields.method === null ? 'ambiguous-line' : null;
  },
  noticeDate: date('noticeDate'),
  announced: (fields, { value }) => {
    fields.announced = /^(済み?|あり|有り?|記載済み?|はい)$/.test(value)
      ? 'yes'
      : /^(なし|無し?|未|いいえ)$/.test(value)
        ? 'no'
        : null;
    return fields.announced === null ? 'ambiguous-line' : null;
  },
  accessCode: (fields, { value }) => {
    fields.accessCode = value;
    return ACCESS_CODE.test(value) ? null : 'bad-access-code';
  },
  plannedDate: date('plannedDate'),
  effectiveDate: date('effectiveDate'),
  deadline: date('deadline'),
  term: (fields, { value }) => {
    const term = readTerm(value);
    fields.term = term && { ...term, text: value };
    return term === null ? dateFault(value) : null;
  },
  document: (fields, { value, number }) => {
    const [name = '', fileName = null] = value.split('=').map((part) => part.trim());
    fields.documents.push({ number: number!, name, fileName });
    return name === '' || fileName === '' ? 'ambiguous-line' : null;
  },
  decidedDigest: (fields, { value, number }) => {
    const sha256 = value.replace(/\s/g, '').toLowerCase();
    fields.decidedDigests.push({ number: number!, sha256 });
    return /^[0-9a-f]{64}$/.test(sha256) ? null : 'ambiguous-line';
  },
};

function text(
  field: 'title' | 'contractNumber' | 'approvalNumber' | 'guarantee' | 'original' | 'note',
): Reader {
  return (fields, { value }) => {
    fields[field] = value;
    return null;
  };
}

function person(field: 'checker' | 'approver'): Reader {
  return (fields, { value }) => {
    fields[field] = readPerson(value);
    return fields[field] === null ? 'ambiguous-line' : null;
  };
}

function date(field: 'plannedDate' | 'effectiveDate' | 'deadline' | 'noticeDate'): Reader {
  return (fields, { value }) => {
    fields[field] = readDate(value);
    return fields[field] === null ? dateFault(value) : null;
  };
}

function kindNamed(value: string): ContractKind | null {
  if (/請書$/.test(value)) return 'acknowledgement';
  if (!/契約書?$/.test(value)) return null;
  if (value.includes('変更')) return 'amendment';
  if (value.startsWith('仮')) return 'provisional';
  return value.includes('単価') ? 'unitPrice' : 'contract';
}

/** A プロポーザル leads to a 随意契約 (地方自治法施行令167条の2). */
function methodNamed(value: string): ContractMethod | null {
  if (/随意契約|随契|プロポーザル|見積合せ|見積り合わせ/.test(value)) return 'negotiated';
  if (value.includes('指名')) return 'designated';
  return /入札|せり売り/.test(value) ? 'open' : null;
}

/** Somebody filled in the form where our mail is quoted: there, and only there, lines of ours have answers. */
function isFilledForm(text: string): boolean {
  const answered = new Set<LabelName>();
  const quoted = quotedLines(text);
  // Our own mails name the form; what a stranger wrote is none of it.
  if (!quoted.some((line) => line.includes('次の様式'))) return false;
  for (const line of quoted) {
    const entry = readLabelledLine(line);
    if (entry !== null && entry.label !== null && entry.value !== '') answered.add(entry.label);
  }
  return answered.has('title') && answered.has('counterparty') && answered.size >= 4;
}

/** 「RE: 【至急】村道1号線舗装工事」 → 「村道1号線舗装工事」; null when nothing is left. */
function titleFromSubject(subject: string): string | null {
  let title = normaliseLine(subject);
  while (SUBJECT_PREFIX.test(title)) title = title.replace(SUBJECT_PREFIX, '');
  return title === '' ? null : title;
}

/** What is there but unreadable has its own problem already and is not called missing as well. */
function missing(fields: ContractFields, seen: Map<string, string>): Problem[] {
  const problems: Problem[] = [];
  if (fields.title === null) problems.push({ code: 'missing-title', args: {} });
  if (![...seen.keys()].some((key) => key.startsWith('counterparty')))
    problems.push({ code: 'missing-counterparty', args: {} });
  if (!seen.has('approver') && fields.kind !== 'acknowledgement')
    problems.push({ code: 'missing-approver', args: {} });
  return problems;
}

function telling(labels: Set<LabelName>): boolean {
  return labels.size >= 2 || TELLING_LABELS.some((label) => labels.has(label));
}

function problem(code: Problem['code'], { written, value }: KnownLine): Problem {
  return { code, args: { label: written, value } };
}

function emptyFields(): ContractFields {
  return {
    title: null,
    titleFrom: null,
    kind: null,
    counterparties: [],
    checker: null,
    approver: null,
    observers: [],
    contractNumber: null,
    amount: null,
    plannedDate: null,
    effectiveDate: null,
    term: null,
    deadline: null,
    method: null,
    noticeDate: null,
    announced: null,
    accessCode: null,
    approvalNumber: null,
    authority: null,
    original: null,
    guarantee: null,
    documents: [],
    decidedDigests: [],
    note: null,
  };
}
