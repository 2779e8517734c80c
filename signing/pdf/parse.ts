/**
 * Reads PDF objects from a window of a file (ISO 32000-2 7.2, 7.3); strict where leniency would let two
 * readers see two documents.
 */
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfString } from './objects.ts';
import { unreadable } from './problem.ts';

/** Thrown when an object runs past a window that does not end the file: the caller reads a larger one. */
export class WindowEnd extends Error {}

/** Deeper than any writer nests; guards the stack. */
const MAX_DEPTH = 200;

/** What each octet is to the parser (7.2.3): regular unless marked. */
const WHITE = 1;
const DELIMITER = 2;
const KINDS = new Uint8Array(256);
for (const octet of [0, 9, 10, 12, 13, 32]) KINDS[octet] = WHITE;
for (const char of '()<>[]{}/%') KINDS[char.charCodeAt(0)] = DELIMITER;

export function isWhite(octet: number): boolean {
  return KINDS[octet] === WHITE;
}

const code = (char: string): number => char.charCodeAt(0);
const PERCENT = code('%');
const ESCAPES = new Map([...'nrtbf'].map((char, index) => [code(char), [10, 13, 9, 8, 12][index]!]));

export class ObjectParser {
  readonly bytes: Uint8Array;
  /** The same octets, for what only a Buffer does. */
  private readonly octets: Buffer;
  /** Offset in the file of the window's first octet. */
  readonly base: number;
  /** The window reaches the end of the file. */
  readonly complete: boolean;
  /** Next octet to be read, relative to the window. */
  position = 0;

  constructor(bytes: Uint8Array, base: number, complete: boolean) {
    this.bytes = bytes;
    this.octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.base = base;
    this.complete = complete;
  }

  /** The octet `ahead` of the next, -1 past the end of the file. */
  peek(ahead = 0): number {
    const octet = this.bytes[this.position + ahead];
    if (octet !== undefined) return octet;
    if (!this.complete) throw new WindowEnd();
    return -1;
  }

  skipWhite(): void {
    for (;;) {
      const octet = this.peek();
      if (isWhite(octet)) this.position++;
      else if (octet === PERCENT) this.skipComment();
      else return;
    }
  }

  private skipComment(): void {
    for (let octet = this.peek(); octet !== 10 && octet !== 13 && octet !== -1; octet = this.peek()) {
      this.position++;
    }
  }

