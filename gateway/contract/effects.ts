/** effectsOf(event): what the outside world must now be told or asked to do. Pure; ids only, never content. */
import type { Factor, ParticipantId, Role } from './contract.ts';
import type { Event, Reminder } from './events.ts';

/** Mails that a contract sends by itself; each has its template of the same name. */
export type ContractMail =
  | 'receipt'
  | 'goAheadAccepted'
  | 'checkRequest'
  | 'signatureRequest'
  | 'approvalRequest'
  | 'consentRecorded'
  | 'consentTakenBack'
  | 'holderChangeRequest'
  | 'holderChangeRejected'
  | 'holderChanged'
  | 'declined'
  | 'question'
  | 'cancelled'
  | 'withdrawnAnswer'
  | 'expired'
  | 'draftExpired'
  | 'undelivered'
  /** Noted when a request was delivered, not by an event. */
  | 'notOpened'
  /** Noted with the last wrong try, not by an event. */
  | 'factorLocked'
  | 'deferred'
  /** Noted by the worker when work has to wait, not by an event. */
  | 'delayed'
  /** Noted by the worker when work was set aside. */
  | 'stopped'
  | 'completed';

/** Why a request is mailed; a reminder and a longer deadline carry the link that is already in force. */
export type RequestOccasion = 'first' | 'resent' | 'reminder' | 'extended';

/** Why work was set aside: the key to sign with is revoked; a certificate that has signed is; anything else. */
export type StopCause = 'key' | 'certificate' | 'fault';

export type Effect =
  | {
      readonly type: 'mail';
      readonly mail: ContractMail;
      readonly recipient: ParticipantId;
      /** Number of the event that asked (question); outbox key of the mail that failed (undelivered) or was not opened (notOpened); who took back (consentTakenBack); who held the step (holderChanged); whose tries ran out (factorLocked); the phase that waits or stands (deferred, delayed, stopped). */
      readonly about?: string;
      readonly cause?: StopCause;
      /** What was entered wrongly, and until when (ISO UTC) no more tries are taken. */
      readonly lock?: { readonly factor: Factor; readonly until: string };
      readonly occasion?: RequestOccasion;
      /** Documents go by link only: their attachment was refused for its size. */
      readonly linkOnly?: true;
    }
  | { readonly type: 'prepare'; readonly document: string; readonly notBefore: string }
  | { readonly type: 'seal'; readonly document: string; readonly step: number; readonly attempt: number }
  | { readonly type: 'conclude'; readonly document: string }
  | { readonly type: 'certify' }
  | {
      readonly type: 'remind';
      readonly step: number;
      readonly generation: number;
      readonly deadline: string;
      /** `7` days before, `after-7` days after: one entry each. */
      readonly days: string;
      readonly notBefore: string;
    }
  | { readonly type: 'expire'; readonly notBefore: string };

const REQUEST_OF = {
  checker: 'checkRequest',
  signatory: 'signatureRequest',
  approver: 'approvalRequest',
} as const;

export function effectsOf(event: Event): Effect[] {
  switch (event.type) {
    case 'ContractDrafted':
    case 'DraftCorrected':
      return [mail('receipt', 'initiator'), { type: 'expire', notBefore: event.expiresAt }];
    case 'GoAheadGiven':
      return [
        mail('goAheadAccepted', 'initiator'),
        ...event.documents.map(
          (document): Effect => ({ type: 'prepare', document, notBefore: event.releaseAt }),
        ),
        { type: 'expire', notBefore: event.expiresAt },
      ];
    case 'StepOpened':
      return [request(event, event.occasion), ...reminders(event, event)];
    case 'HolderReminded':
      return [request(event, 'reminder')];
    case 'DeadlineExtended':
      return [
        { type: 'expire', notBefore: event.expiresAt },
        ...(event.asked ? [request(event.asked, 'extended'), ...reminders(event.asked, event)] : []),
      ];
    case 'HolderChangeProposed':
      return [mail('holderChangeRequest', 'second')];
    case 'HolderChangeRejected':
      return [mail('holderChangeRejected', 'initiator')];
    case 'HolderChanged': {
      const about = event.tell.find((id) => id.startsWith('former-'))!;
      return event.tell.map((recipient) => ({ type: 'mail', mail: 'holderChanged', recipient, about }));
    }
    case 'LinkRequested':
      // A consent link comes with the step that is opened anew.
      return event.link === 'download'
        ? [{ type: 'mail', mail: 'completed', recipient: event.participant, occasion: 'resent' }]
        : [];
    case 'ConsentGiven':
      return [
        mail('consentRecorded', event.participant),
        ...event.seals.map(
          (document): Effect => ({ type: 'seal', document, step: event.step, attempt: event.attempt }),
        ),
      ];
    case 'ConsentTakenBack':
      return ['initiator', ...(event.voided ? [event.voided] : [])].map((recipient) => ({
        type: 'mail',
        mail: 'consentTakenBack',
        recipient,
        about: event.participant,
      }));
    case 'QuestionAsked':
      return [{ type: 'mail', mail: 'question', recipient: 'initiator', about: String(event.seq) }];
    case 'ConcludingStarted':
      return event.documents.map((document) => ({ type: 'conclude', document }));
    case 'CertifyingStarted':
      return [{ type: 'certify' }];
    case 'ContractConcluded':
      return event.recipients.map((recipient) => mail('completed', recipient));
    case 'ContractDeclined':
      return [
        mail('declined', 'initiator'),
        ...event.reached.filter((id) => id !== event.by).map((id) => mail('cancelled', id)),
      ];
    case 'ContractWithdrawn':
      return [mail('withdrawnAnswer', 'initiator'), ...event.reached.map((id) => mail('cancelled', id))];
    case 'ContractExpired':
      return [
        mail(event.wasDraft ? 'draftExpired' : 'expired', 'initiator'),
        ...event.reached.map((id) => mail('cancelled', id)),
      ];
    case 'MailFailed':
      // A notice about an undeliverable notice would go round in circles; a former address is often a dead one.
      return event.recipient === 'initiator' || event.recipient.startsWith('former-')
        ? []
        : [{ type: 'mail', mail: 'undelivered', recipient: 'initiator', about: event.mail }];
    case 'DocumentPrepared':
    case 'DocumentSealed':
    case 'DocumentConcluded':
    case 'CertificateIssued':
    case 'DocumentRenewed':
    case 'CertificateRenewed':
    case 'LinkOpened':
    case 'CameAnew':
    case 'MailTaken':
    case 'MailDelayed':
    case 'MailArrived':
      return [];
  }
}

function request(
  { role, participant }: { readonly role: Role; readonly participant: ParticipantId },
  occasion: RequestOccasion,
): Effect {
  return { type: 'mail', mail: REQUEST_OF[role], recipient: participant, occasion };
}

function reminders(
  { step, generation }: { readonly step: number; readonly generation: number },
  { deadline, reminders: due }: { readonly deadline: string; readonly reminders: readonly Reminder[] },
): Effect[] {
  return due.map((reminder) => ({
    type: 'remind',
    step,
    generation,
    deadline,
    days: 'daysBefore' in reminder ? String(reminder.daysBefore) : `after-${reminder.daysAfter}`,
    notBefore: reminder.at,
  }));
}

function mail(name: ContractMail, recipient: ParticipantId): Effect {
  return { type: 'mail', mail: name, recipient };
}
