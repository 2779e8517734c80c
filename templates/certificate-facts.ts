/** What a certificate of agreement tells of a concluded contract (R42), before it is put into words. */
import type { Amount, When } from './format.ts';
import type { Authority, ContractKind, FilledFact, ParticipantRole, Person } from './words.ts';

type ActingRole = Exclude<ParticipantRole, 'observer'>;

/** How the sender of an approving mail was known: our own relay's word, a login, or DMARC at the mail exchanger. */
export type SenderProof = 'submission-relay' | 'smtp-auth' | 'authentication-results' | 'direct';

export interface CertifiedPerson {
  role: ActingRole;
  person: Person;
  /** 整理番号 of the registration the address comes from; null for the municipality's own people. */
  receiptNumber: string | null;
  registration: 'confirmed' | 'registered' | null;
  /** When the request that led to the consent went out; null where the history tells of none. */
  askedAt: When | null;
  consentedAt: When;
  means: 'page' | 'mail-reply';
  /** What was entered on the page besides; null: nothing. */
  factor: 'code' | 'pin' | null;
  /** Remote address and user agent of the page's client. */
  ip: string | null;
  userAgent: string | null;
  /** Of a mail. */
  senderProof: SenderProof | null;
  /** Version of the explanation of electronic contracting agreed to with the consent; null where it was agreed to before, or none was asked for. */
  declaredVersion: string | null;
  /** What was put into the documents' boxes. */
  filled: readonly FilledFact[];
  /** Latest signature timestamp of this consent; null after a checker's look, which leaves no signature. */
  signedAt: When | null;
}

export interface CertifiedDocument {
  title: string;
  fileName: string;
  pages: number;
  /** Octets of the file as mailed in and as executed. */
  uploadedSize: number;
  size: number;
  /** SHA-256 as mailed in and as executed. */
  uploaded: string;
  executed: string;
  /** The upload has the digest that was recorded when the 決裁 was given. */
  decided: boolean;
}

export type Happening =
  | 'drafted'
  | 'corrected'
  | 'released'
  | 'asked'
  | 'askedAgain'
  | 'reminded'
  | 'undelivered'
  | 'extended'
  | 'checked'
  | 'consented'
  | 'takenBack'
  | 'sealed'
  | 'closed';

/** What happened on the way; `who` and `role` are those of the person it happened to or by. */
export interface CertifiedEvent {
  at: When;
  what: Happening;
  who: Person | null;
  role: ActingRole | 'initiator' | null;
}

/** A participant's address that was changed on the way (R4): on whose word, and who agreed. */
export interface CertifiedAddressChange {
  at: When;
  role: ActingRole;
  former: Person;
  holder: Person;
  /** The second member of staff; null where the new address was registered. */
  agreedBy: Person | null;
}

export interface CertificateParams {
  municipality: string;
  testAuthority: boolean;
  certificateId: string;
  number: string;
  title: string;
  kind: ContractKind;
  contractNumber: string | null;
  /** 元契約. */
  original: string | null;
  amount: Amount | null;
  /** 履行期間, either end open. */
  period: { from: When | null; to: When | null };
  /** 契約保証. */
  bond: string | null;
  nameHolder: string;
  authority: Authority | null;
  decisionNumber: string | null;
  initiator: Person;
  plannedDate: When | null;
  contractDate: When;
  effectiveDate: When | null;
  issuedAt: When;
  /** In the order of their consents. */
  people: readonly CertifiedPerson[];
  observers: readonly Person[];
  documents: readonly CertifiedDocument[];
  events: readonly CertifiedEvent[];
  addressChanges: readonly CertifiedAddressChange[];
  /** Who operates the signing key (R59). */
  keyOperator: string;
  /** Where a mail with a PDF is answered with what the check says (R45). */
  verificationAddress: string | null;
}
