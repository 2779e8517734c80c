/** What a contract mail itself gives cause to look at again: dates, scope, roll-out, addresses (R5, R18, R57). */
import type { ContractKind, ContractMethod, Draft, Warning } from '../contract/contract.ts';
import { addDays } from '../contract/jst.ts';
import type { ContractFields } from '../mail/contract-fields.ts';
import { isUnder } from '../registration/addresses.ts';

export type Severity = 'off' | 'warn' | 'refuse';

/** What a municipality has looked into; see the settings of the same names. */
export interface DraftChecks {
  readonly paperOnly: Severity;
  readonly paperOnlyWords: readonly string[];
  readonly longTerm: Severity;
  readonly longTermYears: number;
  readonly retentionYears: number;
  readonly autoRenewal: Severity;
  readonly prices: Severity;
  readonly priceWords: readonly string[];
  readonly wrongDocuments: Severity;
  readonly wrongDocumentWords: readonly string[];
  readonly differences: Severity;
  readonly worksDeclaration: Severity;
  readonly freeMail: Severity;
}

/** Which contracts may be electronic; empty lists and null allow all. */
export interface DraftRollout {
  readonly severity: Severity;
  readonly sections: readonly string[];
  readonly kinds: readonly ContractKind[];
  readonly methods: readonly ContractMethod[];
  readonly minYen: number | null;
  readonly maxYen: number | null;
  readonly noticesSince: string | null;
  readonly announced: boolean;
}

/** Something found, and how much it weighs. */
export interface Finding extends Warning {
  readonly severity: Severity;
}

export function finding(
  severity: Severity,
  code: string,
  args: Warning['args'] = {},
): readonly [Finding] | readonly [] {
  return severity === 'off' ? [] : [{ severity, code, args }];
}

export interface CheckedMail {
  readonly fields: ContractFields;
  readonly draft: Pick<Draft, 'kind' | 'title' | 'initiator' | 'steps' | 'deadline'>;
  /** Whether the deadline was written, not reckoned. */
  readonly deadlineWritten: boolean;
  readonly checks: DraftChecks;
  readonly rollout: DraftRollout;
  /** Free mail's and mobile carriers'. */
  readonly freeMailDomains: readonly string[];
  /** Nobody works in an office on this ISO date. */
  readonly isDayOff: (date: string) => boolean;
  /** ISO date. */
  readonly today: string;
}

/** Findings in the order in which the receipt lists them. */
export function checkMail(mail: CheckedMail): Finding[] {
  const { fields, draft, checks, freeMailDomains } = mail;
  const { title } = draft;
  const paperWord = checks.paperOnlyWords.find((word) => title.includes(word));
  return [
    ...(fields.titleFrom === null ? [] : finding('warn', 'title-from-subject', { value: title })),
    ...dateFindings(mail),
    ...(paperWord === undefined ? [] : finding(checks.paperOnly, 'paper-only', { value: paperWord })),
    ...termFindings(mail),
    ...rolloutFindings(mail),
    ...draft.steps
      .filter(({ role, person }) => role !== 'approver' && isUnder(person.address, freeMailDomains))
      .flatMap(({ person }) => finding(checks.freeMail, 'free-mail', { value: person.address })),
  ];
}

function dateFindings({ fields, draft, deadlineWritten, isDayOff, today }: CheckedMail): Finding[] {
  const { plannedDate } = fields;
  const isPast = plannedDate !== null && plannedDate < today;
  const anotherYear = plannedDate !== null && !isPast && fiscalYear(plannedDate) !== fiscalYear(today);
  return [
    ...(isPast ? finding('warn', 'planned-date-past', { value: plannedDate }) : []),
    ...(anotherYear ? finding('warn', 'planned-date-next-year', { value: plannedDate }) : []),
    ...(deadlineWritten && isDayOff(draft.deadline)
      ? finding('warn', 'deadline-day-off', { value: draft.deadline })
      : []),
  ];
}

/** 地方自治法208条1項: from April to March. */
function fiscalYear(date: string): number {
  return Number(date.slice(0, 4)) - (date.slice(5) < '04-01' ? 1 : 0);
}

/** Term or effect over ten years (R18): counted from the earliest day the contract names. */
function termFindings({ fields, checks, today }: CheckedMail): readonly Finding[] {
  const to = fields.term?.to;
  if (!to) return [];
  const from = fields.term?.from ?? fields.effectiveDate ?? fields.plannedDate ?? today;
  const years = checks.longTermYears - checks.retentionYears;
  // A term of ten years ends on the eve of the same day ten years later.
  const limit = addDays(`${Number(from.slice(0, 4)) + years}${from.slice(4)}`, -1);
  if (to <= limit) return [];
  return finding(checks.longTerm, 'long-term', { value: String(checks.longTermYears) });
}

/** R57: section, kind, amount, method and date of 公告 decide what may be electronic. */
function rolloutFindings({ fields, draft, rollout }: CheckedMail): Finding[] {
  const { sections, kinds, methods, minYen, maxYen, noticesSince, severity } = rollout;
  const { section } = draft.initiator;
  const yen = fields.amount?.yen ?? null;
  const found = (code: string, args: Warning['args'] = {}): readonly Finding[] =>
    finding(severity, code, args);
  // A contract without a tender has neither notice nor 公告 to say anything in.
  const byTender = fields.method !== 'negotiated';
  return [
    ...(sections.length > 0 && !sections.some((one) => section?.startsWith(one))
      ? found('rollout-section', { value: section ?? '' })
      : []),
    ...(kinds.length > 0 && !kinds.includes(draft.kind) ? found('rollout-kind') : []),
    ...(methods.length > 0 && fields.method === null ? found('rollout-method-missing') : []),
    ...(methods.length > 0 && fields.method !== null && !methods.includes(fields.method)
      ? found('rollout-method')
      : []),
    ...((minYen !== null || maxYen !== null) && yen === null ? found('rollout-amount-missing') : []),
    ...(yen !== null && (yen < (minYen ?? 0) || yen > (maxYen ?? Number.POSITIVE_INFINITY))
      ? found('rollout-amount')
      : []),
    ...(noticesSince !== null && byTender && fields.noticeDate === null
      ? found('rollout-notice-missing', { value: noticesSince })
      : []),
    ...(noticesSince !== null && byTender && fields.noticeDate !== null && fields.noticeDate < noticesSince
      ? found('rollout-notice', { value: noticesSince })
      : []),
    ...(rollout.announced && byTender && fields.announced !== 'yes' ? found('rollout-not-announced') : []),
  ];
}
