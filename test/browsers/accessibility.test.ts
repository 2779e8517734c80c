/** Every page in every state against JIS X 8341-3:2016 AA as WCAG 2.2 AA: axe without findings, reflow at 320 CSS pixels (1.4.10). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { inEnglish, pageSamples } from '../../templates/index.ts';
import { openBrowser } from '../support/browser.ts';
import { openStage, type Stage } from '../support/page-stage.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** pdf.js measures text on a canvas of no size that nobody meets. */
const MEASURING = ['.hiddenCanvasElement'];
const SHAPES = {
  'a desk': { viewport: { width: 1280, height: 800 } },
  // 1280 pixels at 400 % zoom are 320 CSS pixels.
  'a telephone of 320 pixels': { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
};

/** One line a finding: the rule and the element. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // Scrolled to its end, so that the bar at the window's lower edge lies over nothing.
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  return page.evaluate(
    `axe.run({ exclude: ${JSON.stringify(MEASURING)} }, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
}

/** Pages whose parts differ; the others only have other sentences. */
const IN_ENGLISH = ['consent', 'consent-boxes', 'done', 'download', 'registration'];

describe('accessibility of the pages', () => {
  const japanese = pageSamples();
  const pages = {
    ...japanese,
    ...Object.fromEntries(IN_ENGLISH.map((name) => [`${name}-en`, inEnglish(japanese[name]!)])),
  };
  let browser: Browser;

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  it('a hard word is heard once: its reading is for the eye', async () => {
    const stage = await openStage(browser, pages);
    await stage.show('preference');
    const readings = stage.page.locator('rt');
    expect(await readings.allTextContents()).to.include('しゅうにゅういんし');
    const session = await stage.page.context().newCDPSession(stage.page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const heard = nodes
      .filter(({ ignored, role }) => !ignored && role?.value !== 'InlineTextBox')
      .flatMap(({ name, description }) => [name?.value, description?.value]);
    expect(heard).to.include('収入印紙');
    for (const reading of await readings.allTextContents()) expect(heard).not.to.include(reading);
    await stage.close();
  });

  for (const [shape, options] of Object.entries(SHAPES)) {
    describe(`on ${shape}`, () => {
      let stage: Stage;
      before(async () => {
        stage = await openStage(browser, pages, options);
      });
      after(() => stage.close());

      for (const name of Object.keys(pages)) {
        it(`axe finds nothing and nothing scrolls sideways: ${name}`, async () => {
          await stage.show(name);
          expect(await findings(stage.page)).to.deep.equal([]);
          const width = await stage.page.evaluate('document.documentElement.scrollWidth');
          expect(width).to.be.at.most(options.viewport.width);
        });
      }

      it('axe finds nothing with everything unfolded, the pages listed and the view enlarged', async () => {
        const { page } = stage;
        await stage.show('consent');
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        await page.getByRole('button', { name: 'ページ一覧' }).click();
        await page.locator('#page-list button').first().waitFor();
        expect(await findings(page)).to.deep.equal([]);
        await page.getByRole('button', { name: '拡大表示' }).click();
        expect(await findings(page)).to.deep.equal([]);
      });

      it('axe finds nothing where something is asked for that is still open; the sentence belongs to its field', async () => {
        const { page } = stage;
        await stage.show('consent-pin');
        const complete = page.getByRole('button', { name: '完了する', exact: true });
        // The first press leads to the document that was not looked at yet.
        await complete.click();
        await page.locator('[data-item="document-2"].done').waitFor();
        for (const id of ['identity', 'declaration', 'factor']) {
          await complete.click();
          const fault = page.locator(`#${id}-fault`);
          await fault.waitFor();
          const field = page.locator(`#${id}`);
          expect(await page.evaluate('document.activeElement.id')).to.equal(id);
          expect(await field.getAttribute('aria-describedby')).to.include(`${id}-fault`);
          expect(await field.getAttribute('aria-invalid')).to.equal('true');
          expect(await findings(page), id).to.deep.equal([]);
          if (id === 'factor') await field.fill('mihon01');
          else await field.check();
          await fault.waitFor({ state: 'detached' });
          expect(await field.getAttribute('aria-invalid')).to.equal(null);
        }
        await complete.click();
        await page.getByRole('dialog', { name: '同意の確認' }).waitFor();
      });

      it('asks in a dialog that has a name, takes the focus and gives it back', async () => {
        const { page } = stage;
        await stage.show('consent');
        for (const box of await page.getByRole('checkbox').all()) await box.check();
        const complete = page.getByRole('button', { name: '完了する', exact: true });
        const dialog = page.getByRole('dialog', { name: '同意の確認' });
        // The first press leads to the document that was not looked at yet.
        await complete.click();
        await page.locator('[data-item].done').nth(3).waitFor();
        await complete.press('Enter');
        await dialog.waitFor();
        expect(await findings(page)).to.deep.equal([]);
        // On its heading: an Enter that is held down must not run on into the consent.
        expect(await page.evaluate('document.activeElement.id')).to.equal('confirm-title');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'hidden' });
        expect(await page.evaluate('document.activeElement.textContent')).to.equal('完了する');
      });
    });
  }
});
