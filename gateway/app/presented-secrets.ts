/** Which of our own secrets a mail brings back: in its envelope recipient (subaddress), else in the mails it refers to. */
import type { Tx } from '../../storage/database.ts';
import type { RegistrationMailRow } from '../../storage/registration-mails.ts';
import { findSecret, type SecretRow } from '../../storage/secrets.ts';
import { isRefusal } from '../contract/refusals.ts';
import type { FailedDelivery } from '../mail/interpret.ts';
import type { ParsedMessage } from '../mail/parse.ts';
import type { InboundTransport } from '../mail/transport.ts';
import { sendLinkInstead } from './link-instead.ts';
import type { Outcome, ReceiveDependencies } from './received-mail.ts';
import { notifyStaff, registrationMailOf } from './registration-mails.ts';

export interface PresentedRows {
  readonly reply?: SecretRow;
  readonly bounce?: SecretRow;
  /** The mail about registrations that is answered, or that came back. */
  readonly registrationReply?: RegistrationMailRow;
  readonly registrationBounce?: RegistrationMailRow;
}

/** Rows of the municipality's own secrets that are valid. */
export async function presentedSecrets(
  { database, secrets }: ReceiveDependencies,
  municipality: string,
  { mailFrom, rcptTo }: InboundTransport,
  { inReplyTo, references, dsn, text }: ParsedMessage,
): Promise<PresentedRows> {
  const subaddresses = rcptTo.flatMap((address) => /\+([^@]+)@/.exec(address)?.[1] ?? []);
  // Without subaddressing the secret is the left part of our Message-ID (decided 13).
  const returned = [inReplyTo, ...[...references].reverse()].flatMap((id) => localPart(id));
  // A report for people only quotes the mail's head in its text; nobody but a mail system writes without a sender.
  const quoted = mailFrom === '' ? (text.match(/<[a-z2-7]{42}@[^<>\s]+>/gi) ?? []) : [];
  const bounced = [dsn?.returnedMessageId ?? null, ...quoted].flatMap((id) => localPart(id));
  const find = async (
    purpose: 'reply' | 'bounce',
    texts: readonly string[],
  ): Promise<SecretRow | undefined> => {
    for (const text of texts) {
      const id = secrets.open(purpose, text);
      const row = id === undefined ? undefined : await findSecret(database.knex, id);
      // A secret of one municipality says nothing at another's address (R58).
      if (row?.purpose === purpose && row.municipality === municipality) return row;
    }
    return undefined;
  };
  const reply = await find('reply', [...subaddresses, ...returned]);
  // A Message-ID has room for one secret: staff's mails carry the one for replies there.
  const bounce = (await find('bounce', [...subaddresses, ...bounced])) ?? (await find('reply', bounced));
  const mailOf = (
    purpose: 'registrationReply' | 'registrationBounce',
    texts: readonly string[],
  ): Promise<RegistrationMailRow | undefined> =>
    registrationMailOf(database.knex, secrets, purpose, texts, municipality);
  const registrationReply = await mailOf('registrationReply', [...subaddresses, ...returned]);
  const registrationBounce =
    (await mailOf('registrationBounce', [...subaddresses, ...bounced])) ??
    (await mailOf('registrationReply', bounced));
  return {
    ...(reply ? { reply } : {}),
    ...(bounce ? { bounce } : {}),
    ...(registrationReply ? { registrationReply } : {}),
    ...(registrationBounce ? { registrationBounce } : {}),
  };
}

function localPart(messageId: string | null): string[] {
  const left = /^<?([^@<>]+)@/.exec(messageId ?? '')?.[1];
  return left === undefined ? [] : [left];
}

/** A report on a mail of ours: the contract hears of it, and tells the initiator where the mail came back (不達). */
export async function recordBounce(
  { commands }: ReceiveDependencies,
  tx: Tx,
  row: SecretRow,
  failed: FailedDelivery,
  now: string,
): Promise<Outcome> {
  const response = [failed.status, failed.diagnostic].filter(Boolean).join(' ');
  const { action } = failed;
  if (action === 'failed' && (await sendLinkInstead(tx, row, response, now))) {
    return { status: 'handled', contract: row.contract, why: 'bounce: too large, link follows' };
  }
  const handled = await commands.handle(
    tx,
    row.contract,
    {
      type: 'recordDelivery',
      mail: row.mail,
      kind: row.mail.split(':')[2] ?? '',
      recipient: row.participant,
      outcome: action,
      response,
    },
    now,
  );
  const contract = row.contract;
  const what =
    action === 'failed'
      ? 'bounce'
      : `report of a mail that ${action === 'delayed' ? 'is delayed' : 'has arrived'}`;
  return isRefusal(handled)
    ? { status: 'ignored', contract, why: `${what}: ${handled.code}` }
    : { status: 'handled', contract, why: what };
}

/** A mail to a registered address came back (R11): the address is out of use until it is confirmed, and staff hear of it. */
export async function recordRegistrationBounce(
  { registry, registration: rules }: Pick<ReceiveDependencies, 'registry' | 'registration'>,
  tx: Tx,
  mail: RegistrationMailRow,
  now: string,
): Promise<Outcome> {
  const { kind, registration } = mail;
  // The old address of an accepted change need not answer, and staff's own mails concern no vendor.
  if (registration === null || (kind !== 'confirmation' && kind !== 'preference')) {
    return { status: 'ignored', why: `bounce of a mail of kind ${kind} about registrations` };
  }
  await registry.markUnusable(tx, registration, now);
  const recipients = rules.reportAddressesOf(mail.municipality).map((_, index) => index);
  await notifyStaff(tx, mail, 'undelivered', kind === 'preference' ? [null] : recipients, now);
  return { status: 'handled', why: `bounce: registration ${registration} cannot be reached` };
}
