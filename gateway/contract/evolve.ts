/** evolve(contract, event): the contract after the event. Total over its own history; decides nothing. */
import type { Contract, Delivery, Draft, Step } from './contract.ts';
import type { ContractDocument, IssuedCertificate, Revision, StoredPart } from './documents.ts';
import type { Event } from './events.ts';

/** Replays a history; the stored row must equal its result. */
export function replay(events: readonly Event[]): Contract | undefined {
  return events.reduce<Contract | undefined>(evolve, undefined);
}

export function evolve(contract: Contract | undefined, event: Event): Contract {
  if (event.type === 'ContractDrafted') return drafted(event);
  if (!contract) throw new Error(`history starts with ${event.type}`);
  return { ...contract, ...changes(contract, event), seq: event.seq };
}

function drafted(event: Extract<Event, { type: 'ContractDrafted' }>): Contract {
  const { id, municipality, number, certificateId, sourceMessageId, formerNumber, draft, expiresAt, seq } =
    event;
  return {
    ...fromDraft(draft),
    id,
    municipality,
    number,
    certificateId,
    sourceMessageId,
    ...(formerNumber === undefined ? {} : { formerNumber }),
    seq,
    state: 'draft',
    draftGeneration: 1,
    step: 0,
    attempt: 0,
    expiresAt,
    releaseAt: null,
    ending: null,
    concludedAt: null,
    contractDate: null,
    lastSignatureAt: null,
    certificate: null,
    holderChanges: [],
    proposedChange: null,
    deliveries: [],
    questions: [],
  };
}

function fromDraft(draft: Draft): Draft & Pick<Contract, 'steps' | 'documents'> {
  return {
    ...draft,
    steps: draft.steps.map((step) => ({ ...step, generation: 0, consent: null })),
    documents: draft.documents.map((document) => ({ ...document, revisions: [] })),
  };
}

function changes(contract: Contract, event: Exclude<Event, { type: 'ContractDrafted' }>): Partial<Contract> {
  switch (event.type) {
    case 'DraftCorrected':
      return {
        ...fromDraft(event.draft),
        expiresAt: event.expiresAt,
        draftGeneration: contract.draftGeneration + 1,
      };
    case 'GoAheadGiven':
      return { state: 'preparing', releaseAt: event.releaseAt, expiresAt: event.expiresAt };
    case 'DocumentPrepared':
    case 'DocumentConcluded':
    case 'DocumentRenewed':
      return { documents: append(contract.documents, event.document, event.revision) };
    case 'StepOpened':
      return {
        state: 'awaiting',
        step: event.step,
        steps: change(contract.steps, event.step, { generation: event.generation }),
      };
    case 'DeadlineExtended':
      return { deadline: event.deadline, expiresAt: event.expiresAt };
    case 'HolderChangeProposed': {
      const { step, participant, holder, second, seq, at } = event;
      return { proposedChange: { step, participant, holder, second, generation: seq, at, settled: null } };
    }
    case 'HolderChangeRejected':
      return { proposedChange: settled(contract, event.at, false, event.reason) };
    case 'HolderChanged': {
      const { participant, former, holder, confirmedBy, at } = event;
      const made = { participant, former, holder: holder.person, at, confirmedBy };
      return {
        steps: change(contract.steps, event.step, holder),
        holderChanges: [...contract.holderChanges, made],
        proposedChange: settled(contract, at, confirmedBy !== null, null),
      };
    }
    case 'HolderReminded':
    case 'LinkRequested':
      return {};
    case 'QuestionAsked': {
      const { seq, participant, at, message } = event;
      return { questions: [...contract.questions, { seq, participant, at, message }] };
    }
    case 'LinkOpened': {
      const { at, generation } = event;
      return { steps: change(contract.steps, event.step, { opened: { at, generation } }) };
    }
    case 'ConsentGiven':
      return {
        state: event.seals.length > 0 ? 'sealing' : 'awaiting',
        attempt: event.attempt,
        steps: change(contract.steps, event.step, {
          consent: {
            at: event.consentedAt,
            means: event.evidence.means,
            heads: event.heads,
            filled: event.filled,
          },
        }),
      };
    case 'ConsentTakenBack':
      return takenBack(contract, event);
    case 'DocumentSealed':
      return {
        documents: append(contract.documents, event.document, event.revision),
        lastSignatureAt: later(contract.lastSignatureAt, event.timestamp),
      };
    case 'ConcludingStarted':
      return { state: 'concluding' };
    case 'CertifyingStarted':
      return { contractDate: event.contractDate };
    case 'CertificateIssued':
      return { certificate: event.certificate };
    case 'CertificateRenewed':
      return { certificate: certificateRenewed(contract.certificate!, event.revision) };
    case 'ContractConcluded':
      return { state: 'concluded', concludedAt: event.at };
    case 'ContractDeclined':
      return {
        state: 'declined',
        ending: { at: event.at, by: event.by, reason: event.reason, ...(event.paper ? { paper: true } : {}) },
      };
    case 'ContractWithdrawn':
      return { state: 'withdrawn', ending: { at: event.at, by: event.by, reason: event.reason } };
    case 'ContractExpired':
      return { state: 'expired', ending: { at: event.at, by: null, reason: null } };
    case 'CameAnew':
      return { successor: event.successor };
    case 'MailTaken':
    case 'MailFailed':
    case 'MailDelayed':
    case 'MailArrived':
      return { deliveries: withDelivery(contract.deliveries, event) };
  }
}

