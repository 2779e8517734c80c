/** What stands before every route: headers (CSP 3, RFC 6797), limits for each address and link, and forms of other sites (Fetch Metadata). */
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../client-network.ts';
import { requestLimit } from './limits.ts';
import type { WebOptions } from './options.ts';
import { sendPage, troublePage } from './pages.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export async function protect(server: FastifyInstance, options: WebOptions): Promise<void> {
  const https = options.publicUrl.startsWith('https:');
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // pdf.js decodes some images in WebAssembly and hands embedded fonts over as data.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    hsts: https,
    referrerPolicy: { policy: 'no-referrer' },
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-robots-tag', 'noindex, nofollow');
    // Whatever is no asset may carry a secret.
    if (!isAsset(request)) reply.header('cache-control', 'no-store');
  });
  await server.register(rateLimit, {
    max: options.rateLimitPerMinute,
    timeWindow: MINUTE_MS,
    allowList: isAsset,
    keyGenerator: ({ ip }) => networkOf(ip),
  });
  server.addHook('onRequest', async (request, reply) => {
    if (!isForeign(request, options.publicUrl)) return undefined;
    const { routeOptions, ip } = request;
    options.log.warn({ route: routeOptions.url ?? 'none', ip }, 'form of another site refused');
    return sendPage(reply, 403, troublePage(options.frame, 'foreign-form'));
  });
  server.get('/robots.txt', async (_, reply) =>
    reply.type('text/plain; charset=utf-8').send('User-agent: *\nDisallow: /\n'),
  );
}

function isAsset({ url }: FastifyRequest): boolean {
  return url.startsWith('/assets/');
}

/**
 * A form that another site's page sent off. Browsers say so (Sec-Fetch-Site); older ones name the origin, or `null`, since our
 * pages let no referrer out. What is no browser says neither, and has to know the link like everybody else.
 */
function isForeign({ method, headers, url }: FastifyRequest, publicUrl: string): boolean {
  if (method !== 'POST' || url.startsWith('/feed/')) return false;
  const { 'sec-fetch-site': site, origin, host } = headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined || origin === 'null') return false;
  return origin !== new URL(publicUrl).origin && origin.replace(/^https?:\/\//, '') !== host;
}

/** Limits beside the one for each address: what one link may be sent, and how many fresh links one address may ask for. */
export function limitLinks(server: FastifyInstance, options: WebOptions): void {
  const posts = requestLimit(options.postsPerLinkPerMinute, MINUTE_MS, options.clock);
  const freshLinks = requestLimit(options.freshLinksPerAddressPerHour, HOUR_MS, options.clock);
  server.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST') return undefined;
    const { secret } = request.params as { secret?: string };
    if (secret === undefined) return undefined;
    const route = request.routeOptions.url ?? '';
    if (!posts(secret.toLowerCase())) return tooMany(request, reply, 'too many forms for one link');
    if (route.endsWith('/link') && !freshLinks(networkOf(request.ip))) {
      return tooMany(request, reply, 'too many fresh links asked for from one address');
    }
    return undefined;
  });

  function tooMany(request: FastifyRequest, reply: FastifyReply, why: string): FastifyReply {
    options.log.warn({ route: request.routeOptions.url ?? 'none', ip: request.ip }, why);
    return sendPage(reply, 429, troublePage(options.frame, 'too-fast'));
  }
}
