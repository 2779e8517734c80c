/**
 * What signing/ needs from outside and what it gives back: the types on its face.
 * Bytes are always Uint8Array, offsets and sizes are in octets, times are Date (UTC instants).
 */

/** Random access to one document: the upload and its appended revisions, read as one file. */
export interface ByteSource {
  readonly size: number;
  /** Resolves to exactly `length` octets from `offset`; rejects when the range leaves the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `read`, into octets of the caller's own: a large file can then be hashed without leaving garbage behind. */
  readInto?(offset: number, target: Uint8Array): Promise<void>;
}

/** A signing identity whose private key may sit in a file or in an HSM (R32). */
export interface Credential {
  /** DER, RFC 5280 Certificate. */
  readonly certificate: Uint8Array;
  /** DER, issuer first, root last where it is known. */
  readonly chain: readonly Uint8Array[];
  /** SHA-256 with every key, P-384 too: what is signed is hashed once, for all signatures. */
  readonly algorithm: 'rsa-sha256' | 'ecdsa-sha256';
  /** Signature value over `data` (the DER of the CMS signedAttrs; RFC 5652 5.4). ECDSA values are DER. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** An RFC 3161 TimeStampToken (DER ContentInfo) whose reply has already been checked. */
export interface TimestampToken {
  readonly der: Uint8Array;
  /** genTime. */
  readonly time: Date;
  /** The one authority of a list that issued it: what must come from the same one is asked of this. */
  readonly from?: TimestampAuthority;
}

/** RFC 3161 client. Rejects with SigningError; an unreachable or refusing authority is transient. */
export interface TimestampAuthority {
  /** `digest` is the SHA-256 to be timestamped. */
  timestamp(digest: Uint8Array): Promise<TimestampToken>;
}

/** Certificates, OCSP responses and CRLs (all DER) for a DSS dictionary (ETSI EN 319 142-1 5.4.2). */
export interface ValidationData {
  readonly certificates: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** Fetches revocation answers: OCSP first, else CRL (decided order); rejects with SigningError. */
export interface RevocationProvider {
  /**
   * Proof for `certificate`, issued at or after `notBefore`. With `usedAt` it has to have been in force then: an answer
   * that it was revoked later proves just that. Rejects transiently while no fresh enough answer can be had,
   * permanently when it is revoked, or was by `usedAt`.
   */
  prove(
    certificate: Uint8Array,
    issuer: Uint8Array,
    notBefore: Date,
    usedAt?: Date | null,
  ): Promise<ValidationData>;
  /** Whether the last answer about `certificate` said revoked, whoever asked and of whatever use that was. */
  saidRevoked?(certificate: Uint8Array): boolean;
}

/** What the work waits for: a timestamp authority's answer, an OCSP responder's or CRL's, a key that can be used. */
export type AwaitedService = 'timestamp' | 'revocation' | 'key';

export interface SigningErrorOptions {
  readonly transient: boolean;
  readonly cause?: unknown;
  readonly awaits?: AwaitedService | undefined;
  /** When at the latest another try is worth while, where the answer itself says so (the next CRL). */
  readonly retryAt?: Date | undefined;
}

/** An outage (`transient`: try again later) or something no retry mends. */
export class SigningError extends Error {
  readonly transient: boolean;
  readonly awaits: AwaitedService | null;
  readonly retryAt: Date | null;
  constructor(message: string, { transient, cause, awaits, retryAt }: SigningErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SigningError';
    this.transient = transient;
    this.awaits = awaits ?? null;
    this.retryAt = retryAt ?? null;
  }
}

/** Octets to be appended to the document; the file is upload ‖ revisions. */
export interface AppendedRevision {
  readonly bytes: Uint8Array;
  /** Size of the whole document with this revision. */
  readonly size: number;
  /** SHA-256 (lower-case hex) of the whole document with this revision. */
  readonly sha256: string;
}

/** Why a PDF cannot be taken: a closed list, each with its sentence for staff in templates/. */
export type PdfRefusalCode =
  | 'not-a-pdf'
  | 'unreadable'
  | 'truncated'
  | 'encrypted'
  | 'junk-around'
  | 'certified'
  | 'usage-rights'
  | 'xfa'
  | 'already-signed'
  | 'attachments'
  | 'portfolio'
  | 'active-content'
  | 'contradictory-xref';

export interface PdfRefusal {
  readonly ok: false;
  readonly code: PdfRefusalCode;
  /** English, for the log. */
  readonly detail: string;
}

/** What inspect() learned of a PDF that can be taken. */
export interface Inspection {
  readonly ok: true;
  readonly pages: number;
  readonly size: number;
  readonly sha256: string;
  /** PDF version from header or catalog, e.g. "1.7". */
  readonly version: string;
  readonly hybrid: boolean;
  readonly xref: 'table' | 'stream';
  /** Carries signatures of others: it will get no printed ID, since a change of its pages would break them. */
  readonly signed: boolean;
  /** What a person can fill in, in the order of pages and annotations; none of a document that is signed. */
  readonly boxes: readonly PdfBox[];
}

export interface PrepareOptions {
  /** One line printed at the bottom left of page 1 (R41), e.g. 「契約ID 2026-0123-ABCD」. */
  readonly stamp: string;
  /** Names of the signature fields to create empty, one per consent to come. */
  readonly fields: readonly string[];
  /** TrueType/OpenType files for the stamp: each character comes from the first that has it. */
  readonly fonts: readonly Uint8Array[];
}

/** A choice of a check box (just one), radio group or list; `value` is what is stored. */
export interface PdfBoxOption {
  readonly value: string;
  readonly label: string;
}

/** A form field that a person fills in (ISO 32000-2 12.7). */
export interface PdfBox {
  /** Fully qualified, unique within the document. */
  readonly name: string;
  readonly kind: 'text' | 'check' | 'choice';
  /** /TU, else the field's own name; one line. */
  readonly label: string;
  readonly required: boolean;
  readonly multiline: boolean;
  /** In characters; null where the form sets no limit. */
  readonly maxLength: number | null;
  readonly options: readonly PdfBoxOption[];
  /** What stands in it now; '' for nothing. */
  readonly value: string;
  /** From 1. */
  readonly page: number;
  /** Left, bottom, right, top in the page's own coordinates. */
  readonly rect: readonly [number, number, number, number];
}

export interface FillOptions {
  /** '' empties a box or switches it off. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
  /** TrueType/OpenType files: each character comes from the first that has it. */
  readonly fonts: readonly Uint8Array[];
}

export interface FillingFault {
  readonly name: string;
  /** No such box; no such option; a character (`detail`) that no font has; no room even in the smallest size. */
  readonly code: 'unknown' | 'not-an-option' | 'bad-character' | 'no-room';
  readonly detail: string | null;
}

export interface SealOptions {
  readonly field: string;
  readonly credential: Credential;
  readonly timestampAuthority: TimestampAuthority;
  readonly reason: string;
  readonly location: string;
  /** /M of the signature dictionary (ISO 32000-2 12.8.1): our clock. */
  readonly signingTime: Date;
}

export interface ConcludeOptions {
  readonly timestampAuthority: TimestampAuthority;
  readonly revocation: RevocationProvider;
  /** DER roots that end every chain. */
  readonly trust: readonly Uint8Array[];
}

/** What a certificate says: words only; every string is one line, broken where the page ends. */
export interface CertificateContent {
  /** Stands on page 1 and in the file's metadata. */
  readonly title: string;
  /** Framed below the title, e.g. that the signatures are for trial only. */
  readonly notice: string | null;
  readonly lead: readonly string[];
  readonly sections: readonly CertificateSection[];
  /** After a section's heading where it goes on on a further page. */
  readonly continued: string;
  /** At the foot of every page, before the page's number. */
  readonly footer: string;
}

/** A table of labels and values under a heading, then paragraphs. */
export interface CertificateSection {
  readonly heading: string;
  readonly rows: readonly { readonly label: string; readonly value: string | readonly string[] }[];
  readonly paragraphs: readonly string[];
}

export interface CertificateOptions extends Omit<SealOptions, 'field'>, ConcludeOptions {
  /** TrueType/OpenType files: each character comes from the first that has it. */
  readonly fonts: readonly Uint8Array[];
}

export type VerificationProfile = 'B-T' | 'B-LTA';

export interface VerifyOptions {
  /** DER trust roots, for signatures and timestamps alike. */
  readonly trust: readonly Uint8Array[];
  readonly profile: VerificationProfile;
  /** The moment of the check; the newest timestamp's chain must be valid then. */
  readonly at: Date;
}

/**
 * What is said of a file (R45), always for the moment `at` and the trust roots given:
 * - `valid`: everything of ours that is signed holds, and the file is closed and complete.
 * - `extended`: the same, and further document timestamps prolong the proof (R56); the content is as concluded.
 * - `altered`: an octet, an object, a signature's form or its coverage is not as it was sealed. The worst: it wins.
 * - `signer-unproven`: nothing was changed, but who signed, or when, does not lead to the roots unbroken by expiry or
 *   revocation, or the proof of that is missing.
 * - `not-ours`: no signature field of this system is filled.
 * - `expired`: everything held at the time of the newest timestamp, whose certificates no longer stand at `at`.
 * - `outdated`: everything that is signed holds, but the file is an intermediate state: a field prepared for a consent
 *   is empty, or no document timestamp closes it.
 * - `unjudged`: no answer: no PDF, encrypted, too broken to be read, or signed later than `at`.
 */
export type Verdict =
  | 'valid'
  | 'extended'
  | 'altered'
  | 'signer-unproven'
  | 'not-ours'
  | 'expired'
  | 'outdated'
  | 'unjudged';

/** The same of one signature or timestamp; `not-ours` stood in the upload before ours, and is for others to judge. */
export type SignatureVerdict = 'valid' | 'altered' | 'signer-unproven' | 'expired' | 'not-ours';

export interface SignatureReport {
  readonly kind: 'signature' | 'document-timestamp';
  readonly field: string;
  readonly valid: boolean;
  readonly verdict: SignatureVerdict;
  /** English, stable codes first, e.g. "digest-mismatch: …"; empty when valid. */
  readonly problems: readonly string[];
  readonly signer: string | null;
  readonly reason: string | null;
  readonly location: string | null;
  /** /M. */
  readonly claimedTime: Date | null;
  /** genTime of the signature timestamp, or of the document timestamp itself. */
  readonly timestamp: Date | null;
  readonly timestampSigner: string | null;
  /** Octets from the file's start that the signature covers. */
  readonly coveredTo: number;
}

export interface VerificationReport {
  /** Whether the verdict is `valid` or `extended`. */
  readonly valid: boolean;
  readonly verdict: Verdict;
  /** In the order in which they were made. */
  readonly signatures: readonly SignatureReport[];
  /** Problems of the file as a whole: coverage, changes after the last signature. */
  readonly problems: readonly string[];
  /** The highest level the file reaches, null when nothing valid is there. */
  readonly level: 'B-T' | 'B-LT' | 'B-LTA' | null;
  /** When the first certificate below the newest document timestamp runs out, and the proof with it; null unless closed. */
  readonly provenUntil: Date | null;
  /** SHA-256 of the whole file, lower-case hex, where it was hashed to judge it; else null. */
  readonly sha256: string | null;
}

export interface PrintSetOptions {
  /** Printed at the top right of every page. */
  readonly mark: string;
  /** TrueType/OpenType files for the mark, the preferred one first. */
  readonly fonts: readonly Uint8Array[];
  /** The most that the new file may have, in octets and in pages. */
  readonly maxOctets: number;
  readonly maxPages: number;
}

/** A new PDF without signatures, or in English why there is none. */
export type PrintSet =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly detail: string };
