/** Every page in every state against JIS X 8341-3:2016 AA as WCAG 2.2 AA: axe without findings, reflow at 320 CSS pixels (1.4.10). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { pageSamples } from '../../templates/index.ts';
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
  return page.evaluate(
    `axe.run({ exclude: ${JSON.stringify(MEASURING)} }, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
}

describe('accessibility of the pages', function () {
  this.timeout(120_000);
  const pages = pageSamples();
  let browser: Browser;

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

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
    });
  }
});
