/** Performer that mails the operator each morning which mails were held back the day before (R53), one entry for each address. */
import { ensure } from '../../storage/outbox.ts';
import { quarantineList } from '../../templates/index.ts';
import { heldMessages } from '../app/quarantine.ts';
import { mailBase } from '../mail/compose-input.ts';
import { notice } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import type { Performer } from './performer.ts';

export interface QuarantineMailDependencies extends MailingDependencies {
  /** Who is told; empty where nobody is. */
  readonly operatorsOf: (municipality: string) => readonly string[];
  /** Held mails that one list shows. */
  readonly heldListed: number;
}

/** `day` (JST) is what the list is about; `recipient` stands in the entries for single addresses. */
interface Payload {
  readonly day: string;
  readonly recipient?: number;
}

export function quarantineMailPerformer(dependencies: QuarantineMailDependencies): Performer {
  const { database, master, log, heldListed } = dependencies;
  return async (entry, now) => {
    const { day, recipient }: Payload = JSON.parse(entry.payload);
    const addresses = dependencies.operatorsOf(entry.municipality);
    const held = await heldMessages(database.knex, master, { municipality: entry.municipality, day });
    // Released or taken out of the configuration meanwhile.
    if (held.length === 0) return async () => {};
    if (recipient === undefined) {
      log.warn({ municipality: entry.municipality, day, held: held.length }, 'mails are held back');
      return async (tx, settledAt) => {
        for (const index of addresses.keys()) {
          const payload = JSON.stringify({ day, recipient: index } satisfies Payload);
          const { municipality, type } = entry;
          const key = `${entry.key}:${index}`;
          await ensure(
            tx,
            { key, municipality, type, contract: null, payload, notBefore: settledAt },
            settledAt,
          );
        }
      };
    }
    const address = addresses[recipient];
    if (address === undefined) return async () => {};
    const municipality = dependencies.municipalityOf(entry.municipality);
    const content = quarantineList({
      ...mailBase(municipality, dependencies.settings.testAuthority),
      day,
      held: held.slice(0, heldListed),
      more: Math.max(0, held.length - heldListed),
    });
    const mail = notice(municipality, entry.key, address, dependencies.render(content));
    await deliver(dependencies, entry, now, mail);
    return async () => {};
  };
}
