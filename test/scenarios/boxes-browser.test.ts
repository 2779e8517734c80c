/** Filling in a document's boxes in Chromium (R27): live counts, the way to each place in the document, complaints, corrections. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { linkIn } from '../../demo/mailboxes.ts';
import { contractCalled, requested } from '../support/acts.ts';
import { openBrowser, documentsSeen as seen, TELEPHONE, watchedPage } from '../support/browser.ts';
import { formPdf, states, unicode, widget } from '../support/pdf-forms.ts';
import { createWorld, SUZUKI, samplePdf, type World } from '../support/world.ts';

const FORM = formPdf([
  widget(720, `/FT /Tx /T (address) /TU ${unicode('住所')} /Ff 2 /MK <</BC [0]>>`, [300, 24]),
  widget(680, `/FT /Tx /T (number) /TU ${unicode('法人番号')} /Ff 16777216 /MaxLen 13 /MK <</BC [0]>>`),
  widget(640, `/FT /Btn /T (received) /TU ${unicode('設計図書の受領')} /Ff 2 ${states('Yes')}`, [14, 14]),
]);

/** For the browser: dark pixels within the first box of page 1. A string, since our compiler knows no DOM. */
const INK_IN_ADDRESS = `(() => {
  const canvas = document.querySelector('.page canvas');
  const scale = canvas.width / 595;
  const { data } = canvas.getContext('2d').getImageData(103 * scale, 101 * scale, 290 * scale, 18 * scale);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
  return dark;
})()`;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const BARRIERS = `axe.run().then(({ violations }) =>
  violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id))`;

describe('boxes in a browser', () => {
  let world: World;
  let browser: Browser;
  before(async () => {
    world = await createWorld();
    await world.start();
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await world.close();
  });

  async function open(title: string, options: BrowserContextOptions = {}) {
    const pdf = [
      { filename: '契約書.pdf', content: FORM },
      { filename: '設計書.pdf', content: await samplePdf() },
    ];
    const request = await requested(world, title, { pdf });
    const watched = await watchedPage(browser, options);
    await watched.page.goto(linkIn(request));
    return watched;
  }
  const count = (page: Page): Promise<string | null> => page.textContent('.required');

  it('counts what is open, leads to it, and shows what was written before it is agreed to', async () => {
    const title = '画面で記入する工事';
    const { page, complaints } = await open(title, { viewport: { width: 1280, height: 900 } });
    await seen(page, 1);
    expect(await count(page)).to.equal('必須項目: 1/7');
    await page.click('[data-item="box-1-3"] a');
    expect(await page.evaluate('document.activeElement.id')).to.equal('box-1-3');
    await page.locator('.page .spot').waitFor();
    await page.keyboard.press('Space');
    expect(await count(page)).to.equal('必須項目: 2/7');
    expect(await page.textContent('[data-item="box-1-3"] [data-mark]')).to.equal('済');
    await page.click('#document-2');
    await seen(page, 3);
    await page.click('.action-bar button');
    expect(await page.evaluate('document.activeElement.id')).to.equal('box-1-1');
    expect(await page.textContent('#box-1-1-fault')).to.equal('記入してください。');
    await page.keyboard.type('見本市一丁目1番1号');
    expect(await page.locator('#box-1-1-fault').count()).to.equal(0);
    await page.check('#identity');
    await page.check('#declaration');
    expect(await count(page)).to.equal('必須項目: 6/7');
    await page.click('.action-bar button');
    await page.waitForURL('**/confirm');
    expect(await page.textContent('main')).to.include('見本市一丁目1番1号');
    await page.click('text=戻って直す');
    await page.waitForURL('**/edit');
    expect(await page.inputValue('#box-1-1')).to.equal('見本市一丁目1番1号');
    await page.fill('#box-1-1', '見本市二丁目2番2号');
    // The documents were looked at and the boxes ticked before: nobody is asked to do so again.
    expect(await count(page)).to.equal('必須項目: 6/7');
    await page.click('.action-bar button');
    await page.waitForURL('**/confirm');
    await page.click('form .primary');
    await page.waitForURL('**/consent');
    expect(await page.textContent('main')).to.include('見本市二丁目2番2号');
    expect(complaints).to.deep.equal([]);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await page.goto(linkIn(approval));
    await seen(page, 1);
    expect(await page.evaluate(INK_IN_ADDRESS)).to.be.greaterThan(100);
    const { steps } = await contractCalled(world, title);
    expect(steps[0]!.consent!.filled.map(({ value }) => value)).to.deep.equal([
      '見本市二丁目2番2号',
      '',
      'Yes',
    ]);
  });

  it('shows on a telephone what the server finds wrong, with the way to it', async () => {
    const { page } = await open('電話で記入する工事', TELEPHONE);
    await seen(page, 1);
    await page.fill('#box-1-1', '見本🦭市');
    for (const id of ['box-1-3', 'identity', 'declaration']) await page.check(`#${id}`);
    await page.tap('#document-2');
    await seen(page, 6);
    await page.tap('.action-bar button');
    await page.waitForURL('**/confirm');
    expect(await page.evaluate('document.activeElement.matches("[data-faults]")')).to.equal(true);
    expect(await page.textContent('#box-1-1-fault')).to.include('「🦭」');
    // What is wrong is not done: the checklist says so, and the button leads there.
    expect(await page.textContent('[data-item="box-1-1"] [data-mark]')).to.equal('未');
    expect(await page.isChecked('#box-1-3')).to.equal(true);
    await page.evaluate(AXE);
    expect(await page.evaluate(BARRIERS)).to.deep.equal([]);
    await page.tap('[data-faults] a');
    expect(await page.evaluate('document.activeElement.id')).to.equal('box-1-1');
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(TELEPHONE.viewport.width);
    await page.tap('[data-spot="box-1-1"]');
    await page.locator('.page .spot').waitFor();
  });

  it('needs no JavaScript', async () => {
    const { page } = await open('画面だけで記入する工事', { ...TELEPHONE, javaScriptEnabled: false });
    await page.tap('.action-bar button');
    await page.waitForURL('**/confirm');
    expect(await page.textContent('#box-1-1-fault')).to.equal('記入してください。');
    await page.fill('#box-1-1', '見本市三丁目');
    for (const id of ['box-1-3', 'identity', 'declaration']) await page.check(`#${id}`);
    await page.tap('.action-bar button');
    await page.tap('form .primary');
    await page.waitForURL('**/consent');
    expect(await page.textContent('main')).to.include('見本市三丁目');
  });
});
