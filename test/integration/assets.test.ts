/** What a browser fetches beside a page: compressed for whoever takes it, the same octets for everybody (RFC 9110 8.4, 12.5.3). */
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import fastify, { type FastifyInstance } from 'fastify';
import { assetRoutes, codingFor } from '../../gateway/web/assets.ts';

const OWN = join(import.meta.dirname, '../../gateway/web/assets');
const PDFJS = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const FILES: Readonly<Record<string, string>> = {
  '/assets/keiyakubin.css': join(OWN, 'keiyakubin.css'),
  '/assets/viewer.js': join(OWN, 'viewer.js'),
  '/assets/pdfjs/legacy/build/pdf.min.mjs': join(PDFJS, 'legacy/build/pdf.min.mjs'),
  '/assets/pdfjs/legacy/build/pdf.worker.min.mjs': join(PDFJS, 'legacy/build/pdf.worker.min.mjs'),
  '/assets/pdfjs/wasm/openjpeg.wasm': join(PDFJS, 'wasm/openjpeg.wasm'),
};
const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  none: (body) => body,
};

describe('assets', () => {
  let server: FastifyInstance;
  let port: number;
  before(async () => {
    server = fastify();
    await assetRoutes(server);
    await server.listen({ host: '127.0.0.1', port: 0 });
    port = (server.server.address() as { port: number }).port;
  });
  after(() => server.close());

  interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Buffer;
  }
  /** As it goes over the line: nothing is decoded on the way. */
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers, method }, async (response) => {
        const body = await buffer(response);
        resolve({ status: response.statusCode!, headers: response.headers as Answer['headers'], body });
      }).on('error', reject);
    });

  for (const [accepted, coding] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', 'none'],
    [undefined, 'none'],
  ] as const) {
    it(`answers Accept-Encoding: ${accepted ?? '(none)'} with ${coding}`, async () => {
      for (const [path, file] of Object.entries(FILES)) {
        const plain = readFileSync(file);
        const { status, headers, body } = await ask(
          path,
          accepted === undefined ? {} : { 'accept-encoding': accepted },
        );
        expect(status, path).to.equal(200);
        expect(headers['content-encoding'] ?? 'none', path).to.equal(coding);
        expect(Number(headers['content-length']), path).to.equal(body.length);
        expect(DECODERS[coding]!(body).equals(plain), path).to.equal(true);
        if (coding !== 'none') expect(body.length, path).to.be.lessThan(plain.length * 0.5);
        expect(headers.vary, path).to.equal('accept-encoding');
        expect(headers['cache-control'], path).to.equal('public, max-age=3600');
      }
    });
  }

  it('has a tag for each coding, and answers with 304 to whoever holds that one', async () => {
    const path = '/assets/viewer.js';
    const tags: string[] = [];
    for (const accepted of ['br', 'gzip', 'identity']) {
      const { etag } = (await ask(path, { 'accept-encoding': accepted })).headers;
      tags.push(etag!);
      for (const held of [etag!, `W/${etag}`, `"other", ${etag}`]) {
        const again = await ask(path, { 'accept-encoding': accepted, 'if-none-match': held });
        expect([again.status, again.body.length, again.headers.etag]).to.deep.equal([304, 0, etag]);
      }
    }
    expect(new Set(tags).size).to.equal(3);
    const other = await ask(path, { 'accept-encoding': 'gzip', 'if-none-match': tags[0]! });
    expect(other.status).to.equal(200);
  });

  it('answers HEAD as GET, and a wish for a part with the whole', async () => {
    const path = '/assets/pdfjs/legacy/build/pdf.min.mjs';
    const whole = await ask(path, { 'accept-encoding': 'gzip' });
    const head = await ask(path, { 'accept-encoding': 'gzip' }, 'HEAD');
    expect([head.status, head.body.length]).to.deep.equal([200, 0]);
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary', 'content-type']) {
      expect(head.headers[name], name).to.equal(whole.headers[name]);
    }
    const part = await ask(path, { 'accept-encoding': 'gzip', range: 'bytes=100-199' });
    expect(part.status).to.equal(200);
    expect(part.body.equals(whole.body)).to.equal(true);
  });

  it('leaves alone what would not get smaller', async () => {
    for (const path of ['/assets/icon.svg', '/assets/pdfjs/cmaps/90ms-RKSJ-H.bcmap']) {
      const { status, headers } = await ask(path, { 'accept-encoding': 'br, gzip' });
      expect([status, headers['content-encoding']], path).to.deep.equal([200, undefined]);
    }
  });

  it('weighs what is accepted (RFC 9110 12.5.3)', () => {
    const chosen = (accepted: string): string => codingFor(accepted) ?? 'none';
    expect(
      [
        '*',
        'br;q=0.1, gzip;q=0.8',
        'GZIP',
        '*;q=0',
        'identity',
        'gzip;q=0.5, identity',
        'gzip;q=x',
        '',
        'zstd',
      ].map((accepted) => `${accepted}: ${chosen(accepted)}`),
    ).to.deep.equal([
      '*: br',
      'br;q=0.1, gzip;q=0.8: gzip',
      'GZIP: gzip',
      '*;q=0: none',
      'identity: none',
      'gzip;q=0.5, identity: none',
      'gzip;q=x: none',
      ': none',
      'zstd: none',
    ]);
  });
});
