// Finds the lines that begin with a dot by native search, where smtp-server looks at every octet (RFC 5321 §4.5.2).

import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const DOT_AFTER_LF = Buffer.from('\n.');

type Done = (error?: Error | null) => void;

const judgeDots = SMTPStream.prototype._feedDataStream;

/**
 * From now on every smtp-server of this process passes on at once what comes before a line end with a dot after it. From
 * there smtp-server goes on as ever: what a dot means, and where a message ends, it alone decides.
 */
export function findDotLinesQuickly(): void {
  SMTPStream.prototype._feedDataStream = function (chunk, done) {
    const octets = this._lastBytes ? Buffer.concat([this._lastBytes, chunk]) : chunk;
    this._lastBytes = false;
    const plain = this._atDataStart && octets[0] === DOT ? 0 : octetsBeforeDotLine(octets);
    const rest = octets.subarray(plain);
    passOn(this, octets.subarray(0, plain), () => {
      if (rest.length === 0) done();
      else judgeDots.call(this, rest, done);
    });
  };
}

/** All octets up to the CRLF that a dot follows, or may follow in the next chunk. */
function octetsBeforeDotLine(octets: Buffer): number {
  const found = octets.indexOf(DOT_AFTER_LF);
  if (found !== -1) return Math.max(0, found - 1);
  const last = octets[octets.length - 1];
  if (last === LF) return Math.max(0, octets.length - 2);
  return last === CR ? octets.length - 1 : octets.length;
}

/** Calls `done` when the reader of the message wants more, or nothing any more. */
function passOn(parser: SMTPStream, octets: Buffer, done: Done): void {
  const message = parser._dataStream;
  parser._countDataBytes(octets.length);
  const full = octets.length > 0 && message?.writable && !message.write(octets) && !message.destroyed;
  if (!full) {
    done();
    return;
  }
  const wanted = (): void => {
    message.off('drain', wanted).off('close', wanted);
    done();
  };
  message.on('drain', wanted).on('close', wanted);
}
