/** What a contract's mail is composed from, and what every such mail says alike. */

import type * as templates from '../../templates/index.ts';
import { type Contract, type Factor, type ParticipantId, personOf } from '../contract/contract.ts';
import type { RequestOccasion } from '../contract/effects.ts';
import { initiator, person } from './facts.ts';

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
  readonly face: { readonly wording: templates.Wording };
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
  /** What the vendor is to be told by another way and enters on its page; null where none is asked for. */
  readonly accessCode: string | null;
  /** Signatories who have a signing PIN enter that instead. */
  readonly asksForPin: boolean;
  readonly occasion: RequestOccasion;
  /** Number of the event that asked (question), outbox key of the failed mail (undelivered) or the participant who took back (consentTakenBack) or whose tries ran out (factorLocked). */
  readonly about: string | null;
  /** What was entered wrongly, and until when (ISO UTC) nothing more is taken (factorLocked). */
  readonly lock: { readonly factor: Factor; readonly until: string } | null;
  /** What the contract's PDF work waits for (delayed). */
  readonly waiting: templates.Waiting | null;
  /** Since when whose request is tried that no mail server has taken (deferred). */
  readonly deferred: { readonly participant: ParticipantId; readonly since: string } | null;
  readonly giveUpAfterHours: number;
  /** What of the contract's PDF work was set aside (stopped). */
  readonly stopped: templates.Stopped | null;
  /** Whether the failed mail took the recipient's registration out of use (undelivered). */
  readonly unusable: boolean;
  /** Whether the executed documents hang on the completion mail (R37). */
  readonly attached: boolean;
  readonly takeBackAllowed: boolean;
  readonly goAheadDelaySeconds: number;
  readonly draftExpiresDays: number;
  readonly downloadDays: number;
  /** Nobody works in an office on this ISO date. */
  readonly isDayOff: (date: string) => boolean;
  readonly isCarrier: (address: string) => boolean;
}

export type Composer = (input: ComposeInput) => templates.MailContent;

/** What every mail in this municipality's name is made with. */
export function mailBase(
  { name, desks, face }: Pick<MailMunicipality, 'name' | 'desks' | 'face'>,
  testAuthority: boolean,
): templates.MailBase {
  return { municipality: name, desks, testAuthority, wording: face.wording };
}

/** The same, of a contract's mail or an answer. */
export function base({
  municipality,
  testAuthority,
}: Pick<ComposeInput, 'municipality' | 'testAuthority'>): templates.MailBase {
  return mailBase(municipality, testAuthority);
}

export function reference(contract: Contract): {
  initiator: templates.Person;
  number: string;
  title: string;
} {
  return { initiator: initiator(contract), number: contract.number, title: contract.title };
}

export function recipient({ contract, recipient: id }: ComposeInput): templates.Person {
  return id === 'initiator' ? initiator(contract) : person(personOf(contract, id)!);
}
