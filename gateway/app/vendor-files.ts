/** What a registered vendor mails in outside a contract, Word and Excel files (R12) and replies to mails of ours: brought to the section that its registration names. */
import { nextCount } from '../../storage/contracts.ts';
import { append } from '../../storage/outbox.ts';
import { normaliseAddress } from '../mail/address.ts';
import { isMessageIdOfOurs } from '../mail/automatic.ts';
import type { ParsedMessage } from '../mail/parse.ts';
import type { Staff } from '../mail/rights.ts';
import { normaliseLine } from '../mail/text.ts';
import { dailyCounter } from './daily-counter.ts';
import type { Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';
import type { Registered } from './registration-types.ts';

/** Undefined when it is neither, the sender is not registered, or nobody is there to be told. */
export async function passOnFiles(
  { database, registry, registration, settings, log }: ReceiveDependencies,
  { row, message, municipality, sender }: ReceivedMail,
): Promise<Reaction | undefined> {
  const files = bringsFiles(message);
  if (!files && !answersUs(message, [municipality.address, ...municipality.aliases])) return undefined;
  const registered = await registry.find(database.knex, row.municipality, { address: sender });
  if (registered.length === 0) return undefined;
  const readers = readersOf(registered, municipality.staff, registration.reportAddressesOf(row.municipality));
  if (readers.length === 0) {
    log.warn({ message: row.id }, "vendor's mail has no reader: neither section nor report address");
    return undefined;
  }
  return async (tx, now) => {
    const count = (kind: string): Promise<number> =>
      nextCount(tx, row.municipality, dailyCounter(kind, row.municipality, sender, now));
    if ((await count('files-passed-on')) > settings.passedOnPerDay) {
      return { status: 'quarantined', why: 'passed on to the section often enough today' };
    }
    await append(
      tx,
      readers.map((_, reader) => ({
        key: `message:${row.id}:files:${reader}`,
        municipality: row.municipality,
        contract: null,
        type: 'pass-on-files',
        payload: JSON.stringify({ message: row.id, sender: registered[0]!.id, reader }),
        notBefore: now,
      })),
      now,
    );
    const first = (await count('files-answered')) === 1;
    return {
      status: 'handled',
      why: `vendor's ${files ? 'files' : 'reply'} passed on to its section`,
      ...(first ? { answer: { type: 'filesPassedOn', files } as const } : {}),
    };
  };
}

/** Whether Word or Excel files came along. */
export function bringsFiles({ attachments }: Pick<ParsedMessage, 'attachments'>): boolean {
  return attachments.some(({ kind }) => kind === 'word');
}

/** To a mail about the registration, or one that lists contracts. */
function answersUs({ inReplyTo, references }: ParsedMessage, own: readonly string[]): boolean {
  return [inReplyTo, ...references].some((id) => isMessageIdOfOurs(id, own));
}

/** Addresses of the registered sections, their shared mailboxes where there are any; else those for reports. */
export function readersOf(
  registered: readonly Pick<Registered, 'section'>[],
  { members }: Staff,
  reportAddresses: readonly string[],
): string[] {
  const sections = registered.flatMap(({ section }) => (section ? [folded(section)] : []));
  const there = members.filter(
    ({ section, rights }) =>
      rights.includes('initiator') && sections.some((wanted) => folded(section).startsWith(wanted)),
  );
  const shared = there.filter((member) => member.shared);
  const own = (shared.length > 0 ? shared : there).map(({ address }) => normaliseAddress(address));
  return [...new Set(own.length > 0 ? own : reportAddresses)];
}

function folded(section: string): string {
  return normaliseLine(section).replaceAll(' ', '');
}
