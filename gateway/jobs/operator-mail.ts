/** Mails to the operator: one entry for each address (decided 5), and the one way in which they are sent. */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Tx } from '../../storage/database.ts';
import { type ClaimedEntry, ensure, type OutboxEntry } from '../../storage/outbox.ts';
import type { MailContent, RenderedMail } from '../../templates/index.ts';
import type { Delivery } from '../mail/deliver.ts';
import { type MailingMunicipality, notice } from './mail-secrets.ts';
import type { Performer } from './performer.ts';

export interface OperatorMailDependencies {
  readonly operator: { readonly addresses: readonly string[] };
  readonly delivery: Delivery;
  readonly render: (content: MailContent) => RenderedMail;
  readonly log: Logger;
}

/** Has every operator sent what `entry` is about, once for its key; `payload` is an object of ids. */
export async function ensureOperatorMails(
  tx: Tx,
  addresses: readonly string[],
  entry: Omit<OutboxEntry, 'payload' | 'notBefore'> & { readonly payload: object },
  now: string,
): Promise<void> {
  for (const to of addresses.map(nameOf)) {
    const payload = JSON.stringify({ ...entry.payload, to });
    await ensure(tx, { ...entry, key: `${entry.key}:${to}`, payload, notBefore: now }, now);
  }
}

/** Sends what `contentOf` finds to say, and to nobody when that is nothing or the address is no longer an operator's. */
export function operatorMail(
  { operator, delivery, render, log }: OperatorMailDependencies,
  contentOf: (
    entry: ClaimedEntry,
    now: string,
  ) => Promise<{ readonly municipality: MailingMunicipality; readonly content: MailContent } | null>,
): Performer {
  return async (entry, now) => {
    const { to }: { to: string } = JSON.parse(entry.payload);
    const address = operator.addresses.find((one) => nameOf(one) === to);
    const found = address === undefined ? null : await contentOf(entry, now);
    if (address === undefined || found === null) return async () => {};
    const mail = notice(found.municipality, entry.key, address, render(found.content));
    const { outcome, response } = await delivery.send(mail);
    if (outcome === 'failed') log.error({ entry: entry.key, response }, 'operator cannot be told by mail');
    return async () => {};
  };
}

/** Names an address where none may stand. */
function nameOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 16);
}
