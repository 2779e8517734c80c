/** The viewer in both browsers: page 1 of large documents for little, never without its letters unless told, found words marked. */
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { Browser } from 'puppeteer-core';
import { consentPageSample } from '../../templates/index.ts';
import { appendRevision, buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { tableFile } from '../support/pdf-corpus/raw.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import { startViewerSite, type Trouble, type ViewerSite } from '../support/viewer-site.ts';
import { type Grid, gridOfCanvas, mean } from './darkness.ts';
import { BROWSER_NAMES, startBrowser, type Visitor, visit } from './driver.ts';
import { CELL, FONTLESS } from './japanese-pdfs.ts';

const PARTS = '/parts?blocks=';
/** More than is fetched at once to begin with. */
const FILLING = streamText('', 'x'.repeat(300_000));
/** Two pages in embedded fonts, at the beginning of a long file. */
const EMBEDDED = appendRevision(pdfFixture('libreoffice'), { 27: FILLING }, { trailer: '/Root 25 0 R' });
/** The same page list that 300 scans have: no branches, each page far from the next, a plain table. */
const SCATTERED = (() => {
  const pages = Array.from({ length: 300 }, (_, page) => 4 + 2 * page);
  const objects: Record<number, string> = {
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: `<</Type /Pages /Count 300 /Kids [${pages.map((num) => `${num} 0 R`).join(' ')}]>>`,
    3: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
  };
  for (const num of pages) {
    objects[num] =
      `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${num + 1} 0 R /Resources <</Font <</F 3 0 R>>>>>>`;
    const words = `BT /F 24 Tf 72 700 Td (Page ${(num - 2) / 2}) Tj ET`;
    objects[num + 1] = streamText('', `${words}%${'x'.repeat(20_000)}`);
  }
  return tableFile(objects);
})();
/** A font without the descendant it must have (ISO 32000-2 9.7.6.1): its letters cannot be drawn. */
const LETTERLESS = buildPdf({
  ...onePage(),
  5: '<</Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding /Identity-H>>',
}).bytes;
/** Of the first page of EMBEDDED; a tenth of it when its letters are missing. */
const INK = 0.004;
const PARTLY = 'この文書には、ここに表示できない文字があります。';
const FAILED = 'ここには表示できませんでした。';
const FIRST = `document.querySelector('[data-pages] > .page:first-child canvas')`;
const WORDS = `document.querySelector('[data-pages] > .page:first-child .textLayer')?.textContent`;
const SEEN = `document.querySelector('[data-item="document-1"]').classList.contains('done')`;
const STATUS = `document.querySelector('[data-status]').textContent`;

/** In points from the page's top left corner. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
/** For the browser: what all marks cover together, on a page of 595 points. */
const MARKED = `(() => {
  const page = document.querySelector('[data-pages] > .page').getBoundingClientRect();
  const marks = [...document.querySelectorAll('.hit')].map((mark) => mark.getBoundingClientRect());
  const points = (pixels) => (pixels * 595) / page.width;
  return {
    left: points(Math.min(...marks.map(({ left }) => left)) - page.left),
    top: points(Math.min(...marks.map(({ top }) => top)) - page.top),
    right: points(Math.max(...marks.map(({ right }) => right)) - page.left),
    bottom: points(Math.max(...marks.map(({ bottom }) => bottom)) - page.top),
  };
})()`;

describe('viewer', () => {
  for (const name of BROWSER_NAMES) {
    describe(name, () => {
      let browser: Browser;
      let site: ViewerSite;
      let reader: Visitor;
      before(async () => {
        browser = await startBrowser(name, true);
      });
      after(() => browser.close());
      afterEach(async () => {
        await reader.leave();
        site.close();
      });
      const open = async (document: Buffer, trouble?: Trouble): Promise<void> => {
        const documents = consentPageSample.documents.map(() => document);
        site = await startViewerSite(documents, trouble);
        reader = await visit(browser, { width: 1280, height: 900, hands: 'mouse', scripts: true });
        await reader.open(site.page);
      };
      it('shows page 1 of a long list of pages for a part of the file and few requests', async () => {
        await open(SCATTERED);
        await reader.until(SEEN);
        expect(await reader.until(WORDS)).to.equal('Page 1');
        expect(site.sent() / SCATTERED.length).to.be.lessThan(0.3);
        expect(site.asked.length).to.be.lessThan(40);
        expect(reader.complaints).to.deep.equal([]);
      });

      it('asks again for parts that fail, break off or come short, and leaves no letter out', async () => {
        const troubles: ((response: ServerResponse) => void)[] = [
          (response) => response.writeHead(503, { 'retry-after': '0' }).end(),
          (response) => response.destroy(),
          (response) => response.end('%PDF'),
        ];
        await open(EMBEDDED, (asked, response) => {
          const make = asked.includes(PARTS) ? troubles.shift() : undefined;
          make?.(response);
          return make !== undefined;
        });
        await reader.until(SEEN);
        expect(troubles).to.have.length(0);
        expect(mean(await reader.until<Grid>(gridOfCanvas(FIRST)))).to.be.greaterThan(INK);
        expect(await reader.until(WORDS)).to.include('工事請負契約書');
        expect(site.asked.filter((asked) => asked === '1')).to.have.length(1);
      });

      it('fetches the whole where parts cannot be had', async () => {
        await open(
          EMBEDDED,
          refusing((asked) => asked.includes(PARTS)),
        );
        await reader.until(SEEN);
        expect(mean(await reader.until<Grid>(gridOfCanvas(FIRST)))).to.be.greaterThan(INK);
        expect(await reader.until(`${STATUS} === ''`)).to.equal(true);
        expect(site.asked.filter((asked) => asked === '1')).to.have.length(2);
      });

      it('tells of pages that cannot be had later on', async () => {
        let gone = false;
        await open(
          SCATTERED,
          refusing(() => gone),
        );
        await reader.until(SEEN);
        gone = true;
        await reader.page.evaluate(`document.querySelector('[data-pages]').scrollTop = 100_000`);
        await reader.until(`${STATUS}.startsWith('${FAILED}')`);
      });

      it('tells where letters cannot be drawn, and takes the document for read once it is downloaded', async () => {
        await open(LETTERLESS);
        await reader.until(`${STATUS}.startsWith('${PARTLY}')`);
        expect(site.asked).to.deep.equal(['1', '1']);
        expect(await reader.page.evaluate(SEEN)).to.equal(false);
        // Only the mark is of interest, not the saved file.
        await reader.page.evaluate(`document.addEventListener('click', (event) => event.preventDefault())`);
        await reader.page.evaluate(`document.querySelector('[data-download="1"]').click()`);
        await reader.until(SEEN);
      });

      for (const [kind, { file, cells }] of [
        ['across', FONTLESS[0]!],
        ['down', FONTLESS[3]!],
      ] as const) {
        it(`marks the letters that were found and no others, in lines that run ${kind}`, async () => {
          await open(file);
          await reader.until(SEEN);
          // 「口契」 is one piece of text.
          await reader.write('文書内の検索', '契');
          await reader.press('button', '次へ');
          await reader.until(`document.querySelector('.hit.current') !== null`);
          const marked = await reader.until<Box>(MARKED);
          const { left, top } = cells.at(-1)!;
          for (const [side, wanted] of [
            ['left', left],
            ['top', top],
            ['right', left + CELL],
            ['bottom', top + CELL],
          ] as const) {
            expect(marked[side], side).to.be.closeTo(wanted, CELL / 5);
          }
        });
      }
    });
  }
});

/** Answers 404 to what is `meant`. */
function refusing(meant: (asked: string) => boolean): Trouble {
  return (asked, response) => {
    if (!meant(asked)) return false;
    response.writeHead(404).end();
    return true;
  };
}
