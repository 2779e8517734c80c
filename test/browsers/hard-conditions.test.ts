/**
 * The pages as people with other eyes, hands and windows meet them: text at 200 % (WCAG 2.2 1.4.4), a window enlarged to
 * 400 % (1.4.10), wide text spacing (1.4.12), colours of the system's own (forced-colors), and the focus in sight (2.4.11).
 */
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { inEnglish, pageSamples } from '../../templates/index.ts';
import { openBrowser } from '../support/browser.ts';
import { openStage, type Stage } from '../support/page-stage.ts';

/** Pages whose parts differ; the others only have other sentences. English needs more room. */
const READING = ['consent-boxes', 'consent-pin-en'];
const OTHERS = ['confirm-pin', 'done', 'download', 'registration-pin', 'registration-pin-en'];
const IN_ENGLISH = ['consent-pin', 'registration-pin'];
const SPACED = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }`;
const TELEPHONE = { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true };

interface Condition {
  readonly options: BrowserContextOptions;
  /** Makes the condition on a page that is open already or will be. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  readonly style?: string;
  /** Few letters a line: every kind of page is looked at. */
  readonly narrow?: true;
}

const CONDITIONS: Readonly<Record<string, Condition>> = {
  'at a desk': { options: { viewport: { width: 1280, height: 800 } } },
  'on a telephone of 320 pixels': { options: { viewport: { width: 320, height: 568 } }, narrow: true },
  'on a telephone held sideways': { options: { viewport: { width: 667, height: 375 } } },
  'at 400 %': { options: { viewport: { width: 320, height: 200 } } },
  'with text of 200 % on a telephone': {
    options: TELEPHONE,
    narrow: true,
    async prepare(page) {
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    },
  },
  'with wide text spacing on a telephone': { options: TELEPHONE, style: SPACED },
};

/** Names of what sticks out of the window, and of controls whose own text sticks out of them. */
const STICKING_OUT = `(() => {
  const width = document.documentElement.clientWidth;
  const scrolled = '.tabs, .page-list, .pages, .skip';
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.checkVisibility() && !element.closest(scrolled))
    .filter((element) => element.getBoundingClientRect().right > width + 1 ||
      (element.matches('button, .primary, .secondary') && element.scrollWidth > element.offsetWidth))
    .map((element) => element.outerHTML.slice(0, 80));
})()`;

/** Of what has the focus: what it is, and whether its middle can be seen; null at the page's end. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  const inSight = there !== null && (element.contains(there) || there.contains(element));
  const path = [...document.querySelectorAll('*')].indexOf(element);
  return { path, name: element.outerHTML.slice(0, 80), inSight };
})()`;

/** What takes the focus on the way through the page with the Tab key, and cannot be seen then. */
async function hiddenFocus(page: Page): Promise<string[]> {
  await page.evaluate('scrollTo(0, 0)');
  const hidden: string[] = [];
  const met = new Set<number>();
  for (;;) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate<{ path: number; name: string; inSight: boolean } | null>(FOCUSED);
    if (focus === null || met.has(focus.path)) return hidden;
    met.add(focus.path);
    if (!focus.inSight) hidden.push(focus.name);
  }
}

describe('the pages under hard conditions', () => {
  const samples = pageSamples();
  const pages = {
    ...samples,
    ...Object.fromEntries(IN_ENGLISH.map((name) => [`${name}-en`, inEnglish(samples[name]!)])),
  };
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  for (const [condition, { options, prepare, style, narrow }] of Object.entries(CONDITIONS)) {
    describe(condition, () => {
      let stage: Stage;
      before(async () => {
        stage = await openStage(browser, pages, options);
        await prepare?.(stage.page);
      });
      after(() => stage.close());

      for (const name of [...READING, ...(narrow ? OTHERS : [])]) {
        it(`everything fits, and what has the focus is in sight: ${name}`, async () => {
          const { page } = stage;
          await stage.show(name);
          if (style !== undefined) await page.addStyleTag({ content: style });
          expect(await page.evaluate(STICKING_OUT)).to.deep.equal([]);
          expect(await hiddenFocus(page)).to.deep.equal([]);
        });
      }

      it('leaves the document at least as much room as a third of the window', async () => {
        const { page } = stage;
        await stage.show('consent-boxes');
        const share = "document.querySelector('.pages').clientHeight / innerHeight";
        expect(await page.evaluate(share)).to.be.at.least(1 / 3);
        await page.getByRole('button', { name: '拡大表示' }).click();
        expect(await page.evaluate(share)).to.be.at.least(1 / 3);
      });
    });
  }

  it("shows the contract in its own colours where the system's colours are forced on everything else", async () => {
    // High enough for the bar at the lower edge to lie over nothing of it.
    const viewport = { width: 800, height: 1600 };
    const pictures: Buffer[] = [];
    for (const forcedColors of ['none', 'active'] as const) {
      const stage = await openStage(browser, pages, { viewport, forcedColors, colorScheme: 'dark' });
      await stage.show('consent-boxes');
      const { x, y, width } = (await stage.page.locator('.page canvas').first().boundingBox())!;
      const clip = { x: x + 1, y: y + 1, width: width - 2, height: 300 };
      pictures.push(await stage.page.screenshot({ clip, fullPage: true }));
      if (forcedColors === 'active') {
        const colours = await stage.page.evaluate<string[]>(
          `[...document.querySelectorAll('[role="tab"]')].map((tab) => getComputedStyle(tab).backgroundColor)`,
        );
        expect(colours[0], 'the chosen tab').not.to.equal(colours[1]);
      }
      await stage.close();
    }
    expect(pictures[0]!.equals(pictures[1]!)).to.equal(true);
  });
});
