// Keeps of a reply what its author wrote: quotes, quoted headers and signatures go (RFC 3676 §4.3, §4.5; mailers' habits).

import { normaliseLine } from './text.ts';

const SIGNATURE_DELIMITER = '--';
const WRAPPED_LINES = 3;
/** Characters: longer than any mail program's line above a quotation. */
const ATTRIBUTION_LIMIT = 400;

/** A quoted line: 「> 」, 「| 」, and 「sato> 」 of older mailers. */
const QUOTED_LINE = /^(?:(?:[A-Za-z]{1,8})?>+ ?|[|│] ?)+/u;

const MAIL_LINK = /<mailto:([^<>\s]{3,320})>/gi;

/** Labels of the header block Outlook and others put above a quote they do not mark with ">". */
const QUOTED_LABEL =
  /^[*_]{0,2}(差出人|送信者|送信元|送信日時|送信日|日時|日付|宛先|to|cc|ｃｃ|件名|添付ファイル|重要度|from|sent|date|subject|importance|attachments|reply-to)\s*[*_]{0,2}\s*:/i;
/** What tells such a block from the lines 宛先 and 件名 of a contract mail. */
const QUOTED_SENDER = /^[*_]{0,2}(差出人|送信者|送信元|送信日時|from|sent)\s*[*_]{0,2}\s*:/i;

const DIVIDER =
  /^-{2,}\s*(original message|original appointment|forwarded message|forwarded by .*|元のメッセージ|転送メッセージ|転送されたメッセージ|転送元のメッセージ|引用元メッセージ|以下引用|引用ここから|元メール)\s*-*$/i;
const PLAIN_DIVIDER = /^(begin forwarded message|転送されたメッセージ|以下、?引用|on behalf of .*)\s*:?$/i;
const ON_WROTE = /^on\b.{4,}\bwrote\s*:$/i;
const JAPANESE_ATTRIBUTION = /(さん(は|が)?(書きました|の?メール)|(は|が)書きました|のメール|wrote)\s*:$/i;
const DATED_ATTRIBUTION =
  /^\(?\d{4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}.*[<(][^<>()@\s]+@[^<>()@\s]+[>)].{0,20}:$/;
/** How an attribution that a mailer wraps over several lines begins. */
const ATTRIBUTION_START = /^(on\b|\(?\d{4}\s*[年/.-]\s*\d{1,2})/i;

/** A line of three and more like signs, or four and more around a word; people sign below it, or draw it for order. */
const RULE_SIGNS = '-=_*~+#─━―‐☆★◇◆○●□■※┏┓┗┛┌┐└┘┃';
/** The word begins and ends with other signs, so that a line of signs without end is gone through once. */
const WORD_IN_RULE = `[^${RULE_SIGNS}](?:.{0,18}[^${RULE_SIGNS}])?`;
const RULE = new RegExp(`^([${RULE_SIGNS}]{3,}|[${RULE_SIGNS}]{4,}${WORD_IN_RULE}[${RULE_SIGNS}]+)$`, 'u');

/**
 * The author's lines, normalised, without blank ones and ">" lines, up to the first quote header or "-- " (RFC 3676
 * §4.3); rules, and signatures that begin with one, are still in place.
 */
export function ownLines(text: string): string[] {
  return ownParagraphs(text).flat();
}

/** The same lines, parted where the author left a line blank. */
export function ownParagraphs(text: string): string[][] {
  const written = text.split(/\r?\n/).map(normalisedLine);
  const lines = written.filter((line) => line !== '');
  const found = lines.findIndex((line, index) => line === SIGNATURE_DELIMITER || startsQuote(lines, index));
  const end = found === -1 ? lines.length : found;
  const paragraphs: string[][] = [[]];
  let seen = 0;
  for (const line of written) {
    if (line === '') paragraphs.push([]);
    else if (seen++ >= end) break;
    else if (!QUOTED_LINE.test(line)) paragraphs.at(-1)!.push(line);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** What stands in quotes and below them: ">" taken off, nothing else left out. */
export function quotedLines(text: string): string[] {
  const own = new Set(ownLines(text));
  return text
    .split(/\r?\n/)
    .map((line) => normalisedLine(line).replace(QUOTED_LINE, '').trim())
    .filter((line) => line !== '' && !own.has(line));
}

/** Outlook writes an address twice where it turns HTML into text: 「<a@b.jp<mailto:a@b.jp>>」 is one. */
function normalisedLine(line: string): string {
  const once = line.replace(MAIL_LINK, (_, address: string, at: number) => {
    const shown = line.slice(Math.max(0, at - address.length), at);
    return shown.toLowerCase() === address.toLowerCase() ? '' : `<${address}>`;
  });
  return normaliseLine(once);
}

/** The author's lines above the signature; from the first quote header on everything is dropped. */
export function unquotedLines(text: string): string[] {
  const lines = ownLines(text);
  const signature = lines.findIndex(isRule);
  return signature === -1 ? lines : lines.slice(0, signature);
}

export function firstUnquotedLine(text: string): string | null {
  return unquotedLines(text)[0] ?? null;
}

/** Whether a normalised line only draws a rule, as signatures begin. */
export function isRule(line: string): boolean {
  return RULE.test(line);
}

function startsQuote(lines: string[], index: number): boolean {
  const line = lines[index]!;
  if (DIVIDER.test(line) || PLAIN_DIVIDER.test(line)) return true;
  return startsHeaderBlock(lines, index) || startsAttribution(lines, index);
}

function startsHeaderBlock(lines: string[], index: number): boolean {
  // A block is judged at its first line: at each of them it would take time with the square of their number.
  if (index > 0 && QUOTED_LABEL.test(lines[index - 1]!)) return false;
  let end = index;
  while (end < lines.length && QUOTED_LABEL.test(lines[end]!)) end++;
  return end - index >= 2 && lines.slice(index, end).some((line) => QUOTED_SENDER.test(line));
}

/** "2026年12月1日(火) 10:00 見本市 <…>:" and "On … wrote:", which mailers wrap over up to three lines. */
function startsAttribution(lines: string[], index: number): boolean {
  if (isAttribution(lines[index]!)) return true;
  if (!ATTRIBUTION_START.test(lines[index]!)) return false;
  for (let end = index + 1; end < index + WRAPPED_LINES && end < lines.length; end++) {
    // A line that begins an attribution of its own does not continue this one.
    if (ATTRIBUTION_START.test(lines[end]!)) return false;
    const joined = lines.slice(index, end + 1).join(' ');
    if (joined.length <= ATTRIBUTION_LIMIT && isAttribution(joined)) return true;
  }
  return false;
}

function isAttribution(line: string): boolean {
  if (ON_WROTE.test(line) || DATED_ATTRIBUTION.test(line)) return true;
  return JAPANESE_ATTRIBUTION.test(line) && /@|\d{4}|\d:\d\d/.test(line);
}
