/** What was sent back, withdrawn or ran out comes in anew by a reply with just the lines and PDFs that change (R29). */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { approvalAsked, contractCalled, drafted, replyWithFiles, requested } from '../support/acts.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const OTHER_PDF = buildPdf(onePage()).bytes;

describe('a contract that has ended', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  it('after 差戻し comes in anew with a corrected line, its documents stay, and it goes its way', async () => {
    const title = '差し戻して直す工事';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '差戻し 金額が決裁と違います');
    const told = await world.next(SATO, new RegExp(`^【差し戻されました】.*${title}$`));
    await world.reply(SATO, told, '契約金額：2,200,000円（税込）');
    const receipt = await world.next(SATO, new RegExp(`^【まだ送っていません】受付.* ${title}$`));
    expect(receipt.text).to.include('2,200,000円').and.to.include('総管第45号');
    const [ended, anew] = (await world.contracts()).filter((one) => one.title === title);
    expect(ended).to.include({ state: 'declined' });
    expect(anew).to.include({ state: 'draft' });
    expect(anew!.number).to.not.equal(ended!.number);
    expect(receipt.text).to.include(`もとの受付：${ended!.number}`);
    for (const [who, mail] of [
      [SATO, told],
      [SUZUKI, approval],
    ] as const) {
      await world.reply(who, mail, '状況');
      const standing = await world.next(who, new RegExp(`^【状況】受付${ended!.number} ${title}$`));
      expect(standing.text, who.name)
        .to.include(`新しい受付：${anew!.number} ${title}\nまだ送っていません。`)
        .and.include(`件名に「${anew!.number}」、1行目に「状況」と書いた`)
        .and.not.include('もう一度お願いするときは');
    }
    await world.reply(SUZUKI, approval, '承認');
    const late = await world.next(SUZUKI, new RegExp(`^【お受けできません】.*${title}$`));
    expect(late.text).to.include('同意が得られず終わりました').and.include(`新しい受付：${anew!.number}`);
    await world.mail({ from: SUZUKI, subject: anew!.number, text: '状況' });
    const asked = await world.next(SUZUKI, new RegExp(`^【状況】受付${anew!.number} ${title}$`));
    expect(asked.text)
      .to.include(`もとの受付：${ended!.number}（締結されずに終わったため`)
      .and.not.include('新しい受付：');
    await world.reply(SATO, receipt, '控え');
    const copies = await world.next(SATO, new RegExp(`^【控え】.*${title}$`));
    expect(copies.attachments[0]!.content.equals(await samplePdf())).to.equal(true);
    await world.reply(SATO, receipt, '依頼 確認済');
    await consentByLink(await world.next(YAMADA, new RegExp(`より${title}への署名依頼`)));
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
  });

  it('after 却下 and 中止 takes a PDF of the same name in the place of the old one', async () => {
    const title = '差し替える工事';
    const request = await requested(world, title);
    await fetch(`${linkIn(request)}/decline`, {
      method: 'POST',
      body: new URLSearchParams({ reason: '図面が違います' }),
    });
    const told = await world.next(SATO, new RegExp(`^【却下されました】.*${title}$`));
    const corrected = [{ filename: '契約書.pdf', content: OTHER_PDF }];
    await replyWithFiles(world, SATO, told, '', corrected);
    const receipt = await world.next(SATO, new RegExp(`^【まだ送っていません】受付.* ${title}$`));
    expect(receipt.text).to.include('文書1「契約書」を同じファイル名の新しいPDFに差し替えました。');
    await world.reply(SATO, receipt, '中止');
    const stopped = await world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    expect(stopped.text).to.include('文書1：契約書＝契約書.pdf');
    await world.reply(SATO, stopped, `契約件名：${title}`);
    const again = await world.next(SATO, new RegExp(`^【まだ送っていません】受付.* ${title}$`));
    expect(again.text).to.include('1 契約書（1枚').and.to.not.include('差し替えました');
  });

  it('comes in anew once: whoever replies again hears of what came in, and works on with that', async () => {
    const title = '二度返信される工事';
    const all = async () => (await world.contracts()).filter((one) => one.title === title);
    const refusal = () => world.next(SATO, new RegExp(`^【お受けできません】受付.* ${title}$`));
    const receipt = () => world.next(SATO, new RegExp(`^【まだ送っていません】受付.* ${title}$`));
    await world.reply(SATO, await drafted(world, title), '中止');
    const stopped = await world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    await Promise.all(
      ['2,200,000', '3,300,000'].map((yen) => world.reply(SATO, stopped, `契約金額：${yen}円（税込）`)),
    );
    const [opened, told] = [await receipt(), await refusal()];
    const both = await all();
    expect(both.map(({ state }) => state)).to.deep.equal(['withdrawn', 'draft']);
    const [first, second] = both.map(({ number }) => number);
    expect(told.subject).to.include(`受付${second}`);
    expect(told.text)
      .to.include(`受付${first}は、前の返信により、受付${second}として`)
      .and.include('今回の返信の内容は、受け付けていません。')
      .and.include(`受付${second}は、まだ送っていません。`);
    const yen = /[23],[23]00,000円/.exec(opened.text)![0];

    await world.reply(SATO, told, '契約保証：納付');
    expect((await receipt()).text)
      .to.include('納付')
      .and.include(yen);
    await world.reply(SATO, stopped, '依頼');
    const unsent = await refusal();
    expect(unsent.text).to.include(`受付${second}は、まだ送っていません。`);

    await world.reply(SATO, unsent, '中止');
    const again = await world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    await world.reply(SATO, stopped, '契約金額：5,500,000円（税込）');
    const over = await refusal();
    expect(over.text).to.include(`受付${second}も、締結されずに終わっています。`);
    expect(await all()).to.have.length(2);
    await world.reply(SATO, again, `契約件名：${title}`);
    expect((await receipt()).text).to.include(yen);
    await world.reply(SATO, over, `契約件名：${title}`);
    const last = await refusal();
    const three = await all();
    expect(three).to.have.length(3);
    expect(last.subject).to.include(`受付${three[2]!.number}`);
  });

  it('says what cannot be read, and stays as it is', async () => {
    const title = '直しそこねて終わる工事';
    await world.reply(SATO, await drafted(world, title), '中止');
    const stopped = await world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    await world.reply(SATO, stopped, '状況');
    const standing = await world.next(SATO, new RegExp(`^【状況】.*${title}$`));
    expect(standing.text)
      .to.include('もう一度お願いするときは、直す行だけを書くか')
      .and.not.include('新しい受付：');
    await world.reply(SATO, stopped, '契約金額：いくらか');
    const refusal = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(refusal.text).to.include('「契約金額」の金額「いくらか」を読み取れません');
    await world.reply(SATO, stopped, '依頼');
    expect((await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`))).text).to.include(
      'この契約は取りやめになりました',
    );
    expect(await contractCalled(world, title)).to.include({ state: 'withdrawn' });
    expect((await world.contracts()).filter((one) => one.title === title)).to.have.length(1);
  });
});
