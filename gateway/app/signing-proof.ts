/** What the history must show before the signing key may be used (R59): a consent that waits for its seal, or a certificate that is due. */
import type { Contract } from '../contract/contract.ts';
import { head } from '../contract/documents.ts';
import type { Event } from '../contract/events.ts';
import { replay } from '../contract/evolve.ts';

/** One seal: of which step's consent, in which attempt, in which document. */
export interface AskedSeal {
  readonly step: number;
  readonly attempt: number;
  readonly document: string;
}

export interface ConsentFound {
  /** As its history tells it; what a row says counts for nothing here. */
  readonly contract: Contract;
  /** SHA-256 (lower-case hex) of the document as it was consented to: the only octets that may be sealed. */
  readonly consented: string;
}

/** The consent that `asked` seals; null unless it was given, still stands, and speaks of the document as it is. */
export function consentIn(history: readonly Event[], asked: AskedSeal): ConsentFound | null {
  const contract = replay(history);
  const given = history.findLast(
    (event): event is Extract<Event, { type: 'ConsentGiven' }> =>
      event.type === 'ConsentGiven' && event.step === asked.step && event.attempt === asked.attempt,
  );
  if (!contract || !given?.seals.includes(asked.document)) return null;
  const { state, step, attempt } = contract;
  if (state !== 'sealing' || step !== asked.step || attempt !== asked.attempt) return null;
  const consented = given.heads.find(({ document }) => document === asked.document)?.sha256;
  const document = contract.documents.find(({ id }) => id === asked.document);
  if (consented === undefined || !document || head(document).sha256 !== consented) return null;
  return { contract, consented };
}

/** The contract whose certificate is due: every consent sealed, every document closed, none issued yet; else null. */
export function certifyingIn(history: readonly Event[]): Contract | null {
  const contract = replay(history);
  const due = history.some(({ type }) => type === 'CertifyingStarted');
  return contract?.state === 'concluding' && contract.certificate === null && due ? contract : null;
}
