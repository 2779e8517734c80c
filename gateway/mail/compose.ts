/** Turns a contract and a mail's name into the mail's content: one entry per mail, no text of its own. */

import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { filledRows } from '../contract/boxes.ts';
import { agreed, head } from '../contract/documents.ts';
import type { ContractMail } from '../contract/effects.ts';
import * as endings from './compose-endings.ts';
import * as holderChange from './compose-holder-change.ts';
import { base, type ComposeInput, type Composer, recipient, reference } from './compose-input.ts';
import * as requests from './compose-requests.ts';
import * as troubles from './compose-troubles.ts';
import {
  amount,
  announced,
  countOf,
  documentFacts,
  initiator,
  participants,
  person,
  stepOf,
} from './facts.ts';

/** Content of the contract's mail `name` for one recipient. */
export function compose(name: ContractMail, input: ComposeInput): MailContent {
  return composers[name](input);
}

const composers: Record<ContractMail, Composer> = {
  ...requests,
  ...endings,
  ...troubles,
  ...holderChange,
  receipt: (input) => {
    const { contract } = input;
    const { terms } = contract;
    return templates.receipt({
      ...base(input),
      initiator: initiator(contract),
      number: contract.number,
      title: contract.title,
      formerNumber: contract.formerNumber ?? null,
      kind: contract.kind,
      participants: participants(contract),
      amount: amount(contract),
      plannedDate: terms.plannedDate,
      effectiveDate: terms.effectiveDate,
      deadline: contract.deadline,
      term: { from: terms.periodFrom, to: terms.periodTo },
      announced: announced(contract),
      contractNumber: terms.contractNumber,
      decisionNumber: terms.approvalNumber,
      authority: terms.authority,
      original: terms.original,
      guarantee: terms.bond,
      message: terms.message,
      documents: documentFacts(contract),
      boxes: contract.documents.flatMap(({ boxes }, index) =>
        boxes.length === 0 ? [] : [{ document: index + 1, ...countOf(boxes) }],
      ),
      method: terms.method ?? null,
      noticeDate: terms.noticeDate ?? null,
      accessCode:
        input.accessCode === null
          ? null
          : {
              made: terms.accessCode === input.accessCode ? null : input.accessCode,
              withoutPin: input.asksForPin,
            },
      changes: contract.documents.flatMap(({ name, change }, index) =>
        change === undefined ? [] : [{ document: index + 1, title: name, change }],
      ),
      unread: contract.documents.flatMap(({ unread }, index) => (unread ? [index + 1] : [])),
      warnings: contract.warnings.map(({ code, args }) => templates.warningSentence(code, args)),
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
  question: (input) => {
    const { contract } = input;
    const asked = contract.questions.find(({ seq }) => String(seq) === input.about);
    if (!asked) throw new Error('question needs the event that asked');
    const step = stepOf(contract, asked.participant);
    return templates.question({
      ...base(input),
      ...reference(contract),
      role: step.role,
      participant: person(step.person),
      askedAt: asked.at,
      question: asked.message,
    });
  },
  consentTakenBack: (input) => {
    const { contract } = input;
    const step = stepOf(contract, input.about);
    return templates.consentTakenBack({
      ...base(input),
      recipient: recipient(input),
      recipientIs:
        input.recipient === 'initiator'
          ? 'initiator'
          : stepOf(contract, input.recipient).role === 'approver'
            ? 'approver'
            : 'vendor',
      number: contract.number,
      title: contract.title,
      role: step.role,
      participant: person(step.person),
      takenBackAt: input.now,
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
      again: input.occasion === 'resent',
      extended: contract.documents.some((document) => head(document) !== agreed(document)),
    });
  },
};
