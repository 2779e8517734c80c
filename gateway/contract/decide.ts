/** decide(contract, command, context): which events follow, or why none do. Pure: no clock, no I/O, no randomness. */
import { extend, openStep, remind, requestLink } from './asking.ts';
import { fillingProblems, fillingStep } from './boxes.ts';
import type { Command, DecisionContext, Grant, OpenContract } from './commands.ts';
import {
  type Contract,
  type Head,
  heads,
  isLastStep,
  mayBeTakenBack,
  mayComeAnew,
  pastNoReturn,
  reached,
  resultRecipients,
} from './contract.ts';
import { certificateHead, head, type StoredPart } from './documents.ts';
import type { EventBody } from './events.ts';
import { changeHolder, settleHolderChange } from './holder-change.ts';
import { addSeconds, afterDays, endOfJstDay, jstDate } from './jst.ts';
import { type Refusal, type RefusalCode, refuse } from './refusals.ts';
import { type Cell, transitions } from './transitions.ts';

const MAIL_EVENTS = {
  taken: 'MailTaken',
  failed: 'MailFailed',
  delayed: 'MailDelayed',
  arrived: 'MailArrived',
} as const;

export type Decision = readonly EventBody[] | Refusal;

/** A consent whose time lies further ahead of our clock than this is refused (decided 9). */
const CLOCK_TOLERANCE_SECONDS = 300;

/** The first event of a contract. */
export function open(command: OpenContract, context: DecisionContext): EventBody {
  return { type: 'ContractDrafted', ...command, expiresAt: draftExpiry(context) };
}

export function decide(contract: Contract, command: Command, context: DecisionContext): Decision {
  const cell: Cell = transitions[contract.state][command.type];
  if ('refusal' in cell) return refuse(refusalOf(contract, command, cell.refusal));
  switch (command.type) {
    case 'correct':
      if (command.grant.generation !== contract.draftGeneration) return refuse('link-voided');
      return [{ type: 'DraftCorrected', draft: command.draft, expiresAt: draftExpiry(context) }];
    case 'goAhead':
      return goAhead(contract, command.grant, command.acknowledged, context);
    case 'recordPrepared':
      return recordPrepared(contract, command.document, command.revision, context);
    case 'consent':
      return consent(contract, command, context);
    case 'takeBack':
      return takeBack(contract, command.grant);
    case 'decline':
      return decline(contract, command, context);
    case 'ask':
      return ask(contract, command.grant, command.message);
    case 'noteOpened':
      return noteOpened(contract, command.grant);
    case 'withdraw':
      if (pastNoReturn(contract)) return refuse('too-late-to-withdraw');
      return [
        { type: 'ContractWithdrawn', by: command.by, reason: command.reason, reached: reached(contract) },
      ];
    case 'resend':
      return context.now >= contract.expiresAt
        ? refuse('expired')
        : [openStep(contract, contract.step, context, 'resent')];
    case 'extend':
      return extend(contract, command, context);
    case 'remind':
      return remind(contract, command, context);
    case 'changeHolder':
      return changeHolder(contract, command, context);
    case 'settleHolderChange':
      return settleHolderChange(contract, command, context);
    case 'requestLink':
      return requestLink(contract, command.participant, context);
    case 'expire':
      if (pastNoReturn(contract) || context.now < contract.expiresAt) return refuse('stale');
      return [{ type: 'ContractExpired', wasDraft: contract.state === 'draft', reached: reached(contract) }];
    case 'comeAnew':
      if (contract.successor !== undefined) return refuse('came-anew');
      return mayComeAnew(contract) ? [{ type: 'CameAnew', successor: command.successor }] : refuse('stale');
    case 'recordSealed':
      return recordSealed(contract, command, context);
    case 'recordConcluded':
      return recordConcluded(contract, command);
    case 'recordCertified':
      return recordCertified(contract, command.certificate);
    case 'recordRenewed':
      return recordRenewed(contract, command);
    case 'recordDelivery': {
      const { mail, kind, recipient, response } = command;
      // Several bounces may come back for one mail; the first one counts.
      if (contract.deliveries.some((known) => known.mail === mail && known.outcome === 'failed')) {
        return refuse('stale');
      }
      const before = contract.deliveries.find((known) => known.mail === mail);
      const isReport = command.outcome === 'delayed' || command.outcome === 'arrived';
      // A mail system reports a delay again and again, and no report overtakes an arrival.
      if (isReport && (before?.arrivedAt ?? (command.outcome === 'delayed' && before?.delayedAt))) {
        return refuse('stale');
      }
      return [{ type: MAIL_EVENTS[command.outcome], mail, kind, recipient, response }];
    }
  }
}

