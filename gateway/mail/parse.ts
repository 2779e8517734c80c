// Turns a raw message into the few facts we act on, streaming (RFC 5322, RFC 2045–2047, RFC 2183, RFC 8551 §3.5).

import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { AttachmentStream, EmailAddress, HeaderLines, Headers, MessageText } from 'mailparser';
import type { MailAddress } from './address.ts';
import { type AttachmentKind, kindOf } from './attachment-kind.ts';
import { automaticReason } from './automatic.ts';
import { type DeliveryReport, failedRecipientReport, readDeliveryStatus } from './delivery-report.ts';
import { safeFileName } from './file-name.ts';
import { decodeWords } from './header-words.ts';
import { repairBinaryString } from './japanese.ts';
import { contentIdsShown, JapaneseMailParser, messageType, ownText } from './mime.ts';
import { PARSE_LIMITS, type ParseLimits } from './parse-limits.ts';
import { signedContent } from './smime-content.ts';

export interface Attachment {
  /** A base name, never a path. */
  fileName: string;
  contentType: string;
  /** What the octets are, whatever name and type say. */
  kind: AttachmentKind;
  /** A part of how the text looks, as logos in signatures are, not a file of its own (RFC 2387, RFC 2392). */
  embedded: boolean;
  content: Buffer;
}

export type FromProblem = 'missing' | 'multiple' | 'unreadable';

export interface ParsedMessage {
  readable: true;
  /** With angle brackets, like every Message-ID here. */
  messageId: string | null;
  /** The one author, or null with the reason in fromProblem. */
  from: MailAddress | null;
  fromProblem: FromProblem | null;
  sender: MailAddress | null;
  replyTo: MailAddress[];
  to: MailAddress[];
  cc: MailAddress[];
  subject: string;
  date: Date | null;
  inReplyTo: string | null;
  references: string[];
  /** Why no person wrote this (RFC 3834), null where one may have; nothing automatic is ever answered. */
  automatic: string | null;
  /** The author's own text; attached or embedded messages never leak into it. */
  text: string;
  attachments: Attachment[];
  /** Raw unfolded header values, top first (RFC 8601). */
  authenticationResults: string[];
  /** How many DKIM signatures its header section claims. */
  signatures: number;
  dsn: DeliveryReport | null;
}

export interface UnreadableMessage {
  readable: false;
  reason: 'too-many-parts' | 'header-too-large' | 'content-too-large' | 'malformed';
  /** For the log, in English. */
  detail: string;
}

/** RFC 8551 §3.2; the older name is still in use. */
const PKCS7_MIME = /^application\/(x-)?pkcs7-mime$/;
/** Kanji in UTF-8. */
const OCTETS_TO_A_CHARACTER = 3;
/** A content has a handful of fields. */
const INNER_HEAD_OCTETS = 16_384;

/**
 * Parses a message; one that an S/MIME signature holds inside itself is taken out of it. What the message itself makes
 * impossible comes back as UnreadableMessage; a failure of the source stream (a disk, a decryption) is thrown.
 */
export async function parseMessage(
  raw: Readable,
  limits: Partial<ParseLimits> = {},
): Promise<ParsedMessage | UnreadableMessage> {
  return parse(raw, { ...PARSE_LIMITS, ...limits }, true);
}

