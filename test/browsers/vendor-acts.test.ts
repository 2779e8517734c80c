/**
 * What a vendor is asked for beside the consent, and does instead of it: access code, signing PIN, question, wish for paper; in
 * both browsers, with and without scripts, by keys alone and by touch.
 */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { contractCalled, drafted } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SATO, type World, YAMADA } from '../support/world.ts';
import type { Visitor } from './driver.ts';
import { onMachines } from './machines.ts';

const CHOSEN = 'Nagisa0427';
/** Chromium says of any page with such a status that it failed to load. */
const NOT_TAKEN = /^Failed to load resource: .* status of 422 /;

describe('a vendor at a browser, beside the plain consent', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '100000',
        // Whoever has no PIN is asked for the access code.
        KEIYAKUBIN_MUNICIPALITIES__0__SECOND_FACTOR: 'pin',
      },
    });
    await world.start();
  });
  after(() => world.close());

  let numbers = 20_000;
  /** A contract that was released; the receipt and the vendor's request. */
  const asked = async (
    title: string,
    vendor = YAMADA,
    lines: readonly string[] = [],
  ): Promise<{ receipt: ReceivedMail; request: ReceivedMail }> => {
    const receipt = await drafted(world, title, { lines });
    await world.reply(SATO, receipt, '依頼');
    return { receipt, request: await world.next(vendor, new RegExp(`より${title}への署名依頼`)) };
  };
  const factorsOf = async (title: string): Promise<unknown[]> => {
    const { id } = await contractCalled(world, title);
    const history = await world.look(({ knex }, store) => store.history(knex, id));
    return history.flatMap((event) => (event.type === 'ConsentGiven' ? [event.evidence.factor] : []));
  };

  onMachines(['desk, by keys alone', 'telephone, by touch'], (arrive, { scripts, hands }) => {
    let visitor: Visitor;
    beforeEach(async () => {
      visitor = await arrive();
    });
    afterEach(async () => {
      await visitor.leave();
      expect(visitor.complaints.filter((text) => !NOT_TAKEN.test(text))).to.deep.equal([]);
    });

    /** With scripts, resolves when the document is drawn: what is left before complains of what it has not fetched. */
    const contractShown = async (title: string): Promise<void> => {
      await visitor.heading(title);
      if (scripts) await visitor.until(`document.querySelector('[data-pages] canvas') !== null`);
    };
    const openContract = async (mail: ReceivedMail, title: string): Promise<void> => {
      await visitor.open(linkIn(mail));
      await contractShown(title);
    };
    /** Enters `wrong`, is told so beside the field, enters `right`. */
    const consentWith = async (field: string, wrong: string, right: string): Promise<void> => {
      await visitor.tickAll();
      await visitor.write(field, wrong);
      await visitor.press('button', '完了する');
      if (!scripts) await visitor.heading('同意の確認');
      await visitor.press('button', '署名手続きを完了する');
      await visitor.until(`document.querySelector('#factor-fault')?.textContent.includes('違います')`);
      await visitor.write(field, right);
      await visitor.press('button', '署名手続きを完了する');
      await visitor.heading('署名の手続きが完了しました');
    };

    it('asks a question, goes back, and wishes for a contract on paper', async () => {
      const title = `質問のある工事${numbers++}`;
      await openContract((await asked(title)).request, title);
      await visitor.press('fold', '担当者に質問する');
      await visitor.press('button', '質問を送る');
      await visitor.until(
        `document.querySelector('#question-fault')?.textContent.includes('書いてください')`,
      );
      await visitor.write('質問', '工期は延ばせますか。');
      await visitor.press('button', '質問を送る');
      await visitor.heading('質問をお送りしました');
      expect((await world.next(SATO, new RegExp(`質問.*${title}`))).text).to.include('工期は延ばせますか。');
      await visitor.press('link', '手続きの画面に戻る');
      await contractShown(title);
      expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
      await visitor.press('fold', '紙の契約を希望する');
      await visitor.press('button', '紙の契約を希望する');
      await visitor.heading('「紙の契約」と承りました');
      await world.next(SATO, new RegExp(`^【紙の契約を希望】.*${title}$`));
      expect(await contractCalled(world, title)).to.include({ state: 'declined' });
    });

    it('consents with the access code that was told by telephone, after a wrong one', async () => {
      const title = `コードのある工事${numbers++}`;
      const { receipt, request } = await asked(title);
      const [, code = ''] = /アクセスコード[\s：:]*(\d{4}-\d{4})（/.exec(receipt.text) ?? [];
      await openContract(request, title);
      await consentWith('アクセスコード', 'chigau', code);
      expect(await factorsOf(title)).to.deep.equal(['code']);
    });

    // Chromium's emulated finger loses what is typed within a second after two taps at one place, as for two fields in a row.
    if (hands === 'touch') return;
    it('chooses a signing PIN with its registration, and consents with it', async () => {
      const number = String(numbers++);
      const title = `暗証番号のある工事${number}`;
      const vendor = { name: '山田太郎', address: `daihyo@shinki${number}.example.jp` };
      const row = {
        整理番号: number,
        締結権限者メールアドレス: vendor.address,
        契約件名: title,
      };
      const csv = [{ filename: '登録.csv', content: feedOf(feedRow(row)) }];
      await world.mail({ to: 'touroku@mihon.example.jp', subject: '登録', text: 'お願いします。', pdf: csv });
      await visitor.open(linkIn(await world.next(vendor, /メールアドレスの登録確認のお願い/)));
      await visitor.tickAll();
      await visitor.write('署名用暗証番号', CHOSEN);
      await visitor.write('署名用暗証番号（もう一度）', 'Nagisa');
      await visitor.press('button', '受信を確認する');
      await visitor.until(`document.querySelector('#pin-again-fault')?.textContent.includes('違います')`);
      await visitor.write('署名用暗証番号', CHOSEN);
      await visitor.write('署名用暗証番号（もう一度）', CHOSEN);
      await visitor.press('button', '受信を確認する');
      await visitor.heading('受信を確認しました');
      const line = `契約相手方：株式会社サンプル 代表取締役 ${vendor.name} <${vendor.address}>`;
      await openContract((await asked(title, vendor, [line])).request, title);
      await consentWith('署名用暗証番号', 'chigau1', CHOSEN);
      expect(await factorsOf(title)).to.deep.equal(['pin']);
    });
  });
});
