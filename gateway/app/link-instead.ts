/** An attachment that was refused for its size is followed by the same mail with its link alone, once (R37). */
import type { Tx } from '../../storage/database.ts';
import { type ClaimedEntry, ensure, isDone } from '../../storage/outbox.ts';
import type { Effect } from '../contract/effects.ts';
import { bounceReason } from '../mail/bounce-reason.ts';

/** Whose mail (by its outbox key) it was. */
interface RefusedMail {
  readonly mail: string;
  readonly contract: string;
  readonly municipality: string;
  readonly participant: string;
}

/** Notes the second mail; false where it is not the size, or where the link alone was refused as well. */
export async function sendLinkInstead(
  tx: Tx,
  { mail, contract, municipality, participant }: RefusedMail,
  response: string,
  now: string,
): Promise<boolean> {
  const [, , kind, ...rest] = mail.split(':');
  if (kind !== 'completed' || rest.at(-1) === 'link' || bounceReason(response, false) !== 'too-large')
    return false;
  const key = `${mail}:link`;
  // A second report about the same attachment is no news; the recipient has the link.
  if ((await isDone(tx, key)) !== undefined) return true;
  const effect: Effect = { type: 'mail', mail: 'completed', recipient: participant, linkOnly: true };
  const payload = JSON.stringify(effect);
  await ensure(tx, { key, municipality, contract, type: 'mail', payload, notBefore: now }, now);
  return true;
}

/** The same for 控え that somebody asked for: the answer comes once more, with words (and once concluded, a link) alone. */
export async function answerWithoutFiles(
  tx: Tx,
  { key, municipality, contract, type, payload }: ClaimedEntry,
  response: string,
  now: string,
): Promise<boolean> {
  if (bounceReason(response, false) !== 'too-large') return false;
  const words = JSON.stringify({ ...JSON.parse(payload), linkOnly: true });
  const entry = { key: `${key}:link`, municipality, contract, type, payload: words, notBefore: now };
  await ensure(tx, entry, now);
  return true;
}
