/** The consent page in a real browser under a strict Content-Security-Policy: viewer, checklist, dialog, and life without JavaScript. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { consentPageSample, DECLARATION_VERSION } from '../../templates/index.ts';
import { openBrowser, documentsSeen as seen, TELEPHONE, watchedPage } from '../support/browser.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { startViewerSite, type ViewerSite } from '../support/viewer-site.ts';

const DOCUMENTS = ['keiyakusho', 'kinnuki-sekkeisho'].map((name) =>
  readFileSync(fileURLToPath(new URL(`../../demo/contract/${name}.pdf`, import.meta.url))),
);
/** A page with a square on it and no words. */
const PICTURE = buildPdf({ ...onePage(), 4: streamText('', '0 0 0 rg 72 700 50 50 re f') }).bytes;
/** Scripts that run at opening, a link, a field and a button over the whole page: what a PDF can do beside being looked at. */
const LIVELY = (() => {
  const script = '<</S /JavaScript /JS (app.alert\\("x"\\); app.launchURL\\("https://boshu.example/"\\))>>';
  const rect = '/Rect [0 0 595 842]';
  const page = onePage('/MediaBox [0 0 595 842] /Annots [6 0 R 7 0 R 8 0 R] /AA <</O 9 0 R>>');
  return buildPdf({
    ...page,
    1: '<</Type /Catalog /Pages 2 0 R /OpenAction 9 0 R /AcroForm <</Fields [7 0 R 8 0 R]>>>>',
    6: `<</Type /Annot /Subtype /Link ${rect} /A <</S /URI /URI (https://boshu.example/)>>>>`,
    7: `<</Type /Annot /Subtype /Widget /FT /Tx /T (field) ${rect} /AA <</Fo 9 0 R>>>>`,
    8: `<</Type /Annot /Subtype /Widget /FT /Btn /Ff 65536 /T (button) ${rect} /A <</S /SubmitForm /F (https://boshu.example/)>>>>`,
    9: script,
  }).bytes;
})();
/** Everything shown and ticked, as the form posts it: what stands before the form on the page comes first. */
const AGREED = [
  'identity=yes',
  `declaration=${DECLARATION_VERSION}`,
  ...consentPageSample.heads.map((head) => `head=${head}`),
].join('&');
/** For the browser: how many pixels of the first page carry ink. A string, since our compiler knows no DOM. */
const DARK_PIXELS = `(() => {
  const canvas = document.querySelector('.page canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
  return dark;
})()`;

