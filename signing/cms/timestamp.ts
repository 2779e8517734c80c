/** RFC 3161 client over HTTP(S) that hands out only tokens it has checked (RFC 3161 2.4, 3.4). */
import { randomBytes } from 'node:crypto';
import { SigningError, type TimestampAuthority } from '../ports.ts';
import { OID } from './algorithms.ts';
import { readCertificate } from './certificate.ts';
import {
  boolean,
  children,
  fields,
  integer,
  MalformedDer,
  nullValue,
  octetString,
  oid,
  readDer,
  readIntegerHex,
  sequence,
} from './der.ts';
import { exchange } from './http.ts';
import { checkTimestampToken, readTimestampToken } from './timestamp-token.ts';

export interface HttpTimestampOptions {
  /** http or https; user and password in it are sent as Basic authentication. */
  readonly url: string;
  /** DER roots that the authority's certificate has to lead to. */
  readonly trust: readonly Uint8Array[];
  /** How far genTime may be from our clock; 300 unless told. */
  readonly toleranceSeconds?: number;
  /** 20,000 unless told. */
  readonly timeoutMs?: number;
  readonly clock?: () => Date;
}

/**
 * Every failure rejects with a transient SigningError: another try, or the authority's operator, may mend it, and a
 * timestamp is never replaced by a local clock.
 */
export function httpTimestampAuthority(options: HttpTimestampOptions): TimestampAuthority {
  const { url, toleranceSeconds = 300, timeoutMs = 20_000, clock = () => new Date() } = options;
  const trust = options.trust.map(readCertificate);
  const { host } = new URL(url);
  const fail = (reason: string, cause?: unknown) =>
    new SigningError(`timestamp authority ${host}: ${reason}`, { transient: true, cause });

  return {
    async timestamp(digest) {
      // The first bit is cleared and the second set: a positive INTEGER in its shortest form.
      const nonce = randomBytes(8);
      nonce[0] = (nonce[0]! & 0x7f) | 0x40;
      const body = timestampRequest(digest, nonce);
      const answer = await exchange({
        url,
        body,
        contentType: 'application/timestamp-query',
        timeoutMs,
        limit: 1 << 20,
      });
      try {
        const der = tokenOfReply(answer);
        const token = readTimestampToken(der);
        if (token.nonce !== nonce.toString('hex'))
          throw fail('nonce-mismatch: the reply answers another request');
        const { problems } = checkTimestampToken(token, digest, { trust, pool: [], alsoValidAt: [] });
        if (problems.length > 0) throw fail(problems.join('; '));
        const off = Math.abs(token.time.getTime() - clock().getTime()) / 1000;
        if (off > toleranceSeconds) throw fail(`its clock and ours are ${Math.round(off)} s apart`);
        return { der, time: token.time };
      } catch (error) {
        if (error instanceof MalformedDer) throw fail(error.message, error);
        throw error;
      }
    },
  };
}

/** TimeStampReq for a SHA-256 `digest`, asking for the certificates (RFC 3161 2.4.1). */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const imprint = sequence(sequence(oid(OID.sha256), nullValue()), octetString(digest));
  return sequence(integer(1), imprint, integer(nonce), boolean(true));
}

/** The token of a granted reply; throws MalformedDer with the authority's own words otherwise (RFC 3161 2.4.2). */
function tokenOfReply(reply: Uint8Array): Uint8Array {
  const [info, token] = fields(readDer(reply));
  const [status, ...details] = fields(info);
  const code = Number.parseInt(readIntegerHex(status), 16);
  if (code > 1 || token === undefined) {
    const words = details
      .filter((detail) => detail.tag === 0x30)
      .flatMap((texts) => children(texts).map((text) => Buffer.from(text.value).toString('utf8')));
    throw new MalformedDer(
      `request not granted (status ${code}${words.map((word) => `, ${word}`).join('')})`,
    );
  }
  return token.bytes;
}
