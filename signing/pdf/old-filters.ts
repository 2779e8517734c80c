/** The filters of older programs, for contents that have to be read: ASCIIHex, ASCII85, LZW, RunLength (ISO 32000-2 7.4.2 to 7.4.5). */
import { unreadable } from './problem.ts';

/** Stops a few kilobytes from unfolding into gigabytes. */
export const MAX_DECODED = 256 << 20;

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
  const out: number[] = [];
  for (let at = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5);
    let value = 0;
    for (const char of group.padEnd(5, 'u')) value = value * 85 + char.charCodeAt(0) - 33;
    if (value > 0xffffffff) throw unreadable('no ASCII85 data');
    const octets = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    out.push(...octets.slice(0, group.length - 1));
  }
  return Uint8Array.from(out);
}

/** Up to 128 means that many octets and one more as they stand, above it one octet repeated. */
export function runLength(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let at = 0; at < data.length && data[at] !== 128; ) {
    const length = data[at]!;
    const part =
      length < 128
        ? data.subarray(at + 1, at + 2 + length)
        : new Uint8Array(257 - length).fill(data[at + 1] ?? 0);
    parts.push(part);
    size += part.length;
    if (size > MAX_DECODED) throw unreadable('run-length data unfold too far');
    at += length < 128 ? length + 2 : 2;
  }
  return Buffer.concat(parts);
}

/** `early` is /EarlyChange: 1 widens the codes one code before they have to be wider. */
export function lzw(data: Uint8Array, early: number): Uint8Array {
  const out: Uint8Array[] = [];
  let table: Uint8Array[] = [];
  let previous: Uint8Array | null = null;
  let width = 9;
  let size = 0;
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
    out.push(current);
    size += current.length;
    if (size > MAX_DECODED) throw unreadable('LZW data unfold too far');
    previous = current;
    const next = END_OF_DATA + 1 + table.length + early;
    width = Math.min(LONGEST_CODE, Math.max(9, 32 - Math.clz32(next)));
  }
  return Buffer.concat(out);
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
