// A feed's octets as text: UTF-8, CP932 (Windows-31J) or UTF-16, told apart by looking, decoded as they pass.
import type { FeedEncoding } from './forms.ts';
import type { RegistrationRefusal } from './refusals.ts';

/** A feed that is text. */
export interface FeedText {
  readonly encoding: FeedEncoding;
  /** Without a byte order mark; octets that mean nothing are U+FFFD. */
  readonly chunks: AsyncIterable<string>;
}

/** What WHATWG calls them; its shift_jis is CP932 with the NEC and IBM extensions (①, ㈱, 髙, 﨑). */
const LABELS = {
  'utf-8': 'utf-8',
  cp932: 'shift_jis',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
} as const;

const BYTE_ORDER_MARKS: readonly (readonly [FeedEncoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** xlsx and its like (ZIP), xls (compound file). */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/** Enough to tell encodings apart; a head of ASCII alone is extended, since it says nothing. */
const HEAD_OCTETS = 65_536;
const ASCII_HEAD_OCTETS = 1_048_576;

/** Looks at the head of the feed, or refuses what is no text. */
export async function openText(
  source: AsyncIterable<Uint8Array>,
  wanted: 'auto' | FeedEncoding,
): Promise<FeedText | RegistrationRefusal> {
  const chunks = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let octets = 0;
  let ascii = true;
  let ended = false;
  while (!ended && octets < (ascii ? ASCII_HEAD_OCTETS : HEAD_OCTETS)) {
    const next = await chunks.next();
    ended = next.done === true;
    if (next.done) break;
    head.push(next.value);
    octets += next.value.length;
    ascii &&= next.value.every((octet) => octet > 0 && octet < 0x80);
  }
  const sample = joined(head, octets);
  const isWorkbook = WORKBOOKS.some((magic) => startsWith(sample, magic));
  if (isWorkbook) return { code: 'workbook', args: {} };
  const encoding = wanted === 'auto' ? detect(sample) : wanted;
  if (encoding === null) return { code: 'unknown-encoding', args: {} };
  return { encoding, chunks: decoded(encoding, sample, chunks) };
}

async function* decoded(
  encoding: FeedEncoding,
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(LABELS[encoding]);
  yield decoder.decode(head, { stream: true });
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    yield decoder.decode(next.value, { stream: true });
  }
  yield decoder.decode();
}

/** Null for what is no text in any of them. */
function detect(head: Uint8Array): FeedEncoding | null {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => startsWith(head, mark));
  if (marked) return marked[0];
  // UTF-16 without a NUL has no separator, and a NUL alone may be a row's trouble.
  const candidates: readonly FeedEncoding[] = head.includes(0)
    ? ['utf-16le', 'utf-16be', 'utf-8', 'cp932']
    : ['utf-8', 'cp932'];
  const [best] = candidates
    .map((encoding) => ({ encoding, strangeness: strangenessOf(head, encoding) }))
    .sort((a, b) => a.strangeness - b.strangeness);
  return best && best.strangeness < MOST_STRANGE ? best.encoding : null;
}

/** A broken character here and there is a row's trouble, not the file's. */
const MOST_STRANGE = 0.1;
const STRANGE = /[\uFFFD\uE000-\uF8FF]|(?!\s)\p{Cc}/gu;
/** What UTF-16 text read with its octets swapped is full of. */
const FOREIGN =
  /[^\s!-~\u00a0-\u00ff\u2000-\u30ff\u3200-\u33ff\u3400-\u9fff\ud800-\udfff\uf900-\ufaff\uff01-\uffee]/g;

/** The share of characters that nobody writes in Japanese, 0 to 1. */
function strangenessOf(head: Uint8Array, encoding: FeedEncoding): number {
  // `stream`: the head may end inside a character.
  const text = new TextDecoder(LABELS[encoding]).decode(head, { stream: true });
  if (text.length === 0) return head.length === 0 ? 0 : 1;
  const pattern = encoding.startsWith('utf-16') ? FOREIGN : STRANGE;
  return (text.match(pattern)?.length ?? 0) / text.length;
}

function startsWith(octets: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((octet, index) => octets[index] === octet);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
