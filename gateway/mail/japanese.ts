// Reads octets whose charset is missing or wrong the way Japanese mailers meant them (RFC 1468, JIS X 0208).

import Encoding from 'encoding-japanese';

const ESCAPE = 0x1b;

/** UTF-8 when it is valid UTF-8, else what the octets look like among JIS, Shift_JIS and EUC-JP, else UTF-8 with U+FFFD. */
export function decodeJapanese(octets: Uint8Array): string {
  // JIS is 7-bit and therefore valid UTF-8: its escapes decide before UTF-8 may.
  if (octets.includes(ESCAPE)) return convert(octets, 'JIS');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    const guess = Encoding.detect(octets, ['SJIS', 'EUCJP']);
    return guess === false ? new TextDecoder('utf-8').decode(octets) : convert(octets, guess);
  }
}

/** Repairs a header value that a parser passed through octet by octet (each char is one octet); else leaves it alone. */
export function repairBinaryString(value: string): string {
  const codes = [...value].map((character) => character.codePointAt(0)!);
  const octetsInDisguise =
    codes.some((code) => code === ESCAPE || code >= 0x80) && codes.every((code) => code <= 0xff);
  if (!octetsInDisguise) return value;
  const decoded = decodeJapanese(Uint8Array.from(codes));
  return decoded.includes('\uFFFD') ? value : decoded;
}

function convert(octets: Uint8Array, from: Encoding.Encoding): string {
  return Encoding.convert(octets, { from, to: 'UNICODE', type: 'string' });
}
