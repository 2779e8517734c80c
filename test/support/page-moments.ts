/** What pages look like once hands have been at them, or where no script runs: for pictures. */
import type { Page } from 'playwright-core';

export interface Moment {
  /** Name of the sample page. */
  readonly of: string;
  readonly scripts: boolean;
  /** Whether the picture shows all of the page, or what the window shows. */
  readonly whole: boolean;
  bring(page: Page): Promise<void>;
}

const complete = (page: Page): Promise<void> =>
  page.getByRole('button', { name: '完了する', exact: true }).click();

/** The first press leads to the document that was not looked at yet. */
const lookedThrough = async (page: Page): Promise<void> => {
  await complete(page);
  await page.locator('[data-item="document-2"].done').waitFor();
};

/** By the picture's name. */
export const MOMENTS: Readonly<Record<string, Moment>> = {
  'consent-unread': { of: 'consent', scripts: true, whole: false, bring: lookedThrough },
  'consent-open-item': {
    of: 'consent-pin',
    scripts: true,
    whole: false,
    async bring(page) {
      await lookedThrough(page);
      await complete(page);
      await page.locator('#identity-fault').waitFor();
    },
  },
  'consent-dialog': {
    of: 'consent',
    scripts: true,
    whole: false,
    async bring(page) {
      for (const box of await page.getByRole('checkbox').all()) await box.check();
      await lookedThrough(page);
      await complete(page);
      await page.getByRole('dialog').waitFor();
    },
  },
  'consent-found': {
    of: 'consent',
    scripts: true,
    whole: false,
    async bring(page) {
      await page.getByRole('button', { name: '拡大表示' }).click();
      await page.fill('#find', '請負');
      await page.keyboard.press('Enter');
      await page.locator('.hit').first().waitFor();
    },
  },
  'consent-not-shown': {
    of: 'consent',
    scripts: true,
    whole: false,
    async bring(page) {
      await page.route('**/documents/**', (route) => route.fulfill({ status: 503, body: '' }));
      await page.reload();
      await page.locator('[data-status]', { hasText: 'ダウンロード' }).waitFor();
      await page.evaluate("document.querySelector('.documents').scrollIntoView()");
    },
  },
  'consent-large-text': {
    of: 'consent-pin',
    scripts: true,
    // A picture of the whole page would undo it.
    whole: false,
    async bring(page) {
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
      await page.evaluate("document.querySelector('.documents').scrollIntoView()");
    },
  },
  'consent-forced-colours': {
    of: 'consent-pin',
    scripts: true,
    whole: true,
    bring: (page) => page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' }),
  },
  'consent-no-script': { of: 'consent-pin', scripts: false, whole: true, bring: async () => {} },
};
