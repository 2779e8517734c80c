/** What a draft is made of, and what can be wrong with it. */
import type { BlobOwner, Blobs } from '../../storage/blobs/blobs.ts';
import type { Tx } from '../../storage/database.ts';
import type { Box } from '../contract/boxes.ts';
import type { Draft, Initiator } from '../contract/contract.ts';
import type { ContractFields } from '../mail/contract-fields.ts';
import type { MailProblem } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import type { Staff } from '../mail/rights.ts';
import type { ReadPdfText } from './document-texts.ts';
import type { DraftChecks, DraftRollout } from './draft-checks.ts';
import type { Registry } from './registration-types.ts';

/** What an inspection of an uploaded PDF says; signing's inspect() satisfies it. */
export type InspectPdf = (content: Uint8Array) => Promise<
  | {
      readonly ok: true;
      readonly pages: number;
      readonly size: number;
      readonly sha256: string;
      /** Carries signatures of others. */
      readonly signed: boolean;
      readonly boxes: readonly Box[];
    }
  | { readonly ok: false; readonly code: string; readonly detail: string }
>;

/** The characters of a text that no font of the certificate can draw, with their code points. */
export type MissingGlyphs = (
  text: string,
) => readonly { readonly character: string; readonly codePoints: string }[];

export interface DraftProblem {
  /** `check:` repeats the code of a warning that the municipality does not leave to its staff. */
  readonly code: MailProblem['code'] | ResolutionCode | `pdf-refused:${string}` | `check:${string}`;
  readonly args: Readonly<Record<string, string>>;
}

type ResolutionCode =
  | 'needs-reply'
  | 'not-registered'
  | 'not-confirmed'
  | 'registration-pending'
  | 'registration-unreachable'
  | 'ambiguous-registration'
  | 'same-address'
  | 'same-counterparty'
  | 'missing-glyph'
  | 'approver-not-staff'
  | 'approver-is-initiator'
  | 'not-approver'
  | 'shared-mailbox'
  | 'not-initiator'
  | 'deadline-past'
  | 'document-not-attached'
  | 'decided-digest-differs'
  | 'too-many-documents'
  | 'too-many-boxes'
  | 'staff-box-open'
  | 'too-large';

/** The municipality as far as a draft depends on it. */
export interface DraftMunicipality {
  readonly id: string;
  readonly formUrl: string | null;
  readonly staff: Staff;
  readonly checks: DraftChecks;
  readonly rollout: DraftRollout;
}

export interface DraftSettings {
  readonly deadlineDays: number;
  readonly maxDocuments: number;
  readonly maxTotalOctets: number;
  /** In all documents together. */
  readonly maxBoxes: number;
  /** Of the largest document whose text is looked into. */
  readonly readableOctets: number;
  readonly approverMustDiffer: boolean;
  readonly staffBoxPrefix: string;
  /** A vendor's address serves only once it is confirmed (R11). */
  readonly requireConfirmation: boolean;
  /** Domains of free mail and of mobile carriers (R5). */
  readonly freeMailDomains: readonly string[];
}

export interface DraftInput {
  readonly municipality: DraftMunicipality;
  readonly fields: ContractFields;
  readonly initiator: Initiator;
  /** Of the mail, in its order; its PDFs become documents. */
  readonly attachments: readonly Attachment[];
  /** Documents that are already stored and stay (a correction by reply). */
  readonly kept: Draft['documents'];
  readonly owner: BlobOwner;
  /** ISO UTC. */
  readonly now: string;
}

export interface DraftDependencies {
  readonly tx: Tx;
  readonly registry: Pick<Registry, 'standing'>;
  readonly blobs: Blobs;
  readonly inspect: InspectPdf;
  readonly missingGlyphs: MissingGlyphs;
  readonly readPdfText: ReadPdfText;
  /** Nobody works in an office on this ISO date. */
  readonly isDayOff: (date: string) => boolean;
  readonly settings: DraftSettings;
}
