/** What the certificate states (R42), taken from a contract and its history; decides no wording. */
import type { CertificateParams, CertifiedPerson } from '../../templates/index.ts';
import { agreed, type Contract, type Step } from '../contract/contract.ts';
import type { Event } from '../contract/events.ts';
import { person } from '../mail/compose.ts';

export interface CertifyingMunicipality {
  readonly name: string;
  readonly nameHolder: string;
  /** Who operates the signing key (R59). */
  readonly signedBy: string;
}

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
    nameHolder: municipality.nameHolder,
    authority: terms.authority,
    decisionNumber: terms.approvalNumber,
    contractDate: contract.contractDate!,
    effectiveDate: terms.effectiveDate,
    people: contract.steps.map((step, index) => certified(step, index, history)),
    documents: contract.documents.map((document) => ({
      title: document.name,
      pages: document.pages,
      size: agreed(document).size,
      uploaded: document.upload.sha256,
      executed: agreed(document).sha256,
    })),
    keyOperator: municipality.signedBy,
  };
}

function certified(step: Step, index: number, history: readonly Event[]): CertifiedPerson {
  const given = history.findLast(
    (event): event is Extract<Event, { type: 'ConsentGiven' }> =>
      event.type === 'ConsentGiven' && event.step === index,
  );
  if (!given) throw new Error(`no consent of step ${index} in the history`);
  // Seals of a consent that was taken back came before the one that counts.
  const timestamps = history.flatMap((event) =>
    event.type === 'DocumentSealed' && event.seq > given.seq && event.revision.step === index
      ? [event.timestamp]
      : [],
  );
  return {
    role: step.role,
    person: person(step.person),
    receiptNumber: step.receiptNumber,
    registration: step.registration,
    consentedAt: given.consentedAt,
    means: given.evidence.means === 'mail' ? 'mail-reply' : 'page',
    ip: given.evidence.ip,
    signedAt: timestamps.sort().at(-1) ?? null,
  };
}