function settled(
  { proposedChange }: Contract,
  at: string,
  agreed: boolean,
  reason: string | null,
): Contract['proposedChange'] {
  return proposedChange && { ...proposedChange, settled: { at, agreed, reason } };
}

/** One entry a mail; a report may come before we have noted that the mail was taken. */
function withDelivery(
  deliveries: readonly Delivery[],
  { mail, kind, recipient, response, at, type }: Extract<Event, { type: `Mail${string}` }>,
): Delivery[] {
  const before = deliveries.find((known) => known.mail === mail);
  const others = deliveries.filter((known) => known !== before);
  const taken: Delivery = before ?? { mail, kind, recipient, outcome: 'taken', at, response };
  switch (type) {
    case 'MailTaken':
      return [...others, { ...taken, outcome: 'taken', at, response }];
    case 'MailFailed': {
      const takenAt = before?.outcome === 'taken' ? { takenAt: before.at } : {};
      return [...others, { ...taken, ...takenAt, outcome: 'failed', at, response }];
    }
    case 'MailDelayed':
    case 'MailArrived': {
      const reported = { ...taken, ...(type === 'MailDelayed' ? { delayedAt: at } : { arrivedAt: at }) };
      // In its place: the newest mail stays the last.
      return before
        ? deliveries.map((known) => (known === before ? reported : known))
        : [...others, reported];
    }
  }
}

/** The step's revisions are dropped, its consent is open again, the next participant's secrets lose their force. */
function takenBack(
  contract: Contract,
  event: Extract<Event, { type: 'ConsentTakenBack' }>,
): Partial<Contract> {
  const reopened = change(contract.steps, event.step, { consent: null });
  const next = contract.steps[event.step + 1];
  return {
    state: 'awaiting',
    step: event.step,
    // Outcomes of the seals that are still running belong to an attempt that is over.
    attempt: contract.attempt + 1,
    steps:
      event.voided && next ? change(reopened, event.step + 1, { generation: next.generation + 1 }) : reopened,
    documents: contract.documents.map((document) => ({
      ...document,
      revisions: document.revisions.filter(({ step }) => step !== event.step),
    })),
  };
}

function certificateRenewed(certificate: IssuedCertificate, renewal: StoredPart): IssuedCertificate {
  return { ...certificate, renewals: [...(certificate.renewals ?? []), renewal] };
}

function append(documents: readonly ContractDocument[], id: string, revision: Revision): ContractDocument[] {
  return documents.map((document) =>
    document.id === id ? { ...document, revisions: [...document.revisions, revision] } : document,
  );
}

function change(steps: readonly Step[], index: number, values: Partial<Step>): Step[] {
  return steps.map((step, at) => (at === index ? { ...step, ...values } : step));
}

function later(a: string | null, b: string): string {
  return a !== null && a > b ? a : b;
}
