/** A contract's whole life by mail alone, whatever addresses can carry: from the draft to 控え, with all that goes wrong on the way. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { completion, contractCalled, drafted, mailsTo, replyWithFiles } from '../support/acts.ts';
import { failureReport } from '../support/letters.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const NEW = { name: '山田太郎', address: 'yamada@new.sample.example.jp' };
const ADDRESSES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['with subaddresses and VERP', {}],
  [
    'without subaddresses and VERP',
    { KEIYAKUBIN_MUNICIPALITIES__0__SUBADDRESSING: 'none', KEIYAKUBIN_MUNICIPALITIES__0__VERP: 'false' },
  ],
];

for (const [how, env] of ADDRESSES) {
  describe(`a whole life by mail, ${how}`, () => {
    const title = '市道2号線舗装工事';
    const again = '市道3号線舗装工事';
    let world: World;
    before(async () => {
      world = await createWorld({ env: { ...env, KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '3600' } });
      await world.start();
    });
    after(() => world.close());

    /** Makes what the contract would do later due now; the question wakes the worker. */
    const bring = async (of: string, effect: string): Promise<void> => {
      const { id } = await contractCalled(world, of);
      const due = { not_before: '2026-01-01T00:00:00.000Z' };
      const brought = await world.look(({ knex }) =>
        knex('outbox').where('key', 'like', `${id}:%:${effect}:%`).whereNull('done_at').update(due),
      );
      expect(brought, effect).to.be.at.least(1);
      const [receipt] = mailsTo(world, SATO, new RegExp(`まだ送っていません.*${of}`));
      await world.reply(SATO, receipt!, '状況');
    };
    const answer = (who: typeof SATO, kind: string, of: string) =>
      world.next(who, new RegExp(`^【${kind}】.*${of}$`));

    it('is stopped within the delay after 依頼, and nobody else hears of it', async () => {
      const receipt = await drafted(world, title);
      await world.reply(SATO, receipt, '契約金額：2,200,000円（税込）');
      const corrected = await world.next(SATO, new RegExp(`受付.* ${title}$`));
      expect(corrected.text).to.include('2,200,000円');
      // The document still says another amount: the receipt warns.
      expect(corrected.text).to.include('金額（1,100,000円）が違います').and.to.include('「依頼 確認済」');
      const right = buildPdf(onePage()).bytes;
      await replyWithFiles(world, SATO, corrected, '', [{ filename: '契約書.pdf', content: right }]);
      const replaced = await world.next(SATO, new RegExp(`受付.* ${title}$`));
      expect(replaced.text)
        .to.include('文書1「契約書」を同じファイル名の新しいPDFに差し替えました。')
        .and.include('2,200,000円');
      const { documents, terms } = await contractCalled(world, title);
      expect(documents.map(({ upload }) => upload.size)).to.deep.equal([right.length]);
      expect(terms.amountYen).to.equal(2_200_000);
      await world.reply(SATO, corrected, '依頼 確認済');
      expect((await answer(SATO, 'お受けできません', title)).text).to.include(
        '新しいメールをお送りしています',
      );
      await world.reply(SATO, replaced, '依頼 確認済');
      const accepted = await world.next(SATO, new RegExp(`に送ります】.*${title}$`));
      await world.reply(SATO, accepted, '中止 設計書の差し替えのため');
      expect((await answer(SATO, '中止しました', title)).text).to.include('まだどなたにも送っていなかった');
      expect(mailsTo(world, YAMADA, /./)).to.deep.equal([]);
    });

    it('goes on over a bounce, a change of address with a second person and a reminder to conclusion and 控え', async () => {
      const receipt = await drafted(world, again);
      await world.reply(SATO, receipt, '依頼');
      await world.next(SATO, new RegExp(`に送ります】.*${again}$`));
      await bring(again, 'prepare');
      const request = await world.next(YAMADA, new RegExp(`より${again}への署名依頼`));
      expect(request.from === GATEWAY_ADDRESS).to.equal(how.startsWith('without'));

      const report = failureReport(request, '5.1.1', '550 5.1.1 User unknown');
      await world.mailRaw(report, { from: '', to: request.from });
      const undelivered = await world.next(SATO, new RegExp(`^【届いていません】${again}の署名依頼$`));
      await world.reply(SATO, undelivered, `宛先変更 ${NEW.address}`);
      await answer(SATO, '宛先変更を確認中です', again);
      await world.reply(SUZUKI, await answer(SUZUKI, '宛先変更の確認', again), '承認');
      await answer(SATO, '宛先を変更しました', again);
      await world.next(NEW, new RegExp(`^【宛先変更のお知らせ】${again}$`));
      const fresh = await world.next(NEW, new RegExp(`より${again}への署名依頼`));

      await bring(again, 'remind-after-7');
      const reminder = await world.next(NEW, new RegExp(`^【再送】.*${again}への署名依頼`));
      expect(linkIn(reminder)).to.equal(linkIn(fresh));

      await world.reply(NEW, reminder, '数量を確認しました。これから署名します。');
      const passedOn = await answer(SATO, '相手方からの返信', again);
      expect(passedOn.text).to.include('これから署名します').and.to.include(NEW.address);
      await world.next(NEW, new RegExp(`^【担当へお伝えしました】${again}$`));

      await consentByLink(reminder);
      const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${again}（`));
      await world.reply(SATO, passedOn, '状況');
      const history = [
        '不達',
        `宛先を変更（元の宛先：${YAMADA.address}）`,
        '依頼のメールをもう一度送信',
        '依頼のメールをもう一度送信',
        '開封（人が画面を操作）',
        '画面で同意',
      ].map((event) => `・\\d+月\\d+日\\d+時\\d+分 ${event}\n`);
      const statuses = async (): Promise<string> => {
        for (;;) {
          const { text } = await answer(SATO, '状況', again);
          if (text.includes('画面で同意')) return text;
        }
      };
      expect(await statuses()).to.match(new RegExp(history.join('')));
      await world.reply(SUZUKI, approval, '承認');
      for (const who of [NEW, SUZUKI, SATO]) await completion(world, who, again);

      await world.reply(SATO, passedOn, '控え');
      const copies = await answer(SATO, '控え', again);
      expect(copies.attachments[0]!.fileName).to.match(/^\d{8}_株式会社サンプル_1100000_.*\.pdf$/);
      expect(await contractCalled(world, again)).to.include({ state: 'concluded' });
    });
  });
}
