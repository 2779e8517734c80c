// Takes out what an S/MIME signature carries inside itself, as Outlook writes it unless told to sign in clear text (RFC 8551 §3.5.2, RFC 5652 §5, X.690 §8.1).

/** One BER element; offsets are octets from the beginning. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
  /** Where the next element begins. */
  readonly next: number;
}

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;
const CONSTRUCTED_OCTET_STRING = 0x24;
const EXPLICIT_0 = 0xa0;
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex');
/** Deeper than any signature is; elements without a length are walked through once for each level. */
const DEEPEST = 16;

/** The content inside a SignedData; null for a detached signature, and for whatever is no SignedData. */
export function signedContent(octets: Buffer): Buffer | null {
  const info = readElement(octets, 0, octets.length, 0);
  if (info?.tag !== SEQUENCE) return null;
  const [type, wrapped] = childrenOf(octets, info);
  if (type?.tag !== OBJECT_IDENTIFIER || !octets.subarray(type.start, type.end).equals(SIGNED_DATA))
    return null;
  const signedData = inside(octets, wrapped, EXPLICIT_0)[0];
  // version, digestAlgorithms, encapContentInfo
  const encapsulated = inside(octets, signedData, SEQUENCE)[2];
  const explicit = inside(octets, encapsulated, SEQUENCE)[1];
  const content = inside(octets, explicit, EXPLICIT_0)[0];
  return content === undefined ? null : stringOf(octets, content, 0);
}

function inside(octets: Buffer, element: Element | undefined, tag: number): Element[] {
  return element?.tag === tag ? childrenOf(octets, element) : [];
}

/** A long string comes in pieces (X.690 §8.7.3). */
function stringOf(octets: Buffer, element: Element, depth: number): Buffer | null {
  if (element.tag === OCTET_STRING) return octets.subarray(element.start, element.end);
  if (element.tag !== CONSTRUCTED_OCTET_STRING || depth > DEEPEST) return null;
  const pieces = childrenOf(octets, element).map((piece) => stringOf(octets, piece, depth + 1));
  return pieces.includes(null) ? null : Buffer.concat(pieces as Buffer[]);
}

/** None where one of them cannot be read: half a text may say the contrary of the whole. */
function childrenOf(octets: Buffer, { start, end }: Element): Element[] {
  const found: Element[] = [];
  for (let at = start; at < end; ) {
    const element = readElement(octets, at, end, 0);
    if (element === null) return [];
    found.push(element);
    at = element.next;
  }
  return found;
}

function readElement(octets: Buffer, at: number, limit: number, depth: number): Element | null {
  const tag = octets[at];
  const first = octets[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit || depth > DEEPEST) return null;
  if (first === 0x80) return readUnmeasured(octets, at, limit, depth);
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthOctets;
  if (lengthOctets > 4 || start > limit) return null;
  const length = lengthOctets === 0 ? first : octets.readUIntBE(at + 2, lengthOctets);
  return start + length > limit ? null : { tag, start, end: start + length, next: start + length };
}

/** Its end is where two zeros stand in the place of an element (X.690 §8.1.5). */
function readUnmeasured(octets: Buffer, at: number, limit: number, depth: number): Element | null {
  const start = at + 2;
  for (let end = start; end + 2 <= limit; ) {
    if (octets[end] === 0 && octets[end + 1] === 0) return { tag: octets[at]!, start, end, next: end + 2 };
    const child = readElement(octets, end, limit, depth + 1);
    if (child === null) return null;
    end = child.next;
  }
  return null;
}
