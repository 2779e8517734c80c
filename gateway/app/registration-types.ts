/** What the register of vendors' addresses holds, and what an import of a feed reports (R1–R11). */
import type { Tx } from '../../storage/database.ts';

/** Where a registration stands. Only `inForce` is used for contracts. */
export type RegistrationState =
  | 'inForce'
  /** Waits for a staff go-ahead. */
  | 'pending'
  | 'superseded'
  /** 取下げ・却下 at the form. */
  | 'withdrawn'
  /** Staff said no. */
  | 'rejected';

/** Why a registration waits for staff; the sentences stand in templates/registration.ja.ts. */
export type AskCode =
  /** R5: free mail with a reason in 備考. */
  | 'free-mail'
  /** R5: a carrier's address with a reason in 備考. */
  | 'carrier-mail'
  /** Looks mistyped, but 備考 repeats it. */
  | 'unusual-domain'
  /** R4: 「Eメールアドレス変更申請」. */
  | 'change-of-address'
  /** The same 整理番号 says another address, or something else in the same second. */
  | 'contested';

export interface Registered {
  readonly id: number;
  readonly municipality: string;
  readonly form: string;
  readonly model: 'perContract' | 'standing';
  readonly receipt_number: string;
  /** ISO UTC, as all instants here. */
  readonly applied_at: string;
  readonly imported_at: string;
  readonly state: RegistrationState;
  readonly asks: readonly AskCode[];
  readonly company: string;
  readonly place: string;
  readonly signatory_title: string | null;
  readonly signatory_name: string;
  readonly signatory_address: string;
  readonly checker_name: string | null;
  readonly checker_address: string | null;
  readonly phone: string | null;
  readonly title: string | null;
  readonly section: string | null;
  readonly remarks: string | null;
  /** 個人 (R6). */
  readonly individual: boolean;
  /** Further columns that the form's mapping keeps. */
  readonly extra: Readonly<Record<string, string>>;
  /** Version of the explanation behind 「電子契約への同意」 (R7b); null where the form does not ask. */
  readonly declared_version: string | null;
  /** When 「受信を確認する」 was pressed (R11). */
  readonly confirmed_at: string | null;
  /** Version of the sentence accepted with it (R7). */
  readonly accepted_version: string | null;
  /** A mail to the signatory bounced; a confirmation afterwards takes it back. */
  readonly unusable_at: string | null;
  readonly decided_at: string | null;
  /** The registration that an accepted change of address put in this one's place. */
  readonly replaced_by: number | null;
}

/** What a contract mail may name a vendor by. */
export type RegistrationKey =
  | { readonly address: string }
  | { readonly receiptNumber: string }
  | { readonly company: string };

/** Everything known under a key, each list newest application first. */
export interface RegistrationStanding {
  readonly inForce: readonly Registered[];
  readonly pending: readonly Registered[];
  /** Superseded, withdrawn, rejected. */
  readonly ended: readonly Registered[];
}

/** What a decision changed; `replaced` are those whose address an accepted change ended. */
export interface Decided {
  readonly registration: Registered;
  readonly replaced: readonly Registered[];
}

/** The register: personal data sealed at rest, found by keyed hashes. Every function takes `tx` first. */
export interface Registry {
  /** In force, newest application first. */
  find(tx: Tx, municipality: string, key: RegistrationKey): Promise<Registered[]>;
  byId(tx: Tx, id: number): Promise<Registered | undefined>;
  standing(tx: Tx, municipality: string, key: RegistrationKey): Promise<RegistrationStanding>;
  /** Oldest first. */
  pending(tx: Tx, municipality: string): Promise<Registered[]>;
  /** In force and pending, by 整理番号's arrival; for 「一覧」. */
  list(tx: Tx, municipality: string): Promise<Registered[]>;
  /**
   * A staff go-ahead or its refusal. Accepting ends what a change of address replaces and appends
   * `registration-confirmation` {registration} and for each replaced one `registration-change-notice` {registration, replaced}.
   * A string says why not.
   */
  decide(
    tx: Tx,
    id: number,
    decision: 'accept' | 'reject',
    by: string,
    now: string,
  ): Promise<Decided | 'unknown' | 'not-pending'>;
  /** 「受信を確認する」: for every registration in force of the same company and signatory's address; `pinHash` null leaves a PIN as it is. */
  confirm(
    tx: Tx,
    id: number,
    acceptedVersion: string,
    pinHash: string | null,
    now: string,
  ): Promise<'confirmed' | 'already' | 'ended'>;
  /** Hash of the signing PIN that the signatory at this address has chosen; null where none (or no registration of use) is. */
  pinHashOf(tx: Tx, municipality: string, address: string): Promise<string | null>;
  /** A bounce: the address counts as unconfirmed and unusable until it is confirmed anew. */
  markUnusable(tx: Tx, id: number, now: string): Promise<void>;
}

/** How a feed came in. */
export type FeedWay = 'mail' | 'folder' | 'post' | 'command' | 'notification';

/** What became of a row. `unchanged` was known; `withdrawn` took its 整理番号 out of force. */
export type RowFate = 'accepted' | 'superseding' | 'pending' | 'refused' | 'unchanged' | 'withdrawn';

export interface FeedRunRow {
  /** Line of the file the row starts on, 1 is the header. */
  readonly line: number;
  readonly fate: RowFate;
  readonly receiptNumber: string | null;
  /** Japanese sentences for staff; empty where nothing needs to be said. */
  readonly reasons: readonly string[];
  /** The registration that the row made or found; null where refused. */
  readonly registration: number | null;
}

export type FeedCounts = Readonly<Record<RowFate, number>>;

/** One import of one file; stored, and resumed after a kill. */
export interface FeedRun {
  readonly id: string;
  readonly municipality: string;
  readonly form: string;
  readonly way: FeedWay;
  /** What the way calls it: a message's id, a file's name. */
  readonly reference: string;
  readonly startedAt: string;
  readonly counts: FeedCounts;
  /** False when the file is no table with the columns of the form: nothing was taken from it. */
  readonly readable: boolean;
  /** As the file had it; empty where unreadable, or once deleted. */
  readonly header: readonly string[];
}
