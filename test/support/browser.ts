/** A real Chromium for tests of pages: one process, a fresh context a page, every complaint of the console kept. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { BROWSER_PATIENCE_MS, chromiumPath } from './system.ts';

export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings (breaches of the Content-Security-Policy among them) and uncaught errors so far. */
  readonly complaints: readonly string[];
}

/** A narrow telephone, by touch. */
export const TELEPHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
} satisfies BrowserContextOptions;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    timeout: BROWSER_PATIENCE_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}

export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

/** Resolves when the consent page's checklist says that the first `documents` documents have been shown. */
export async function documentsSeen(page: Page, documents: number): Promise<void> {
  await page
    .locator('[data-item].done')
    .nth(documents - 1)
    .waitFor();
}
