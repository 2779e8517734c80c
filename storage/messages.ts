/** Rows of the mails that were accepted: each is kept and traceable, whatever became of it. */
import { inStatements, type Tx } from './database.ts';

/** stored → one of the others, once it has been read. */
export type MessageStatus = 'stored' | 'handled' | 'refused' | 'ignored' | 'quarantined' | 'duplicate';

export interface MessageRow {
  readonly id: string;
  readonly municipality: string;
  readonly received_at: string;
  readonly size: number;
  readonly sha256: string;
  readonly blob: string;
  readonly wrapped_key: Uint8Array;
  /** InboundTransport as JSON, encrypted under the message's key. */
  readonly transport: Uint8Array;
  readonly content_key: string | null;
  readonly duplicate_of: string | null;
  readonly status: MessageStatus;
  readonly contract: string | null;
  /** What was answered, as JSON, encrypted under the message's key. */
  readonly outcome: Uint8Array | null;
  readonly handled_at: string | null;
}

export type NewMessage = Pick<
  MessageRow,
  'id' | 'municipality' | 'received_at' | 'size' | 'sha256' | 'blob' | 'wrapped_key' | 'transport'
>;

export async function insertMessages(tx: Tx, rows: readonly NewMessage[]): Promise<void> {
  const stored = rows.map((row) => ({ ...row, status: 'stored' }));
  for (const some of inStatements(stored)) await tx('messages').insert(some);
}

export async function findMessage(tx: Tx, id: string): Promise<MessageRow | undefined> {
  return tx('messages').where({ id }).first();
}

/** What is held back, oldest first; handled after `from` and up to `until` (ISO) where given. */
export async function quarantinedMessages(
  tx: Tx,
  { municipality, from, until }: { municipality?: string; from?: string; until?: string },
): Promise<MessageRow[]> {
  const found = tx('messages').where({ status: 'quarantined' }).orderBy(['received_at', 'id']);
  if (municipality !== undefined) found.where({ municipality });
  if (from !== undefined) found.where('handled_at', '>', from);
  if (until !== undefined) found.where('handled_at', '<=', until);
  return found;
}

/** The message that already had the effect of this content, if any (decided 6). */
export async function findByContentKey(
  tx: Tx,
  municipality: string,
  contentKey: string,
): Promise<MessageRow | undefined> {
  return tx('messages').where({ municipality, content_key: contentKey }).whereNull('duplicate_of').first();
}

export async function settleMessage(
  tx: Tx,
  id: string,
  values: Partial<
    Pick<MessageRow, 'content_key' | 'duplicate_of' | 'status' | 'contract' | 'outcome' | 'handled_at'>
  >,
): Promise<void> {
  await tx('messages').where({ id }).update(values);
}
