// Holds a message to CRLF line ends and to its size limit while it arrives (RFC 5321 §2.3.8, §4.1.1.4; RFC 1870).

import type { Readable } from 'node:stream';

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
 * Fails as the message does; whoever stops reading leaves it open, for the rest to be drained.
 * @param limitOctets the largest message accepted, in octets
 */
export async function* disciplined(message: Readable, limitOctets: number): AsyncGenerator<Buffer> {
  let octets = 0;
  let endedInCr = false;
  let fault: LineFaultCode | null = null;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (fault !== null) continue;
    octets += chunk.length;
    if (octets > limitOctets) fault = 'oversized';
    else if (hasLoneLineEnd(chunk, endedInCr)) fault = 'bare-line-end';
    else yield chunk;
    endedInCr = chunk[chunk.length - 1] === CR;
  }
  if (fault === null && endedInCr) fault = 'bare-line-end';
  if (fault !== null) throw new LineFault(fault);
}

/** Whether a CR stands without LF or an LF without CR; a CR at the chunk's end waits for the next one. */
function hasLoneLineEnd(chunk: Buffer, afterCr: boolean): boolean {
  if (afterCr && chunk[0] !== LF) return true;
  for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
    const beforeIsCr = at === 0 ? afterCr : chunk[at - 1] === CR;
    if (!beforeIsCr) return true;
  }
  for (let at = chunk.indexOf(CR); at !== -1 && at < chunk.length - 1; at = chunk.indexOf(CR, at + 1)) {
    if (chunk[at + 1] !== LF) return true;
  }
  return false;
}
