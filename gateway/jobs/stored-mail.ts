/** A mail that was read once already, read again for what is passed on of it or answered with. */
import { Readable } from 'node:stream';
import { type Blobs, storedOctets } from '../../storage/blobs/blobs.ts';
import type { MasterKey } from '../../storage/keys.ts';
import type { MessageRow } from '../../storage/messages.ts';
import { openMessage } from '../app/accept-message.ts';
import { type ParsedMessage, parseMessage } from '../mail/parse.ts';

/** What was read once can be read again, whatever limits hold by now. */
const UNLIMITED = { headOctets: Infinity, contentOctets: Infinity, textCharacters: Infinity };

/** Rejects where it cannot be read: it could be when it came. */
export async function storedMail(
  { blobs, master }: { readonly blobs: Blobs; readonly master: MasterKey },
  row: MessageRow,
): Promise<ParsedMessage> {
  const { owner } = openMessage(master, row);
  const message = await parseMessage(Readable.from(storedOctets(blobs, owner, row.blob)), UNLIMITED);
  if (!message.readable) throw new Error(`message ${row.id} cannot be read any more`);
  return message;
}
