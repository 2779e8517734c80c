/** What can be asked of a contract. Imperative; time and ids are arguments, so that decide() stays pure. */
import type { FilledBox } from './boxes.ts';
import type { Declared, Draft, Factor, Head, NewHolder, ParticipantId, Person } from './contract.ts';
import type { Revision, StoredPart } from './documents.ts';

/** What a presented secret (or nothing but the system itself) entitles to: whom it names, and what it is bound to. */
export interface Grant {
  readonly participant: ParticipantId;
  /** Generation of the step (or of the draft, for the initiator) the secret was made for. */
  readonly generation: number;
}

/** Where a consent came from; kept as evidence (R42, decided 8). */
export interface ConsentEvidence {
  readonly means: 'page' | 'mail';
  /** Remote address and user agent of the page's client. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Stored reply and how its sender was authenticated. */
  readonly message: string | null;
  readonly authentication: string | null;
  /** Absent where the consent came by mail, or before pages asked for it. */
  readonly declared?: Declared;
  /** The second factor that was entered rightly; absent where none was asked for. */
  readonly factor?: Factor;
}

export type Command =
  /** Replaces the draft by its corrected form (a reply with just the lines that change). */
  | { readonly type: 'correct'; readonly draft: Draft; readonly grant: Grant }
  /** 「依頼」; `acknowledged` when it said 確認済. */
  | { readonly type: 'goAhead'; readonly grant: Grant; readonly acknowledged: boolean }
  | {
      readonly type: 'recordPrepared';
      readonly document: string;
      readonly revision: Omit<Revision, 'purpose' | 'step'>;
    }
  | {
      readonly type: 'consent';
      readonly grant: Grant;
      readonly at: string;
      readonly heads: readonly Head[];
      /** Values for the documents' boxes; empty from whoever has none to fill. */
      readonly filled: readonly FilledBox[];
      readonly evidence: ConsentEvidence;
    }
  | { readonly type: 'takeBack'; readonly grant: Grant }
  /** `paper`: 「紙の契約を希望する」 (R0). */
  | {
      readonly type: 'decline';
      readonly grant: Grant;
      readonly reason: string | null;
      readonly paper?: true;
    }
  /** A question to the initiator; changes nothing. */
  | { readonly type: 'ask'; readonly grant: Grant; readonly message: string }
  /** A person has opened the page of their link. */
  | { readonly type: 'noteOpened'; readonly grant: Grant }
  | { readonly type: 'withdraw'; readonly by: ParticipantId; readonly reason: string | null }
  | { readonly type: 'resend'; readonly by: ParticipantId }
  | { readonly type: 'extend'; readonly by: ParticipantId; readonly deadline: string }
  /** 「宛先変更」; `second` is to agree, null where the new address is registered (R4). */
  | {
      readonly type: 'changeHolder';
      readonly participant: ParticipantId;
      readonly holder: NewHolder;
      readonly second: Person | null;
    }
  | {
      readonly type: 'settleHolderChange';
      readonly grant: Grant;
      readonly agreed: boolean;
      readonly reason: string | null;
    }
  /** A reminder computed for this step, these links and this deadline (ISO date) is due. */
  | {
      readonly type: 'remind';
      readonly step: number;
      readonly generation: number;
      readonly deadline: string;
    }
  /** 「新しいリンクを送る」 on a page whose link no longer serves. */
  | { readonly type: 'requestLink'; readonly participant: ParticipantId }
  | { readonly type: 'expire' }
  /** A reply to the notice of its end brings it in as a new contract, `successor` by id. */
  | { readonly type: 'comeAnew'; readonly successor: string }
  | {
      readonly type: 'recordSealed';
      readonly document: string;
      readonly attempt: number;
      readonly revision: Omit<Revision, 'purpose' | 'step'>;
      /** genTime of the signature timestamp. */
      readonly timestamp: string;
    }
  | {
      readonly type: 'recordConcluded';
      readonly document: string;
      readonly revision: Omit<Revision, 'purpose' | 'step'>;
    }
  | { readonly type: 'recordCertified'; readonly certificate: StoredPart }
  /** The proof of a document (by id), or of the certificate (null), has been renewed on top of the file with SHA-256 `of`. */
  | {
      readonly type: 'recordRenewed';
      readonly document: string | null;
      readonly of: string;
      readonly revision: StoredPart;
    }
  | {
      readonly type: 'recordDelivery';
      /** Outbox key of the mail. */
      readonly mail: string;
      readonly kind: string;
      readonly recipient: ParticipantId;
      readonly outcome: MailOutcome;
      /** The relay's or the remote server's words. */
      readonly response: string;
    };

/** The relay took it or refused it for good; a report then says that it still tries, that the recipient's server has it, or that it failed. */
export type MailOutcome = 'taken' | 'failed' | 'delayed' | 'arrived';

export type CommandType = Command['type'];

/** Everything decide() may know besides contract and command. */
export interface DecisionContext {
  /** ISO 8601 UTC instant. */
  readonly now: string;
  readonly goAheadDelaySeconds: number;
  readonly draftExpiresDays: number;
  /** Whoever has to act is reminded so many days after the request, and before the last day it is wanted on. */
  readonly remindDaysAfter: readonly number[];
  readonly remindDaysBefore: readonly number[];
  /** Whether offices are closed on this day (yyyy-mm-dd): Saturdays, Sundays, public holidays. */
  readonly isDayOff: (date: string) => boolean;
}

/** Opens a contract; numbers and ids have been drawn by the caller. */
export interface OpenContract {
  readonly id: string;
  readonly municipality: string;
  readonly number: string;
  readonly certificateId: string;
  readonly sourceMessageId: string | null;
  /** 受付番号 of the one that comes in anew as this. */
  readonly formerNumber?: string;
  readonly draft: Draft;
}