/** `opens`: a signature around a signature around … would be copied for each of them, so one is opened. */
async function parse(
  raw: Readable,
  limits: ParseLimits,
  opens: boolean,
): Promise<ParsedMessage | UnreadableMessage> {
  const { headOctets, contentOctets, textCharacters } = limits;
  const parser = new JapaneseMailParser({ headOctets, textOctets: textCharacters * OCTETS_TO_A_CHARACTER });
  const found: Found = { headers: new Map(), lines: [], parts: [] };
  let octetsLeft = contentOctets;

  parser.on('headers', (headers) => {
    found.headers = headers;
  });
  parser.on('headerLines', (lines) => {
    found.lines = lines;
  });
  parser.on('data', (item: AttachmentStream | MessageText) => {
    if (item.type !== 'attachment') return;
    const chunks: Buffer[] = [];
    item.content.on('data', (chunk: Buffer) => {
      octetsLeft -= chunk.length;
      if (octetsLeft < 0) parser.destroy(new Error('content exceeds the limit'));
      else chunks.push(chunk);
    });
    item.content.on('end', () => {
      found.parts.push({ ...attachmentOf(item, found.parts.length + 1), content: Buffer.concat(chunks) });
      item.release();
    });
  });

  const sourceFailed = once(raw, 'error').then(([error]) => ({ source: error as unknown }));
  const ended = once(parser, 'end').then(
    () => null,
    (error: Error) => ({ parser: error }),
  );
  raw.pipe(parser);
  const failure = await Promise.race([ended, sourceFailed]);
  if (failure === null) {
    const opened = opens && PKCS7_MIME.test(messageType(parser)) ? openedMessage(found) : null;
    if (opened !== null) return parse(Readable.from(opened), limits, false);
    const text = ownText(parser, textCharacters);
    if (text === null) return unreadable(new Error('text exceeds the limit'));
    return messageFrom(found, text, contentIdsShown(parser), limits);
  }
  raw.unpipe(parser);
  raw.destroy();
  if ('source' in failure) throw failure.source;
  return unreadable(failure.parser);
}

/**
 * The message as if its signature stood beside the content, in pieces. Of the fields inside only Content-* count: who
 * wrote, and what servers on the way have found, nobody can say there. Null where nothing readable is inside.
 */
function openedMessage({ lines, parts }: Found): Buffer[] | null {
  const content = parts[0] === undefined ? null : signedContent(parts[0].content);
  if (content === null) return null;
  const opening = content.toString('latin1', 0, INNER_HEAD_OCTETS);
  const end = /(?:^|\r?\n)\r?\n/.exec(opening);
  if (end === null) return null;
  const inner = opening.slice(0, end.index).split(/\r?\n(?![ \t])/);
  const ofContent = (line: string): boolean => /^content-/i.test(line);
  const outer = lines.map(({ line }) => line).filter((line) => !ofContent(line));
  const head = [...outer, ...inner.filter(ofContent), '', ''].join('\r\n');
  return [Buffer.from(head, 'latin1'), content.subarray(end.index + end[0].length)];
}

interface RawAttachment {
  fileName: string;
  contentType: string;
  /** Its mail names it a part of the text, whether or not the text shows it. */
  related: boolean;
  contentId: string | null;
  content: Buffer;
}

interface Found {
  headers: Headers;
  lines: HeaderLines;
  parts: RawAttachment[];
}

function attachmentOf(item: AttachmentStream, number: number): Omit<RawAttachment, 'content'> {
  return {
    fileName: safeFileName(item.filename ?? '', `attachment-${number}`),
    contentType: item.contentType,
    related: item.related === true,
    contentId: item.cid ?? null,
  };
}

function messageFrom(
  { headers, lines, parts }: Found,
  text: string,
  shown: ReadonlySet<string>,
  { received }: ParseLimits,
): ParsedMessage {
  const raw = rawHeaders(lines);
  const subject = subjectOf(raw);
  const [from, fromProblem] = author(headers, raw.get('from') ?? []);
  return {
    readable: true,
    messageId: stringOf(headers.get('message-id')),
    from,
    fromProblem,
    sender: addressesOf(headers.get('sender'))[0] ?? null,
    replyTo: addressesOf(headers.get('reply-to')),
    to: addressesOf(headers.get('to')),
    cc: addressesOf(headers.get('cc')),
    subject,
    date: dateOf(raw),
    inReplyTo: stringOf(headers.get('in-reply-to')),
    references: [headers.get('references') ?? []].flat().map(String),
    automatic: automaticReason(raw, subject, received),
    text,
    attachments: parts.map(({ related, contentId, ...part }) => ({
      ...part,
      kind: kindOf(part.content),
      // Not what is merely inline: telephones call every photograph so.
      embedded: related || (contentId !== null && shown.has(contentId)),
    })),
    authenticationResults: raw.get('authentication-results') ?? [],
    signatures: lines.filter(({ line }) => /^dkim-signature/i.test(line)).length,
    dsn: deliveryReport(parts, raw),
  };
}

