/** Turns a contract and a mail's name into the mail's content: one entry per mail, no text of its own. */

import type { MailContent, Person as MailPerson } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { type Box, filledRows, fillingStep } from '../contract/boxes.ts';
import {
  agreed,
  type Contract,
  type Head,
  head,
  type ParticipantId,
  type Person,
  pastNoReturn,
  personOf,
  type Step,
} from '../contract/contract.ts';
import type { ContractMail, RequestOccasion } from '../contract/effects.ts';
import { addDays, jstDate } from '../contract/jst.ts';

/** What a municipality's mails say about itself; the configuration satisfies it. */
export interface MailMunicipality {
  readonly name: string;
  readonly spaceBeforeHonorific: boolean;
  readonly address: string;
  readonly desks: {
    readonly contract: { readonly section: string; readonly phone: string };
    readonly operation: { readonly name: string; readonly phone: string; readonly hours: string };
  };
  readonly signedBy: string;
  readonly nameHolder: string;
}

export interface ComposeInput {
  readonly contract: Contract;
  readonly recipient: ParticipantId;
  readonly municipality: MailMunicipality;
  readonly testAuthority: boolean;
  /** ISO UTC. */
  readonly now: string;
  /** Page for consent, take-back and reading; also the download page in the completion mail. */
  readonly url: string;
  /** Four digits to be typed beside 「承認」, null where none are asked. */
  readonly code: string | null;
  readonly occasion: RequestOccasion;
  /** Outbox key of the failed mail (undelivered) or the participant who took back (consentTakenBack). */
  readonly about: string | null;
  /** What the contract's PDF work waits for (delayed). */
  readonly waiting: templates.Waiting | null;
  /** Whether the executed documents hang on the completion mail (R37). */
  readonly attached: boolean;
  readonly takeBackAllowed: boolean;
  readonly goAheadDelaySeconds: number;
  readonly draftExpiresDays: number;
  readonly downloadDays: number;
  readonly isHoliday: (date: string) => boolean;
  readonly isCarrier: (address: string) => boolean;
}

type Composer = (input: ComposeInput) => MailContent;

/** Content of the contract's mail `name` for one recipient. */
export function compose(name: ContractMail, input: ComposeInput): MailContent {
  return composers[name](input);
}

