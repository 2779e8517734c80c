/** What has happened to a contract. Past tense, stored for good; a new meaning gets a new version, never a new reading. */
import type { FilledBox } from './boxes.ts';
import type { ConsentEvidence } from './commands.ts';
import type { Draft, Head, NewHolder, ParticipantId, Person, Role } from './contract.ts';
import type { Revision, StoredPart } from './documents.ts';

/** When the holder of a step is to be reminded (ISO UTC instant), and what that was counted from. */
export type Reminder =
  /** So many days before the last day on which it is wanted. */
  | { readonly daysBefore: number; readonly at: string }
  /** So many days after the request. */
  | { readonly daysAfter: number; readonly at: string };

interface Mailing {
  readonly mail: string;
  readonly kind: string;
  readonly recipient: ParticipantId;
  readonly response: string;
}

export type EventBody =
  | {
      readonly type: 'ContractDrafted';
      readonly id: string;
      readonly municipality: string;
      readonly number: string;
      readonly certificateId: string;
      readonly sourceMessageId: string | null;
      readonly formerNumber?: string;
      readonly draft: Draft;
      readonly expiresAt: string;
    }
  | { readonly type: 'DraftCorrected'; readonly draft: Draft; readonly expiresAt: string }
  | {
      readonly type: 'GoAheadGiven';
      readonly releaseAt: string;
      readonly expiresAt: string;
      readonly documents: readonly string[];
    }
  | { readonly type: 'DocumentPrepared'; readonly document: string; readonly revision: Revision }
  | {
      readonly type: 'StepOpened';
      readonly step: number;
      readonly participant: ParticipantId;
      readonly role: Role;
      readonly generation: number;
      readonly occasion: 'first' | 'resent';
      /** ISO date the reminders are counted back from. */
      readonly deadline: string;
      readonly reminders: readonly Reminder[];
    }
  | {
      readonly type: 'HolderReminded';
      readonly step: number;
      readonly participant: ParticipantId;
      readonly role: Role;
    }
  | {
      readonly type: 'DeadlineExtended';
      readonly by: ParticipantId;
      readonly deadline: string;
      readonly expiresAt: string;
      /** Whose turn it is; null while nobody has been asked or a consent is being sealed. */
      readonly asked: {
        readonly step: number;
        readonly participant: ParticipantId;
        readonly role: Role;
        readonly generation: number;
      } | null;
      readonly reminders: readonly Reminder[];
    }
  /** 「宛先変更」 to an address that nobody has registered: a second staff member is asked (R4). */
  | {
      readonly type: 'HolderChangeProposed';
      readonly step: number;
      readonly participant: ParticipantId;
      readonly holder: NewHolder;
      readonly second: Person;
    }
  | { readonly type: 'HolderChangeRejected'; readonly reason: string | null }
  | {
      readonly type: 'HolderChanged';
      readonly step: number;
      readonly participant: ParticipantId;
      readonly former: Person;
      readonly holder: NewHolder;
      readonly confirmedBy: Person | null;
      /** Everybody who hears of it, the former holder included. */
      readonly tell: readonly ParticipantId[];
    }
  | {
      readonly type: 'LinkRequested';
      readonly participant: ParticipantId;
      readonly link: 'consent' | 'download';
    }
  | { readonly type: 'QuestionAsked'; readonly participant: ParticipantId; readonly message: string }
  /** By a person; what merely fetches pages and documents stands in the log. */
  | {
      readonly type: 'LinkOpened';
      readonly step: number;
      readonly participant: ParticipantId;
      readonly generation: number;
    }
  | {
      readonly type: 'ConsentGiven';
      readonly step: number;
      readonly participant: ParticipantId;
      readonly consentedAt: string;
      readonly attempt: number;
      readonly heads: readonly Head[];
      readonly filled: readonly FilledBox[];
      readonly evidence: ConsentEvidence;
      /** Documents to be sealed now; none after a checker's look. */
      readonly seals: readonly string[];
    }
  | {
      readonly type: 'ConsentTakenBack';
      readonly step: number;
      readonly participant: ParticipantId;
      /** The next participant, when a request had already gone out. */
      readonly voided: ParticipantId | null;
    }
  | {
      readonly type: 'DocumentSealed';
      readonly document: string;
      readonly revision: Revision;
      readonly timestamp: string;
    }
  | { readonly type: 'ConcludingStarted'; readonly documents: readonly string[] }
  | { readonly type: 'DocumentConcluded'; readonly document: string; readonly revision: Revision }
  /** Every document is closed: its certificate can be made. */
  | { readonly type: 'CertifyingStarted'; readonly contractDate: string }
  | { readonly type: 'CertificateIssued'; readonly certificate: StoredPart }
  | { readonly type: 'DocumentRenewed'; readonly document: string; readonly revision: Revision }
  | { readonly type: 'CertificateRenewed'; readonly revision: StoredPart }
  | {
      readonly type: 'ContractConcluded';
      readonly contractDate: string;
      readonly recipients: readonly ParticipantId[];
    }
  | {
      readonly type: 'ContractDeclined';
      readonly by: ParticipantId;
      readonly reason: string | null;
      /** A contract on paper is wished for; absent otherwise. */
      readonly paper?: true;
      readonly reached: readonly ParticipantId[];
    }
  | {
      readonly type: 'ContractWithdrawn';
      readonly by: ParticipantId;
      readonly reason: string | null;
      readonly reached: readonly ParticipantId[];
    }
  | {
      readonly type: 'ContractExpired';
      readonly wasDraft: boolean;
      readonly reached: readonly ParticipantId[];
    }
  /** It came in anew as the contract `successor`. */
  | { readonly type: 'CameAnew'; readonly successor: string }
  | ({ readonly type: 'MailTaken' } & Mailing)
  | ({ readonly type: 'MailFailed' } & Mailing)
  /** A mail system reports that it tries again by itself. */
  | ({ readonly type: 'MailDelayed' } & Mailing)
  /** A mail system reports that the recipient's server has it. */
  | ({ readonly type: 'MailArrived' } & Mailing);

/** A body with its place in the contract's history. */
export type Event = EventBody & {
  readonly seq: number;
  /** ISO 8601 UTC instant of the decision. */
  readonly at: string;
};
