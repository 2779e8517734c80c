// Holds a message to CRLF line ends and to its size limit while it arrives (RFC 5321 §2.3.8, §4.1.1.4; RFC 1870).

import { Transform, type TransformCallback } from 'node:stream';

const CR = 0x0d;
const LF = 0x0a;

export type LineFaultCode = 'bare-line-end' | 'oversized';

/** Why a message body was refused; `code` is a key of the reply table in replies.ts. */
export class LineFault extends Error {
  readonly code: LineFaultCode;
  readonly transient = false;

  constructor(code: LineFaultCode) {
    super(code === 'oversized' ? 'message exceeds the size limit' : 'lone CR or LF inside the message');
    this.code = code;
  }
}

/**
 * Passes octets on unchanged until a lone CR, a lone LF (SMTP smuggling) or the limit is met, then swallows the rest
 * and fails with a LineFault at the end, so that the peer gets its reply where it expects it: after the final dot.
 */
export class LineDiscipline extends Transform {
  octets = 0;
  readonly #limit: number;
  #fault: LineFault | null = null;
  #lastWasCr = false;

  /** @param limitOctets the largest message accepted, in octets */
  constructor(limitOctets: number) {
    super();
    this.#limit = limitOctets;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.octets += chunk.length;
    if (this.#fault === null) this.#fault = this.#inspect(chunk);
    if (this.#fault === null) this.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#fault === null && this.#lastWasCr) this.#fault = new LineFault('bare-line-end');
    done(this.#fault);
  }

  #inspect(chunk: Buffer): LineFault | null {
    if (this.octets > this.#limit) return new LineFault('oversized');
    if (this.#lastWasCr && chunk[0] !== LF) return new LineFault('bare-line-end');
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
      const beforeIsCr = at === 0 ? this.#lastWasCr : chunk[at - 1] === CR;
      if (!beforeIsCr) return new LineFault('bare-line-end');
    }
    for (let at = chunk.indexOf(CR); at !== -1 && at < chunk.length - 1; at = chunk.indexOf(CR, at + 1)) {
      if (chunk[at + 1] !== LF) return new LineFault('bare-line-end');
    }
    this.#lastWasCr = chunk[chunk.length - 1] === CR;
    return null;
  }
}
