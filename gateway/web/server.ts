/** The pages over HTTP: routes, headers and limits. Adapters only; what a link may do is decided in app/ and contract/. */
import formbody from '@fastify/formbody';
import fastify from 'fastify';
import { outdatedBrowserPage } from '../../templates/index.ts';
import { isTransient } from '../app/transient.ts';
import { turns } from '../turns.ts';
import { assetRoutes } from './assets.ts';
import { consentRoutes } from './consent.ts';
import { downloadRoutes } from './download.ts';
import { faceRoutes } from './face.ts';
import { feedRoutes } from './feed.ts';
import { listener, refuseConnection } from './listener.ts';
import type { WebOptions } from './options.ts';
import { formsFirst, notFoundPage, sendPage, troublePage } from './pages.ts';
import { limitLinks, protect } from './protection.ts';
import { registrationRoutes } from './registration.ts';
import { limitStaff } from './staff-networks.ts';

export interface RunningWebServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens when it resolves. */
export async function startWebServer(options: WebOptions): Promise<RunningWebServer> {
  const server = fastify({
    logger: false,
    // One proxy: what stands before its own entry, whoever asks has written.
    trustProxy: options.trustProxy ? (_, hop) => hop === 0 : false,
    bodyLimit: options.maxBodyOctets,
    routerOptions: { maxParamLength: 100 },
    serverFactory: listener(options),
    clientErrorHandler: refuseConnection(options.log),
  });
  // Before any route: a route keeps the handler it finds when it is registered.
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const outage = isTransient(error);
    const status = error.statusCode ?? (outage ? 503 : 500);
    if (status >= 500) options.log.error({ err: error }, 'http request failed');
    if (outage) reply.header('retry-after', options.retryAfterSeconds);
    return sendPage(reply, status, troublePage(options.frame, outage ? 'busy' : troubleOf(status)));
  });
  await protect(server, options);
  await assetRoutes(server);
  faceRoutes(server, options.faces);
  await server.register(formbody);
  server.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never its URL: that carries the secret.
    const { method, routeOptions, ip } = request;
    options.log.info(
      { method, route: routeOptions.url ?? 'none', status: reply.statusCode, ip },
      'http request',
    );
  });
  server.addHook('onRequest', async (request, reply) => {
    if (
      /\b(MSIE|Trident)\b/.test(request.headers['user-agent'] ?? '') &&
      !request.url.startsWith('/assets/')
    ) {
      return sendPage(reply, 200, outdatedBrowserPage(options.frame));
    }
    return undefined;
  });
  server.get('/healthz', async () => 'ok\n');
  await server.register(async (links) => {
    limitLinks(links, options);
    const documents = { ...options, reading: turns(options.readsAtOnce) };
    formsFirst(links, documents.reading);
    await links.register(
      async (scope) => {
        limitStaff(scope, 'consent', options);
        await consentRoutes(scope, documents);
      },
      { prefix: '/c' },
    );
    await links.register(
      async (scope) => {
        limitStaff(scope, 'download', options);
        await downloadRoutes(scope, documents);
      },
      { prefix: '/d' },
    );
    await links.register(async (scope) => registrationRoutes(scope, options), { prefix: '/r' });
  });
  await server.register(async (scope) => feedRoutes(scope, options.feed), { prefix: '/feed' });
  server.setNotFoundHandler((_, reply) => sendPage(reply, 404, notFoundPage(options.frame)));
  await server.listen({ host: options.host, port: options.port });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    async close() {
      const cut = setTimeout(() => server.server.closeAllConnections(), options.closeSeconds * 1000);
      await server.close();
      clearTimeout(cut);
    },
  };
}

/** The page that says what was wrong with a request that no route took. */
function troubleOf(status: number): Parameters<typeof troublePage>[1] {
  if (status === 413) return 'too-large';
  return status === 429 ? 'too-fast' : 'error';
}
