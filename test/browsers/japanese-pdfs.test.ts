/** What Japanese offices mail as PDFs, on the consent page of a real gateway: both browsers draw it as poppler does. */
import { expect } from 'chai';
import type { Browser } from 'puppeteer-core';
import { linkIn } from '../../demo/mailboxes.ts';
import { requested } from '../support/acts.ts';
import { manyPages } from '../support/pdf-corpus/large.ts';
import { tableFile } from '../support/pdf-corpus/raw.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import { createWorld, type World } from '../support/world.ts';
import { type Grid, gridOfCanvas, gridOfPage, inkWithin, likeness, mean } from './darkness.ts';
import { BROWSER_NAMES, startBrowser, type Visitor, visit } from './driver.ts';
import { CELL, FONTLESS } from './japanese-pdfs.ts';

/** What the pages show, and the corpus file that shows it. */
const DRAWN: readonly (readonly [string, string])[] = [
  ['埋込フォント', 'libreoffice'],
  ['縦書き', 'libreoffice-vertical'],
  ['表計算', 'libreoffice-calc'],
  ['スキャンCCITT', 'scan-ccitt'],
  ['スキャンJBIG2', 'scan-jbig2'],
  ['スキャン灰色', 'ghostscript-images'],
  ['A3図面', 'chromium-a3'],
  ['回転', 'rotated'],
  ['逆さ', 'rotated-180'],
  ['記入欄', 'pdf-lib-form'],
];
/** Hairlines of a drawing are a pixel wide at any resolution, hence up to twice the ink. */
const BESIDE_POPPLER = [0.6, 2.2] as const;
/** pdf.js says so wherever a font is neither embedded nor installed, and draws with another. */
const FONT_NOT_HERE = /^Warning: Cannot load system font: (MS-Mincho|MS-Gothic|HeiseiMin-W3),/;
const LONG = { name: '300ページ', pages: 300 };
const TITLE = '表示確認業務';

describe('Japanese PDFs in browsers', () => {
  let world: World;
  let link: string;
  const names = [...DRAWN.map(([name]) => name), ...FONTLESS.map(({ name }) => name), LONG.name];
  const served = async (name: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(`${link}/documents/${names.indexOf(name) + 1}`)).arrayBuffer());

  before(async () => {
    world = await createWorld({ env: { KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '100000' } });
    await world.start();
    const files = [
      ...DRAWN.map(([, fixture]) => Buffer.from(pdfFixture(fixture))),
      ...FONTLESS.map(({ file }) => file),
      tableFile(manyPages(LONG.pages)),
    ];
    const pdf = files.map((content, index) => ({ filename: `${names[index]}.pdf`, content }));
    link = linkIn(await requested(world, TITLE, { pdf }));
  });
  after(() => world.close());

  for (const browserName of BROWSER_NAMES) {
    describe(browserName, () => {
      let browser: Browser;
      let reader: Visitor;
      before(async () => {
        browser = await startBrowser(browserName, true);
        reader = await visit(browser, { width: 1280, height: 900, hands: 'mouse', scripts: true });
        await reader.open(link);
      });
      afterEach(() =>
        expect(reader.complaints.filter((text) => !FONT_NOT_HERE.test(text))).to.deep.equal([]),
      );
      after(() => browser.close());

      // Of page 1: a later page may be there before it.
      const CANVAS = `document.querySelector('[data-pages] > .page:first-child canvas')`;
      /** Turns to a document; resolves when its first page is drawn. */
      const turnTo = async (name: string): Promise<void> => {
        const number = names.indexOf(name) + 1;
        if (number > 1) await reader.press('link', `${number} ${name}`);
        await reader.until(
          `document.querySelectorAll('[data-tab]')[${number - 1}].ariaSelected === 'true' && ${CANVAS} !== null`,
        );
      };
      const expectAlike = async (
        canvas: string,
        file: Uint8Array,
        page: number,
        leastInk: number,
      ): Promise<void> => {
        const [shown, wanted] = [await reader.until<Grid>(gridOfCanvas(canvas)), gridOfPage(file, page)];
        expect(mean(wanted), 'ink that poppler draws').to.be.greaterThan(leastInk);
        expect(mean(shown) / mean(wanted), 'ink beside poppler').to.be.within(...BESIDE_POPPLER);
        expect(likeness(shown, wanted), 'likeness to poppler').to.be.greaterThan(0.85);
      };

      for (const [name] of DRAWN) {
        it(`draws ${name} as poppler does`, async () => {
          await turnTo(name);
          await expectAlike(CANVAS, await served(name), 1, 0.0015);
        });
      }

      for (const { name, cells } of FONTLESS) {
        it(`draws ${name} in letters of its own`, async () => {
          await turnTo(name);
          const ink = new Map<string, number>();
          for (const { character, left, top } of cells) {
            ink.set(
              character,
              (await reader.page.evaluate(inkWithin([left, top, CELL, CELL], 595))) as number,
            );
          }
          const of = (character: string): number => ink.get(character)!;
          expect(of('　'), 'a blank').to.be.lessThan(0.005);
          expect(of('一'), 'one stroke').to.be.within(0.01, 0.12);
          expect(of('鬱'), 'twenty-nine strokes').to.be.greaterThan(0.2);
          expect(of('口')).to.be.within(0.04, 0.2);
          expect(of('契')).to.be.within(of('口'), of('鬱'));
          const words = await reader.until<string>(
            `document.querySelector('[data-pages] .textLayer')?.textContent`,
          );
          expect(words.replace(/\s/g, '')).to.include('一鬱').and.include('口契');
        });
      }

      it(`draws the last of ${LONG.pages} pages`, async () => {
        await turnTo(LONG.name);
        await reader.page.evaluate(`(() => {
          const box = document.querySelector('[data-pages]');
          box.scrollTop = box.scrollHeight;
        })()`);
        const last = `document.querySelector('[data-pages] > .page:last-child canvas')`;
        await reader.until(`${last} !== null`);
        await expectAlike(last, await served(LONG.name), LONG.pages, 0.0001);
        expect(await reader.text()).to.include(`${LONG.pages}/${LONG.pages}`);
      });
    });
  }
});