const composers: Record<ContractMail, Composer> = {
  receipt: (input) => {
    const { contract } = input;
    const { terms } = contract;
    return templates.receipt({
      ...base(input),
      initiator: initiator(contract),
      number: contract.number,
      title: contract.title,
      kind: contract.kind,
      participants: [
        ...contract.steps.map((step) => ({
          role: step.role,
          person: person(step.person),
          registration: step.registration,
        })),
        ...contract.observers.map((observer) => ({
          role: 'observer' as const,
          person: person(observer),
          registration: null,
        })),
      ],
      amount: amount(contract),
      plannedDate: terms.plannedDate,
      effectiveDate: terms.effectiveDate,
      deadline: contract.deadline,
      term: terms.periodFrom && terms.periodTo ? { from: terms.periodFrom, to: terms.periodTo } : null,
      decisionNumber: terms.approvalNumber,
      authority: terms.authority,
      original: terms.original,
      guarantee: terms.bond,
      message: terms.message,
      documents: documentFacts(contract),
      boxes: contract.documents.flatMap(({ boxes }, index) =>
        boxes.length === 0 ? [] : [{ document: index + 1, ...countOf(boxes) }],
      ),
      warnings: contract.warnings.map((warning) => templates.warningSentence(warning)),
      delaySeconds: input.goAheadDelaySeconds,
      draftExpiresDays: input.draftExpiresDays,
    });
  },
  goAheadAccepted: (input) =>
    templates.goAheadAccepted({
      ...base(input),
      ...reference(input.contract),
      leavesAt: input.contract.releaseAt ?? input.now,
      recipient: person(input.contract.steps[0]!.person),
    }),
  checkRequest: (input) => {
    const { company } = personOf(input.contract, input.recipient)!;
    const signatories = input.contract.steps.filter(({ role }) => role === 'signatory');
    const signatory = signatories.find((step) => step.person.company === company) ?? signatories[0]!;
    return templates.checkRequest({ ...request(input), signatory: person(signatory.person) });
  },
  signatureRequest: (input) => templates.signatureRequest(request(input)),
  approvalRequest: (input) => {
    const { contract } = input;
    return templates.approvalRequest({
      ...base(input),
      approver: recipient(input),
      title: contract.title,
      deadline: contract.deadline,
      counterparties: contract.steps
        .filter(({ role, consent }) => role === 'signatory' && consent)
        .map((step) => ({ person: person(step.person), signedAt: step.consent!.at })),
      amount: amount(contract),
      decisionNumber: contract.terms.approvalNumber,
      authority: contract.terms.authority,
      documents: documentFacts(contract),
      filled: filledFacts(contract),
      sameAsDecided: contract.documents.every(({ decided }) => decided),
      url: input.url,
      nameHolder: input.municipality.nameHolder,
      contractDateIfToday: jstDate(input.now),
      code: input.code,
      occasion: input.occasion,
    });
  },
  consentRecorded: (input) => {
    const { contract, takeBackAllowed } = input;
    const step = stepOf(contract, input.recipient);
    const last = contract.steps.at(-1) === step;
    return templates.consentRecorded({
      ...base(input),
      participant: person(step.person),
      role: step.role,
      title: contract.title,
      consentedAt: step.consent?.at ?? input.now,
      means: step.consent?.means === 'mail' ? 'mail-reply' : 'page',
      documents: documentFacts(contract, step.consent?.heads),
      filled: filledRows(contract.documents, step.consent?.filled ?? []),
      keyOperator: input.municipality.signedBy,
      takeBackUrl: takeBackAllowed && !last ? input.url : null,
    });
  },
  consentTakenBack: (input) => {
    const { contract } = input;
    const step = stepOf(contract, input.about);
    return templates.consentTakenBack({
      ...base(input),
      recipient: recipient(input),
      recipientIs: input.recipient === 'initiator' ? 'initiator' : 'next',
      number: contract.number,
      title: contract.title,
      role: step.role,
      participant: person(step.person),
      takenBackAt: input.now,
    });
  },
  declined: (input) => {
    const { contract } = input;
    const step = stepOf(contract, contract.ending?.by ?? null);
    return templates.declined({
      ...base(input),
      ...reference(contract),
      role: step.role,
      participant: person(step.person),
      declinedAt: contract.ending!.at,
      reason: contract.ending!.reason,
    });
  },
  cancelled: (input) => {
    const { contract } = input;
    const causes = { withdrawn: 'withdrawn', declined: 'declined' } as const;
    return templates.cancelled({
      ...base(input),
      recipient: recipient(input),
      initiator: asker(contract),
      title: contract.title,
      cause:
        contract.state === 'withdrawn' || contract.state === 'declined' ? causes[contract.state] : 'expired',
      // A vendor's reason for declining is the municipality's to tell.
      message: contract.state === 'withdrawn' ? (contract.ending?.reason ?? null) : null,
    });
  },
  withdrawnAnswer: (input) =>
    templates.withdrawnAnswer({
      ...base(input),
      ...reference(input.contract),
      informed: input.contract.steps
        .filter(({ generation }) => generation > 0)
        .map((step) => person(step.person)),
    }),
  expired: (input) =>
    templates.expired({
      ...base(input),
      ...reference(input.contract),
      deadline: input.contract.deadline,
      pending: input.contract.steps.filter(({ consent }) => !consent).map((step) => person(step.person)),
    }),
  draftExpired: (input) =>
    templates.draftExpired({ ...base(input), ...reference(input.contract), days: input.draftExpiresDays }),
  undelivered: (input) => {
    const { contract } = input;
    const failed = contract.deliveries.find(({ mail }) => mail === input.about);
    if (!failed) throw new Error('undelivered needs the delivery that failed');
    const who = personOf(contract, failed.recipient)!;
    const step = contract.steps.find(({ participant }) => participant === failed.recipient);
    return templates.undelivered({
      ...base(input),
      ...reference(contract),
      recipient: person(who),
      mail: failed.kind,
      sentAt: failed.at,
      reason: undeliveredReason(failed.response, input.isCarrier(who.address)),
      phone: step?.phone ?? null,
      fromAddress: input.municipality.address,
      deadline: contract.deadline,
      workingDaysLeft: workingDays(jstDate(input.now), contract.deadline, input.isHoliday),
    });
  },
  delayed: (input) => {
    const { contract, waiting } = input;
    if (!waiting) throw new Error('delayed needs something that waits');
    return templates.delayed({
      ...base(input),
      ...reference(contract),
      waiting,
      consents: contract.steps.flatMap(({ person: who, consent }) =>
        consent ? [{ person: person(who), at: consent.at }] : [],
      ),
      deadline: pastNoReturn(contract) ? null : contract.deadline,
    });
  },
  completed: (input) => {
    const { contract } = input;
    return templates.completed({
      ...base(input),
      recipient: recipient(input),
      number: contract.number,
      title: contract.title,
      url: input.url,
      documents: documentFacts(contract),
      contractDate: contract.contractDate!,
      attached: input.attached,
      downloadDays: input.downloadDays,
      extended: contract.documents.some((document) => head(document) !== agreed(document)),
    });
  },
};

