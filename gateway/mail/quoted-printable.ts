// Decodes Quoted-Printable in time that grows with the text and no faster (RFC 2045 §6.7): strangers send lines of blanks without end.

import { Transform, type TransformCallback } from 'node:stream';

const [TAB, LINE_FEED, CARRIAGE_RETURN, BLANK, EQUALS] = [0x09, 0x0a, 0x0d, 0x20, 0x3d];
const HEX = /^[0-9a-f]{2}$/i;

/** Blanks at the end of a line go, and so do soft line breaks; what is no code of an octet stays as it is written. */
export function decodeQuotedPrintable(encoded: Buffer): Buffer {
  const decoded = Buffer.alloc(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; ) {
    const octet = encoded[at]!;
    if (octet === BLANK || octet === TAB) {
      const end = behindBlanks(encoded, at);
      if (!endsLine(encoded[end])) length += encoded.copy(decoded, length, at, end);
      at = end;
      continue;
    }
    const next = octet === EQUALS ? behindSoftBreak(encoded, at + 1) : null;
    if (next !== null) {
      at = next;
      continue;
    }
    const code = octet === EQUALS ? encoded.toString('latin1', at + 1, at + 3) : '';
    const isCode = HEX.test(code);
    decoded[length++] = isCode ? Number.parseInt(code, 16) : octet;
    at += isCode ? 3 : 1;
  }
  return decoded.subarray(0, length);
}

/** In the place of MailParser's own. */
export class QuotedPrintableDecoder extends Transform {
  readonly #chunks: Buffer[] = [];

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#chunks.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, decodeQuotedPrintable(Buffer.concat(this.#chunks)));
  }
}

function behindBlanks(encoded: Buffer, at: number): number {
  let end = at;
  while (encoded[end] === BLANK || encoded[end] === TAB) end++;
  return end;
}

function endsLine(octet: number | undefined): boolean {
  return octet === undefined || octet === LINE_FEED || octet === CARRIAGE_RETURN;
}

/** Where the next line begins; null where no line ends here. */
function behindSoftBreak(encoded: Buffer, at: number): number | null {
  const end = behindBlanks(encoded, at);
  if (encoded[end] === undefined) return end;
  if (encoded[end] === LINE_FEED) return end + 1;
  return encoded[end] === CARRIAGE_RETURN && encoded[end + 1] === LINE_FEED ? end + 2 : null;
}
