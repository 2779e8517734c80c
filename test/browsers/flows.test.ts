/**
 * What a vendor does on our pages, written once and done in Chromium and Firefox ESR, at a desk and on a telephone, by mouse,
 * by touch and by keys alone, with and without scripts.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { approvalAsked, completion, contractCalled, mailsTo, requested } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { BROWSER_PATIENCE_MS } from '../support/system.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';
import type { Machine, Visitor } from './driver.ts';
import { onMachines } from './machines.ts';

const TOUROKU = 'touroku@mihon.example.jp';
const KINDS = ['desk, by mouse', 'desk, by keys alone', 'telephone, by touch'] as const;
/** What the link to an executed file is called after. */
const DOCUMENT = '.pdf';
/** Chromium says of any page with such a status that it failed to load. */
const GONE = 'Failed to load resource: the server responded with a status of 410 (Gone)';
const NO_LIMITS = {
  KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '100000',
  KEIYAKUBIN_WEB__FRESH_LINKS_PER_ADDRESS_PER_HOUR: '1000',
};

describe('a vendor at a browser', () => {
  let world: World;
  let confirming: World;
  let executed: ReceivedMail;
  let downloads: string;

  before(async () => {
    downloads = await mkdtemp(join(tmpdir(), 'downloads-'));
    world = await createWorld({ env: NO_LIMITS });
    await world.start();
    confirming = await createWorld({
      registrations: feedOf(),
      env: { ...NO_LIMITS, KEIYAKUBIN_REGISTRATION__REQUIRE_CONFIRMATION: 'true' },
    });
    await confirming.start();
    const title = '庁舎清掃業務委託';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    executed = await completion(world, YAMADA, title);
  });
  after(async () => {
    await world.close();
    await confirming.close();
    await rm(downloads, { recursive: true, force: true });
  });

  let contracts = 0;
  const newTitle = (): string => `市道${100 + contracts++}号線舗装工事`;

  /** Mails a registration in; resolves to the mail that asks its holder to confirm. */
  const registered = async (): Promise<ReceivedMail> => {
    const number = String(20_000 + contracts++);
    const address = `daihyo@sample${number}.example.jp`;
    const row = {
      整理番号: number,
      締結権限者メールアドレス: address,
      商号又は名称: `株式会社サンプル${number}`,
    };
    const pdf = [{ filename: '登録.csv', content: feedOf(feedRow(row)) }];
    await confirming.mail({ to: TOUROKU, subject: '登録です', text: 'お願いします。', pdf });
    return confirming.next({ name: '山田太郎', address }, /メールアドレスの登録確認のお願い/);
  };

  onMachines(KINDS, flows, () => downloads);

  function flows(arrive: () => Promise<Visitor>, { scripts }: Machine): void {
    let visitor: Visitor;
    beforeEach(async () => {
      visitor = await arrive();
    });
    afterEach(async () => {
      await visitor.leave();
      expect(visitor.complaints.filter((text) => text !== GONE)).to.deep.equal([]);
    });

    /** Opens the link; with scripts, resolves when the document is drawn. */
    const openContract = async (mail: ReceivedMail, title: string): Promise<void> => {
      await visitor.open(linkIn(mail));
      await visitor.heading(title);
      if (scripts) await visitor.until(`document.querySelector('[data-pages] canvas') !== null`);
    };
    const noScrollingSideways = async (): Promise<void> => {
      const { width } = visitor.machine;
      expect(await visitor.page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
    };
    const consent = async (): Promise<void> => {
      await visitor.tickAll();
      await visitor.press('button', '完了する');
      if (!scripts) {
        await visitor.heading('同意の確認');
        await visitor.tickAll();
      }
      await visitor.press('button', '署名手続きを完了する');
      await visitor.heading('署名の手続きが完了しました');
    };

    it('consents, takes it back, and is led to the documents again', async () => {
      const title = newTitle();
      await openContract(await requested(world, title), title);
      await noScrollingSideways();
      await consent();
      await noScrollingSideways();
      const { steps } = await contractCalled(world, title);
      expect(steps[0]!.consent).not.to.equal(null);
      // The step is sealed before the next one is asked: a take-back is possible all the while.
      await visitor.press('fold', '同意を取り消す');
      await visitor.press('button', '同意を取り消す');
      await visitor.heading('同意を取り消しました');
      expect((await contractCalled(world, title)).steps[0]!.consent).to.equal(null);
      await visitor.press('link', '文書の確認に戻る');
      await visitor.heading(title);
    });

    it('declines with a reason, which the initiator reads', async () => {
      const title = newTitle();
      await openContract(await requested(world, title), title);
      await visitor.press('fold', '同意せずに却下する');
      await visitor.write('理由', '金額が見積書と違います。');
      await visitor.press('button', '同意せずに却下する');
      await visitor.heading('却下しました');
      const mail = await world.next(SATO, new RegExp(`却下.*${title}|${title}.*却下`));
      expect(mail.text).to.include('金額が見積書と違います。');
      expect(await contractCalled(world, title)).to.include({ state: 'declined' });
    });

    it('downloads the executed PDF', async () => {
      await visitor.open(linkIn(executed));
      await visitor.heading('署名完了文書ダウンロード');
      await noScrollingSideways();
      await visitor.press('link', `${DOCUMENT}をダウンロード`);
      const saved = await savedFile(downloads);
      const attached = executed.attachments.find(({ fileName }) => fileName === saved.name);
      expect(attached?.content.equals(saved.content), saved.name).to.equal(true);
    });

    it('confirms a registration', async () => {
      await visitor.open(linkIn(await registered()));
      await noScrollingSideways();
      await visitor.tickAll();
      await visitor.press('button', '受信を確認する');
      await visitor.heading('受信を確認しました');
    });

    it('has a fresh link sent in place of a voided one', async () => {
      const title = newTitle();
      const request = await requested(world, title);
      await world.reply(SATO, mailsTo(world, SATO, new RegExp(`受付.* ${title}$`))[0]!, '再送');
      const asked = new RegExp(`より${title}への署名依頼`);
      await world.next(YAMADA, asked);
      await visitor.open(linkIn(request));
      await visitor.heading('新しいものに替わりました');
      await visitor.press('button', '新しいリンクを送る');
      await visitor.until(`document.body.innerText.includes('y***@sample.example.jp')`);
      await visitor.open(linkIn(await world.next(YAMADA, asked)));
      await visitor.heading(title);
    });
  }
});

const LOOK_AGAIN_MS = 25;

/** Takes away what a browser has saved, once it is there in full: until then it has another name, or nothing in it. */
async function savedFile(folder: string): Promise<{ name: string; content: Buffer }> {
  const deadline = Date.now() + BROWSER_PATIENCE_MS;
  for (;;) {
    const names = await readdir(folder);
    const [name] = names;
    if (name !== undefined && names.length === 1 && name.endsWith('.pdf')) {
      const content = await readFile(join(folder, name));
      if (content.subarray(-6).toString().includes('%%EOF')) {
        await rm(join(folder, name));
        return { name, content };
      }
    }
    if (Date.now() > deadline)
      throw new Error(`nothing was saved in full; there are ${names.join(', ') || 'none'}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
