/** The consent page from a small server of its own: documents of a test's choice, which can fail as the test wants. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runsOf } from '../../gateway/web/parts.ts';
import { confirmPage, confirmPageSample, consentPage, consentPageSample } from '../../templates/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ');
const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface ViewerSite {
  readonly origin: string;
  /** The consent page. */
  readonly page: string;
  readonly posts: readonly { path: string; body: string }[];
  /** What was asked for below /documents/, in its order: `1`, `1/parts?blocks=0`. */
  readonly asked: readonly string[];
  /** Octets sent of documents. */
  sent(): number;
  close(): void;
}

/** True: it has been answered, other than with what was asked for. */
export type Trouble = (asked: string, response: ServerResponse) => boolean;

export async function startViewerSite(
  documents: readonly Buffer[],
  trouble: Trouble = () => false,
): Promise<ViewerSite> {
  const posts: { path: string; body: string }[] = [];
  const asked: string[] = [];
  let sent = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    response.setHeader('content-security-policy', POLICY);
    const document = /\/documents\/(.+)$/.exec(path)?.[1];
    if (request.method === 'POST') {
      posts.push({ path, body: (await request.toArray()).join('') });
      sendHtml(response, path.endsWith('/confirm') ? confirmPage(confirmPageSample) : '<p>終わり</p>');
    } else if (path === consentPageSample.base) sendHtml(response, consentPage(consentPageSample));
    else if (document === undefined) sendAsset(response, path);
    else {
      asked.push(document);
      if (trouble(document, response)) return;
      const octets = documentOctets(documents, document, request, response);
      sent += octets.length;
      response.end(octets);
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page: `${origin}${consentPageSample.base}`,
    posts,
    asked,
    sent: () => sent,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sendHtml(response: ServerResponse, html: string): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(html);
}

function sendAsset(response: ServerResponse, path: string): void {
  let file = `${ROOT}gateway/web${path}`;
  if (path === '/assets/tokens.css')
    file = `${ROOT}node_modules/@digital-go-jp/design-tokens/dist/tokens.css`;
  if (path.startsWith('/assets/pdfjs/')) file = `${ROOT}node_modules/pdfjs-dist/${path.slice(14)}`;
  if (!existsSync(file)) {
    response.writeHead(204).end();
    return;
  }
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
  response.end(readFileSync(file));
}

/** The document, its end or its parts, as the gateway sends them. */
function documentOctets(
  documents: readonly Buffer[],
  asked: string,
  request: IncomingMessage,
  response: ServerResponse,
): Buffer {
  const file = documents[Number.parseInt(asked, 10) - 1]!;
  response.setHeader('content-type', 'application/pdf');
  const blocks = /parts\?blocks=(.*)$/.exec(asked)?.[1];
  if (blocks !== undefined) {
    return Buffer.concat(runsOf(blocks, file.length)!.map(({ from, to }) => file.subarray(from, to)));
  }
  const suffix = /^bytes=-(\d+)$/.exec(request.headers.range ?? '')?.[1];
  if (suffix === undefined) return file;
  const start = Math.max(0, file.length - Number(suffix));
  response.writeHead(206, { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` });
  return file.subarray(start);
}
