/**
 * Reads a content stream operator by operator (ISO 32000-2 7.8.2): quick, and forgiving as viewers are, since what is
 * asked is only what a page shows where.
 */

/** Numbers, strings (octets), names (with their slash) and arrays; null for dictionaries and keywords. */
export type Operand = number | Uint8Array | string | null | readonly Operand[];

/** More than any operator takes; the rest is dropped, so that it cannot fill the memory. */
const MAX_OPERANDS = 1 << 16;
const WHITE = 1;
const DELIMITER = 2;
const NUMBER = 4;
/** What each octet can be (7.2.3). */
const KIND = new Uint8Array(256);
for (const octet of [0, 9, 10, 12, 13, 32]) KIND[octet] = WHITE;
for (const char of '()<>[]{}/%') KIND[char.charCodeAt(0)] = DELIMITER;
for (const char of '0123456789+-.') KIND[char.charCodeAt(0)] = NUMBER;

const code = (char: string): number => char.charCodeAt(0);
const [OPEN, CLOSE, SLASH, LESS, GREATER, OPENING, CLOSING, PERCENT, BACKSLASH, MINUS, POINT] = [
  ...'()/<>[]%\\-.',
].map(code) as [number, number, number, number, number, number, number, number, number, number, number];

export class ContentScanner {
  private readonly bytes: Uint8Array;
  private position = 0;
  /** Of the operator that next() gave last. */
  operands: Operand[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next operator, an inline image's data skipped after its `ID`; null at the end. */
  next(): string | null {
    this.operands = [];
    for (;;) {
      this.skipWhite();
      const octet = this.bytes[this.position];
      if (octet === undefined) return null;
      if (KIND[octet] === NUMBER || KIND[octet] === DELIMITER) {
        const operand = this.operand(octet, 0);
        if (this.operands.length < MAX_OPERANDS) this.operands.push(operand);
        continue;
      }
      const word = this.word();
      if (word === 'true' || word === 'false' || word === 'null') {
        this.operands.push(null);
        continue;
      }
      if (word === 'ID') this.skipImageData();
      return word;
    }
  }

  private operand(octet: number, depth: number): Operand {
    if (KIND[octet] === NUMBER) return this.number();
    this.position++;
    if (octet === SLASH) return `/${this.word()}`;
    if (octet === OPEN) return this.literal();
    if (octet === OPENING && depth < 8) return this.array(depth);
    if (octet === LESS && this.bytes[this.position] !== LESS) return this.hexadecimal();
    if (octet === LESS) this.skipDictionary();
    return null;
  }

  private number(): number {
    const { bytes } = this;
    let [value, scale, sign] = [0, 0, 1];
    for (let octet = bytes[this.position]; octet !== undefined && KIND[octet] === NUMBER; ) {
      if (octet === MINUS) sign = -1;
      else if (octet === POINT) scale ||= 1;
      else if (octet >= 48) {
        value = value * 10 + octet - 48;
        scale *= 10;
      }
      octet = bytes[++this.position];
    }
    return (sign * value) / (scale || 1);
  }

  private word(): string {
    const start = this.position;
    const { bytes } = this;
    for (let octet = bytes[start]; octet !== undefined && (KIND[octet]! & (WHITE | DELIMITER)) === 0; ) {
      octet = bytes[++this.position];
    }
    return String.fromCharCode(...bytes.subarray(start, Math.min(this.position, start + 1000)));
  }

  private literal(): Uint8Array {
    const out: number[] = [];
    for (let open = 1; ; ) {
      const octet = this.bytes[this.position++];
      if (octet === undefined) break;
      if (octet === BACKSLASH) {
        const escaped = this.bytes[this.position];
        let digits = 0;
        while (digits < 3 && (this.bytes[this.position + digits]! & 0xf8) === 48) digits++;
        // Which character an escape stands for does not matter for where it stands, but that it is one does.
        if (escaped !== 10 && escaped !== 13) out.push(32);
        this.position += Math.max(digits, 1);
        continue;
      }
      if (octet === OPEN) open++;
      if (octet === CLOSE && --open === 0) break;
      out.push(octet);
    }
    return Uint8Array.from(out);
  }

  private hexadecimal(): Uint8Array {
    const end = this.bytes.indexOf(GREATER, this.position);
    const stop = end < 0 ? this.bytes.length : end;
    const text = Buffer.from(this.bytes.subarray(this.position, stop)).toString('latin1');
    this.position = stop + 1;
    const digits = text.replace(/[^0-9A-Fa-f]/g, '');
    return new Uint8Array(Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex'));
  }

  private array(depth: number): readonly Operand[] {
    const items: Operand[] = [];
    for (;;) {
      this.skipWhite();
      const octet = this.bytes[this.position];
      if (octet === undefined) return items;
      if (octet === CLOSING) {
        this.position++;
        return items;
      }
      const start = this.position;
      if (KIND[octet] === 0) this.word();
      else items.push(this.operand(octet, depth + 1));
      if (this.position === start) this.position++;
    }
  }

  /** From the second `<` to the `>>` that ends it. */
  private skipDictionary(): void {
    this.position++;
    for (let open = 1; open > 0; ) {
      const octet = this.bytes[this.position++];
      if (octet === undefined) return;
      if (octet === OPEN) this.literal();
      else if (octet === PERCENT) this.skipComment();
      else if (octet === LESS && this.bytes[this.position] === LESS) {
        open++;
        this.position++;
      } else if (octet === GREATER && this.bytes[this.position] === GREATER) {
        open--;
        this.position++;
      }
    }
  }

  /** Image data end at `EI` between white space (8.9.7). */
  private skipImageData(): void {
    const { bytes } = this;
    for (let at = this.position + 1; at < bytes.length; at++) {
      if (bytes[at] !== 69 || bytes[at + 1] !== 73 || KIND[bytes[at - 1]!] !== WHITE) continue;
      const after = bytes[at + 2];
      if (after !== undefined && KIND[after] !== WHITE) continue;
      this.position = at + 2;
      return;
    }
    this.position = bytes.length;
  }

  private skipWhite(): void {
    const { bytes } = this;
    for (let octet = bytes[this.position]; octet !== undefined; octet = bytes[this.position]) {
      if (KIND[octet] === WHITE) this.position++;
      else if (octet === PERCENT) this.skipComment();
      else return;
    }
  }

  private skipComment(): void {
    const { bytes } = this;
    while (this.position < bytes.length && bytes[this.position] !== 10 && bytes[this.position] !== 13) {
      this.position++;
    }
  }
}
