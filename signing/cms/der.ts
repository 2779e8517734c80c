/** Writes and reads ASN.1 in DER, octet by octet, so that what was signed is what is hashed (ITU-T X.690 10, 11). */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: `bytes` is tag, length and value, `value` the contents alone. */
export interface DerNode {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly value: Uint8Array;
}

/** The octets are not the DER that was expected. */
export class MalformedDer extends Error {
  override readonly name = 'MalformedDer';
}

/** One element from its tag octet and the concatenation of `parts`. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.of(tag), lengthOctets(length), ...parts]);
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

export const sequence = (...parts: readonly Uint8Array[]) => element(TAG.sequence, ...parts);
export const octetString = (value: Uint8Array) => element(TAG.octetString, value);
export const bitString = (value: Uint8Array, unusedBits = 0) =>
  element(TAG.bitString, Uint8Array.of(unusedBits), value);
export const boolean = (value: boolean) => element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
export const nullValue = () => element(TAG.null);
export const utf8String = (value: string) => element(TAG.utf8String, Buffer.from(value, 'utf8'));
export const printableString = (value: string) => element(TAG.printableString, Buffer.from(value, 'latin1'));
/** Constructed context tag [n]: EXPLICIT, or IMPLICIT over a SEQUENCE or SET. */
export const context = (n: number, ...parts: readonly Uint8Array[]) => element(0xa0 | n, ...parts);
/** Primitive context tag [n] IMPLICIT. */
export const contextPrimitive = (n: number, value: Uint8Array) => element(0x80 | n, value);

/** SET OF: the members in ascending order of their encodings (X.690 11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, ...[...parts].sort(Buffer.compare));
}

/** Non-negative INTEGER from a number or its unsigned big-endian octets. */
export function integer(value: number | Uint8Array): Uint8Array {
  let octets = typeof value === 'number' ? Buffer.from(value.toString(16).padStart(16, '0'), 'hex') : value;
  while (octets.length > 1 && octets[0] === 0) octets = octets.subarray(1);
  const sign = octets.length === 0 || octets[0]! >= 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return element(TAG.integer, sign, octets);
}

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128))
      groups.unshift((high % 128) | 0x80);
    return groups;
  });
  return element(TAG.oid, Uint8Array.from(octets));
}

/** GeneralizedTime in whole seconds of UTC (RFC 5280 4.1.2.5.2). */
export function generalizedTime(time: Date): Uint8Array {
  return element(TAG.generalizedTime, Buffer.from(`${digitsOf(time)}Z`));
}

/** Time as certificates and CRLs want it: UTCTime through 2049 (RFC 5280 4.1.2.5). */
export function certificateTime(time: Date): Uint8Array {
  if (time.getUTCFullYear() >= 2050) return generalizedTime(time);
  return element(TAG.utcTime, Buffer.from(`${digitsOf(time).slice(2)}Z`));
}

function digitsOf(time: Date): string {
  return time.toISOString().slice(0, 19).replace(/\D/g, '');
}

/** The one element that fills `bytes`; throws MalformedDer when anything else follows. */
export function readDer(bytes: Uint8Array, tag?: number): DerNode {
  const node = readAt(bytes, 0);
  if (node.bytes.length !== bytes.length) throw new MalformedDer('octets follow the element');
  return tag === undefined ? node : expectTag(node, tag);
}

/** The element at the head of a PDF signature hole, whose rest may only be zeros (ISO 32000-2 12.8.1). */
export function readPadded(bytes: Uint8Array): DerNode {
  const node = readAt(bytes, 0);
  if (bytes.subarray(node.bytes.length).some((octet) => octet !== 0))
    throw new MalformedDer('something other than zeros follows the element');
  return node;
}

/** The elements inside a constructed element. */
export function children(node: DerNode): DerNode[] {
  const nodes: DerNode[] = [];
  for (let at = 0; at < node.value.length; ) {
    const child = readAt(node.value, at);
    nodes.push(child);
    at += child.bytes.length;
  }
  return nodes;
}

function readAt(bytes: Uint8Array, start: number): DerNode {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new MalformedDer('the element is cut off');
  if ((tag & 0x1f) === 0x1f) throw new MalformedDer('tags above 30 are not used here');
  let header = 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new MalformedDer('indefinite or oversized length');
    header += count;
    length = 0;
    for (const octet of bytes.subarray(start + 2, start + header)) length = length * 256 + octet;
    if (length < 0x80 || length < 256 ** (count - 1))
      throw new MalformedDer('length not in its shortest form');
  }
  const end = start + header + length;
  if (end > bytes.length) throw new MalformedDer('the element is cut off');
  return { tag, bytes: bytes.subarray(start, end), value: bytes.subarray(start + header, end) };
}

/** `node` itself when it is there and has `tag`; throws MalformedDer otherwise. */
export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (node === undefined) throw new MalformedDer(`element with tag 0x${tag.toString(16)} is missing`);
  if (node.tag !== tag)
    throw new MalformedDer(`tag 0x${node.tag.toString(16)} where 0x${tag.toString(16)} belongs`);
  return node;
}

/** The children of a SEQUENCE. */
export const fields = (node: DerNode | undefined) => children(expectTag(node, TAG.sequence));

export function readOid(node: DerNode | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of expectTag(node, TAG.oid).value) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const head = arcs[0] ?? 0;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...arcs.slice(1)].join('.');
}

/** INTEGER as lower-case hex of its octets, without leading zero octets: comparable as a string. */
export function readIntegerHex(node: DerNode | undefined): string {
  const hex = Buffer.from(expectTag(node, TAG.integer).value).toString('hex');
  return hex.replace(/^(00)+(?=..)/, '');
}

/** The whole octets of a BIT STRING. */
export function readBitString(node: DerNode | undefined): Uint8Array {
  const { value } = expectTag(node, TAG.bitString);
  if (value.length === 0 || value[0]! > 7) throw new MalformedDer('bad BIT STRING');
  return value.subarray(1);
}

/** UTCTime or GeneralizedTime in UTC, fractions of a second included. */
export function readTime(node: DerNode | undefined): Date {
  const text = Buffer.from(node?.value ?? []).toString('latin1');
  const short = node?.tag === TAG.utcTime;
  if (!short) expectTag(node, TAG.generalizedTime);
  const match = (short ? /^(\d\d)(\d{10})Z$/ : /^(\d{4})(\d{10})(?:\.(\d+))?Z$/).exec(text);
  if (match === null) throw new MalformedDer(`unreadable time ${JSON.stringify(text)}`);
  const [, yearDigits = '', rest = '', fraction = ''] = match;
  const year = short ? (Number(yearDigits) < 50 ? 2000 : 1900) + Number(yearDigits) : Number(yearDigits);
  const [month, day, hour, minute, second] = rest.match(/../g)!;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const time = new Date(
    `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`,
  );
  if (Number.isNaN(time.getTime())) throw new MalformedDer(`impossible time ${JSON.stringify(text)}`);
  return time;
}