describe('consent page in a browser', () => {
  let browser: Browser;
  let site: ViewerSite;
  let complaints: readonly string[];

  before(async () => {
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    site = await startViewerSite(DOCUMENTS);
    complaints = [];
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    site.close();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const watched = await watchedPage(browser, options);
    complaints = watched.complaints;
    const { page } = watched;
    await page.goto(site.page);
    return page;
  }

  it('draws the Japanese text of the first document, with words for screen readers', async () => {
    const page = await open();
    await seen(page, 1);
    await page.locator('.textLayer span').first().waitFor({ state: 'attached' });
    const words = (await page.locator('.textLayer').first().textContent()) ?? '';
    expect(words.replace(/\s/g, '')).to.include('工事請負契約書');
    expect(await page.evaluate(DARK_PIXELS)).to.be.greaterThan(2000);
    expect(await page.textContent('[data-position]')).to.match(/^文書 1 \(1\/2\)　1\/\d+ページ$/);
    expect(complaints).to.deep.equal([]);
  });

  it('asks to look at every document, then for confirmation, and posts the digests', async () => {
    const page = await open(TELEPHONE);
    await seen(page, 1);
    expect(await page.textContent('.required')).to.equal('必須項目: 1/5');
    await page.tap('.action-bar button');
    await seen(page, 2);
    expect(await page.getAttribute('#document-2', 'aria-selected')).to.equal('true');
    expect(await page.locator('dialog').isVisible()).to.equal(false);
    const reminder = page.getByText('まだ確認していない文書です。');
    await reminder.waitFor();
    await page.tap('.action-bar button');
    expect(await page.evaluate('document.activeElement.id')).to.equal('identity');
    // It was for the document, which has been looked at.
    expect(await reminder.isVisible()).to.equal(false);
    expect(await page.textContent('#identity-fault')).to.include('チェックを入れてください。');
    expect(await page.locator('dialog').isVisible()).to.equal(false);
    await page.check('#identity');
    expect(await page.locator('#identity-fault').count()).to.equal(0);
    await page.check('#declaration');
    expect(await page.textContent('.required')).to.equal('必須項目: 4/5');
    await page.tap('.action-bar button');
    await page.locator('dialog').waitFor({ state: 'visible' });
    await page.tap('dialog .primary');
    await page.waitForURL('**/consent');
    expect(site.posts).to.deep.equal([
      { path: `${consentPageSample.base}/opened`, body: '' },
      { path: `${consentPageSample.base}/consent`, body: AGREED },
    ]);
    expect(complaints).to.deep.equal([]);
  });

  it('turns tabs by keyboard, zooms, and enlarges', async () => {
    const page = await open();
    await seen(page, 1);
    await page.focus('#document-1');
    await page.keyboard.press('ArrowRight');
    await seen(page, 2);
    // What is called a tab is chosen by the space bar, too, and by Home and End (ARIA Authoring Practices: Tabs).
    const chosen = (): Promise<string | null> =>
      page.locator('[role=tab][aria-selected=true]').getAttribute('id');
    await page.keyboard.press('Home');
    expect(await chosen()).to.equal('document-1');
    await page.keyboard.press('End');
    expect(await chosen()).to.equal('document-2');
    const scrolled = await page.evaluate('scrollY');
    await page.keyboard.press('Space');
    expect(await chosen()).to.equal('document-2');
    expect(await page.evaluate('scrollY')).to.equal(scrolled);
    const width = (): Promise<number> =>
      page
        .locator('.page')
        .first()
        .evaluate((slot) => slot.clientWidth);
    const fitted = await width();
    await page.click('[data-zoom=in]');
    expect(await width()).to.be.greaterThan(fitted);
    await page.click('[data-zoom=fit]');
    expect(await width()).to.equal(fitted);
    await page.click('[data-expand]');
    expect(await page.locator('.viewer').evaluate((viewer) => viewer.clientHeight)).to.equal(
      page.viewportSize()!.height,
    );
    await page.keyboard.press('Escape');
    expect(await page.getAttribute('[data-expand]', 'aria-pressed')).to.equal('false');
    expect(complaints).to.deep.equal([]);
  });

  it('zooms by keys, lists the pages, and finds words across lines', async () => {
    const page = await open();
    await seen(page, 1);
    const width = (): Promise<number> =>
      page
        .locator('.page')
        .first()
        .evaluate((slot) => slot.clientWidth);
    const fitted = await width();
    await page.focus('#pages');
    await page.keyboard.press('+');
    expect(await width()).to.be.greaterThan(fitted);
    await page.keyboard.press('0');
    expect(await width()).to.equal(fitted);
    await page.keyboard.press('-');
    expect(await width()).to.be.lessThan(fitted);
    await page.keyboard.press('0');

    await page.getByRole('button', { name: 'ページ一覧' }).click();
    const last = page.locator('.page-list button').last();
    await page.locator('.page-list canvas').first().waitFor();
    await last.click();
    const pages = await page.locator('.page').count();
    await page.getByText(`${pages}/${pages}ページ`).waitFor();
    expect(await last.getAttribute('aria-current')).to.equal('true');

    const count = page.locator('[data-find-count]');
    await page.getByLabel('文書内の検索').fill('工事 請負');
    await page.keyboard.press('Enter');
    await page.locator('.hit.current').waitFor();
    const hits = Number(/^\d+\/(\d+)件$/.exec((await count.textContent()) ?? '')?.[1]);
    expect(hits).to.be.greaterThan(1);
    await page.getByRole('button', { name: '前へ' }).click();
    await page.getByText(`/${hits}件`).waitFor();
    await page.getByLabel('文書内の検索').fill('どこにもない言葉');
    await page.keyboard.press('Enter');
    await page.getByText('見つかりません').waitFor();
    expect(await page.locator('.hit').count()).to.equal(0);
    expect(complaints).to.deep.equal([]);
  });

  it('zooms by two fingers on a telephone', async () => {
    const page = await open(TELEPHONE);
    await seen(page, 1);
    const width = (): Promise<number> =>
      page
        .locator('.page')
        .first()
        .evaluate((slot) => slot.clientWidth);
    const fitted = await width();
    await page.locator('#pages').scrollIntoViewIfNeeded();
    const { x, y } = (await page.locator('#pages').boundingBox())!;
    const hands = await page.context().newCDPSession(page);
    const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) => {
      const at = (from: number) => ({ x: x + 150 + from, y: y + 60 });
      const touchPoints = type === 'touchEnd' ? [] : [at(-apart / 2), at(apart / 2)];
      return hands.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    await fingers('touchStart', 60);
    await fingers('touchMove', 120);
    await fingers('touchEnd', 0);
    expect((await width()) / fitted).to.be.closeTo(2, 0.05);
    expect(complaints).to.deep.equal([]);
  });

  it('says that a picture of a contract holds no words to find', async () => {
    const page = await open();
    await seen(page, 1);
    await page.route('**/documents/2', (route) =>
      route.fulfill({ body: PICTURE, contentType: 'application/pdf' }),
    );
    await page.click('#document-2');
    await seen(page, 2);
    await page.getByLabel('文書内の検索').fill('工事');
    await page.getByRole('button', { name: '次へ' }).click();
    await page.getByText('検索できる文字がない文書です').waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it('lets nothing within a PDF act: no script, link, field or form', async () => {
    const page = await open();
    const asked: string[] = [];
    let dialogs = 0;
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    page.on('dialog', (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await seen(page, 1);
    await page.route('**/documents/2', (route) =>
      route.fulfill({ body: LIVELY, contentType: 'application/pdf' }),
    );
    await page.click('#document-2');
    await seen(page, 2);
    expect(await page.evaluate(DARK_PIXELS), 'its text is drawn').to.be.greaterThan(50);
    const before = page.url();
    await page.locator('#pages .page').first().click();
    await page.keyboard.press('Enter');
    const live = page
      .locator('#pages')
      .locator('a, input, button, textarea, iframe, form, [contenteditable]');
    expect(await live.count()).to.equal(0);
    expect(page.url()).to.equal(before);
    expect(dialogs).to.equal(0);
    expect(new Set(asked.filter((origin) => origin !== 'null'))).to.deep.equal(new Set([site.origin]));
    expect(complaints).to.deep.equal([]);
  });

  it('tells that a person has opened it once hands have touched it, and not before', async () => {
    const page = await open();
    await seen(page, 1);
    // What scripts do by themselves is no gesture.
    await page.evaluate(`document.querySelector('[data-zoom=in]').click();
      window.dispatchEvent(new PointerEvent('pointerdown')); window.dispatchEvent(new KeyboardEvent('keydown'))`);
    await page.click('#document-2');
    await seen(page, 2);
    await page.keyboard.press('Tab');
    expect(site.posts).to.deep.equal([{ path: `${consentPageSample.base}/opened`, body: '' }]);
    expect(complaints).to.deep.equal([]);
  });

  it('fits a telephone of 390 pixels without scrolling sideways', async () => {
    const page = await open(TELEPHONE);
    await seen(page, 1);
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(TELEPHONE.viewport.width);
  });

  it('brings the download to where a document cannot be shown', async () => {
    const page = await open({ viewport: { width: 375, height: 667 } });
    await seen(page, 1);
    await page.route('**/documents/2', (route) => route.fulfill({ status: 500, body: '' }));
    await page.click('#document-2');
    const told = page.getByText('ここには表示できませんでした。');
    await told.waitFor();
    // In sight with the tabs on a telephone, too: nothing lies over it.
    await page.locator('.documents').evaluate((section) => section.scrollIntoView());
    const [sentence, bar] = [await told.boundingBox(), await page.locator('.action-bar').boundingBox()];
    expect(sentence!.y + sentence!.height).to.be.at.most(bar!.y);
    // Only the mark is of interest, not the saved file.
    await page.evaluate(`document.addEventListener('click', (event) => event.preventDefault())`);
    // Below the boxes of many documents the list of downloads is far away.
    await told.getByRole('link', { name: '「金抜き設計書」をダウンロードする' }).click();
    await seen(page, 2);
    await page.click('#document-1');
    await told.waitFor({ state: 'hidden' });
  });

  it('leads through its confirmation page without JavaScript', async () => {
    const page = await open({ ...TELEPHONE, javaScriptEnabled: false });
    expect(await page.locator('.viewer').isVisible()).to.equal(false);
    expect(await page.getAttribute('#document-2', 'href')).to.equal(`${consentPageSample.base}/documents/2`);
    await page.check('#identity');
    await page.check('#declaration');
    await page.tap('.action-bar button');
    await page.waitForURL('**/confirm');
    await page.tap('form .primary');
    await page.waitForURL('**/consent');
    expect(site.posts.map(({ path }) => path)).to.deep.equal([
      `${consentPageSample.base}/confirm`,
      `${consentPageSample.base}/consent`,
    ]);
    expect(site.posts.map(({ body }) => body)).to.deep.equal([AGREED, AGREED]);
  });
});