/** While another's consent is sealed, whoever has not been asked has not consented. */
function refusalOf({ steps }: Contract, command: Command, refusal: RefusalCode): RefusalCode {
  if (refusal !== 'already-consented' || command.type !== 'consent') return refusal;
  const own = steps.find(({ participant }) => participant === command.grant.participant);
  return own?.consent ? refusal : 'not-your-turn';
}

function draftExpiry(context: DecisionContext): string {
  return afterDays(context.now, context.draftExpiresDays);
}

function goAhead(
  contract: Contract,
  grant: Grant,
  acknowledged: boolean,
  context: DecisionContext,
): Decision {
  if (grant.generation !== contract.draftGeneration) return refuse('link-voided');
  if (contract.warnings.length > 0 && !acknowledged) return refuse('needs-confirmation');
  const expiresAt = endOfJstDay(contract.deadline);
  const releaseAt = addSeconds(context.now, context.goAheadDelaySeconds);
  if (expiresAt <= releaseAt) return refuse('deadline-past');
  return [{ type: 'GoAheadGiven', releaseAt, expiresAt, documents: contract.documents.map(({ id }) => id) }];
}

function recordPrepared(
  contract: Contract,
  document: string,
  revision: Extract<Command, { type: 'recordPrepared' }>['revision'],
  context: DecisionContext,
): Decision {
  const open = contract.documents.filter(({ revisions }) => revisions.length === 0);
  if (!open.some(({ id }) => id === document)) return refuse('stale');
  const prepared: EventBody = {
    type: 'DocumentPrepared',
    document,
    revision: { ...revision, purpose: 'prepare', step: null },
  };
  return open.length === 1 ? [prepared, openStep(contract, 0, context)] : [prepared];
}

/** Whether the secret's holder is the one whose turn it is, with a secret that has kept its force. */
function turnOf(contract: Contract, grant: Grant): Refusal | number {
  const index = contract.steps.findIndex(({ participant }) => participant === grant.participant);
  const step = contract.steps[index];
  if (!step) return refuse('not-your-turn');
  if (step.consent) return refuse('already-consented');
  if (step.generation !== grant.generation) return refuse('link-voided');
  return index === contract.step ? index : refuse('not-your-turn');
}

function consent(
  contract: Contract,
  command: Extract<Command, { type: 'consent' }>,
  context: DecisionContext,
): Decision {
  const step = turnOf(contract, command.grant);
  if (typeof step !== 'number') return step;
  if (command.at >= contract.expiresAt) return refuse('expired');
  if (command.at > addSeconds(context.now, CLOCK_TOLERANCE_SECONDS)) return refuse('ahead-of-clock');
  if (!sameHeads(command.heads, heads(contract))) return refuse('head-changed');
  const form = step === fillingStep(contract.steps) ? contract.documents : [];
  if (fillingProblems(form, command.filled).length > 0) return refuse('boxes-not-right');
  const { participant, role } = contract.steps[step]!;
  const given: EventBody = {
    type: 'ConsentGiven',
    step,
    participant,
    consentedAt: command.at,
    attempt: contract.attempt + 1,
    heads: command.heads,
    filled: command.filled,
    evidence: command.evidence,
    // A checker leaves no signature in the document (R10).
    seals: role === 'checker' ? [] : contract.documents.map(({ id }) => id),
  };
  return role === 'checker' ? [given, openStep(contract, step + 1, context)] : [given];
}

function sameHeads(shown: readonly Head[], current: readonly Head[]): boolean {
  return (
    shown.length === current.length &&
    current.every((head) => shown.some((s) => s.document === head.document && s.sha256 === head.sha256))
  );
}

function takeBack(contract: Contract, grant: Grant): Decision {
  const step = contract.steps.findIndex(({ participant }) => participant === grant.participant);
  const holder = contract.steps[step];
  if (!holder?.consent) return refuse('nothing-to-take-back');
  if (holder.generation !== grant.generation) return refuse('link-voided');
  if (!mayBeTakenBack(contract, step)) return refuse('too-late-to-take-back');
  const voided = contract.state === 'awaiting' ? contract.steps[step + 1]!.participant : null;
  return [{ type: 'ConsentTakenBack', step, participant: holder.participant, voided }];
}

