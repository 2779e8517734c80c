/** Events as versioned canonical octets (decided 4): sorted keys, personal fields encrypted, hashed as they are stored. */
import { createHash } from 'node:crypto';
import { seal, unseal } from '../../storage/keys.ts';
import type { Event } from '../contract/events.ts';
import { upcastEvent } from './upcast.ts';

/** Grows when the shape of any event changes; readers then upcast what is older. */
export const EVENT_VERSION = 4;
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** Leaves of this name say something about a person or are free text that may. */
const PERSONAL = new Set([
  'name',
  'address',
  'title',
  'company',
  'section',
  'phone',
  'fileName',
  'message',
  'reason',
  'response',
  'ip',
  'userAgent',
  'authentication',
  'receiptNumber',
  'sourceMessageId',
  'contractNumber',
  'approvalNumber',
  'original',
  'bond',
  'accessCode',
  'label',
  'value',
]);

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The octets that are stored and hashed for `event` of the contract `contract`. */
export function encodeEvent(event: Event, contract: string, dataKey: Uint8Array): Buffer {
  const personal: string[] = [];
  const { seq, at, type, ...data } = event;
  const open = split(data as unknown as Json, '', personal);
  const context = `event:${contract}:${seq}`;
  return Buffer.from(
    stringify({
      v: EVENT_VERSION,
      contract,
      seq,
      at,
      type,
      data: open,
      personal: seal(dataKey, Buffer.from(JSON.stringify(personal)), context).toString('base64'),
    }),
  );
}

/** Throws on octets of an unknown version, of another place in the history, or encrypted with another key. */
export function decodeEvent(
  canonical: Uint8Array,
  contract: string,
  seq: number,
  dataKey: Uint8Array,
): Event {
  const stored = JSON.parse(Buffer.from(canonical).toString('utf8'));
  if (!(stored.v >= 1 && stored.v <= EVENT_VERSION))
    throw new Error(`event ${contract}:${seq} has unknown version ${stored.v}`);
  const personal: string[] = JSON.parse(
    unseal(dataKey, Buffer.from(stored.personal, 'base64'), `event:${contract}:${seq}`).toString('utf8'),
  );
  const event = { ...(join(stored.data, personal) as object), seq, at: stored.at, type: stored.type };
  return upcastEvent(event as Event, stored.v);
}

/** Link of the chain: SHA-256 over the previous link and the canonical octets. */
export function chainHash(previousHash: string, canonical: Uint8Array): string {
  return createHash('sha256').update(Buffer.from(previousHash, 'hex')).update(canonical).digest('hex');
}

/** JSON with sorted keys (in the manner of RFC 8785), so that equal values are equal octets. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function split(value: Json, key: string, personal: string[]): Json {
  if (typeof value === 'string' && PERSONAL.has(key)) return { $: personal.push(value) - 1 };
  if (Array.isArray(value)) return value.map((item) => split(item, key, personal));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, split(inner, name, personal)]),
    );
  }
  return value;
}

function join(value: Json, personal: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((item) => join(item, personal));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first?.[0] === '$') return personal[first[1] as number]!;
    return Object.fromEntries(entries.map(([name, inner]) => [name, join(inner, personal)]));
  }
  return value;
}
