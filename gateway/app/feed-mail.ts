/** Registrations by mail (R1): CSV files from staff to the address for registrations, and form systems' notification mails. */
import { normaliseAddress, withoutSubaddress } from '../mail/address.ts';
import type { Desk, Interpretation } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import type { Reaction, ReceiveDependencies, ReceivedMail, ReceivingMunicipality } from './received-mail.ts';
import { trouble, withoutRight } from './registration-words.ts';

/** What the address is for that the mail came to; the one for contracts counts first. */
export function deskOf(rcptTo: readonly string[], author: string, municipality: ReceivingMunicipality): Desk {
  const { address, aliases, verificationAddress, registrationAddress, forms } = municipality;
  const plain = rcptTo.map(withoutSubaddress);
  if ([address, ...aliases].some((own) => plain.includes(own))) return 'contracts';
  if (registrationAddress !== null && plain.includes(registrationAddress)) {
    const notifies = forms.some(({ notifiers }) => notifiers.includes(author));
    return notifies ? 'notifications' : 'registrations';
  }
  return verificationAddress !== null && plain.includes(verificationAddress) ? 'verification' : 'contracts';
}

/** Whether a reply says nothing but what its files say. */
export function bringsFeed({ word, attachments }: Extract<Interpretation, { type: 'word' }>): boolean {
  return (word === 'empty' || word === 'unknown') && attachments.some(({ kind }) => kind === 'other');
}

/** Takes every CSV in, then answers with what became of their rows. A repeat changes nothing, so a crash between does no harm. */
export async function feedMail(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  attachments: readonly Attachment[],
): Promise<Reaction> {
  const obstacle = withoutRight(mail);
  if (obstacle) return obstacle;
  const { municipality, row } = mail;
  const files = attachments.filter(({ kind }) => kind === 'other' || kind === 'word');
  if (files.length === 0) return trouble('no-feed', {});
  const form = formMeant(mail);
  if (form === null) {
    return trouble('which-form', { forms: municipality.forms.map(({ name }) => name).join('、') });
  }
  const runs: { run: string; name: string }[] = [];
  for (const [index, { content, fileName }] of files.entries()) {
    const origin = { way: 'mail', reference: `${row.id}/${index + 1}` } as const;
    const { id } = await dependencies.importFeed({
      municipality: municipality.id,
      form,
      origin,
      source: content,
    });
    runs.push({ run: id, name: fileName });
  }
  const passedOver = attachments.filter((one) => !files.includes(one)).map(({ fileName }) => fileName);
  return async () => ({
    status: 'handled',
    registration: { type: 'report', runs, passedOver },
    why: `${runs.length} feeds taken in`,
  });
}

/** By `touroku+フォーム@`, by its name in the subject, or the only one. */
function formMeant({ municipality, transport, message }: ReceivedMail): string | null {
  const { forms } = municipality;
  const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
  const subaddresses = transport.rcptTo.flatMap((address) => /\+([^@]+)@/.exec(address)?.[1] ?? []);
  const addressed = forms.find(({ name }) => subaddresses.some((one) => fold(one) === fold(name)));
  if (addressed) return addressed.name;
  // 「標準」 is no name of 「標準2」: the longest that fits is meant.
  const named = forms
    .filter(({ name }) => fold(message.subject).includes(fold(name)))
    .sort((a, b) => b.name.length - a.name.length);
  if (named[0]) return named[0].name;
  return forms.length === 1 ? forms[0]!.name : null;
}

/** One row from the text of a form system's mail; staff hear of it as of any feed, the system never. */
export async function notificationMail(
  dependencies: ReceiveDependencies,
  { municipality, row, message, sender }: ReceivedMail,
): Promise<Reaction> {
  const own = municipality.forms.filter(({ notifiers }) => notifiers.includes(normaliseAddress(sender)));
  const form = own.find(({ name }) => message.subject.includes(name)) ?? own[0];
  if (!form) throw new Error('a notification from nobody’s form');
  const { id, counts } = await dependencies.importFeed({
    municipality: municipality.id,
    form: form.name,
    origin: { way: 'notification', reference: row.id },
    source: { notification: message.text },
  });
  return async () => ({
    status: 'handled',
    why: `notification taken in by run ${id}: ${JSON.stringify(counts)}`,
  });
}
