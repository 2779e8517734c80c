/** Hop 1's other half: makes an incoming mail durable, encrypted as it arrives, and notes that it must be read (before the 250). */
import { randomBytes } from 'node:crypto';
import { type Blobs, storedOctets } from '../../storage/blobs/blobs.ts';
import type { Database } from '../../storage/database.ts';
import { grouped } from '../../storage/grouped.ts';
import { type MasterKey, newDataKey, seal, unseal } from '../../storage/keys.ts';
import { insertMessages, type MessageRow, type NewMessage } from '../../storage/messages.ts';
import { append, type OutboxEntry } from '../../storage/outbox.ts';
import type { InboundTransport } from '../mail/transport.ts';
import { base32 } from './secrets.ts';

export interface MessageStoreDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly master: MasterKey;
  /** The municipalities the envelope's recipients belong to, each once. */
  readonly municipalitiesOf: (recipients: readonly string[]) => readonly string[];
  readonly clock: () => Date;
  readonly wake: () => void;
}

/** Nobody waits long for the rows of others. */
const MAILS_TO_A_COMMIT = 50;

/** Random id of 80 bits in base32. */
export function newId(): string {
  return base32(randomBytes(10));
}

/** Resolves when raw octets and row are on disk; until then nothing has been promised. The id names the (first) message. */
export type AcceptMessage = (
  transport: InboundTransport,
  data: AsyncIterable<Uint8Array>,
) => Promise<{ id: string }>;

/** Mails that arrive together share a commit of their rows; each mail's own rows are kept together. */
export function acceptMessages(dependencies: MessageStoreDependencies): AcceptMessage {
  const { database, blobs, master, clock } = dependencies;
  const commit = grouped<NewMessage[]>(async (mails) => {
    const rows = mails.flat();
    await database.transaction(async (tx) => {
      await insertMessages(tx, rows);
      await append(tx, rows.map(receiveEntry), clock().toISOString());
    });
  }, MAILS_TO_A_COMMIT);

  return async (transport, data) => {
    const municipalities = dependencies.municipalitiesOf(transport.rcptTo);
    const now = clock().toISOString();
    const rows: NewMessage[] = [];
    let first: { owner: { id: string; dataKey: Buffer }; name: string } | undefined;
    for (const municipality of municipalities) {
      const owner = { id: newId(), dataKey: newDataKey() };
      const source = first ? storedOctets(blobs, first.owner, first.name) : data;
      const stored = await blobs.put(owner, source);
      first ??= { owner, name: stored.name };
      rows.push({
        id: owner.id,
        municipality,
        received_at: now,
        size: stored.size,
        sha256: stored.sha256,
        blob: stored.name,
        wrapped_key: master.wrap(owner.dataKey, keyContext(owner.id)),
        transport: seal(owner.dataKey, Buffer.from(JSON.stringify(transport)), `transport:${owner.id}`),
      });
    }
    if (!first) throw new Error('no municipality for the envelope');
    await commit(rows);
    dependencies.wake();
    return { id: first.owner.id };
  };
}

function receiveEntry({ id, municipality, received_at }: NewMessage): OutboxEntry {
  const payload = JSON.stringify({ message: id });
  return {
    key: `message:${id}:receive`,
    municipality,
    contract: null,
    type: 'receive',
    payload,
    notBefore: received_at,
  };
}

/** The stored mail's owner key and transport, decrypted. */
export function openMessage(
  master: MasterKey,
  row: MessageRow,
): { owner: { id: string; dataKey: Buffer }; transport: InboundTransport } {
  const dataKey = master.unwrap(row.wrapped_key, keyContext(row.id));
  const transport = JSON.parse(unseal(dataKey, row.transport, `transport:${row.id}`).toString('utf8'));
  return { owner: { id: row.id, dataKey }, transport };
}

function keyContext(id: string): string {
  return `message:${id}`;
}
