/** The sockets below the pages: TLS from files that may be renewed under way (RFC 8446), and time limits for slow clients (RFC 9110 15.5.9). */
import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { followRenewals, readTlsPair, type TlsFiles } from '../tls-files.ts';

export interface ListenerOptions {
  /** Null speaks plain HTTP, to a proxy or on this machine. */
  readonly tls: TlsFiles | null;
  /** A request's head has so long to arrive, seconds. */
  readonly headersSeconds: number;
  /** … and all of it so long. */
  readonly requestSeconds: number;
  /** A connection on which nothing moves is closed after so long. */
  readonly idleSeconds: number;
  readonly log: Logger;
}

/** For fastify: a server that watches its certificate until it is closed. Throws where certificate and key do not fit. */
export function listener(options: ListenerOptions): (handler: RequestListener) => Server {
  const { tls, headersSeconds, requestSeconds, idleSeconds, log } = options;
  const headersTimeout = Math.min(headersSeconds, requestSeconds) * 1000;
  const limits: ServerOptions = {
    headersTimeout,
    requestTimeout: requestSeconds * 1000,
    keepAliveTimeout: idleSeconds * 1000,
    // Late by half a limit at most.
    connectionsCheckingInterval: Math.min(headersTimeout / 2, 10_000),
  };
  return (handler) => {
    const server = tls === null ? createServer(limits, handler) : following(limits, tls, handler, log);
    server.setTimeout(idleSeconds * 1000);
    endWaitingAnswers(server);
    return server;
  };
}

function following(limits: ServerOptions, tls: TlsFiles, handler: RequestListener, log: Logger): Server {
  const server = createTlsServer({ ...limits, ...readTlsPair(tls) }, handler);
  const unfollow = followRenewals(tls, 'pages', (pair) => server.setSecureContext(pair), log);
  return server.once('close', unfollow);
}

/**
 * Node tells only the answer under way that its connection is gone. Those that wait behind it (RFC 9112 9.3.2) are ended here:
 * what they hold, files and turns, would stay held for ever.
 */
function endWaitingAnswers(server: Server): void {
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  server.on('request', ({ socket }, response) => {
    const answers = open.get(socket) ?? new Set();
    if (!open.has(socket)) {
      open.set(socket, answers);
      socket.once('close', () => {
        for (const waiting of [...answers].filter((answer) => answer.socket === null)) {
          // What Node does to the one under way, for whoever looks at it later.
          Object.assign(waiting.destroy(), { _closed: true }).emit('close');
        }
      });
    }
    answers.add(response);
    response.once('close', () => answers.delete(response));
  });
}

/** Answers what never became a request (RFC 9112 9.5) and notes it, since no route will. */
export function refuseConnection(log: Logger): (error: Error & { code?: string }, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const status = STATUS_OF[error.code ?? ''] ?? 400;
    log.warn({ code: error.code, status, ip: socket.remoteAddress }, 'connection refused: no whole request');
    if (socket.writable) {
      socket.write(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
    }
    socket.destroy(error);
  };
}

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
