// The one place that leans on MailParser's inner hooks (3.9.31, pinned): its part tree, its decoder, embedded messages.

import { Transform, type TransformCallback } from 'node:stream';
import { MailParser, type MailParserOptions } from 'mailparser';
import { unflow } from './flowed.ts';
import { fileNameIn } from './header-words.ts';
import { htmlToText } from './html-text.ts';
import { decodeJapanese, isRepairable } from './japanese.ts';
import { QuotedPrintableDecoder } from './quoted-printable.ts';

/** A node of MailParser's tree, as far as we read it. */
export interface MimePart {
  contentType: string | false;
  charset?: string;
  disposition?: string;
  isAttachment?: boolean;
  textContent?: string;
  children: MimePart[];
  /** Set on format=flowed parts, which are joined here: MailParser joins own words and quotes. */
  flowed?: { delSp: boolean };
  node: { filename: string | false };
}

/** What MailParser is handed for each part; header lines are folded, one char an octet. */
interface RawNode {
  contentType: string | false;
  filename: string | false;
  flowed: boolean;
  delSp: boolean;
  encoding: string;
  getDecoder(): Transform;
  headers: { getList(): { key: string; line: string }[] };
}

interface Inner {
  tree: MimePart | false;
  decoder: { decodeStream(charset: string): NodeJS.ReadWriteStream };
  createNode(node: RawNode): MimePart;
}

/** As HTML writes it, in quotes or brackets; longer than any mail program's is none. */
const CID_URL = /\bcid:([^\s"'<>()]{1,200})/gi;
/** Stands before a label that we judge by the part's octets. */
const REPAIRED = 'repaired:';

/**
 * MailParser that keeps embedded messages closed, hands named text parts over as attachments, and reads text and file
 * names whose charset is missing or wrong as Japanese.
 */
export class JapaneseMailParser extends MailParser {
  /**
   * `headOctets` is the limit of a header section: MailParser takes time with the square of some headers' number;
   * `textOctets` that of all text parts, whose characters take many times their octets while they are decoded.
   */
  constructor({ headOctets, textOctets }: { headOctets: number; textOctets: number }) {
    const options: MailParserOptions & { ignoreEmbedded: boolean; maxHeadSize: number } = {
      ignoreEmbedded: true, // a forwarded 承認 must not become a command
      maxHeadSize: headOctets,
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
      checksumAlgo: 'sha256',
    };
    super(options);
    const standard = inner(this).decoder;
    let octetsLeft = textOctets;
    const takes = (octets: number): boolean => {
      octetsLeft -= octets;
      if (octetsLeft < 0) this.destroy(new Error('text exceeds the limit'));
      return octetsLeft >= 0;
    };
    inner(this).decoder = {
      decodeStream: (charset) =>
        charset.startsWith(REPAIRED)
          ? new JapaneseDecoder(charset.slice(REPAIRED.length), takes)
          : standard.decodeStream(charset),
    };
  }

  /** Called by MailParser for every part, before it decides where the part's octets go. */
  createNode(node: RawNode): MimePart {
    const header = (name: string) => unfolded(node.headers.getList().find(({ key }) => key === name)?.line);
    const fileName = fileNameIn(header('content-disposition'), header('content-type'));
    if (fileName !== null) node.filename = fileName;
    // RFC 2045 §5.2: what is no type at all is plain text.
    if (node.contentType && !node.contentType.includes('/')) node.contentType = 'text/plain';
    const flowed = node.flowed && { flowed: { delSp: node.delSp } };
    node.flowed = false;
    if (node.encoding === 'quoted-printable') node.getDecoder = () => new QuotedPrintableDecoder();
    const part = (MailParser.prototype as unknown as Inner).createNode.call(this, node);
    Object.assign(part, flowed);
    const charset = part.charset ?? '';
    if (isRepairable(charset)) part.charset = REPAIRED + charset;
    if (part.node.filename !== false && part.disposition !== undefined) part.isAttachment = true;
    return part;
  }
}

function unfolded(line = ''): string {
  return line.slice(line.indexOf(':') + 1).replace(/\r?\n(?=[ \t])/g, '');
}

/**
 * The text its author wrote: plain text where there is any, else HTML as text; parts in order, of a report the first.
 * Null when one part, or what was read of all, has more characters than the limit.
 */
export function ownText(parser: JapaneseMailParser, limitCharacters: number): string | null {
  const { tree } = inner(parser);
  if (tree === false) return '';
  if (longestText(tree) > limitCharacters) return null;
  const text = textOf(tree);
  return text.length > limitCharacters ? null : text;
}

/** Lower-case type of the whole message; plain text where it names none. */
export function messageType(parser: JapaneseMailParser): string {
  const { tree } = inner(parser);
  return (tree !== false && tree.contentType) || 'text/plain';
}

/** Content-IDs that HTML parts refer to (RFC 2392). */
export function contentIdsShown(parser: JapaneseMailParser): Set<string> {
  const { tree } = inner(parser);
  const ids = tree === false ? [] : htmlTexts(tree).flatMap((html) => [...html.matchAll(CID_URL)]);
  return new Set(ids.map(([, id]) => id!));
}

function htmlTexts({ contentType, textContent, children }: MimePart): string[] {
  const own = contentType === 'text/html' ? [textContent ?? ''] : [];
  return [...own, ...children.flatMap(htmlTexts)];
}

function longestText(part: MimePart): number {
  return Math.max(part.textContent?.length ?? 0, ...part.children.map(longestText));
}

function textOf(part: MimePart): string {
  const type = part.contentType || 'text/plain';
  if (type === 'multipart/alternative') return bestAlternative(part.children);
  // The other children of a report or of a related set are not the author's words.
  if (type === 'multipart/report' || type === 'multipart/related')
    return part.children.slice(0, 1).map(textOf).join('');
  if (type.startsWith('multipart/')) {
    const texts = part.children.map(textOf);
    return texts.filter((text) => text.trim() !== '').join('\n');
  }
  if (part.isAttachment) return '';
  if (type === 'text/html') return htmlToText(part.textContent ?? '');
  const text = part.textContent ?? '';
  return part.flowed === undefined ? text : unflow(text, part.flowed.delSp);
}

function bestAlternative(choices: MimePart[]): string {
  const texts = choices
    .map((part) => ({ part, text: textOf(part) }))
    .filter(({ text }) => text.trim() !== '');
  return (texts.find(({ part }) => part.contentType === 'text/plain') ?? texts[0])?.text ?? '';
}

/** Collects a part, then decides on its charset from all its octets. */
class JapaneseDecoder extends Transform {
  readonly #chunks: Buffer[] = [];
  readonly #label: string;
  readonly #takes: (octets: number) => boolean;

  /** `takes` is asked before octets are kept. */
  constructor(label: string, takes: (octets: number) => boolean) {
    super();
    this.#label = label;
    this.#takes = takes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#takes(chunk.length)) this.#chunks.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(decodeJapanese(Buffer.concat(this.#chunks), this.#label)));
  }
}

function inner(parser: MailParser): Inner {
  return parser as unknown as Inner;
}
