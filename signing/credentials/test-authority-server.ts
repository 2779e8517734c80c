/** The test authority's loopback server: timestamps, OCSP and CRL over HTTP, and a way to wait for its end. */
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MalformedDer } from '../cms/der.ts';
import { SigningError } from '../ports.ts';

/** Answers to one request's body; null when the path is unknown. */
export type Answer = (method: string, path: string, body: Uint8Array) => Promise<HttpAnswer | null>;

export interface HttpAnswer {
  readonly type: string;
  readonly body: Uint8Array;
}

const PRESENCE = '/presence';
const IDENTITY_HEADER = 'x-test-authority';
const LONGEST_REQUEST = 64 * 1024;

/** Binds the loopback port; null when another process has it. The port is the lock: only one can hold it. */
export function listen(port: number, identity: string, answer: Answer): Promise<Server | null> {
  const server = createServer((request, response) => {
    if (request.url === PRESENCE) {
      // Never ended: the connection closes when this process does, which tells the others to take over.
      response.writeHead(200, { [IDENTITY_HEADER]: identity }).flushHeaders();
      return;
    }
    respond(request, response, answer).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LONGEST_REQUEST) return void response.writeHead(413).end();
    chunks.push(chunk);
  }
  try {
    const found = await answer(request.method ?? '', request.url ?? '', Buffer.concat(chunks));
    if (found === null) return void response.writeHead(404).end();
    response
      .writeHead(200, { 'content-type': found.type, 'content-length': found.body.length })
      .end(found.body);
  } catch (error) {
    if (!(error instanceof MalformedDer)) throw error;
    response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message);
  }
}

/** A neighbour's running server. */
export interface Presence {
  /** Resolves when the neighbour is gone, or after `leave`. */
  readonly gone: Promise<void>;
  leave(): void;
}

/**
 * Attaches to the process that serves `port`; null when it went away meanwhile.
 * Rejects permanently when the port belongs to something other than the authority `identity`.
 */
export function attach(port: number, identity: string): Promise<Presence | null> {
  return new Promise((resolve, reject) => {
    const request = get(
      { host: '127.0.0.1', port, path: PRESENCE, agent: false, timeout: 30_000 },
      (response) => {
        if (response.headers[IDENTITY_HEADER] !== identity) {
          request.destroy();
          return reject(occupied(port));
        }
        // A process must be able to end while it watches another one.
        response.socket.setTimeout(0);
        response.socket.unref();
        const gone = new Promise<void>((end) => response.once('close', end));
        response.on('error', () => {}).resume();
        resolve({ gone, leave: () => request.destroy() });
      },
    );
    request.on('timeout', () => request.destroy(occupied(port)));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof SigningError) reject(error);
      else if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') resolve(null);
      else reject(occupied(port));
    });
  });
}

function occupied(port: number): SigningError {
  return new SigningError(
    `port ${port} of the test authority is taken by another program: end it, or remove the authority's directory to make a new one`,
    { transient: false },
  );
}