/** Every header by lower-case name, values unfolded, in the order of the message; MailParser's map keeps one From only. */
function rawHeaders(lines: HeaderLines): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const { key, line } of lines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n(?=[ \t])/g, '')
      .trim();
    const same = headers.get(key);
    // A header section holds hundreds of thousands of short lines: copying what came before would take hours.
    if (same) same.push(value);
    else headers.set(key, [value]);
  }
  return headers;
}

function author(headers: Headers, written: string[]): [MailAddress | null, FromProblem | null] {
  if (written.length === 0) return [null, 'missing'];
  const addresses = escapedAuthor(written[0]!) ?? addressesOf(headers.get('from'));
  if (written.length > 1 || addresses.length > 1) return [null, 'multiple'];
  const [only] = addresses;
  if (only === undefined || !/^[^\s@<>]+@[^\s@<>]+$/.test(only.address)) return [null, 'unreadable'];
  return [withReadableName(only, written[0]!), null];
}

/** A name in raw JIS looks like syntax to an address parser (":", "<", ","): it is decoded before it is taken apart. */
function escapedAuthor(written: string): MailAddress[] | null {
  const decoded = repairBinaryString(written);
  if (decoded === written || !written.includes('\u001b')) return null;
  const match = /^([^<>@,;]*)<([^<>@\s]+@[^<>@\s]+)>$/.exec(decoded);
  return match === null ? [] : [{ name: match[1]!.replaceAll('"', '').trim(), address: match[2]! }];
}

/** MailParser believes the charset of an encoded name; which address it belongs to, it knows best. */
function withReadableName(author: MailAddress, written: string): MailAddress {
  const encoded = /^\s*"?(=\?[^<>"]*)"?\s*<[^<>]*>\s*$/.exec(written)?.[1];
  return encoded === undefined
    ? author
    : { ...author, name: decodeWords(encoded).replace(/\s+/gu, ' ').trim() };
}

function addressesOf(value: unknown): MailAddress[] {
  const entries = [value ?? []].flat() as { value?: EmailAddress[] }[];
  const flatten = (address: EmailAddress): EmailAddress[] => address.group?.flatMap(flatten) ?? [address];
  return entries
    .flatMap((entry) => entry.value ?? [])
    .flatMap(flatten)
    .map(({ name, address }) => ({ name: repairBinaryString(name), address: address ?? '' }))
    .filter(({ name, address }) => name !== '' || address !== '');
}

function subjectOf(raw: Map<string, string[]>): string {
  return decodeWords(raw.get('subject')?.at(-1) ?? '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** MailParser answers an unreadable date with the present: only the header itself is believed. */
function dateOf(raw: Map<string, string[]>): Date | null {
  const date = new Date(raw.get('date')?.at(-1) ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}

function deliveryReport(parts: RawAttachment[], raw: Map<string, string[]>): DeliveryReport | null {
  const status = parts.find(({ contentType }) => /^message\/(global-)?delivery-status$/.test(contentType));
  const returned = parts.find(({ contentType }) =>
    /^(message\/rfc822|text\/rfc822-headers|message\/global(-headers)?)$/.test(contentType),
  );
  if (status !== undefined) {
    return readDeliveryStatus(status.content.toString(), returned?.content.toString('latin1') ?? null);
  }
  const failed = raw.get('x-failed-recipients')?.[0];
  return failed === undefined ? null : failedRecipientReport(failed);
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function unreadable(error: Error): UnreadableMessage {
  const detail = error.message;
  if (/child nodes/i.test(detail)) return { readable: false, reason: 'too-many-parts', detail };
  if (/header size|head size/i.test(detail)) return { readable: false, reason: 'header-too-large', detail };
  if (/exceeds the limit/.test(detail)) return { readable: false, reason: 'content-too-large', detail };
  return { readable: false, reason: 'malformed', detail };
}
