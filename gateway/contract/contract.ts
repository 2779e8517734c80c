/** The aggregate: what is known of one contract at one moment. Plain data, rebuilt from its events by evolve(). */
import type { FilledBox } from './boxes.ts';
import { agreed, type ContractDocument, type IssuedCertificate } from './documents.ts';

export const STATES = [
  'draft',
  'preparing',
  'awaiting',
  'sealing',
  'concluding',
  'concluded',
  'declined',
  'withdrawn',
  'expired',
] as const;
export type State = (typeof STATES)[number];

/** 契約書, 請書, 変更契約, 仮契約, 単価契約 (R16, R17). */
export type ContractKind = 'contract' | 'acknowledgement' | 'amendment' | 'provisional' | 'unitPrice';

/** 権限の根拠 of the municipality's approver: 委任, 専決, 代決. */
export type Authority = 'delegated' | 'exclusive' | 'standIn';

/** 契約方式: 一般競争入札, 指名競争入札, 随意契約 (地方自治法234条1項). */
export type ContractMethod = 'open' | 'designated' | 'negotiated';

/** Whoever has to act, in the order of the steps (R10). */
export type Role = 'checker' | 'signatory' | 'approver';

/** `initiator`, `step-1`…, `observer-1`…, `former-1`… (held a step), `second`: names a person within one contract. */
export type ParticipantId = string;

export interface Person {
  readonly name: string;
  /** Normalised RFC 5321 mailbox. */
  readonly address: string;
  readonly title: string | null;
  /** Company of a vendor's person, null for staff. */
  readonly company: string | null;
}

export interface Initiator extends Person {
  readonly section: string | null;
  readonly phone: string | null;
}

/** What is entered on the page besides holding its link (R52). */
export type Factor = 'code' | 'pin';

/** What whoever consents on the page confirms besides (R7, R7b, R27). */
export interface Declared {
  /** 「お名前と役職に間違いはありません」 */
  readonly identity: boolean;
  /** The explanation of electronic contracting that was agreed to, and when (ISO UTC); null where none was asked for. */
  readonly electronic: { readonly version: string; readonly at: string } | null;
}

/** The SHA-256 (lower-case hex) of a document as it stands: what a consent is bound to. */
export interface Head {
  readonly document: string;
  readonly sha256: string;
}

export interface Consent {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly means: 'page' | 'mail';
  /** The documents as they were shown and agreed to. */
  readonly heads: readonly Head[];
  /** What the consenting person put into the documents' boxes (R27). */
  readonly filled: readonly FilledBox[];
}

export interface Step {
  readonly participant: ParticipantId;
  readonly role: Role;
  readonly person: Person;
  /** 整理番号 of the registration the address came from; null for the municipality's own people. */
  readonly receiptNumber: string | null;
  /** 電話番号 of that registration: the way to reach a person whom mail does not reach. */
  readonly phone: string | null;
  /** How far the address was known when the contract was mailed in (R11); null for the municipality's own people. */
  readonly registration: 'confirmed' | 'registered' | null;
  /** Grows whenever links and reply secrets handed out for this step lose their force; 0 before the first. */
  readonly generation: number;
  readonly consent: Consent | null;
  /** When a person, not a scanner, first opened the page of a link of this generation; absent before. */
  readonly opened?: { readonly at: string; readonly generation: number };
}

/** Who takes a step over, and how far the address is known; `registration` null: only staff vouch for it. */
export type NewHolder = Pick<Step, 'person' | 'receiptNumber' | 'phone' | 'registration'>;

/** A change of address that has taken place (R4, R42). */
export interface HolderChange {
  readonly participant: ParticipantId;
  readonly former: Person;
  readonly holder: Person;
  readonly at: string;
  /** The second staff member who agreed; null where the new address was registered. */
  readonly confirmedBy: Person | null;
}

/** The last change of address that was put to a second staff member. */
export interface ProposedChange {
  readonly step: number;
  readonly participant: ParticipantId;
  readonly holder: NewHolder;
  readonly second: Person;
  /** What the second person's secret is bound to. */
  readonly generation: number;
  readonly at: string;
  /** Null while the answer is awaited. */
  readonly settled: { readonly at: string; readonly agreed: boolean; readonly reason: string | null } | null;
}

