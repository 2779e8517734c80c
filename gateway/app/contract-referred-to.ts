/** Which contract a mail is about that brings no secret: by the thread it belongs to, else by the number in its subject. */
import type { Tx } from '../../storage/database.ts';
import type { LoadedContract } from './contract-store.ts';
import type { ReceiveDependencies, ReceivedMail } from './received-mail.ts';
import { contractOfRoot } from './secrets.ts';

export async function contractReferredTo(
  { database, store }: ReceiveDependencies,
  { message, municipality }: ReceivedMail,
): Promise<LoadedContract | undefined> {
  const tx: Tx = database.knex;
  for (const reference of [message.inReplyTo, ...message.references]) {
    const id = contractOfRoot(reference ?? '');
    const loaded = id === undefined ? undefined : await store.load(tx, id);
    if (loaded?.contract.municipality === municipality.id) return loaded;
  }
  const number = /\b\d{4}-\d{4,}\b/.exec(message.subject.normalize('NFKC'))?.[0];
  return number === undefined ? undefined : store.loadByNumber(tx, municipality.id, number);
}
