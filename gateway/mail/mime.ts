// The one place that leans on MailParser's inner hooks (3.9.31, pinned): its part tree, its decoder, embedded messages.

import { Transform, type TransformCallback } from 'node:stream';
import { MailParser, type MailParserOptions } from 'mailparser';
import { htmlToText } from './html-text.ts';
import { decodeJapanese } from './japanese.ts';

/** A node of MailParser's tree, as far as we read it. */
export interface MimePart {
  contentType: string | false;
  charset?: string;
  disposition?: string;
  isAttachment?: boolean;
  textContent?: string;
  children: MimePart[];
  node: { filename: string | false };
}

interface Inner {
  tree: MimePart | false;
  decoder: { decodeStream(charset: string): NodeJS.ReadWriteStream };
  createNode(node: unknown): MimePart;
}

/** As much as mail systems pass on; MailParser takes time with the square of some headers' number. */
const HEAD_LIMIT_OCTETS = 256 * 1024;

const UNSURE = 'unsure-japanese';
const UNSURE_CHARSETS = new Set(['', 'usascii', 'ascii', 'utf8', 'unknown8bit', '8bit', 'binary']);

/**
 * MailParser that keeps embedded messages closed, hands named text parts over as attachments, and reads text without a
 * trustworthy charset as Japanese.
 */
export class JapaneseMailParser extends MailParser {
  constructor() {
    const options: MailParserOptions & { ignoreEmbedded: boolean; maxHeadSize: number } = {
      ignoreEmbedded: true, // a forwarded 承認 must not become a command
      maxHeadSize: HEAD_LIMIT_OCTETS,
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
      checksumAlgo: 'sha256',
    };
    super(options);
    const standard = inner(this).decoder;
    inner(this).decoder = {
      decodeStream: (charset) =>
        charset === UNSURE ? new JapaneseDecoder() : standard.decodeStream(charset),
    };
  }

  /** Called by MailParser for every part, before it decides where the part's octets go. */
  createNode(node: unknown): MimePart {
    const part = (MailParser.prototype as unknown as Inner).createNode.call(this, node);
    const charset = (part.charset ?? '').toLowerCase().replace(/[^a-z0-9]/g, '');
    if (UNSURE_CHARSETS.has(charset)) part.charset = UNSURE;
    if (part.node.filename !== false && part.disposition !== undefined) part.isAttachment = true;
    return part;
  }
}

/**
 * The text its author wrote: plain text where there is any, else HTML as text; parts in order, of a report the first.
 * Null when one part has more characters than the limit.
 */
export function ownText(parser: JapaneseMailParser, limitCharacters: number): string | null {
  const { tree } = inner(parser);
  if (tree === false) return '';
  return longestText(tree) > limitCharacters ? null : textOf(tree);
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
  return part.textContent ?? '';
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

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#chunks.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(decodeJapanese(Buffer.concat(this.#chunks))));
  }
}

function inner(parser: MailParser): Inner {
  return parser as unknown as Inner;
}
