/** Sample pages in a real Chromium as our server would serve them: nothing listens, every request is answered from memory and from our folders. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { pdfFixture } from './pdf-tools.ts';
import { BROWSER_PATIENCE_MS } from './system.ts';

const ORIGIN = 'http://keiyaku.mihon.example.jp';
const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const OWN = join(import.meta.dirname, '../../gateway/web/assets');
const TOKENS = join(folderOf('@digital-go-jp/design-tokens'), 'dist');
const PDFJS = folderOf('pdfjs-dist');
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

function assetPath(path: string): string {
  if (path === 'tokens.css') return join(TOKENS, 'tokens.css');
  return path.startsWith('pdfjs/') ? join(PDFJS, path.slice('pdfjs/'.length)) : join(OWN, path);
}

export interface Stage {
  readonly page: Page;
  /** Shows one page and resolves when its viewer, where it has one and scripts run, has drawn. */
  show(name: string): Promise<void>;
  close(): Promise<void>;
}

/** `pages`: HTML by name. Every document that a page links to is the same small PDF. */
export async function openStage(
  browser: Browser,
  pages: Readonly<Record<string, string>>,
  options: BrowserContextOptions = {},
): Promise<Stage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  await context.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/assets/')) {
      const path = assetPath(pathname.slice('/assets/'.length));
      return route.fulfill({
        contentType: TYPES[extname(path)] ?? 'application/octet-stream',
        body: await readFile(path),
      });
    }
    if (pathname.includes('/documents/')) {
      return route.fulfill({
        contentType: 'application/pdf',
        body: Buffer.from(pdfFixture('libreoffice')),
      });
    }
    const html = pages[pathname.slice(1)];
    return html === undefined
      ? route.fulfill({ status: 404, body: '' })
      : route.fulfill({
          contentType: 'text/html; charset=utf-8',
          headers: { 'cache-control': 'no-store' },
          body: html,
        });
  });
  const page = await context.newPage();
  return {
    page,
    async show(name) {
      await page.goto(`${ORIGIN}/${name}`);
      if (options.javaScriptEnabled !== false && (await page.locator('[data-viewer]').count()) > 0) {
        await page.locator('.textLayer span').first().waitFor({ state: 'attached' });
      }
    },
    close: () => context.close(),
  };
}
