/** Mails about registrations: the rows and secrets they carry (decided 3), and the entries that have them sent (decided 5). */
import { nextCount } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { type MasterKey, seal, unseal } from '../../storage/keys.ts';
import { append, ensure } from '../../storage/outbox.ts';
import {
  findRegistrationMail,
  insertRegistrationMail,
  type RegistrationMailKind,
  type RegistrationMailRow,
} from '../../storage/registration-mails.ts';
import { jstDate } from '../contract/jst.ts';
import type { Secrets } from './secrets.ts';

/** What one mail carries; a retry carries the same. */
export interface RegistrationMailSecrets {
  readonly id: string;
  readonly link: string;
  readonly reply: string;
  readonly bounce: string;
}

export function registrationMailSecrets(secrets: Secrets, mailKey: string): RegistrationMailSecrets {
  const id = secrets.idFor('registration', mailKey);
  return {
    id,
    link: secrets.textOf('registration', id),
    reply: secrets.textOf('registrationReply', id),
    bounce: secrets.textOf('registrationBounce', id),
  };
}

/** How mails about registrations are sent, and whom staff's go to. */
export interface RegistrationRules {
  /** Days a link works. */
  readonly linkDays: number;
  /** Fresh confirmation mails to one vendor in a day. */
  readonly freshLinksPerDay: number;
  /** An address serves only once it is confirmed (R11). */
  readonly requireConfirmation: boolean;
  /** What mails to staff tell at once. */
  readonly report: {
    /** Refused rows of a file, registrations that wait, registrations that were asked for: so many of each. */
    readonly listed: number;
    /** Refused rows in one CSV. */
    readonly attachedRows: number;
    /** Withdrawn rows of one feed whose running contracts are looked up. */
    readonly withdrawnRows: number;
  };
  /** Who is told what no single person asked for. */
  readonly reportAddressesOf: (municipality: string) => readonly string[];
}

/** Who asked a vendor for its wish (R0), and for which contract. */
export interface Asked {
  readonly name: string;
  readonly address: string;
  /** Message-ID of the mail that asked. */
  readonly message: string | null;
  /** 契約件名; null where none was named. */
  readonly title: string | null;
}

/** The row of the mail with this key; a retry finds it there. */
export async function noteRegistrationMail(
  tx: Tx,
  { secrets, master }: { readonly secrets: Secrets; readonly master: MasterKey },
  mail: {
    readonly key: string;
    readonly kind: RegistrationMailKind;
    readonly municipality: string;
    readonly registration: number | null;
    readonly asked?: Asked;
  },
  now: string,
): Promise<RegistrationMailSecrets> {
  const { key, kind, municipality, registration, asked } = mail;
  const own = registrationMailSecrets(secrets, key);
  const body = asked ? seal(sealingKey(master), Buffer.from(JSON.stringify(asked)), own.id) : null;
  await insertRegistrationMail(tx, { id: own.id, kind, municipality, registration, created_at: now, body });
  return own;
}

export function askedIn(master: MasterKey, { id, body }: RegistrationMailRow): Asked | null {
  return body && JSON.parse(unseal(sealingKey(master), body, id).toString('utf8'));
}

function sealingKey(master: MasterKey): Buffer {
  return master.derive('registration-mails');
}

/** The mail whose secret for `purpose` one of `texts` is, at its own municipality only (R58). */
export async function registrationMailOf(
  tx: Tx,
  secrets: Secrets,
  purpose: 'registration' | 'registrationReply' | 'registrationBounce',
  texts: readonly string[],
  municipality?: string,
): Promise<RegistrationMailRow | undefined> {
  for (const text of texts) {
    const id = secrets.open(purpose, text);
    const row = id === undefined ? undefined : await findRegistrationMail(tx, id);
    if (row && (municipality === undefined || row.municipality === municipality)) return row;
  }
  return undefined;
}

/** Has a fresh confirmation mail sent; false where this vendor has had `perDay` of them today. */
export async function requestConfirmation(
  tx: Tx,
  registration: { readonly id: number; readonly municipality: string },
  perDay: number,
  now: string,
): Promise<boolean> {
  const { id, municipality } = registration;
  const counter = `registration-link-${jstDate(now)}-${id}`;
  const count = await nextCount(tx, municipality, counter);
  if (count > perDay) return false;
  const entry = {
    key: `registration:${id}:fresh-${jstDate(now)}-${count}:confirmation`,
    type: 'registration-confirmation',
    payload: JSON.stringify({ registration: id }),
  };
  await append(tx, [{ ...entry, municipality, contract: null, notBefore: now }], now);
  return true;
}

/** What staff are told beside the answers to their own mails. */
export type RegistrationNotice = 'undelivered' | 'wish';

export interface RegistrationNoticePayload {
  readonly mail: string;
  readonly notice: RegistrationNotice;
  /** Index among the municipality's report addresses; null: whoever asked. */
  readonly recipient: number | null;
}

/** One entry for each address (decided 5). */
export async function notifyStaff(
  tx: Tx,
  { id, municipality }: RegistrationMailRow,
  notice: RegistrationNotice,
  recipients: readonly (number | null)[],
  now: string,
): Promise<void> {
  for (const recipient of recipients) {
    const payload: RegistrationNoticePayload = { mail: id, notice, recipient };
    const entry = {
      key: `registration-mail:${id}:${notice}:${recipient ?? 'asker'}`,
      type: 'registration-notice',
      payload: JSON.stringify(payload),
    };
    await ensure(tx, { ...entry, municipality, contract: null, notBefore: now }, now);
  }
}
