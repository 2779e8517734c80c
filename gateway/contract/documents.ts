/** What a contract's files are: an upload and the revisions appended to it, and the certificate. */
import type { Box } from './boxes.ts';

/** A stored part and the whole file that ends with it. */
export interface StoredPart {
  readonly blob: string;
  /** Octets of the file up to and including this part. */
  readonly size: number;
  /** SHA-256 of the file up to and including this part. */
  readonly sha256: string;
}

export interface Revision extends StoredPart {
  /** `renew`: after the conclusion, fresh proof of all before it and nothing else (R44). */
  readonly purpose: 'prepare' | 'consent' | 'conclude' | 'renew';
  /** Index of the step whose consent it seals, else null. */
  readonly step: number | null;
}

/** The certificate as it was issued; the file is this part and what renewals have appended to it. */
export interface IssuedCertificate extends StoredPart {
  /** Absent before the first renewal. */
  readonly renewals?: readonly StoredPart[];
}

export interface ContractDocument {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  readonly pages: number;
  readonly upload: StoredPart;
  /** Whether the upload has the digest that was recorded when the 決裁 was given. */
  readonly decided: boolean;
  /** Carries signatures of others: the ID is not printed on it but stands in each Reason (R41). */
  readonly signed?: true;
  /** Holds no text that could be looked through, or more than is read (R19). */
  readonly unread?: true;
  /** What a correction of the draft did to it; absent otherwise. */
  readonly change?: 'added' | 'replaced';
  /** What the first signatory fills in. */
  readonly boxes: readonly Box[];
  readonly revisions: readonly Revision[];
}

/** The document as it stands: its newest revision, or the upload. */
export function head(document: ContractDocument): StoredPart {
  return document.revisions.at(-1) ?? document.upload;
}

/** The document as the people know it: renewals append proof, they change nothing that was agreed (R44). */
export function agreed(document: ContractDocument): StoredPart {
  return document.revisions.findLast(({ purpose }) => purpose !== 'renew') ?? document.upload;
}

export function certificateHead(certificate: IssuedCertificate): StoredPart {
  return certificate.renewals?.at(-1) ?? certificate;
}
