/** What the certificate states (R42), taken from a contract and its history; decides no wording. */
import type {
  CertificateParams,
  CertifiedEvent,
  CertifiedPerson,
  Person,
  SenderProof,
} from '../../templates/index.ts';
import { filledRows } from '../contract/boxes.ts';
import type { ConsentEvidence } from '../contract/commands.ts';
import { type Contract, personOf, type Step } from '../contract/contract.ts';
import { head } from '../contract/documents.ts';
import type { Event } from '../contract/events.ts';
import { amount, initiator, person } from '../mail/facts.ts';

export interface CertifyingMunicipality {
  readonly name: string;
  readonly nameHolder: string;
  /** Who operates the signing key (R59). */
  readonly signedBy: string;
  /** Where a mail with a PDF is answered with what the check says; null where none is (R45). */
  readonly verificationAddress: string | null;
}

type Consent = Extract<Event, { type: 'ConsentGiven' }>;

/** Every document must be closed and every step consented to. */
export function certificateFacts(
  contract: Contract,
  history: readonly Event[],
  municipality: CertifyingMunicipality,
): Omit<CertificateParams, 'testAuthority' | 'issuedAt'> {
  const { terms } = contract;
  return {
    municipality: municipality.name,
    certificateId: contract.certificateId,
    number: contract.number,
    title: contract.title,
    kind: contract.kind,
    contractNumber: terms.contractNumber,
    original: terms.original,
    amount: amount(contract),
    period: { from: terms.periodFrom, to: terms.periodTo },
    bond: terms.bond,
    nameHolder: municipality.nameHolder,
    authority: terms.authority,
    decisionNumber: terms.approvalNumber,
    initiator: initiator(contract),
    plannedDate: terms.plannedDate,
    contractDate: contract.contractDate!,
    effectiveDate: terms.effectiveDate,
    people: contract.steps.map((step, index) => certified(contract, step, index, history)),
    observers: contract.observers.map(person),
    documents: contract.documents.map((document) => ({
      title: document.name,
      fileName: document.fileName,
      pages: document.pages,
      uploadedSize: document.upload.size,
      size: head(document).size,
      uploaded: document.upload.sha256,
      executed: head(document).sha256,
      decided: document.decided,
    })),
    events: history.flatMap((event, at) => told(contract, event, history.slice(0, at))),
    addressChanges: contract.holderChanges.map(({ at, participant, former, holder, confirmedBy }) => ({
      at,
      role: contract.steps.find((step) => step.participant === participant)!.role,
      former: person(former),
      holder: person(holder),
      agreedBy: confirmedBy && person(confirmedBy),
    })),
    keyOperator: municipality.signedBy,
    verificationAddress: municipality.verificationAddress,
  };
}

function certified(
  contract: Contract,
  step: Step,
  index: number,
  history: readonly Event[],
): CertifiedPerson {
  const given = history.findLast(
    (event): event is Consent => event.type === 'ConsentGiven' && event.step === index,
  );
  if (!given) throw new Error(`no consent of step ${index} in the history`);
  const asked = history.findLast(
    (event) => event.type === 'StepOpened' && event.step === index && event.seq < given.seq,
  );
  // Seals of a consent that was taken back came before the one that counts.
  const timestamps = history.flatMap((event) =>
    event.type === 'DocumentSealed' && event.seq > given.seq && event.revision.step === index
      ? [event.timestamp]
      : [],
  );
  const { evidence } = given;
  return {
    role: step.role,
    person: person(step.person),
    receiptNumber: step.receiptNumber,
    registration: step.registration,
    askedAt: asked?.at ?? null,
    consentedAt: given.consentedAt,
    means: evidence.means === 'mail' ? 'mail-reply' : 'page',
    factor: evidence.factor ?? null,
    ip: evidence.ip,
    userAgent: userAgentOf(evidence),
    senderProof: senderProofOf(evidence),
    declaredVersion: evidence.declared?.electronic?.version ?? null,
    filled: filledRows(contract.documents, given.filled),
    signedAt: timestamps.sort().at(-1) ?? null,
  };
}

/** A browser can call itself anything: what no font may have is left out, and no more than fits a few lines stays. */
function userAgentOf({ userAgent }: ConsentEvidence): string | null {
  return userAgent?.replace(/[^\x20-\x7e]/g, '').slice(0, 300) || null;
}

const PROOFS: readonly SenderProof[] = ['submission-relay', 'smtp-auth', 'authentication-results', 'direct'];

function senderProofOf({ authentication }: ConsentEvidence): SenderProof | null {
  return PROOFS.find((proof) => authentication?.startsWith(`${proof}:`)) ?? null;
}

/** An event as the certificate tells it; none for those that only we care about. */
function told(contract: Contract, event: Event, before: readonly Event[]): CertifiedEvent[] {
  const by = (what: CertifiedEvent['what'], participant: string): CertifiedEvent[] => {
    const step = contract.steps.find((one) => one.participant === participant);
    const found = personOf(contract, participant);
    const who: Person | null =
      participant === 'initiator' ? initiator(contract) : found ? person(found) : null;
    const role = participant === 'initiator' ? 'initiator' : (step?.role ?? null);
    return [{ at: event.at, what, who: role === null ? null : who, role }];
  };
  switch (event.type) {
    case 'ContractDrafted':
      return by('drafted', 'initiator');
    case 'DraftCorrected':
      return by('corrected', 'initiator');
    case 'GoAheadGiven':
      return by('released', 'initiator');
    case 'StepOpened':
      return by(event.occasion === 'resent' ? 'askedAgain' : 'asked', event.participant);
    case 'HolderReminded':
      return by('reminded', event.participant);
    case 'MailFailed':
      return by('undelivered', event.recipient);
    case 'DeadlineExtended':
      return by('extended', event.by);
    case 'ConsentGiven':
      return by(contract.steps[event.step]?.role === 'checker' ? 'checked' : 'consented', event.participant);
    case 'ConsentTakenBack':
      return by('takenBack', event.participant);
    case 'DocumentSealed':
      return isLastSeal(event, contract, before)
        ? [{ at: event.timestamp, what: 'sealed', who: null, role: null }]
        : [];
    case 'CertifyingStarted':
      return [{ at: event.at, what: 'closed', who: null, role: null }];
    default:
      return [];
  }
}

/** Whether with this one every document carries the consent's signature. */
function isLastSeal(
  event: Extract<Event, { type: 'DocumentSealed' }>,
  contract: Contract,
  before: readonly Event[],
): boolean {
  const given = before.findLastIndex(({ type }) => type === 'ConsentGiven');
  const sealed = before.slice(given + 1).filter(({ type }) => type === 'DocumentSealed').length;
  return sealed + 1 === contract.documents.length && event.revision.step !== null;
}
