/** A mail whose author is proven, what reactions to it are given to work with, and what they lead to. */
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Blobs } from '../../storage/blobs/blobs.ts';
import type { Database, Tx } from '../../storage/database.ts';
import type { MasterKey } from '../../storage/keys.ts';
import type { MessageRow, MessageStatus } from '../../storage/messages.ts';
import type { VerifiedFile } from '../../templates/index.ts';
import type { Authentication } from '../mail/authenticate.ts';
import type { DirectProof } from '../mail/direct-proof.ts';
import type { ParsedMessage } from '../mail/parse.ts';
import type { ParseLimits } from '../mail/parse-limits.ts';
import type { InboundTransport } from '../mail/transport.ts';
import type { AnswerContent, RegistrationAnswer } from './answers.ts';
import type { ContractStore } from './contract-store.ts';
import type { ReadPdfText } from './document-texts.ts';
import type { DraftMunicipality, DraftSettings, InspectPdf, MissingGlyphs } from './draft-input.ts';
import type { CommandHandler } from './handle-command.ts';
import type { RegistrationRules } from './registration-mails.ts';
import type { Registry } from './registration-types.ts';
import type { Secrets } from './secrets.ts';
import type { TakeFeed } from './take-feed.ts';

/** Judges a PDF offline, by the municipality's own trust roots. */
export type VerifyPdf = (municipality: string, content: Uint8Array) => Promise<VerifiedFile>;

/** Asks the sender's DNS about a mail that came straight from the Internet; rejects as transient where DNS does not answer. */
export type ProveAuthor = (
  raw: Readable,
  transport: InboundTransport,
  receivedAt: string,
) => Promise<DirectProof>;

export interface ReceivingMunicipality extends DraftMunicipality {
  readonly address: string;
  readonly aliases: readonly string[];
  readonly verificationAddress: string | null;
  readonly registrationAddress: string | null;
  /** The e-application forms that registrations come from. */
  readonly forms: readonly { readonly name: string; readonly notifiers: readonly string[] }[];
}

export interface ReceiveDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly master: MasterKey;
  readonly store: ContractStore;
  readonly commands: CommandHandler;
  readonly secrets: Secrets;
  readonly inspect: InspectPdf;
  readonly missingGlyphs: MissingGlyphs;
  readonly readPdfText: ReadPdfText;
  /** Nobody works in an office on this ISO date. */
  readonly isDayOff: (date: string) => boolean;
  readonly registry: Registry;
  readonly importFeed: TakeFeed;
  readonly registration: RegistrationRules;
  readonly verify: VerifyPdf;
  readonly prove: ProveAuthor;
  readonly municipalityOf: (id: string) => ReceivingMunicipality;
  readonly settings: DraftSettings & {
    readonly approvalCode: boolean;
    /** Of a reason that is given by mail. */
    readonly declineCharacters: number;
    /** How much of a mail is read. */
    readonly parsing: ParseLimits;
    readonly verificationsPerDay: number;
    readonly verifiedFilesPerMail: number;
    readonly answersPerHour: number;
    readonly strangerAnswersPerDay: number;
    readonly copiesListed: number;
    readonly passedOnPerDay: number;
  };
  readonly log: Logger;
}

/** What to write down about a mail once it has been read: the transaction part. */
export type Reaction = (tx: Tx, now: string) => Promise<Outcome>;

export interface Outcome {
  readonly status: Exclude<MessageStatus, 'stored' | 'duplicate'>;
  readonly contract?: string;
  readonly answer?: AnswerContent;
  /** Instead of `answer`, where it is about registrations. */
  readonly registration?: RegistrationAnswer;
  /** English, for the log. */
  readonly why?: string;
}

/** A proven mail with everything a reaction may need. */
export interface ReceivedMail {
  readonly row: MessageRow;
  readonly message: ParsedMessage;
  readonly transport: InboundTransport;
  readonly municipality: ReceivingMunicipality;
  /** Normalised address of the proven author, and how it was proven. */
  readonly sender: string;
  readonly means: Authentication['means'];
  readonly proof: string;
}
