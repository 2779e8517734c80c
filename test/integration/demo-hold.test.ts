/** `npm run demo -- --hold` as somebody tries it by hand: a contract from mailbox to mailbox in a real Chromium, then Ctrl-C. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { openMailboxWeb } from '../../demo/mailbox-web.ts';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { SATO, SUZUKI, YAMADA } from '../../demo/people.ts';
import { documentsSeen, openBrowser, TELEPHONE, watchedPage } from '../support/browser.ts';
import { type Ended, ended, startOurs } from '../support/our-process.ts';

const TITLE = '市道9号線舗装工事';

describe('the mailboxes of the demo', () => {
  let browser: Browser;

  before(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(() => browser.close());

  const noScrollingSideways = async (page: Page): Promise<void> => {
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).to.be.at.most(page.viewportSize()!.width);
  };

  describe('held open', () => {
    let folder: string;
    let demo: ChildProcess;
    let end: Promise<Ended>;
    let url: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'demo-hold-'));
      demo = startOurs('demo/main.ts', ['--hold', '--out', join(folder, 'out')]);
      end = ended(demo);
      url = await new Promise<string>((resolve, reject) => {
        createInterface({ input: demo.stdout! }).on('line', (line) => {
          const [found] = /http:\S+(?= \(Ctrl-C ends\)$)/.exec(line) ?? [];
          if (found) resolve(found);
        });
        void end.then(({ code, stderr }) => reject(new Error(`ended with ${code}: ${stderr}`)));
      });
    });
    after(async () => {
      if (demo.exitCode === null && demo.signalCode === null) {
        demo.kill('SIGKILL');
        await once(demo, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    });

    const openMail = async (page: Page, who: string, subject: RegExp): Promise<void> => {
      await page.goto(url);
      await page.getByRole('navigation').getByRole('link', { name: who }).click();
      await page.getByRole('link', { name: subject }).click();
      await page.getByRole('heading', { name: subject }).waitFor();
    };
    const answer = async (page: Page, word: string): Promise<void> => {
      await page.getByLabel('返信').fill(word);
      await page.getByRole('button', { name: '返信する' }).click();
      await page.getByRole('heading', { name: 'の受信箱' }).waitFor();
    };

    it('leads a contract through everybody’s mailbox, the vendor on a telephone', async () => {
      expect(existsSync(join(folder, 'out/result.json'))).to.equal(true);
      const { page, complaints } = await watchedPage(browser, { viewport: { width: 1280, height: 900 } });
      await page.goto(url);
      await noScrollingSideways(page);
      const text = page.getByLabel('本文');
      await text.fill((await text.inputValue()).replace('市道1号線舗装工事', TITLE));
      await page.getByRole('button', { name: '送る' }).click();
      await openMail(page, SATO.name, new RegExp(`まだ送っていません.* ${TITLE}$`));
      await answer(page, '依頼');

      const vendor = await watchedPage(browser, TELEPHONE);
      await openMail(vendor.page, YAMADA.name, new RegExp(`${TITLE}への署名依頼が届いています$`));
      await noScrollingSideways(vendor.page);
      const [consent] = await Promise.all([
        vendor.page.waitForEvent('popup'),
        vendor.page.frameLocator('iframe').getByRole('link', { name: '文書を確認する' }).tap(),
      ]);
      await documentsSeen(consent, 1);
      for (const box of await consent.getByRole('checkbox').all()) await box.check();
      await consent.getByRole('button', { name: '完了する', exact: true }).tap();
      await consent.getByRole('dialog').getByRole('button', { name: '署名手続きを完了する' }).tap();
      await consent.getByRole('heading', { name: '署名の手続きが完了しました' }).waitFor();

      await openMail(page, SUZUKI.name, new RegExp(`承認のお願い】${TITLE}（`));
      await noScrollingSideways(page);
      await answer(page, '承認');

      await page.getByRole('navigation').getByRole('link', { name: YAMADA.name }).click();
      const completions = page.getByRole('link', { name: '電子署名完了のお知らせ' });
      // Two of them came before, from what the demo played by itself.
      await completions.nth(2).waitFor();
      await completions.first().click();
      expect(await page.locator('pre').textContent()).to.match(new RegExp(`封筒：\\d{4}-\\d{4} ${TITLE}`));
      const attachment = page.getByRole('link', { name: new RegExp(`_${TITLE}\\.pdf$`) });
      const pdf = await fetch(new URL((await attachment.getAttribute('href'))!, url));
      expect(pdf.headers.get('content-type')).to.equal('application/pdf');
      expect((await pdf.text()).slice(0, 5)).to.equal('%PDF-');
      expect([...complaints, ...vendor.complaints]).to.deep.equal([]);
    });

    it('ends with 0 on Ctrl-C and takes everything with it', async () => {
      // Under npm both the terminal and npm pass the signal on.
      demo.kill('SIGINT');
      demo.kill('SIGINT');
      const { code, stderr } = await end;
      expect(code, stderr).to.equal(0);
      const gone = await fetch(url).then(
        () => 'there',
        () => 'gone',
      );
      expect(gone).to.equal('gone');
    });
  });

  it('are not waited for when Ctrl-C comes in the middle of a story: nothing is left behind', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'demo-interrupted-'));
    try {
      const args = ['--out', join(temporary, 'out')];
      const demo = startOurs('demo/main.ts', args, { TMPDIR: temporary });
      const end = ended(demo);
      for await (const line of createInterface({ input: demo.stdout! })) {
        if (line.includes('まだ送っていません')) demo.kill('SIGINT');
      }
      const { code, stderr } = await end;
      expect(code, stderr).to.equal(130);
      // tsx keeps a folder of its own for each user.
      const left = readdirSync(temporary).filter((name) => !name.startsWith('tsx-'));
      expect(left).to.deep.equal(['out']);
      expect(existsSync(join(temporary, 'out/result.json'))).to.equal(false);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });

  it('show a mail as it is: no markup of the text, no script of the HTML', async () => {
    const hostile = '<img src=x onerror="document.title=1"></textarea></pre>';
    const script = '<script>parent.document.title = 1; document.title = 1</script>';
    const mail: ReceivedMail = {
      from: SATO.address,
      to: YAMADA.address,
      raw: Buffer.alloc(0),
      messageId: '<hostile@mihon.example.jp>',
      subject: hostile,
      text: `${hostile}\nhttps://sample.example.jp/"onclick="document.title=1\njavascript:alert(1)`,
      html: `<html><head></head><body>"${hostile}${script}<p>本文</p></body></html>`,
      replyTo: SATO.address,
      references: [],
      autoSubmitted: '',
      attachments: [{ fileName: `${hostile}.pdf`, content: Buffer.from('%PDF-') }],
    };
    const mailboxes = {
      port: 0,
      mails: [mail],
      next: () => Promise.reject(new Error('unused')),
      close: async () => {},
    };
    const letter = { subject: '', text: hostile, attachments: [] };
    const web = await openMailboxWeb({ mailboxes, residents: [SATO, YAMADA], smtpPort: 0, letter });
    try {
      const { page } = await watchedPage(browser);
      for (const path of ['/', '/1', '/1/0']) {
        expect((await page.goto(web.url + path))!.status()).to.equal(200);
        expect(await page.locator('img').count(), path).to.equal(0);
        expect(await page.title()).to.equal('みんなの受信箱');
      }
      expect(await page.locator('pre').textContent()).to.equal(mail.text);
      const [link, ...others] = await page.locator('pre a').all();
      expect(others).to.deep.equal([]);
      expect(await link!.getAttribute('onclick')).to.equal(null);
      await page.frameLocator('iframe').getByText('本文').waitFor();
      expect(await page.title()).to.equal('みんなの受信箱');
      const { status, headers } = await fetch(`${web.url}/1/0/files/0`);
      expect([status, headers.get('content-type')]).to.deep.equal([200, 'application/pdf']);
      for (const path of ['/2', '/1/1', '/1/0/files/1', '/__proto__/0', '/a/b/c/d']) {
        const missing = await fetch(web.url + path);
        expect(missing.status, path).to.equal(404);
        expect(await missing.text()).to.include('そのページはありません');
      }
    } finally {
      await web.close();
    }
  });
});
