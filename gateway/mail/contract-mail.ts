// Reads the contract mail, labelled lines in any order and width, into fields and problems (WORDING, "The contract mail").

import { type ContractFields, emptyFields, type Problem } from './contract-fields.ts';
import { type KnownLine, labelledLines } from './contract-lines.ts';
import { READERS } from './field-readers.ts';
import { type LabelName, readLabelledLine } from './labels.ts';
import { quotedLines } from './reply-text.ts';
import { normaliseLine } from './text.ts';

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
