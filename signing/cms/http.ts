/** One HTTP exchange of small binary messages, as RFC 3161 3.4, RFC 6960 A and RFC 5280 4.2.1.13 use it. */
import { Agent, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { SigningError, type SigningErrorOptions } from '../ports.ts';

export interface HttpExchange {
  readonly url: string;
  /** POST when given, else GET. */
  readonly body?: Uint8Array;
  readonly contentType?: string;
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
  readonly timeoutMs: number;
  /** Octets after which an answer is refused. */
  readonly limit: number;
  /** Keeps connections and carries TLS settings; a connection of its own unless told. */
  readonly agent?: Agent;
  readonly awaits: NonNullable<SigningErrorOptions['awaits']>;
}

/** Kept for a while, and few: what is asked of an authority comes one after the other. */
export const KEPT = { keepAlive: true, keepAliveMsecs: 10_000, maxFreeSockets: 2 };

/** Of those who share it: connections kept for the next exchange, whatever the host; they let the process end. */
export function keptConnections(): (url: string) => Agent {
  // A peer that does not say how long it keeps a connection has mostly closed it by then.
  const settings = { ...KEPT, timeout: 30_000 };
  const [plain, tls] = [new Agent(settings), new TlsAgent(settings)];
  return (url) => (url.startsWith('https:') ? tls : plain);
}

/** How a connection fails that its peer has closed. */
const HUNG_UP: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * The body of a 200 answer; anything else, a redirect or a web page included, rejects with a transient SigningError
 * that names the host.
 */
export function exchange(options: HttpExchange): Promise<Uint8Array> {
  return attempt(options, AbortSignal.timeout(options.timeoutMs));
}

function attempt(options: HttpExchange, signal: AbortSignal): Promise<Uint8Array> {
  const { url, body, contentType, authorization, limit, agent, awaits } = options;
  const target = new URL(url);
  const fail = (reason: string, cause?: unknown) =>
    new SigningError(`${target.host}: ${reason}`, { transient: true, cause, awaits });
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(
      target,
      {
        agent: agent ?? false,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': contentType, 'content-length': body.length }),
          ...(authorization === undefined ? {} : { authorization }),
        },
        signal,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('error', (error) => reject(fail('the answer broke off', error)));
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > limit) request.destroy(fail(`the answer exceeds ${limit} octets`));
        });
        response.on('end', () => {
          const { statusCode, headers } = response;
          if (statusCode !== 200) reject(fail(`HTTP status ${statusCode}`));
          // A proxy's or a portal's page in place of the answer.
          else if (/^text\/html\b/i.test(headers['content-type'] ?? ''))
            reject(fail('answers with a web page'));
          else resolve(Buffer.concat(chunks));
        });
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The peer closed a kept connection just as it was used again: no outage, and no answer was under way.
      if (request.reusedSocket && HUNG_UP.has(error.code ?? '')) resolve(attempt(options, signal));
      else if (error instanceof SigningError) reject(error);
      else reject(fail(`unreachable or too slow (${error.message})`, error));
    });
    request.end(body);
  });
}
