/** Mail gateways fetch every link, and some run its scripts: three times over, nothing of that counts as opened or consented. */
import { expect } from 'chai';
import type { Browser } from 'puppeteer-core';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { approvalAsked, completion, contractCalled, requested } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SUZUKI, type World, YAMADA } from '../support/world.ts';
import { BROWSER_NAMES, startBrowser, visit } from './driver.ts';

const TITLE = '測量業務委託';
const NEWCOMER = { name: '山田太郎', address: 'daihyo@shinki.example.jp' };
const REGISTRATION = feedRow({
  整理番号: '20001',
  締結権限者メールアドレス: NEWCOMER.address,
  商号又は名称: '株式会社新規',
});
const ROUNDS = 3;
const OPENED = 'link opened by a person';

describe('a scanner', () => {
  let world: World;
  let request: ReceivedMail;
  let executed: ReceivedMail;
  let confirmation: ReceivedMail;
  before(async () => {
    world = await createWorld({ env: { KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '100000' } });
    await world.start();
    const concluded = '庁舎清掃業務委託';
    const { approval } = await approvalAsked(world, concluded);
    await world.reply(SUZUKI, approval, '承認');
    executed = await completion(world, YAMADA, concluded);
    const pdf = [{ filename: '登録.csv', content: feedOf(REGISTRATION) }];
    await world.mail({ to: 'touroku@mihon.example.jp', subject: '登録です', text: 'お願いします。', pdf });
    confirmation = await world.next(NEWCOMER, /メールアドレスの登録確認のお願い/);
    request = await requested(world, TITLE);
  });
  after(() => world.close());

  /** What GET and HEAD of a page and of everything it leads to answer. */
  const crawl = async (link: string): Promise<void> => {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(link, { method });
      expect(response.status, method).to.equal(200);
      for (const [, href] of (await response.text()).matchAll(
        /(?:href|src|action|formaction)="(\/[^"]*)"/g,
      )) {
        const { status, body } = await fetch(new URL(href!, link), { method });
        await body?.cancel();
        // What only takes a POST is not there for these.
        expect(status, `${method} ${href!.replace(/[a-z2-7]{42}/, '…')}`).to.be.oneOf([200, 404]);
      }
    }
  };
  /** The contracts and what is confirmed, as they are stored. */
  const stored = async (): Promise<unknown> => [
    await contractCalled(world, TITLE),
    await world.look(({ knex }) =>
      knex('registry').orderBy('id').select('id', 'confirmed_at', 'accepted_version'),
    ),
  ];

  for (const name of BROWSER_NAMES) {
    describe(`that runs scripts in ${name}`, () => {
      let browser: Browser;
      before(async () => {
        browser = await startBrowser(name, true);
      });
      after(() => browser.close());

      it('opens nothing and agrees to nothing, however often it comes', async () => {
        const before = await stored();
        for (let round = 0; round < ROUNDS; round++) {
          for (const mail of [request, executed, confirmation]) {
            const link = linkIn(mail);
            await crawl(link);
            const scanner = await visit(browser, { width: 1280, height: 900, hands: 'mouse', scripts: true });
            await scanner.open(link);
            if (mail === request)
              await scanner.until(`document.querySelector('[data-pages] canvas') !== null`);
            await scanner.leave();
          }
        }
        expect(await stored()).to.deep.equal(before);
        const { id } = await contractCalled(world, TITLE);
        const told = world.log.filter((line) => line.includes(id));
        expect(told.filter((line) => line.includes('link fetched')).length).to.be.at.least(ROUNDS * 3);
        expect(told.filter((line) => line.includes(OPENED))).to.deep.equal([]);
      });
    });
  }

  // In a group of its own, so that it comes last.
  describe('has gone when the person comes', () => {
    it('and the first touch is the opening', async () => {
      const browser = await startBrowser('Chromium', true);
      const person = await visit(browser, { width: 1280, height: 900, hands: 'mouse', scripts: true });
      await person.open(linkIn(request));
      await person.until(`document.querySelector('[data-pages] canvas') !== null`);
      await person.page.keyboard.press('Tab');
      const { id } = await contractCalled(world, TITLE);
      await world.logged(new RegExp(`"contract":"${id}".*${OPENED}`));
      expect((await contractCalled(world, TITLE)).steps[0]!.consent).to.equal(null);
      await person.open(linkIn(confirmation));
      await person.tickAll();
      await person.press('button', '受信を確認する');
      await person.heading('受信を確認しました');
      await browser.close();
    });
  });
});
