/** What is answered to one incoming mail: stored with the mail, encrypted under its key, and sent by a job. */
import { seal, unseal } from '../../storage/keys.ts';
import type { MessageRow } from '../../storage/messages.ts';
import type {
  MailBase,
  RegistrationAnswerContent,
  TrialParams,
  VerificationResultParams,
} from '../../templates/index.ts';
import type { ParticipantId } from '../contract/contract.ts';
import type { SearchConditions } from '../mail/search-mail.ts';
import type { WordName } from '../mail/words.ts';

/** `code` and `args` name a sentence in templates/sentences.ja.ts. */
export interface Problem {
  readonly code: string;
  readonly args: Readonly<Record<string, string>>;
}

export type AnswerContent =
  /** The contract mail cannot be taken: what is wrong, and the form. */
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  | { readonly type: 'form' }
  /** 「テスト」: what arrived, and how its author was proven (in English, as in the log). */
  | ({ readonly type: 'trial' } & Readonly<Omit<TrialParams, 'sender' | 'problems' | keyof MailBase>> & {
        readonly problems: readonly Problem[];
      })
  /** What was found in a mail to the address for verification. */
  | ({ readonly type: 'verified' } & Readonly<
      Omit<VerificationResultParams, 'sender' | 'filesPerMail' | keyof MailBase>
    >)
  /** To a registered vendor: its concluded contracts, newest first, and how many more there are. */
  | {
      readonly type: 'contractList';
      readonly contracts: readonly { readonly contract: string; readonly participant: ParticipantId }[];
      readonly more: number;
    }
  /** 「検索」 and 「一覧」: what was asked; looked up when it is answered, of everybody's contracts or of the sender's own. */
  | { readonly type: 'found'; readonly conditions: SearchConditions; readonly whole: boolean }
  /** To a registered vendor: its files, or its reply, have been brought to its section. */
  | { readonly type: 'filesPassedOn'; readonly files: boolean }
  /** To somebody who is not staff: nobody reads this mailbox. */
  | { readonly type: 'notStaff' }
  | {
      readonly type: 'commandRefused';
      readonly contract: string;
      readonly participant: ParticipantId;
      readonly problems: readonly Problem[];
    }
  /** The word came without its secret: it has to be repeated in reply to this answer. */
  | {
      readonly type: 'confirmNeeded';
      readonly contract: string;
      readonly participant: ParticipantId;
      readonly word: WordName;
      /** Line 1 as it was written, reason or date included. */
      readonly line: string;
    }
  | { readonly type: 'resent'; readonly contract: string; readonly participant: ParticipantId }
  | { readonly type: 'extended'; readonly contract: string; readonly participant: ParticipantId }
  /** To a vendor who replied: once for each contract. */
  | { readonly type: 'replyPassedOn'; readonly contract: string; readonly participant: ParticipantId }
  | { readonly type: 'changeProposed'; readonly contract: string; readonly participant: ParticipantId }
  /** To the second member of staff: the new address has been agreed to, or not. */
  | { readonly type: 'changeSettled'; readonly contract: string; readonly participant: ParticipantId }
  /** To the approver who has sent the contract back. */
  | { readonly type: 'returned'; readonly contract: string; readonly participant: ParticipantId }
  | { readonly type: 'status'; readonly contract: string; readonly participant: ParticipantId }
  | { readonly type: 'copies'; readonly contract: string; readonly participant: ParticipantId };

/** To staff, about registrations: `runs` are the imports of the mail's files. */
export type RegistrationAnswer =
  | { readonly type: 'answer'; readonly content: RegistrationAnswerContent }
  | {
      readonly type: 'report';
      readonly runs: readonly ReportedRun[];
      readonly passedOver: readonly string[];
    };

export interface ReportedRun {
  readonly run: string;
  /** Name of the file. */
  readonly name: string;
}

export interface Answer<Content = AnswerContent> {
  readonly content: Content;
  readonly to: { readonly name: string; readonly address: string };
  /** Subject and Message-ID of the mail that is answered. */
  readonly subject: string;
  readonly inReplyTo: string | null;
}

export function sealAnswer(answer: Answer<unknown>, message: string, dataKey: Uint8Array): Buffer {
  return seal(dataKey, Buffer.from(JSON.stringify(answer)), `outcome:${message}`);
}

export function openAnswer<Content = AnswerContent>(row: MessageRow, dataKey: Uint8Array): Answer<Content> {
  if (!row.outcome) throw new Error(`message ${row.id} has no answer`);
  return JSON.parse(unseal(dataKey, row.outcome, `outcome:${row.id}`).toString('utf8'));
}
