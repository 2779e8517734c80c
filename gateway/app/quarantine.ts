/** Mail that is held back because nobody proved who wrote it or it cannot be read: kept, listed to the operator, released (decided 7). */
import type { Tx } from '../../storage/database.ts';
import { type MasterKey, seal, unseal } from '../../storage/keys.ts';
import { findMessage, type MessageRow, quarantinedMessages, settleMessage } from '../../storage/messages.ts';
import { ensure } from '../../storage/outbox.ts';
import { addDays, endOfJstDay, jstDate, jstMorning } from '../contract/jst.ts';
import { openMessage } from './accept-message.ts';

/** What is known of a held mail without believing it. */
export interface HeldFacts {
  /** As the mail claims; '' where it names no single author. */
  readonly from: string;
  readonly subject: string;
  readonly why: 'unproven' | 'unreadable';
  /** English, for whoever looks into it. */
  readonly detail: string;
}

export interface HeldMessage extends HeldFacts {
  readonly id: string;
  readonly municipality: string;
  readonly receivedAt: string;
}

/** Marks the mail as held and notes that the operator is told in the morning. */
export async function hold(
  tx: Tx,
  { id, municipality }: Pick<MessageRow, 'id' | 'municipality'>,
  facts: HeldFacts,
  dataKey: Uint8Array,
  now: string,
): Promise<void> {
  const outcome = seal(dataKey, Buffer.from(JSON.stringify(facts)), contextOf(id));
  await settleMessage(tx, id, { status: 'quarantined', outcome, handled_at: now });
  const day = jstDate(now);
  const entry = { key: `quarantine:${municipality}:${day}`, type: 'quarantine-list', contract: null };
  const payload = JSON.stringify({ day });
  await ensure(tx, { ...entry, municipality, payload, notBefore: jstMorning(addDays(day, 1)) }, now);
}

/** What is held, of one municipality or all, oldest first; `day` (JST) only what was held back on it. */
export async function heldMessages(
  tx: Tx,
  master: MasterKey,
  { municipality, day }: { readonly municipality?: string; readonly day?: string } = {},
): Promise<HeldMessage[]> {
  const rows = await quarantinedMessages(tx, {
    ...(municipality === undefined ? {} : { municipality }),
    ...(day === undefined ? {} : { from: endOfJstDay(addDays(day, -1)), until: endOfJstDay(day) }),
  });
  return rows.map((row) => ({
    ...factsOf(row, master),
    id: row.id,
    municipality: row.municipality,
    receivedAt: row.received_at,
  }));
}

/** Has the mail read again as if its From were proven; false where no mail of this id is held. Consents it cannot give. */
export async function release(tx: Tx, id: string, now: string): Promise<boolean> {
  const row = await findMessage(tx, id);
  if (row?.status !== 'quarantined') return false;
  await settleMessage(tx, id, { status: 'stored', outcome: null, handled_at: null });
  const payload = JSON.stringify({ message: id, released: true });
  const entry = { key: `message:${id}:release:${now}`, type: 'receive', contract: null };
  await ensure(tx, { ...entry, municipality: row.municipality, payload, notBefore: now }, now);
  return true;
}

function factsOf(row: MessageRow, master: MasterKey): HeldFacts {
  // Held back before the reason was kept.
  if (!row.outcome) return { from: '', subject: '', why: 'unproven', detail: '' };
  const { owner } = openMessage(master, row);
  return JSON.parse(unseal(owner.dataKey, row.outcome, contextOf(row.id)).toString('utf8'));
}

function contextOf(id: string): string {
  return `quarantine:${id}`;
}
