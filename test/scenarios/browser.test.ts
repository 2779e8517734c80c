/** The pages as people meet them: a real Chromium on a real gateway, from the link in the mail to the downloaded PDF. */
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { approvalAsked, completion, contractCalled, requested } from '../support/acts.ts';
import { documentsSeen, openBrowser, TELEPHONE, watchedPage } from '../support/browser.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import { createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

describe('pages in a browser', () => {
  let world: World;
  let browser: Browser;
  let complaints: readonly string[];

  before(async () => {
    world = await createWorld({ env: { KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '10000' } });
    await world.start();
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await world.close();
  });

  async function openLink(mail: ReceivedMail, options: BrowserContextOptions = {}): Promise<Page> {
    const watched = await watchedPage(browser, options);
    complaints = watched.complaints;
    await watched.page.goto(linkIn(mail));
    return watched.page;
  }
  const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent();
  /** Name and title, and the declaration where it is asked for. */
  const tickAll = async (page: Page): Promise<void> => {
    for (const box of await page.getByRole('checkbox').all()) await box.check();
  };
  const noScrollingSideways = async (page: Page): Promise<void> => {
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).to.be.at.most(page.viewportSize()!.width);
  };

  it('leads the vendor through every document to the consent', async () => {
    const title = '市道2号線舗装工事';
    const pdf = [
      { filename: '契約書.pdf', content: await samplePdf() },
      { filename: '別紙.pdf', content: Buffer.from(pdfFixture('libreoffice')) },
    ];
    const page = await openLink(await requested(world, title, { pdf }));
    expect(await heading(page)).to.equal(title);
    await page.locator('.textLayer span').first().waitFor({ state: 'attached' });
    const words = (await page.locator('.textLayer').first().textContent()) ?? '';
    expect(words.replace(/\s/g, '')).to.include('工事請負契約書');
    await documentsSeen(page, 1);
    expect(await page.textContent('.required')).to.equal('必須項目: 1/5');

    await page.getByRole('button', { name: '完了する', exact: true }).click();
    await documentsSeen(page, 2);
    expect(await page.textContent('[data-position]')).to.match(/^文書 2 \(2\/2\)/);
    expect(await page.locator('dialog').isVisible()).to.equal(false);
    await tickAll(page);
    expect(await page.textContent('.required')).to.equal('必須項目: 4/5');
    await page.getByRole('button', { name: '完了する', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).to.include('株式会社サンプル 代表取締役 山田太郎様として');
    await dialog.getByRole('button', { name: '署名手続きを完了する' }).click();
    await page.getByRole('heading', { name: '署名の手続きが完了しました' }).waitFor();
    const done = (await page.textContent('main')) ?? '';
    const { documents } = await contractCalled(world, title);
    const consented = documents.map(({ revisions }) => revisions[0]!.sha256);
    expect(consented).to.have.length(2);
    for (const digest of consented) expect(done).to.include(digest);
    expect(complaints).to.deep.equal([]);
  });

  it('works on a telephone of 390 pixels, by touch', async () => {
    const title = '市道3号線舗装工事';
    const page = await openLink(await requested(world, title), TELEPHONE);
    await documentsSeen(page, 1);
    await noScrollingSideways(page);
    const button = page.getByRole('button', { name: '完了する', exact: true });
    const { height } = (await button.boundingBox())!;
    expect(height).to.be.at.least(44);
    await tickAll(page);
    await button.tap();
    await page.getByRole('dialog').getByRole('button', { name: '署名手続きを完了する' }).tap();
    await page.getByRole('heading', { name: '署名の手続きが完了しました' }).waitFor();
    await noScrollingSideways(page);
    expect(complaints).to.deep.equal([]);
  });

  it('declines with a reason, which the initiator reads', async () => {
    const title = '市道4号線舗装工事';
    const page = await openLink(await requested(world, title), TELEPHONE);
    await documentsSeen(page, 1);
    await page.getByText('同意せずに却下する').first().tap();
    await page.getByLabel(/理由/).fill('金額が見積書と違います。\n確認してください。');
    await page.getByRole('button', { name: '同意せずに却下する' }).tap();
    await page.getByRole('heading', { name: '却下しました' }).waitFor();
    const mail = await world.next(SATO, new RegExp(`却下.*${title}|${title}.*却下`));
    expect(mail.text).to.include('金額が見積書と違います。').and.to.include('確認してください。');
    expect(await contractCalled(world, title)).to.include({ state: 'declined' });
    expect(complaints).to.deep.equal([]);
  });

  it('takes a consent back and leads to the documents again', async () => {
    const title = '市道5号線舗装工事';
    const { request, approval } = await approvalAsked(world, title);
    const page = await openLink(request);
    expect(await heading(page)).to.equal('署名の手続きが完了しました');
    await page.getByText('同意を取り消す').first().click();
    await page.getByRole('button', { name: '同意を取り消す' }).click();
    await page.getByRole('heading', { name: '同意を取り消しました' }).waitFor();
    await page.getByRole('link', { name: '文書の確認に戻る' }).click();
    await documentsSeen(page, 1);
    expect(await heading(page)).to.equal(title);
    expect(complaints).to.deep.equal([]);
    const approver = await openLink(approval);
    expect(await heading(approver)).to.equal('このURLは新しいものに替わりました');
  });

  it('works without JavaScript', async () => {
    const title = '市道6号線舗装工事';
    const page = await openLink(await requested(world, title), { javaScriptEnabled: false, ...TELEPHONE });
    expect(await page.locator('.viewer').isVisible()).to.equal(false);
    const pdf = await fetch(new URL((await page.getAttribute('#document-1', 'href'))!, page.url()));
    expect(pdf.headers.get('content-type')).to.equal('application/pdf');
    await page.getByRole('button', { name: '完了する', exact: true }).tap();
    await page.getByRole('heading', { name: '同意の確認' }).waitFor();
    await noScrollingSideways(page);
    // Nothing was ticked yet: the server asks for it.
    await page.getByRole('button', { name: '署名手続きを完了する' }).tap();
    await page.getByRole('heading', { name: '手続きはまだ終わっていません。' }).waitFor();
    expect((await contractCalled(world, title)).steps[0]!.consent).to.equal(null);
    await tickAll(page);
    await page.getByRole('button', { name: '署名手続きを完了する' }).tap();
    await page.getByRole('heading', { name: '署名の手続きが完了しました' }).waitFor();
    const { steps } = await contractCalled(world, title);
    expect(steps[0]!.consent).not.to.equal(null);
  });

  it('lets the approver consent on the page, and everybody download the executed PDF', async () => {
    const title = '市道7号線舗装工事';
    const { approval } = await approvalAsked(world, title);
    const page = await openLink(approval);
    await documentsSeen(page, 1);
    expect(await page.textContent('.request')).to.include('見本市長名義の契約として確定します。');
    expect(await page.textContent('.facts')).to.include('総管第45号');
    await tickAll(page);
    await page.getByRole('button', { name: '完了する', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '承認を完了する' }).click();
    await page.getByRole('heading', { name: '承認の手続きが完了しました' }).waitFor();
    expect(await page.textContent('main'))
      .to.include('全員の同意がそろいました。')
      .and.not.to.include('同意を取り消す');
    expect(complaints).to.deep.equal([]);

    for (const who of [YAMADA, SUZUKI, SATO]) {
      const completed = await completion(world, who, title);
      const downloads = await openLink(completed, who === YAMADA ? TELEPHONE : {});
      expect(await heading(downloads)).to.equal('署名完了文書ダウンロード');
      await noScrollingSideways(downloads);
      const links = downloads.getByRole('link', { name: /をダウンロード$/ });
      expect(await links.count()).to.equal(completed.attachments.length);
      const zip = await downloaded(downloads, downloads.getByRole('link', { name: /ZIP/ }));
      for (const [index, attachment] of completed.attachments.entries()) {
        const file = await downloaded(downloads, links.nth(index));
        expect(file.name).to.equal(attachment.fileName);
        expect(file.content.equals(attachment.content)).to.equal(true);
        // Entries are stored as they are, names in UTF-8 (APPNOTE 4.4.4, 4.4.5).
        expect(zip.content.includes(attachment.content)).to.equal(true);
        expect(zip.content.includes(attachment.fileName)).to.equal(true);
      }
      expect(complaints).to.deep.equal([]);
    }
  });

  it('shows what has become of the link to whoever opens it again', async () => {
    const request = await requested(world, '市道8号線舗装工事');
    await consentByLink(request);
    const page = await openLink(request);
    expect(await heading(page)).to.equal('署名の手続きが完了しました');
    await page.goto(`${linkIn(request).slice(0, -4)}2222`);
    expect(await heading(page)).to.equal('ページが見つかりません');
  });
});

/** What a click on the link leaves in the downloads folder. */
async function downloaded(page: Page, link: Locator): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}
