// Takes out what an S/MIME signature carries inside itself, as Outlook writes it unless told to sign in clear text (RFC 8551 §3.5.2, RFC 5652 §5, X.690 §8.1).

/** What is read, and how many elements may still be looked at. */
interface Source {
  readonly octets: Buffer;
  left: number;
}

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
/**
 * Each look at an element costs memory and time, and a mail has room for millions of them. What programs write in pieces of
 * 1,000 octets is walked through seven times: a look for every 140 octets.
 */
const OCTETS_TO_A_LOOK = 64;
const LOOKS_AT_LEAST = 1000;

/** The content inside a SignedData; null for a detached signature, for one in crumbs, and for whatever is no SignedData. */
export function signedContent(octets: Buffer): Buffer | null {
  const source = { octets, left: LOOKS_AT_LEAST + octets.length / OCTETS_TO_A_LOOK };
  const info = readElement(source, 0, octets.length, 0);
  if (info?.tag !== SEQUENCE) return null;
  const [type, wrapped] = childrenOf(source, info);
  if (type?.tag !== OBJECT_IDENTIFIER || !octets.subarray(type.start, type.end).equals(SIGNED_DATA))
    return null;
  const signedData = inside(source, wrapped, EXPLICIT_0)[0];
  // version, digestAlgorithms, encapContentInfo
  const encapsulated = inside(source, signedData, SEQUENCE)[2];
  const explicit = inside(source, encapsulated, SEQUENCE)[1];
  const content = inside(source, explicit, EXPLICIT_0)[0];
  return content === undefined ? null : stringOf(source, content, 0);
}

function inside(source: Source, element: Element | undefined, tag: number): Element[] {
  return element?.tag === tag ? childrenOf(source, element) : [];
}

/** A long string comes in pieces (X.690 §8.7.3). */
function stringOf(source: Source, element: Element, depth: number): Buffer | null {
  if (element.tag === OCTET_STRING) return source.octets.subarray(element.start, element.end);
  if (element.tag !== CONSTRUCTED_OCTET_STRING || depth > DEEPEST) return null;
  const pieces = childrenOf(source, element).map((piece) => stringOf(source, piece, depth + 1));
  return pieces.includes(null) ? null : Buffer.concat(pieces as Buffer[]);
}

/** None where one of them cannot be read: half a text may say the contrary of the whole. */
function childrenOf(source: Source, { start, end }: Element): Element[] {
  const found: Element[] = [];
  for (let at = start; at < end; ) {
    const element = readElement(source, at, end, 0);
    if (element === null) return [];
    found.push(element);
    at = element.next;
  }
  return found;
}

function readElement(source: Source, at: number, limit: number, depth: number): Element | null {
  const { octets } = source;
  const tag = octets[at];
  const first = octets[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) return null;
  source.left -= 1;
  if (depth > DEEPEST || source.left < 0) return null;
  if (first === 0x80) return readUnmeasured(source, at, limit, depth);
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthOctets;
  if (lengthOctets > 4 || start > limit) return null;
  const length = lengthOctets === 0 ? first : octets.readUIntBE(at + 2, lengthOctets);
  return start + length > limit ? null : { tag, start, end: start + length, next: start + length };
}

/** Its end is where two zeros stand in the place of an element (X.690 §8.1.5). */
function readUnmeasured(source: Source, at: number, limit: number, depth: number): Element | null {
  const { octets } = source;
  const start = at + 2;
  for (let end = start; end + 2 <= limit; ) {
    if (octets[end] === 0 && octets[end + 1] === 0) return { tag: octets[at]!, start, end, next: end + 2 };
    const child = readElement(source, end, limit, depth + 1);
    if (child === null) return null;
    end = child.next;
  }
  return null;
}
