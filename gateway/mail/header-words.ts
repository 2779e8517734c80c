// Reads words and file names in headers as mailers really write them (RFC 2047, RFC 2231, RFC 2045 §5.1, and neither).

import { decodeJapanese, isRepairable, repairBinaryString } from './japanese.ts';

/** Many mailers put spaces where no encoded word may have them, and forget the end of the last one. */
const ENCODED_WORD = /=\?([^?\s]+)\?([bq])\?([^?]*)(?:\?=|$)/gi;
const PARAMETER = /;\s*([^\s=;]+)\s*=\s*("(?:\\["\\]|[^"])*"?|[^;]*)/g;
/** A name that somebody on the way could not write down. */
const SPOILT = /\uFFFD|\?{2}|_{6}/;

/** Decodes a header value of one char an octet; words side by side are one text, even where a character is cut in two. */
export function decodeWords(value: string): string {
  let text = '';
  let open: { charset: string; octets: Buffer } | null = null;
  let end = 0;
  const close = () => {
    if (open !== null) text += decodeOctets(open.octets, open.charset);
    open = null;
  };
  for (const match of value.matchAll(ENCODED_WORD)) {
    const [whole, charset, encoding, content] = match as unknown as [string, string, string, string];
    const between = value.slice(end, match.index);
    const octets = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : quoted(content);
    const adjacent: { charset: string; octets: Buffer } | null = between.trim() === '' ? open : null;
    if (adjacent !== null && adjacent.charset.toLowerCase() === charset.toLowerCase()) {
      adjacent.octets = Buffer.concat([adjacent.octets, octets]);
    } else {
      const wasOpen = open !== null;
      close();
      if (!wasOpen || between.trim() !== '') text += repairBinaryString(between);
      open = { charset, octets };
    }
    end = match.index + whole.length;
  }
  close();
  return text + repairBinaryString(value.slice(end));
}

/** The file name that Content-Disposition and Content-Type (unfolded, one char an octet) give a part; null without one. */
export function fileNameIn(disposition: string, contentType: string): string | null {
  const names = [...candidates(disposition, 'filename'), ...candidates(contentType, 'name')];
  return names.find((name) => !SPOILT.test(name)) ?? names[0] ?? null;
}

/** Best first: continued (RFC 2231 §3), extended (§4), plain with whatever encoding. */
function candidates(header: string, name: string): string[] {
  const parameters = new Map<string, string>();
  // Octets of Japanese may look like quotes and semicolons: they become characters before syntax is looked for.
  for (const [, key = '', value = ''] of `;${repairBinaryString(header)}`.matchAll(PARAMETER)) {
    parameters.set(key.toLowerCase(), unquoted(value.trim()));
  }
  const segments: Segment[] = [];
  for (let number = 0; ; number++) {
    const value = parameters.get(`${name}*${number}*`) ?? parameters.get(`${name}*${number}`);
    if (value === undefined) break;
    segments.push({ value, extended: parameters.has(`${name}*${number}*`) });
  }
  const extended = parameters.get(`${name}*`);
  const plain = parameters.get(name);
  return [
    segments.length > 0 ? joined(segments) : '',
    extended === undefined ? '' : joined([{ value: extended, extended: true }]),
    plain === undefined ? '' : (percentUtf8(plain) ?? decodeWords(plain)),
  ].filter((candidate) => candidate !== '');
}

interface Segment {
  readonly value: string;
  readonly extended: boolean;
}

function joined(segments: readonly Segment[]): string {
  const whole = segments.map(({ value }) => value).join('');
  if (whole.includes('=?')) return decodeWords(whole);
  if (segments.every(({ extended }) => !extended)) return percentUtf8(whole) ?? whole;
  const [, charset = '', rest = segments[0]!.value] = /^([\w-]*)'[^']*'(.*)$/s.exec(segments[0]!.value) ?? [];
  const octets = segments.map(({ value, extended }, number) => {
    const text = number === 0 ? rest : value;
    return extended ? percentDecoded(text) : Buffer.from(text);
  });
  const text = decodeOctets(Buffer.concat(octets), charset);
  return text.includes('=?') ? decodeWords(text) : text;
}

/** Some webmail writes UTF-8 as percent signs where only a plain name may stand; 「50%引き.pdf」 is none of these. */
function percentUtf8(value: string): string | null {
  if (!/%[89a-f][0-9a-f]/i.test(value)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(percentDecoded(value));
  } catch {
    return null;
  }
}

function percentDecoded(value: string): Buffer {
  const parts = value.split(/(%[0-9a-f]{2})/i);
  return Buffer.concat(
    parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  );
}

/** The Q encoding (RFC 2047 §4.2). */
function quoted(content: string): Buffer {
  const plain = content.replace(/_/g, ' ').split(/(=[0-9a-f]{2})/i);
  return Buffer.concat(
    plain.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'latin1'))),
  );
}

function unquoted(value: string): string {
  const inside = /^"((?:\\["\\]|[^"])*)"?$/.exec(value)?.[1];
  return inside === undefined ? value.replaceAll('"', '') : inside.replace(/\\(["\\])/g, '$1');
}

function decodeOctets(octets: Buffer, charset: string): string {
  if (isRepairable(charset)) return decodeJapanese(octets, charset);
  try {
    return new TextDecoder(charset.split('*', 1)[0]).decode(octets);
  } catch {
    return decodeJapanese(octets);
  }
}