function decline(
  contract: Contract,
  { grant, reason, paper }: Extract<Command, { type: 'decline' }>,
  context: DecisionContext,
): Decision {
  const step = turnOf(contract, grant);
  if (typeof step !== 'number') return step;
  if (context.now >= contract.expiresAt) return refuse('expired');
  const wish = paper ? { paper } : {};
  return [{ type: 'ContractDeclined', by: grant.participant, reason, ...wish, reached: reached(contract) }];
}

/** Whoever has been asked may ask back, before a consent and after it. */
function ask(contract: Contract, { participant, generation }: Grant, message: string): Decision {
  const step = contract.steps.find((one) => one.participant === participant);
  if (!step) return refuse('not-your-turn');
  if (step.generation !== generation) return refuse('link-voided');
  return [{ type: 'QuestionAsked', participant, message }];
}

/** Once for each link's generation. */
function noteOpened(contract: Contract, grant: Grant): Decision {
  const step = turnOf(contract, grant);
  if (typeof step !== 'number') return step;
  const { participant, generation, opened } = contract.steps[step]!;
  if (opened?.generation === generation) return refuse('stale');
  return [{ type: 'LinkOpened', step, participant, generation }];
}

/** One outcome per document; the state moves when all documents carry the step's signature. */
function recordSealed(
  contract: Contract,
  command: Extract<Command, { type: 'recordSealed' }>,
  context: DecisionContext,
): Decision {
  if (command.attempt !== contract.attempt) return refuse('stale');
  const unsealed = contract.documents.filter((document) => sealedStep(document) !== contract.step);
  if (!unsealed.some(({ id }) => id === command.document)) return refuse('stale');
  const sealed: EventBody = {
    type: 'DocumentSealed',
    document: command.document,
    revision: { ...command.revision, purpose: 'consent', step: contract.step },
    timestamp: command.timestamp,
  };
  if (unsealed.length > 1) return [sealed];
  return isLastStep(contract, contract.step)
    ? [sealed, { type: 'ConcludingStarted', documents: contract.documents.map(({ id }) => id) }]
    : [sealed, openStep(contract, contract.step + 1, context)];
}

function sealedStep(document: Contract['documents'][number]): number | null {
  return document.revisions.at(-1)?.step ?? null;
}

function recordConcluded(
  contract: Contract,
  command: Extract<Command, { type: 'recordConcluded' }>,
): Decision {
  const open = contract.documents.filter(({ revisions }) => revisions.at(-1)?.purpose !== 'conclude');
  const document = open.find(({ id }) => id === command.document);
  if (!document || command.revision.size <= head(document).size) return refuse('stale');
  const concluded: EventBody = {
    type: 'DocumentConcluded',
    document: command.document,
    revision: { ...command.revision, purpose: 'conclude', step: null },
  };
  if (open.length > 1) return [concluded];
  return [concluded, { type: 'CertifyingStarted', contractDate: jstDate(contract.lastSignatureAt!) }];
}

/** The contract's date is known once every document is closed; the certificate that states it ends the procedure. */
function recordCertified(contract: Contract, certificate: StoredPart): Decision {
  const { contractDate } = contract;
  if (contractDate === null) return refuse('stale');
  return [
    { type: 'CertificateIssued', certificate },
    { type: 'ContractConcluded', contractDate, recipients: resultRecipients(contract) },
  ];
}

/** What was renewed meanwhile must be looked at anew: a revision fits only on the head that it was made for. */
function recordRenewed(
  contract: Contract,
  { document: id, of, revision }: Extract<Command, { type: 'recordRenewed' }>,
): Decision {
  const document = contract.documents.find((one) => one.id === id);
  const current = document ? head(document) : id === null ? certificateHead(contract.certificate!) : null;
  if (current?.sha256 !== of || revision.size <= current.size) return refuse('stale');
  return document
    ? [
        {
          type: 'DocumentRenewed',
          document: document.id,
          revision: { ...revision, purpose: 'renew', step: null },
        },
      ]
    : [{ type: 'CertificateRenewed', revision }];
}