/** Terms as the initiator wrote them; dates are ISO (yyyy-mm-dd), amounts whole yen. */
export interface Terms {
  readonly amountYen: number | null;
  readonly amountTax: 'included' | 'excluded' | null;
  /** What costs so much in a 単価契約, e.g. 1t; absent where the amount is a sum. */
  readonly amountUnit?: string;
  /** 契約締結予定日. */
  readonly plannedDate: string | null;
  /** 効力発生日・履行開始日. */
  readonly effectiveDate: string | null;
  readonly periodFrom: string | null;
  readonly periodTo: string | null;
  /** 契約番号. */
  readonly contractNumber: string | null;
  /** 決裁番号. */
  readonly approvalNumber: string | null;
  readonly authority: Authority | null;
  /** 元契約: number or title of the contract that this one amends, which may be on paper (R17). */
  readonly original: string | null;
  /** 契約保証. */
  readonly bond: string | null;
  /** 伝言. */
  readonly message: string | null;
  /** 契約方式; absent, like all below, where nothing was written. */
  readonly method?: ContractMethod;
  /** 公告日 or 指名日. */
  readonly noticeDate?: string;
  /** Whether the notice said that the contract may be electronic (R57). */
  readonly announced?: 'yes' | 'no';
  /** What the vendor has been told by another way, for a second factor on the page. */
  readonly accessCode?: string;
}

/** Something in the receipt to look at again; `args` are quoted in its sentence. */
export interface Warning {
  readonly code: string;
  readonly args: Readonly<Record<string, string>>;
}

/** What the initiator settles with the contract mail. */
export interface Draft {
  readonly kind: ContractKind;
  readonly title: string;
  readonly terms: Terms;
  readonly initiator: Initiator;
  readonly steps: readonly Omit<Step, 'generation' | 'consent' | 'opened'>[];
  readonly observers: readonly Person[];
  readonly documents: readonly Omit<ContractDocument, 'revisions'>[];
  /** ISO date; the last day (JST) on which a consent counts (R24). */
  readonly deadline: string;
  /** With any, the go-ahead must say 確認済. */
  readonly warnings: readonly Warning[];
}

export interface Ending {
  readonly at: string;
  readonly by: ParticipantId | null;
  readonly reason: string | null;
  /** Declined because a contract on paper is wished for (R0). */
  readonly paper?: true;
}

/** What a participant asked the municipality on the page. */
export interface Question {
  /** Of its event; names it. */
  readonly seq: number;
  readonly participant: ParticipantId;
  /** ISO UTC. */
  readonly at: string;
  readonly message: string;
}

export interface Contract extends Omit<Draft, 'steps' | 'documents'> {
  readonly id: string;
  readonly municipality: string;
  /** 受付番号, e.g. 2026-0123. */
  readonly number: string;
  /** Printed on page 1 of every document (R41). */
  readonly certificateId: string;
  /** Number of the last event. */
  readonly seq: number;
  readonly state: State;
  /** Message-ID of the contract mail: the receipt is a reply to it. */
  readonly sourceMessageId: string | null;
  readonly steps: readonly Step[];
  readonly documents: readonly ContractDocument[];
  /** Grows with every correction: a receipt's reply secret is bound to the draft it describes. */
  readonly draftGeneration: number;
  /** Index of the step that is awaited or being sealed. */
  readonly step: number;
  /** Grows with every consent that is sealed, so that late outcomes of an earlier one are known as such. */
  readonly attempt: number;
  /** ISO instant at which the present state runs out: the draft's, then the deadline's. */
  readonly expiresAt: string;
  /** ISO instant at which the first request leaves; null before the go-ahead. */
  readonly releaseAt: string | null;
  readonly ending: Ending | null;
  /** The contract (id) that it came in anew as; absent where it has not. */
  readonly successor?: string;
  /** 受付番号 of the one that came in anew as this; absent where none did. */
  readonly formerNumber?: string;
  readonly concludedAt: string | null;
  /** ISO date (JST) of the last required signature timestamp (R46). */
  readonly contractDate: string | null;
  readonly lastSignatureAt: string | null;
  /** 合意締結証明書, sealed (R42); a contract is not concluded before it is there. */
  readonly certificate: IssuedCertificate | null;
  readonly holderChanges: readonly HolderChange[];
  readonly proposedChange: ProposedChange | null;
  /** What became of the mails so far, one a mail. */
  readonly deliveries: readonly Delivery[];
  readonly questions: readonly Question[];
}

