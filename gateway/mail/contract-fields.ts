/** What a contract mail may say, and what may be wrong with how it says it. */
import type { Authority, ContractKind, ContractMethod } from '../contract/contract.ts';
import type { Amount } from './amounts.ts';
import type { DateFault } from './dates.ts';
import type { Person } from './persons.ts';

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
    | 'bad-term'
    | 'bad-amount'
    | 'bad-access-code'
    | 'form-in-quote'
    | 'unknown-label'
    | 'duplicate-label'
    | 'ambiguous-line';
  /** label, value, line: as written, normalised. */
  args: Record<string, string>;
}

export function emptyFields(): ContractFields {
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
