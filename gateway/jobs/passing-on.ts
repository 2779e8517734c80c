/** Performer that passes a vendor's reply on to the initiator: its words without quotes and secrets, its files as they came. */
import { findMessage } from '../../storage/messages.ts';
import { vendorReply } from '../../templates/index.ts';
import { threadRoot } from '../app/secrets.ts';
import { type ParticipantId, personOf } from '../contract/contract.ts';
import { domainOf } from '../mail/address.ts';
import { mailBase } from '../mail/compose-input.ts';
import { initiator, person } from '../mail/facts.ts';
import { sealedText } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import { ownLines } from '../mail/reply-text.ts';
import { addressing, grantSecrets } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import type { Performer } from './performer.ts';
import { storedMail } from './stored-mail.ts';

/** A page's link, or the local part of a reply address: whoever holds one acts as its owner. */
const SECRET = /(\/[cdr]\/|\+)[a-z2-7]{42}/i;
/** What a link or an address may be written with. */
const WRITTEN = /[!-;=?-~]+/g;

export function passOnPerformer(dependencies: MailingDependencies): Performer {
  return async (entry, now) => {
    const { database, store, commands, settings, render, log } = dependencies;
    const { message: id, participant }: { message: string; participant: ParticipantId } = JSON.parse(
      entry.payload,
    );
    const row = await findMessage(database.knex, id);
    const loaded = await store.load(database.knex, entry.contract!);
    if (!row || !loaded) throw new Error(`no message ${id} or no contract ${entry.contract}`);
    const { contract } = loaded;
    const message = await storedMail(dependencies, row);
    const municipality = dependencies.municipalityOf(contract.municipality);
    const secrets = await grantSecrets(dependencies, entry.key, contract, 'initiator', null, now);
    const root = threadRoot(contract.id, domainOf(municipality.address));
    const sealed = sealedText(message.attachments) !== null;
    const files = message.attachments.filter((file) => sealed || !signsTheMail(file));
    const { attached, left } = withinLimit(files, settings.attachments.limitOctets);
    if (left.length > 0) log.info({ message: id, left: left.length }, 'files too large to be passed on');
    const content = vendorReply({
      ...mailBase(municipality, settings.testAuthority),
      initiator: initiator(contract),
      number: contract.number,
      title: contract.title,
      from: person(personOf(contract, participant)!),
      receivedAt: row.received_at,
      subject: withoutSecrets(message.subject),
      ...shownText(message.text, settings.passedOnCharacters),
      sealed,
      attached: attached.map(({ fileName }) => fileName),
      left: left.map(({ fileName }) => fileName),
    });
    const outcome = await deliver(dependencies, entry, now, {
      ...addressing(municipality, entry.key, secrets),
      to: { name: contract.initiator.name, address: contract.initiator.address },
      inReplyTo: root,
      references: [root],
      autoSubmitted: 'auto-generated',
      ...render(content),
      attachments: attached.map(passedOn),
    });
    return async (tx, settledAt) => {
      const delivered = { mail: entry.key, kind: 'vendorReply', recipient: 'initiator', ...outcome };
      await commands.handle(tx, contract.id, { type: 'recordDelivery', ...delivered }, settledAt);
    };
  };
}

/** What a mail program signed its text with (RFC 8551 §3.5.3, RFC 3156 §5): whoever reads the text elsewhere has no use for it. */
function signsTheMail({ kind, contentType }: Attachment): boolean {
  return kind === 'signature' && /^application\/((x-)?pkcs7|pgp)-signature$/.test(contentType);
}

/** What a sender calls a file must not make a mail client open it by itself. */
export function passedOn({
  fileName,
  content,
  kind,
}: Attachment): Pick<Attachment, 'fileName' | 'content'> & { readonly contentType: string } {
  return {
    fileName,
    content,
    contentType: kind === 'pdf' ? 'application/pdf' : 'application/octet-stream',
  };
}

/** As many of the files, in their order, as one mail to staff can carry. */
export function withinLimit(
  files: readonly Attachment[],
  limit: number,
): { attached: readonly Attachment[]; left: readonly Attachment[] } {
  const attached: Attachment[] = [];
  const left: Attachment[] = [];
  let octets = 0;
  for (const file of files) {
    const fits = octets + file.content.length < limit;
    if (fits) octets += file.content.length;
    (fits ? attached : left).push(file);
  }
  return { attached, left };
}

/** In time that grows with the text and no faster: strangers write it. */
export function withoutSecrets(text: string): string {
  return text.replace(WRITTEN, (written) => (SECRET.test(written) ? '（省略）' : written));
}

/** What the author wrote, without quotes and secrets, and whether it is longer than so many characters. */
export function shownText(text: string, characters: number): { text: string; cut: boolean } {
  const whole = withoutSecrets(ownLines(text).join('\n'));
  // A half of a surrogate pair is no character.
  const shown = whole.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '');
  return { text: shown, cut: shown.length < whole.length };
}
