// Recognises a mail that was sent to us twice: SHA-256 over everything but what relays add on the way (RFC 5321 §4.4).

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

const TRACE =
  /^(received(-spf)?|return-path|(x-)?(delivered|envelope|original)-to|(old-)?authentication-results(-original)?|(dkim|domainkey|arc)-[a-z-]+|x-[\w-]+)[ \t]*:/i;
const LF = 0x0a;

/** Takes raw octets as they pass; digest() gives the hexadecimal SHA-256 of the content without trace headers. */
export class ContentDigest {
  readonly #hash = createHash('sha256');
  #inHeader = true;
  #dropping = false;
  #line: Buffer[] = [];

  update(chunk: Buffer): void {
    let rest = chunk;
    while (this.#inHeader && rest.length > 0) {
      const end = rest.indexOf(LF);
      if (end === -1) {
        this.#line.push(rest);
        return;
      }
      this.#line.push(rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
      this.#takeHeaderLine();
    }
    if (rest.length > 0) this.#hash.update(rest);
  }

  digest(): string {
    if (this.#line.length > 0) this.#takeHeaderLine();
    return this.#hash.digest('hex');
  }

  #takeHeaderLine(): void {
    const line = Buffer.concat(this.#line);
    this.#line = [];
    if (/^\r?\n?$/.test(line.toString('latin1', 0, 2))) this.#inHeader = false;
    // A folded line shares the fate of the header it continues.
    if (line[0] !== 0x20 && line[0] !== 0x09) this.#dropping = TRACE.test(line.toString('latin1', 0, 80));
    if (!this.#dropping) this.#hash.update(line);
  }
}

/** The digest of a whole stored message; rejects when the stream fails. */
export async function contentDigest(raw: Readable): Promise<string> {
  const digest = new ContentDigest();
  for await (const chunk of raw) digest.update(chunk);
  return digest.digest();
}
