/** How a mail about registrations is sent: with secrets of its own, opening nothing of a contract (decided 3, decided 13). */
import type { ClaimedEntry } from '../../storage/outbox.ts';
import type { MailBase, MailContent } from '../../templates/index.ts';
import type { FeedRuns } from '../app/feed-runs.ts';
import type { RegistrationMailSecrets, RegistrationRules } from '../app/registration-mails.ts';
import type { Registry } from '../app/registration-types.ts';
import { mailBase } from '../mail/compose-input.ts';
import type { DeliveryOutcome, OutgoingMail } from '../mail/deliver.ts';
import { addressing, type MailingMunicipality } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';

export interface RegistrationMailing extends Omit<MailingDependencies, 'municipalityOf'> {
  readonly registry: Registry;
  readonly runs: FeedRuns;
  readonly municipalityOf: (id: string) => MailingMunicipality & { readonly formUrl: string | null };
  readonly registration: RegistrationRules;
}

export interface RegistrationLetter {
  readonly to: OutgoingMail['to'];
  readonly content: MailContent;
  readonly secrets: RegistrationMailSecrets;
  /** Whether a word in reply counts. */
  readonly replies: boolean;
  readonly inReplyTo?: string | null;
  readonly attachments?: OutgoingMail['attachments'];
}

export function send(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
  letter: RegistrationLetter,
): Promise<DeliveryOutcome> {
  const { to, secrets, replies, content, inReplyTo = null, attachments = [] } = letter;
  const carried = { url: '', reply: replies ? secrets.reply : null, bounce: secrets.bounce, code: null };
  return deliver(dependencies, entry, now, {
    ...addressing(dependencies.municipalityOf(entry.municipality), entry.key, carried),
    to,
    inReplyTo,
    references: inReplyTo === null ? [] : [inReplyTo],
    autoSubmitted: inReplyTo === null ? 'auto-generated' : 'auto-replied',
    ...dependencies.render(content),
    attachments,
  });
}

export function baseOf({ settings }: RegistrationMailing, municipality: MailingMunicipality): MailBase {
  return mailBase(municipality, settings.testAuthority);
}
