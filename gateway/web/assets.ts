/**
 * /assets: our scripts and styles, the design tokens and pdf.js, compressed for whoever takes that (RFC 9110 8.4, 12.5.3).
 * Pages are never compressed: they carry the link's secret beside what a visitor wrote, and sizes would tell of it (BREACH).
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The smaller one first. */
const CODINGS = ['br', 'gzip'] as const;
type Coding = (typeof CODINGS)[number];

const MAX_AGE_SECONDS = 3600;
/** Below it nothing is gained. */
const WORTH_OCTETS = 1024;
/** The highest of brotli's qualities takes twenty times as long for a tenth less. */
const BROTLI_QUALITY = 9;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Reads what is compressed at once (about 2.4 MB); compresses each file when it is first asked for. */
export async function assetRoutes(server: FastifyInstance): Promise<void> {
  const require = createRequire(import.meta.url);
  const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`));
  const own = join(dirname(fileURLToPath(import.meta.url)), 'assets');
  const pdfjs = packageFolder('pdfjs-dist');
  const tokens = join(packageFolder('@digital-go-jp/design-tokens'), 'dist');
  await serveFolder(server, '/assets', own);
  await serveFolder(server, '/assets', tokens, (name) => name === 'tokens.css');
  await serveFolder(server, '/assets/pdfjs/legacy/build', join(pdfjs, 'legacy/build'), (name) =>
    /^pdf(\.worker)?\.min\.mjs$/.test(name),
  );
  await serveFolder(server, '/assets/pdfjs/wasm', join(pdfjs, 'wasm'));
  // Character maps and fonts hardly shrink; without the maps Japanese text vanishes.
  await server.register(fastifyStatic, {
    root: pdfjs,
    prefix: '/assets/pdfjs/',
    maxAge: MAX_AGE_SECONDS * 1000,
    index: false,
    allowedPath: (path) => /^\/(cmaps|standard_fonts|iccs)\//.test(path),
  });
}

async function serveFolder(
  server: FastifyInstance,
  prefix: string,
  folder: string,
  isServed: (name: string) => boolean = (name) => extname(name) in TYPES,
): Promise<void> {
  for (const name of (await readdir(folder)).filter(isServed)) {
    const asset = compressible(await readFile(join(folder, name)));
    server.get(`${prefix}/${name}`, async ({ headers }, reply) => {
      const coding = asset.codingFor(headers['accept-encoding']);
      const etag = asset.etag(coding);
      reply
        .header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
        .header('vary', 'accept-encoding')
        .header('etag', etag);
      if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send();
      if (coding !== null) reply.header('content-encoding', coding);
      // Parts are for files that readers jump about in: a Range may be passed over (RFC 9110 14.2).
      return reply.type(TYPES[extname(name)]!).send(await asset.octets(coding));
    });
  }
}

interface Compressible {
  codingFor(accepted: string | undefined): Coding | null;
  /** Strong, hence another one for each coding (RFC 9110 8.8.3.3). */
  etag(coding: Coding | null): string;
  octets(coding: Coding | null): Promise<Buffer>;
}

const compress: Readonly<Record<Coding, (plain: Buffer) => Promise<Buffer>>> = {
  br: (plain) =>
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (plain) => promisify(gzip)(plain),
};

function compressible(plain: Buffer): Compressible {
  const digest = createHash('sha256').update(plain).digest('base64url');
  const made = new Map<Coding, Promise<Buffer>>();
  return {
    codingFor: (accepted) => (plain.length < WORTH_OCTETS ? null : codingFor(accepted)),
    etag: (coding) => `"${digest}${coding === null ? '' : `-${coding}`}"`,
    async octets(coding) {
      if (coding === null) return plain;
      const before = made.get(coding);
      if (before !== undefined) return before;
      const making = compress[coding](plain);
      made.set(coding, making);
      return making;
    },
  };
}

/** What an Accept-Encoding field prefers of what we have; null: the file as it is (RFC 9110 12.5.3). */
export function codingFor(accepted: string | undefined): Coding | null {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim());
    const weight = parameters.find((one) => one.startsWith('q='));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  let best: Coding | null = null;
  let most = 0;
  for (const coding of CODINGS) {
    if (weightOf(coding) > most) [best, most] = [coding, weightOf(coding)];
  }
  return most < (weights.get('identity') ?? 0) ? null : best;
}

/** Whether the client holds this very representation; a proxy may have weakened its tag (RFC 9110 13.1.2). */
function isKnown(held: string | undefined, etag: string): boolean {
  const tags = (held ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
