/** What a mail carries back to us: link, reply address and bounce address, each with a derived secret (decided 3, decided 13). */
import type { Database } from '../../storage/database.ts';
import { findSecretOf, insertSecret, type SecretPurpose } from '../../storage/secrets.ts';
import type { RenderedMail } from '../../templates/index.ts';
import type { FactorPolicy } from '../app/second-factor.ts';
import { messageIdOf, type Secrets } from '../app/secrets.ts';
import { type Contract, generationOf, heads, type ParticipantId } from '../contract/contract.ts';
import { domainOf } from '../mail/address.ts';
import type { MailMunicipality } from '../mail/compose-input.ts';
import type { OutgoingMail } from '../mail/deliver.ts';

export interface MailingMunicipality extends MailMunicipality {
  readonly id: string;
  readonly subaddressing: 'plus' | 'none';
  readonly verp: boolean;
  readonly secondFactor: FactorPolicy;
  readonly fileNamePattern: string;
}

export interface SecretGranting {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly settings: { readonly publicUrl: string; readonly approvalCode: boolean };
}

export interface GrantedSecrets {
  /** Empty where the mail carries no link. */
  readonly url: string;
  readonly reply: string | null;
  readonly bounce: string;
  readonly code: string | null;
}

/** A link of the mail's own, or (a reminder, a longer deadline) the one that the participant holds already. */
export type LinkWish = 'consent' | 'held' | 'download' | null;

/** Rows for what this mail carries; a retry finds them there and carries the same. */
export async function grantSecrets(
  { database, secrets, settings }: SecretGranting,
  mail: string,
  contract: Contract,
  participant: ParticipantId,
  link: LinkWish,
  now: string,
): Promise<GrantedSecrets> {
  const step = contract.steps.find((candidate) => candidate.participant === participant);
  const generation = generationOf(contract, participant);
  const grant = async (purpose: SecretPurpose): Promise<string> => {
    const id = secrets.idFor(purpose, mail);
    await insertSecret(database.knex, {
      id,
      purpose,
      municipality: contract.municipality,
      contract: contract.id,
      participant,
      generation,
      heads: JSON.stringify(heads(contract)),
      mail,
      created_at: now,
    });
    return secrets.textOf(purpose, id);
  };
  const held = async (): Promise<string> => {
    const of = { purpose: 'consent', contract: contract.id, participant, generation } as const;
    const row = await findSecretOf(database.knex, of);
    return row ? secrets.textOf('consent', row.id) : grant('consent');
  };
  const url =
    link === null ? '' : linkUrl(settings.publicUrl, link, await (link === 'held' ? held() : grant(link)));
  const approves = participant === 'second' || step?.role === 'approver';
  const isStaff = participant === 'initiator' || approves;
  const reply = isStaff ? await grant('reply') : null;
  const bounce = await grant('bounce');
  return {
    url,
    reply,
    bounce,
    code:
      settings.approvalCode && approves
        ? secrets.codeOf({ contract: contract.id, participant, generation })
        : null,
  };
}

/** Address of the page that a link secret opens. */
function linkUrl(publicUrl: string, link: Exclude<LinkWish, null>, secret: string): string {
  return `${publicUrl}/${link === 'download' ? 'd' : 'c'}/${secret}`;
}

/** From, Reply-To, envelope sender and Message-ID, by what the municipality's mail system can do (decided 13). */
export function addressing(
  { name, address, subaddressing, verp }: MailingMunicipality,
  mailKey: string,
  secrets: GrantedSecrets | null,
): Pick<OutgoingMail, 'from' | 'replyTo' | 'envelopeFrom' | 'messageId'> {
  const at = address.lastIndexOf('@');
  const tagged = (secret: string): string => `${address.slice(0, at)}+${secret}${address.slice(at)}`;
  const plus = subaddressing === 'plus';
  const returned = plus ? (verp ? null : secrets?.bounce) : (secrets?.reply ?? secrets?.bounce);
  return {
    from: { name: `${name} 電子契約`, address },
    replyTo: plus && secrets?.reply ? tagged(secrets.reply) : null,
    envelopeFrom: plus && verp && secrets ? tagged(secrets.bounce) : address,
    // Where addresses cannot carry the secret, the Message-ID that replies and reports refer to does.
    messageId:
      returned == null ? messageIdOf(mailKey, domainOf(address)) : `<${returned}@${domainOf(address)}>`,
  };
}

/** A mail of ours that belongs to no contract and that nobody answers with a word, such as a report. */
export function notice(
  municipality: MailingMunicipality,
  mailKey: string,
  address: string,
  mail: RenderedMail,
): OutgoingMail {
  return {
    ...addressing(municipality, mailKey, null),
    to: { name: '', address },
    inReplyTo: null,
    references: [],
    autoSubmitted: 'auto-generated',
    ...mail,
    attachments: [],
  };
}
