/** RFC 3161 client over HTTP(S) that hands out only tokens it has checked (RFC 3161 2.4, 3.4). */
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { SigningError, type TimestampAuthority } from '../ports.ts';
import { OID } from './algorithms.ts';
import { readCertificate } from './certificate.ts';
import { CLOCK_TOLERANCE_MS } from './clocks.ts';
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
import { exchange, KEPT } from './http.ts';
import { type PaceTimer, pace } from './pace.ts';
import { checkTimestampToken, readTimestampToken, type TimestampTokenInfo } from './timestamp-token.ts';

export interface HttpTimestampOptions {
  /** http or https. */
  readonly url: string;
  /** DER roots that the authority's certificate has to lead to. */
  readonly trust: readonly Uint8Array[];
  /** OIDs of the time-stamping policies taken; any when absent or empty. A single one is also asked for. */
  readonly policies?: readonly string[];
  /** Basic authentication (RFC 7617). */
  readonly basic?: { readonly user: string; readonly password: string } | undefined;
  /** What TLS needs beyond the system's own roots. */
  readonly tls?: TimestampTls | undefined;
  /** Least time between the starts of two requests; 0 unless told. */
  readonly minIntervalMs?: number;
  /** From a request's start to its whole answer; 20,000 unless told. */
  readonly timeoutMs?: number;
  readonly clock?: () => Date;
  readonly timer?: PaceTimer;
}

/** A client certificate (PKCS#12, or PEM key and certificates) and PEM roots for the server's. */
export interface TimestampTls {
  readonly pfx?: Uint8Array | undefined;
  readonly passphrase?: string | undefined;
  readonly key?: string | undefined;
  readonly cert?: string | undefined;
  readonly ca?: string | undefined;
}

/** An authority whose connections are kept for the next request. */
export interface HttpTimestampAuthority extends TimestampAuthority {
  /** Host and port, by which people know it. */
  readonly host: string;
  /** Drops the kept connections; requests under way end with them. */
  close(): void;
}

/** Octets: an answer has a few thousand (RFC 3161 2.4.2), what is larger is none. */
const ANSWER_LIMIT = 1 << 20;

/**
 * Every failure rejects with a transient SigningError: another try, or the authority's operator, may mend it, and a
 * timestamp is never replaced by a local clock. Throws a permanent one when the client certificate cannot be used.
 */
export function httpTimestampAuthority(options: HttpTimestampOptions): HttpTimestampAuthority {
  const { url, policies = [], basic, minIntervalMs = 0, timeoutMs = 20_000 } = options;
  const trust = options.trust.map(readCertificate);
  const { host } = new URL(url);
  const fail = (reason: string, cause?: unknown) =>
    new SigningError(`timestamp authority ${host}: ${reason}`, {
      transient: true,
      cause,
      awaits: 'timestamp',
    });
  const agent = openAgent(options, host);
  const turn = pace(minIntervalMs, options.timer);
  const authorization =
    basic && `Basic ${Buffer.from(`${basic.user}:${basic.password}`, 'utf8').toString('base64')}`;

  return {
    host,
    close: () => agent.destroy(),
    async timestamp(digest) {
      await turn();
      // The first bit is cleared and the second set: a positive INTEGER in its shortest form.
      const nonce = randomBytes(8);
      nonce[0] = (nonce[0]! & 0x7f) | 0x40;
      const answer = await exchange({
        url,
        body: timestampRequest(digest, nonce, policies.length === 1 ? policies[0] : undefined),
        contentType: 'application/timestamp-query',
        authorization,
        timeoutMs,
        limit: ANSWER_LIMIT,
        agent,
        awaits: 'timestamp',
      });
      try {
        const der = tokenOfReply(answer);
        const token = readTimestampToken(der);
        if (token.nonce !== nonce.toString('hex'))
          throw fail('nonce-mismatch: the reply answers another request');
        const { problems } = checkTimestampToken(token, digest, { trust, pool: [], alsoValidAt: [] });
        problems.push(...objections(token, options));
        if (problems.length > 0) throw fail(problems.join('; '));
        return { der, time: token.time };
      } catch (error) {
        if (error instanceof MalformedDer) throw fail(error.message, error);
        throw error;
      }
    },
  };
}

/** What our own terms, not the token itself, have against it. */
function objections(
  { time, policy, accuracySeconds }: TimestampTokenInfo,
  { policies = [], clock = () => new Date() }: HttpTimestampOptions,
): string[] {
  const off = Math.abs(time.getTime() - clock().getTime());
  return [
    ...(policies.length === 0 || policies.includes(policy)
      ? []
      : [`policy: ${policy} is none of those taken`]),
    ...(off > CLOCK_TOLERANCE_MS ? [`its clock and ours are ${Math.round(off / 1000)} s apart`] : []),
    ...(accuracySeconds * 1000 > CLOCK_TOLERANCE_MS ? [`accuracy: ${accuracySeconds} s is no accuracy`] : []),
  ];
}

function openAgent({ url, tls }: HttpTimestampOptions, host: string): Agent {
  if (!url.startsWith('https:')) return new Agent(KEPT);
  const settings = Object.fromEntries(
    Object.entries({ ...tls, pfx: tls?.pfx && Buffer.from(tls.pfx) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  try {
    // Otherwise a wrong passphrase would only show with the first consent.
    createSecureContext(settings);
  } catch (cause) {
    throw new SigningError(
      `timestamp authority ${host}: the client certificate cannot be used (${reasonOf(cause)})`,
      {
        transient: false,
        cause,
      },
    );
  }
  return new TlsAgent({ ...KEPT, ...settings });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** TimeStampReq for a SHA-256 `digest`, asking for the certificates (RFC 3161 2.4.1). */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array, policy?: string): Uint8Array {
  const imprint = sequence(sequence(oid(OID.sha256), nullValue()), octetString(digest));
  const wanted = policy === undefined ? [] : [oid(policy)];
  return sequence(integer(1), imprint, ...wanted, integer(nonce), boolean(true));
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