  /** Takes `word` when it stands next as a whole keyword. */
  keyword(word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.peek(index) !== word.charCodeAt(index)) return false;
    }
    if (this.isRegular(this.peek(word.length))) return false;
    this.position += word.length;
    return true;
  }

  /** The regular characters that stand next. */
  word(): string {
    const start = this.position;
    while (this.isRegular(this.peek())) this.position++;
    return this.text(start);
  }

  /** A non-negative integer after white space; null, and nothing consumed, when there is none. */
  integer(): number | null {
    const before = this.position;
    this.skipWhite();
    const start = this.position;
    let value = 0;
    for (let octet = this.peek(); octet >= 48 && octet <= 57; octet = this.peek()) {
      value = value * 10 + octet - 48;
      this.position++;
    }
    if (this.position === start || this.isRegular(this.peek()) || this.position - start > 15) {
      this.position = before;
      return null;
    }
    return value;
  }

  object(depth = 0): PdfObject {
    if (depth > MAX_DEPTH) throw this.broken('objects nested too deeply');
    this.skipWhite();
    const octet = this.peek();
    if (octet === code('<')) return this.peek(1) === code('<') ? this.dict(depth) : this.hexString();
    if (octet === code('(')) return this.literalString();
    if (octet === code('/')) return new PdfName(this.name());
    if (octet === code('[')) return this.array(depth);
    if (this.isDigit(octet) || [code('+'), code('-'), code('.')].includes(octet)) return this.numberOrRef();
    if (this.keyword('true')) return true;
    if (this.keyword('false')) return false;
    if (this.keyword('null')) return null;
    throw this.broken('no object');
  }

  /** `num gen obj`; null, and nothing consumed, when something else stands here. */
  header(): { num: number; gen: number } | null {
    const before = this.position;
    const num = this.integer();
    const gen = num === null ? null : this.integer();
    if (num !== null && gen !== null) {
      this.skipWhite();
      if (this.keyword('obj')) return { num, gen };
    }
    this.position = before;
    return null;
  }

  /** The indirect object that stands next, which has to be `ref`; of a stream its dictionary and where its data start. */
  indirect(ref: PdfRef): { object: PdfObject; start: number | null } {
    const offset = this.base + this.position;
    const header = this.header();
    if (header?.num !== ref.num || header.gen !== ref.gen) {
      throw unreadable(`object ${ref.num} is not at its offset ${offset}`);
    }
    const object = this.object();
    const start = object instanceof PdfDict ? this.streamStart() : null;
    if (start === null) {
      this.skipWhite();
      if (!this.keyword('endobj')) throw unreadable(`object ${ref.num} has no end`);
    }
    return { object, start };
  }

  /** After a dictionary: the offset in the file where stream data start, or null when no stream follows. */
  streamStart(): number | null {
    this.skipWhite();
    if (!this.keyword('stream')) return null;
    if (this.peek() === 13) this.position++;
    if (this.peek() !== 10) throw this.broken('no end of line after stream');
    this.position++;
    return this.base + this.position;
  }

  private dict(depth: number): PdfDict {
    this.position += 2;
    const entries = new Map<string, PdfObject>();
    let ambiguous = false;
    for (;;) {
      this.skipWhite();
      if (this.peek() === code('>') && this.peek(1) === code('>')) break;
      if (this.peek() !== code('/')) throw this.broken('no key in dictionary');
      const key = this.name();
      const value = this.object(depth + 1);
      ambiguous ||= entries.has(key);
      // A null value is an absent key (7.3.7).
      if (value !== null) entries.set(key, value);
    }
    this.position += 2;
    return new PdfDict(entries, ambiguous);
  }

  private array(depth: number): PdfObject[] {
    this.position++;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipWhite();
      if (this.peek() === code(']')) break;
      items.push(this.object(depth + 1));
    }
    this.position++;
    return items;
  }

  private name(): string {
    this.position++;
    const word = this.word();
    if (!word.includes('#')) return word;
    return word.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  private numberOrRef(): number | PdfRef {
    const start = this.position;
    const num = this.integer();
    if (num !== null) {
      const after = this.position;
      const gen = this.integer();
      if (gen !== null) {
        this.skipWhite();
        if (this.keyword('R')) return new PdfRef(num, gen);
      }
      this.position = after;
      return num;
    }
    while (this.isRegular(this.peek())) this.position++;
    const text = this.text(start);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw this.broken(`no number: ${text.slice(0, 20)}`);
    return Number(text);
  }

  private hexString(): PdfString {
    const start = this.position++;
    const end = this.bytes.indexOf(code('>'), this.position);
    if (end < 0 && !this.complete) throw new WindowEnd();
    if (end < 0) throw this.broken('unterminated string');
    this.position = end;
    const written = this.text(start + 1);
    // In one case only: otherwise one and the same value could be written in many ways.
    const pure = written.length % 2 === 0 && /^(?:[0-9a-f]*|[0-9A-F]*)$/.test(written);
    const digits = pure ? written : written.replace(/[\0\t\n\f\r ]/g, '');
    if (!pure && /[^0-9a-fA-F]/.test(digits)) throw this.broken('no hexadecimal string');
    this.position++;
    const bytes = new Uint8Array(Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex'));
    return new PdfString(bytes, { start: this.base + start, end: this.base + this.position, pure });
  }

  private literalString(): PdfString {
    const start = this.position++;
    const out: number[] = [];
    for (let open = 1; ; ) {
      const octet = this.peek();
      if (octet === -1) throw this.broken('unterminated string');
      this.position++;
      if (octet === code('\\')) {
        this.escape(out);
        continue;
      }
      if (octet === code('(')) open++;
      if (octet === code(')') && --open === 0) break;
      if (octet === 13) {
        if (this.peek() === 10) this.position++;
        out.push(10);
      } else out.push(octet);
    }
    const place = { start: this.base + start, end: this.base + this.position, pure: false };
    return new PdfString(Uint8Array.from(out), place);
  }

  private escape(out: number[]): void {
    const octet = this.peek();
    if (octet >= 48 && octet <= 55) {
      let value = 0;
      for (let digits = 0; digits < 3 && this.peek() >= 48 && this.peek() <= 55; digits++) {
        value = value * 8 + this.peek() - 48;
        this.position++;
      }
      out.push(value & 255);
      return;
    }
    this.position++;
    if (octet === 13 && this.peek() === 10) this.position++;
    if (octet !== 13 && octet !== 10) out.push(ESCAPES.get(octet) ?? octet);
  }

  private isDigit(octet: number): boolean {
    return octet >= 48 && octet <= 57;
  }

  private isRegular(octet: number): boolean {
    return KINDS[octet] === 0;
  }

  private text(start: number): string {
    return this.octets.toString('latin1', start, this.position);
  }

  private broken(detail: string): Error {
    return unreadable(`${detail} at offset ${this.base + this.position}`);
  }
}
