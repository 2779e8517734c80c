/** The filters of older programs, for contents that have to be read: ASCIIHex, ASCII85, LZW, RunLength (ISO 32000-2 7.4.2 to 7.4.5). */
import { unreadable } from './problem.ts';

const END_OF_DATA = 257;
const CLEAR_TABLE = 256;
const LONGEST_CODE = 12;

/** Pairs of hexadecimal digits up to `>`. */
export function asciiHex(data: Uint8Array): Uint8Array {
  const digits = textUpTo(data, '>');
  if (/[^0-9a-fA-F]/.test(digits)) throw unreadable('no hexadecimal data');
  return Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex');
}

/** Five characters for four octets, up to `~>`; `z` for four zeros. */
export function ascii85(data: Uint8Array): Uint8Array {
  const text = textUpTo(data, '~').replaceAll('z', '!!!!!');
  if (/[^!-u]/.test(text)) throw unreadable('no ASCII85 data');
  const out = new Uint8Array(Math.floor((text.length * 4) / 5));
  for (let at = 0, end = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5);
    let value = 0;
    for (const char of group.padEnd(5, 'u')) value = value * 85 + char.charCodeAt(0) - 33;
    if (value > 0xffffffff) throw unreadable('no ASCII85 data');
    const octets = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    for (const octet of octets.slice(0, group.length - 1)) out[end++] = octet;
  }
  return out;
}

/** Up to 128 means that many octets and one more as they stand, above it one octet repeated; `limit`: see decodeStream. */
export function runLength(data: Uint8Array, limit: number): Uint8Array {
  const out = new Octets(limit);
  for (let at = 0; at < data.length && data[at] !== 128; ) {
    const length = data[at]!;
    out.add(
      length < 128
        ? data.subarray(at + 1, at + 2 + length)
        : new Uint8Array(257 - length).fill(data[at + 1] ?? 0),
    );
    at += length < 128 ? length + 2 : 2;
  }
  return out.all();
}

/** `early` is /EarlyChange: 1 widens the codes one code before they have to be wider; `limit`: see decodeStream. */
export function lzw(data: Uint8Array, early: number, limit: number): Uint8Array {
  const out = new Octets(limit);
  let table: Uint8Array[] = [];
  let previous: Uint8Array | null = null;
  let width = 9;
  let bits = 0;
  let held = 0;
  const entry = (code: number): Uint8Array | undefined =>
    code < 256 ? Uint8Array.of(code) : table[code - END_OF_DATA - 1];
  for (const octet of data) {
    bits = (bits << 8) | octet;
    held += 8;
    if (held < width) continue;
    const code = (bits >>> (held - width)) & ((1 << width) - 1);
    held -= width;
    bits &= (1 << held) - 1;
    if (code === END_OF_DATA) break;
    if (code === CLEAR_TABLE) {
      [table, previous, width] = [[], null, 9];
      continue;
    }
    const repeated: Uint8Array | null = previous === null ? null : joined(previous, previous[0]!);
    const current: Uint8Array | null = entry(code) ?? repeated;
    if (current === null) throw unreadable('an LZW code before its entry');
    if (previous !== null) table.push(joined(previous, current[0]!));
    out.add(current);
    previous = current;
    const next = END_OF_DATA + 1 + table.length + early;
    width = Math.min(LONGEST_CODE, Math.max(9, 32 - Math.clz32(next)));
  }
  return out.all();
}

/** What pieces without number put together, since each of them as an object would weigh many times its octets. */
class Octets {
  private readonly limit: number;
  private held = new Uint8Array(1 << 12);
  private size = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(piece: Uint8Array): void {
    const size = this.size + piece.length;
    if (size > this.limit) throw unreadable('data unfold too far');
    if (size > this.held.length) {
      const larger = new Uint8Array(2 * size);
      larger.set(this.held);
      this.held = larger;
    }
    this.held.set(piece, this.size);
    this.size = size;
  }

  all(): Uint8Array {
    return this.held.subarray(0, this.size);
  }
}

function joined(head: Uint8Array, last: number): Uint8Array {
  const all = new Uint8Array(head.length + 1);
  all.set(head);
  all[head.length] = last;
  return all;
}

/** Without white space, up to what ends the data. */
function textUpTo(data: Uint8Array, end: string): string {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  const at = text.indexOf(end);
  return (at < 0 ? text : text.slice(0, at)).replace(/[\0\t\n\f\r ]/g, '');
}