/** How far a mail got: our relay or the recipient's server took it, or it came back. */
export interface Delivery {
  /** Outbox key. */
  readonly mail: string;
  readonly kind: string;
  readonly recipient: ParticipantId;
  readonly outcome: 'taken' | 'failed';
  readonly at: string;
  readonly response: string;
  /** When it was taken that came back later; absent, like all below, where that was not so. */
  readonly takenAt?: string;
  /** When a mail system last reported that it still tries. */
  readonly delayedAt?: string;
  /** When a mail system reported that the recipient's server has it. */
  readonly arrivedAt?: string;
}

/** SHA-256 of every file that the contract has now, in every state that it went through. */
export function fileHashes({ documents, certificate }: Contract): string[] {
  const parts = documents.flatMap(({ upload, revisions }) => [upload, ...revisions]);
  const issued = certificate === null ? [] : [certificate, ...(certificate.renewals ?? [])];
  return [...new Set([...parts, ...issued].map(({ sha256 }) => sha256))];
}

export function heads(contract: Contract): Head[] {
  return contract.documents.map((document) => ({ document: document.id, sha256: agreed(document).sha256 }));
}

export function isLastStep(contract: Contract, step: number): boolean {
  return step === contract.steps.length - 1;
}

/** After the last consent nothing can be taken back, withdrawn or expire (R20, R29). */
export function pastNoReturn(contract: Contract): boolean {
  return contract.steps.at(-1)?.consent !== null && contract.steps.length > 0;
}

/** Whether a reply with corrections makes a new contract of this one: it has ended without being concluded, and not for paper. */
export function mayComeAnew({ state, ending, releaseAt }: Contract): boolean {
  if (state === 'expired') return releaseAt !== null;
  return state === 'withdrawn' || (state === 'declined' && ending?.paper !== true);
}

/** Whether the consent of step `step` can still be taken back: until the next participant has consented, never the last one (R29). */
export function mayBeTakenBack({ state, step: current, steps }: Contract, step: number): boolean {
  if (!steps[step]?.consent || step === steps.length - 1) return false;
  return (state === 'sealing' && step === current) || (state === 'awaiting' && step === current - 1);
}

/** The person behind a participant id; undefined when the contract has none such. */
export function personOf(contract: Contract, participant: ParticipantId): Person | undefined {
  if (participant === 'initiator') return contract.initiator;
  const step = contract.steps.find((candidate) => candidate.participant === participant);
  if (step) return step.person;
  if (participant === 'second') return contract.proposedChange?.second;
  const [, list, number] = /^(observer|former)-(\d+)$/.exec(participant) ?? [];
  if (list === 'observer') return contract.observers[Number(number) - 1];
  return list === 'former' ? contract.holderChanges[Number(number) - 1]?.former : undefined;
}

/** What a secret for this participant is bound to: it loses its force when this has grown. */
export function generationOf(contract: Contract, participant: ParticipantId): number {
  if (participant === 'second') return contract.proposedChange?.generation ?? 0;
  const step = contract.steps.find((candidate) => candidate.participant === participant);
  return step?.generation ?? contract.draftGeneration;
}

/** Everybody who receives the executed document (R39): initiator, those who acted, observers; one mail an address. */
export function resultRecipients(contract: Contract): ParticipantId[] {
  const ids = [
    'initiator',
    ...contract.steps.map((step) => step.participant),
    ...contract.observers.map((_, index) => `observer-${index + 1}`),
  ];
  const seen = new Set<string>();
  return ids.filter((id) => {
    const address = personOf(contract, id)?.address;
    if (address === undefined || seen.has(address)) return false;
    seen.add(address);
    return true;
  });
}

/** Participants who have already been asked (the current step's included). */
export function reached(contract: Contract): ParticipantId[] {
  return contract.steps.filter((step) => step.generation > 0).map((step) => step.participant);
}
