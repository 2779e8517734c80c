// Reads octets whose charset is missing or wrong the way Japanese mailers meant them (RFC 1468, JIS X 0208, Microsoft CP50221).

import Encoding from 'encoding-japanese';

type Charset = 'JIS' | 'SJIS' | 'EUCJP' | 'UTF8' | 'LATIN';

const [LINE_FEED, CARRIAGE_RETURN, SHIFT_OUT, SHIFT_IN, ESCAPE] = [0x0a, 0x0d, 0x0e, 0x0f, 0x1b];
/** Behind the escape: 「ESC ( B」. */
const ASCII = [0x28, 0x42] as const;
/** Names in use for the same thing, letters and digits only; what stands for "unknown" is not listed. */
const CHARSETS: readonly (readonly [RegExp, Charset])[] = [
  [/^(cs)?(iso2022jp\w*|jis|cp5022[0-2]|xiso2022jp\w*)$/, 'JIS'],
  [/^(cs|x)?(shiftjis\w*|sjis\w*|mskanji|cp932|ms932|windows31j)$/, 'SJIS'],
  [/^(cs|x)?(eucjp\w*|ujis|cp51932|cp20932|eucpkdfmtjapanese)$/, 'EUCJP'],
  [/^utf8(mb4|n|bom)?$/, 'UTF8'],
  [/^(iso8859(1|15)|windows125[02]|cp125[02]|latin(1|9))$/, 'LATIN'],
];
const UNKNOWN = new Set([
  '',
  'usascii',
  'ascii',
  'unknown8bit',
  'unknown',
  'xunknown',
  '8bit',
  '7bit',
  'binary',
]);
const KANA_OR_KANJI = /[\u3041-\u30FE\u3400-\u9FFF\uF900-\uFAFF]/gu;
const HALF_WIDTH_KANA = /[\uFF61-\uFF9F]/gu;
const THREE_OCTETS = /[\u0800-\uFFFF]/u;
const LEGACY = ['shift_jis', 'euc-jp'];
/** What a decoder writes where octets make no character; private use is what Shift_JIS gains from other charsets. */
const BROKEN = /[\uFFFD\uE000-\uF8FF]/u;

/** Whether text under this label is read here, repaired where the label lies; of all others the label is believed. */
export function isRepairable(label: string): boolean {
  return UNKNOWN.has(bare(label)) || charsetNamed(label) !== null;
}

/**
 * What the octets say, whatever their label: escapes make JIS, valid UTF-8 with kana or kanji is UTF-8, then the label
 * is believed where the octets bear it out, then what they look like among Shift_JIS and EUC-JP. Never throws; what is
 * none of these becomes U+FFFD.
 */
export function decodeJapanese(octets: Uint8Array, label = ''): string {
  const named = charsetNamed(label);
  const seven = octets.every((octet) => octet < 0x80);
  if (octets.includes(ESCAPE) || (octets.includes(SHIFT_OUT) && seven)) return fromJis(octets);
  if (seven) return new TextDecoder('utf-8').decode(octets);
  const utf8 = strictly('utf-8', octets);
  const legacy = named === 'SJIS' || named === 'EUCJP' || named === 'LATIN';
  // A few half-width kana in Shift_JIS are valid UTF-8 by chance, but no three octets of one character.
  if (utf8 !== null && (!legacy || THREE_OCTETS.test(utf8))) return utf8;
  if (named === 'JIS') return likeliest(octets) ?? fromJis(octets);
  const asNamed = legacy ? strictly(decoderOf(named), octets) : null;
  if (asNamed !== null && named !== 'LATIN' && isPlausible(asNamed)) return asNamed;
  const guess = likeliest(octets);
  if (guess !== null && (named !== 'LATIN' || (isPlausible(guess) && count(guess) >= 2))) return guess;
  return asNamed ?? new TextDecoder(legacy ? decoderOf(named) : 'utf-8').decode(octets);
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

function charsetNamed(label: string): Charset | null {
  const name = bare(label);
  return CHARSETS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** RFC 2231 §5 allows a language behind the charset: 「iso-2022-jp*ja」. */
function bare(label: string): string {
  return label
    .split('*', 1)[0]!
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

function decoderOf(charset: 'SJIS' | 'EUCJP' | 'LATIN'): string {
  return { SJIS: 'shift_jis', EUCJP: 'euc-jp', LATIN: 'windows-1252' }[charset];
}

function strictly(decoder: string, octets: Uint8Array): string | null {
  try {
    return new TextDecoder(decoder, { fatal: true }).decode(octets);
  } catch {
    return null;
  }
}

/** Shift_JIS or EUC-JP, whichever makes more sense of the octets; null where neither does. */
function likeliest(octets: Uint8Array): string | null {
  const order = Encoding.detect(octets, ['SJIS', 'EUCJP']) === 'EUCJP' ? ['euc-jp', 'shift_jis'] : LEGACY;
  const texts = order.map((decoder) => strictly(decoder, octets)).filter((text) => text !== null);
  return texts.find(isPlausible) ?? texts[0] ?? null;
}

/** Octets of EUC-JP read as Shift_JIS are a heap of half-width kana, and read as Latin a heap of accents. */
function isPlausible(text: string): boolean {
  const half = text.match(HALF_WIDTH_KANA)?.length ?? 0;
  return !BROKEN.test(text) && half <= 2 * count(text);
}

function count(text: string): number {
  return text.match(KANA_OR_KANJI)?.length ?? 0;
}

function fromJis(octets: Uint8Array): string {
  return Encoding.convert(tidied(octets), { from: 'JIS', to: 'UNICODE', type: 'string' });
}

/**
 * Half-width kana come in three dresses: SO … SI and bare eighth bits are brought to ESC ( I, which decoders know. A
 * line that was cut off within Japanese ends in ASCII all the same (RFC 1468).
 */
function tidied(octets: Uint8Array): Uint8Array {
  const out: number[] = [];
  let set: readonly number[] = ASCII;
  let shifted = false;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    if (octet === ESCAPE) {
      const length = octets[at + 1] === 0x24 && octets[at + 2] === 0x28 ? 3 : 2;
      set = [...octets.subarray(at + 1, at + 1 + length)];
      out.push(ESCAPE, ...set);
      at += length;
    } else if (octet === SHIFT_OUT || octet === SHIFT_IN) {
      shifted = octet === SHIFT_OUT;
    } else if (isHalfWidth(octet, shifted)) {
      // One escape for all that stand side by side: each with its own, text would take seven times its octets.
      out.push(ESCAPE, 0x28, 0x49, octet & 0x7f);
      while (isHalfWidth(octets[at + 1] ?? 0, shifted)) out.push(octets[++at]! & 0x7f);
      out.push(ESCAPE, ...set);
    } else if (octet === LINE_FEED || octet === CARRIAGE_RETURN) {
      if (set !== ASCII) out.push(ESCAPE, ...ASCII);
      set = ASCII;
      shifted = false;
      out.push(octet);
    } else {
      out.push(octet);
    }
  }
  return Uint8Array.from(out);
}

function isHalfWidth(octet: number, shifted: boolean): boolean {
  return (octet >= 0xa1 && octet <= 0xdf) || (shifted && octet >= 0x21 && octet <= 0x5f);
}
