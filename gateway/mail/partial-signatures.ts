// Takes DKIM signatures over part of the body out of a mail before it is judged (l=, RFC 6376 §8.2): anybody may add to the rest.

import { Readable } from 'node:stream';

const CRLF = Buffer.from('\r\n');
const HEAD_ENDS = Buffer.from('\r\n\r\n');

export interface WithoutPartial {
  /** The mail's octets, all of them but the fields that were left out. */
  readonly mail: Readable;
  readonly leftOut: number;
}

/**
 * Keeps the header section in memory until it ends, and passes the body on as it comes. What a verifier still finds of a
 * length, it has to judge by itself. Rejects as `raw` fails before the body; later `mail` fails.
 */
export async function withoutPartialSignatures(raw: Readable): Promise<WithoutPartial> {
  const chunks: AsyncIterator<Buffer> = raw[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let last = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    read.push(next.value);
    // The end may stand across two chunks.
    const seen = Buffer.concat([last, next.value]);
    if (seen.includes(HEAD_ENDS)) break;
    last = seen.subarray(-(HEAD_ENDS.length - 1));
  }
  const start = Buffer.concat(read);
  const end = start.indexOf(HEAD_ENDS);
  const head = start.subarray(0, end === -1 ? start.length : end + CRLF.length);
  const fields = head.toString('latin1').split(/(?<=\r\n)(?![ \t])/);
  const whole = fields.filter((field) => !isPartialSignature(field));
  return {
    mail: Readable.from(octets(Buffer.from(whole.join(''), 'latin1'), start.subarray(head.length), chunks)),
    leftOut: fields.length - whole.length,
  };
}

function isPartialSignature(field: string): boolean {
  const [name] = /^dkim-signature[ \t]*:/i.exec(field) ?? [];
  if (name === undefined) return false;
  const tags = field.slice(name.length).split(';');
  return tags.some((tag) => /^\s*l\s*=/i.test(tag));
}

async function* octets(
  head: Buffer,
  bodyBegins: Buffer,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    yield head;
    yield bodyBegins;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
