// How the value of each labelled line is read (WORDING, "The contract mail").

import type { Authority, ContractKind, ContractMethod } from '../contract/contract.ts';
import { readAmount } from './amounts.ts';
import type { ContractFields, Problem } from './contract-fields.ts';
import type { KnownLine } from './contract-lines.ts';
import { dateFault, readDate, readTerm } from './dates.ts';
import type { LabelName } from './labels.ts';
import { readPerson } from './persons.ts';

/** Stands for a code that we make up ourselves. */
export const ACCESS_CODE_BY_US = 'あり';
/** Told over the telephone: letters and digits that nobody mishears for long. */
const ACCESS_CODE = /^[0-9A-Za-z-]{4,32}$/;

const AUTHORITIES: Readonly<Record<string, Authority>> = {
  委任: 'delegated',
  専決: 'exclusive',
  代決: 'standIn',
};

type Reader = (fields: ContractFields, entry: KnownLine) => Problem['code'] | null;

/** A value into its field; gives what is wrong with it, else null. */
export const READERS: Readonly<Record<LabelName, Reader>> = {
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
    if (/^(なし|無し?|不要)$/.test(value)) return null;
    fields.accessCode = /^(あり|有り?|要)$/.test(value) ? ACCESS_CODE_BY_US : value;
    return fields.accessCode === ACCESS_CODE_BY_US || ACCESS_CODE.test(value) ? null : 'bad-access-code';
  },
  plannedDate: date('plannedDate', /(付け?|\s*\(?予定\)?)$/),
  effectiveDate: date('effectiveDate', /(から|より)$/),
  deadline: date('deadline', /(まで|迄)$/),
  term: (fields, { value }) => {
    const term = readTerm(value);
    fields.term = term && { ...term, text: value };
    if (term !== null) return null;
    const fault = dateFault(value);
    return fault === 'bad-date' ? 'bad-term' : fault;
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

/** `saidAnyway`: what people write behind this date that its label says already. */
function date(
  field: 'plannedDate' | 'effectiveDate' | 'deadline' | 'noticeDate',
  saidAnyway: RegExp = /$/,
): Reader {
  return (fields, { value }) => {
    const written = value.replace(saidAnyway, '');
    fields[field] = readDate(written);
    return fields[field] === null ? dateFault(written) : null;
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