function base({ municipality, testAuthority }: ComposeInput): templates.MailBase {
  return { municipality: municipality.name, desks: municipality.desks, testAuthority };
}

function reference(contract: Contract): { initiator: MailPerson; number: string; title: string } {
  return { initiator: initiator(contract), number: contract.number, title: contract.title };
}

function request(input: ComposeInput): templates.SignatureRequestParams {
  const { contract, municipality } = input;
  const boxes = contract.documents.flatMap((document) => document.boxes);
  const asks = contract.steps[fillingStep(contract.steps)]?.participant === input.recipient;
  return {
    ...base(input),
    recipient: recipient(input),
    initiator: asker(contract),
    title: contract.title,
    honorific: municipality.spaceBeforeHonorific ? ' 様' : '様',
    url: input.url,
    deadline: contract.deadline,
    receiptNumber: stepOf(contract, input.recipient).receiptNumber,
    boxes: asks && boxes.length > 0 ? countOf(boxes) : null,
    message: contract.terms.message,
    occasion: input.occasion,
  };
}

/** A participant as mails and pages address one. */
export function person({ company, title, name, address }: Person): MailPerson {
  return { organisation: company, title, name, address };
}

export function initiator({ initiator: { section, title, name, address } }: Contract): MailPerson {
  return { organisation: section, title, name, address };
}

export function asker(contract: Contract): templates.Initiator {
  return { organisation: contract.initiator.section, name: contract.initiator.name };
}

function recipient({ contract, recipient: id }: ComposeInput): MailPerson {
  return id === 'initiator' ? initiator(contract) : person(personOf(contract, id)!);
}

function stepOf(contract: Contract, id: ParticipantId | null): Step {
  const step = contract.steps.find(({ participant }) => participant === id);
  if (!step) throw new Error(`${id} takes no step in this contract`);
  return step;
}

export function amount({ terms }: Contract): templates.Amount | null {
  return terms.amountYen === null ? null : { yen: terms.amountYen, tax: terms.amountTax };
}

/** Documents as they were agreed so far, or with the digests of an earlier moment (a consent). */
export function documentFacts(contract: Contract, shown: readonly Head[] = []): templates.DocumentFacts[] {
  return contract.documents.map((document) => {
    const { size, sha256 } = agreed(document);
    const then = shown.find((known) => known.document === document.id)?.sha256;
    return { title: document.name, pages: document.pages, size, sha256: then ?? sha256 };
  });
}

/** What the vendor has put into the documents' boxes so far. */
export function filledFacts({ documents, steps }: Contract): templates.FilledFact[] {
  return filledRows(documents, steps[fillingStep(steps)]?.consent?.filled ?? []);
}

function countOf(boxes: readonly Box[]): { boxes: number; required: number } {
  return { boxes: boxes.length, required: boxes.filter(({ required }) => required).length };
}

/** What a refusal of RFC 5321/3463 most likely means for the staff member who has to act on it. */
function undeliveredReason(response: string, carrier: boolean): templates.UndeliveredReason {
  if (/\b(4\.4\.7|gave up)\b/.test(response)) return 'gave-up';
  if (/\b[45]\.2\.2\b|\b[45]52\b/.test(response)) return 'mailbox-full';
  if (carrier) return 'carrier-refused';
  if (/\b5\.1\.[0-3]\b|\b55[03]\b.*(unknown|no such|user|mailbox)/i.test(response)) return 'no-such-address';
  return 'refused';
}

function workingDays(today: string, deadline: string, isHoliday: (date: string) => boolean): number {
  let days = 0;
  for (let date = addDays(today, 1); date <= deadline; date = addDays(date, 1)) {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !isHoliday(date)) days++;
  }
  return days;
}
