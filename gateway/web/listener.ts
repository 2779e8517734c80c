/** The sockets below the pages: TLS from files that may be renewed under way (RFC 8446), and time limits for slow clients (RFC 9110 15.5.9). */
import { readFileSync, watch } from 'node:fs';
import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Logger } from 'pino';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

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
    const server =
      tls === null
        ? createServer(limits, handler)
        : createTlsServer({ ...limits, ...certificateOf(tls) }, handler);
    server.setTimeout(idleSeconds * 1000);
    endWaitingAnswers(server);
    if (tls !== null) server.once('close', followRenewals(server as TlsServer, tls, log));
    return server;
  };
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

function certificateOf({ certFile, keyFile }: TlsFiles): { cert: string; key: string } {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** Takes a new certificate on when the files change or SIGHUP comes; returns what ends that. */
function followRenewals(server: TlsServer, files: TlsFiles, log: Logger): () => void {
  const { certFile, keyFile } = files;
  let taken = JSON.stringify(certificateOf(files));
  const renew = (): void => {
    try {
      const next = certificateOf(files);
      if (JSON.stringify(next) === taken) return;
      server.setSecureContext(next);
      taken = JSON.stringify(next);
      log.info({ certFile }, 'new certificate of the pages taken on');
    } catch (error) {
      // Between the writing of the two files they do not fit; whatever comes next is looked at again.
      log.warn({ err: error, certFile }, 'certificate of the pages cannot be taken on: the former one stays');
    }
  };
  // Folders, since certificates are renewed by putting other files or links in their places.
  const watchers = [...new Set([dirname(certFile), dirname(keyFile)])].map((folder) =>
    watch(folder, { persistent: false }, renew).on('error', (error) =>
      log.warn({ err: error, folder }, 'certificate folder cannot be watched: send SIGHUP after a renewal'),
    ),
  );
  process.on('SIGHUP', renew);
  return () => {
    process.off('SIGHUP', renew);
    for (const watcher of watchers) watcher.close();
  };
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
