/** PDF objects and how they are written (ISO 32000-2 7.3). */

export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | PdfDict
  | PdfStream
  | readonly PdfObject[];

export class PdfName {
  /** Without the slash, #xx resolved, one character per octet. */
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

export class PdfString {
  readonly bytes: Uint8Array;
  /** Where it stands in the file, delimiters included; `pure` when as nothing but pairs of hexadecimal digits. */
  readonly place: { start: number; end: number; pure: boolean } | null;
  constructor(bytes: Uint8Array, place: PdfString['place'] = null) {
    this.bytes = bytes;
    this.place = place;
  }
}

export class PdfRef {
  readonly num: number;
  readonly gen: number;
  constructor(num: number, gen = 0) {
    this.num = num;
    this.gen = gen;
  }
}

export class PdfDict {
  readonly entries: ReadonlyMap<string, PdfObject>;
  /** A key stood there twice: readers differ in which they believe. */
  readonly ambiguous: boolean;
  constructor(entries: Iterable<readonly [string, PdfObject]> = [], ambiguous = false) {
    this.entries = new Map(entries);
    this.ambiguous = ambiguous;
  }
  get(key: string): PdfObject {
    return this.entries.get(key) ?? null;
  }
  /** A copy with `key` set. */
  with(key: string, value: PdfObject): PdfDict {
    return new PdfDict([...this.entries, [key, value]]);
  }
}

/** A stream in a file: its dictionary and where its data lie. */
export class PdfStream {
  readonly dict: PdfDict;
  readonly start: number;
  readonly length: number;
  constructor(dict: PdfDict, start: number, length: number) {
    this.dict = dict;
    this.start = start;
    this.length = length;
  }
}

export function isArray(value: PdfObject): value is readonly PdfObject[] {
  return Array.isArray(value);
}

export function isName(value: PdfObject, name: string): boolean {
  return value instanceof PdfName && value.value === name;
}

export function sameRef(a: PdfObject, b: PdfObject): boolean {
  return a instanceof PdfRef && b instanceof PdfRef && a.num === b.num && a.gen === b.gen;
}

/** A dictionary from an object literal; keys as given. */
export function dictOf(entries: Record<string, PdfObject>): PdfDict {
  return new PdfDict(Object.entries(entries));
}

/** A text string in UTF-16BE with byte order mark (ISO 32000-2 7.9.2.2), right for every character. */
export function textString(text: string): PdfString {
  const body = Buffer.from(text, 'utf16le').swap16();
  return new PdfString(new Uint8Array(Buffer.concat([Buffer.from([0xfe, 0xff]), body])));
}

/** An ASCII string such as a date. */
export function asciiString(text: string): PdfString {
  return new PdfString(new Uint8Array(Buffer.from(text, 'latin1')));
}

/** The text of a text string: UTF-16BE, UTF-8 (both with mark), else PDFDocEncoding read as Latin-1. */
export function textOf(value: PdfObject): string | null {
  if (!(value instanceof PdfString)) return null;
  const bytes = Buffer.from(value.bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return bytes
      .subarray(2, bytes.length - (bytes.length % 2))
      .swap16()
      .toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3).toString('utf8');
  return bytes.toString('latin1');
}

/** The octets of a direct object, as they stand between `obj` and `endobj`. */
export function serialize(value: PdfObject): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return serializeNumber(value);
  if (value instanceof PdfName) return serializeName(value.value);
  if (value instanceof PdfString) return `<${Buffer.from(value.bytes).toString('hex')}>`;
  if (value instanceof PdfRef) return `${value.num} ${value.gen} R`;
  if (value instanceof PdfDict) {
    const pairs = [...value.entries].map(([key, entry]) => `${serializeName(key)} ${serialize(entry)}`);
    return `<<${pairs.join(' ')}>>`;
  }
  if (isArray(value)) return `[${value.map(serialize).join(' ')}]`;
  throw new TypeError('a stream cannot stand inside another object');
}

/** Never in exponent form, and precise enough to be read back as the same number. */
function serializeNumber(value: number): string {
  const plain = String(value);
  return plain.includes('e') ? value.toFixed(60).replace(/\.?0+$/, '') : plain;
}

function serializeName(value: string): string {
  const escaped = value.replace(
    /[^!-~]|[#%()/<>[\]{}]/g,
    (char) => `#${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/${escaped}`;
}

/** Structural equality of direct objects; references are equal when they name the same object. */
export function equalObjects(a: PdfObject, b: PdfObject): boolean {
  if (a instanceof PdfStream || b instanceof PdfStream) return false;
  if (a instanceof PdfDict && b instanceof PdfDict) {
    if (a.ambiguous || b.ambiguous || a.entries.size !== b.entries.size) return false;
    return [...a.entries].every(([key, value]) => b.entries.has(key) && equalObjects(value, b.get(key)));
  }
  if (isArray(a) && isArray(b)) {
    return a.length === b.length && a.every((value, index) => equalObjects(value, b[index]!));
  }
  if (a instanceof PdfString && b instanceof PdfString) return Buffer.compare(a.bytes, b.bytes) === 0;
  if (a instanceof PdfName && b instanceof PdfName) return a.value === b.value;
  return a === b || sameRef(a, b);
}

/** Every reference within `value`, a stream's dictionary included. */
export function referencesIn(value: PdfObject): PdfRef[] {
  const found: PdfRef[] = [];
  const open: PdfObject[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next instanceof PdfRef) found.push(next);
    else if (next instanceof PdfStream) open.push(next.dict);
    else if (next instanceof PdfDict) for (const item of next.entries.values()) open.push(item);
    // One by one: a call takes no hundred thousand arguments.
    else if (isArray(next)) for (const item of next) open.push(item);
  }
  return found;
}
