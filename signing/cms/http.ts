/** One HTTP exchange of small binary messages, as RFC 3161 3.4, RFC 6960 A and RFC 5280 4.2.1.13 use it. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { SigningError } from '../ports.ts';

export interface HttpExchange {
  readonly url: string;
  /** POST when given, else GET. */
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly timeoutMs: number;
  /** Octets after which an answer is refused. */
  readonly limit: number;
}

/** The body of a 200 answer; anything else rejects with a transient SigningError that names the host. */
export function exchange({ url, body, contentType, timeoutMs, limit }: HttpExchange): Promise<Uint8Array> {
  const target = new URL(url);
  const fail = (reason: string, cause?: unknown) =>
    new SigningError(`${target.host}: ${reason}`, { transient: true, cause });
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(
      target,
      {
        // A kept connection that the peer just closed would look like an outage.
        agent: false,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? {} : { 'content-type': contentType, 'content-length': body.length },
        signal: AbortSignal.timeout(timeoutMs),
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
          if (response.statusCode === 200) resolve(Buffer.concat(chunks));
          else reject(fail(`HTTP status ${response.statusCode}`));
        });
      },
    );
    request.on('error', (error) =>
      reject(
        error instanceof SigningError ? error : fail(`unreachable or too slow (${error.message})`, error),
      ),
    );
    request.end(body);
  });
}
