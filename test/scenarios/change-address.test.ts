/** 宛先変更 by mail: a registered address at once, any other with a second member of staff; everybody concerned hears of it (R4). */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { DECLARATION_VERSION } from '../../templates/index.ts';
import { completion, contractCalled, mailsTo, requested } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const NEW = { name: '山田太郎', address: 'yamada@new.sample.example.jp' };
/** The same company's, registered for another contract. */
const JIRO = { name: '山田次郎', address: 'jiro@sample.example.jp' };
const REGISTRATIONS = feedOf(
  feedRow(),
  feedRow({ 整理番号: '12346', 締結権限者氏名: JIRO.name, 締結権限者メールアドレス: JIRO.address }),
);
const ITO = { name: '伊藤', address: 'ito@mihon.example.jp' };

describe('宛先変更', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ registrations: REGISTRATIONS });
    await world.start();
  });
  after(() => world.close());

  const asked = async (title: string) => {
    const request = await requested(world, title);
    const [receipt] = mailsTo(world, SATO, new RegExp(`まだ送っていません.*${title}`));
    return { request, receipt: receipt! };
  };
  const refused = async (title: string): Promise<string> =>
    (await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`))).text;

  it('to an unregistered address needs the approver’s word, which is none about the contract', async () => {
    const title = '宛先を変える工事';
    const { request, receipt } = await asked(title);
    await world.reply(SATO, receipt, `宛先変更 ${NEW.address}\n\n佐藤\nsato@mihon.example.jp`);
    const proposed = await world.next(SATO, new RegExp(`^【宛先変更を確認中です】.*${title}$`));
    expect(proposed.text).to.include('鈴木一郎様').and.to.include('まだ行っていません');
    const question = await world.next(SUZUKI, new RegExp(`^【宛先変更の確認】.*${title}$`));
    expect(question.text)
      .to.include(YAMADA.address)
      .and.to.include(NEW.address)
      .and.to.include('00-0000-0002');
    const before = await fetch(linkIn(request));
    expect(before.status, 'nothing has changed yet').to.equal(200);
    const heads = [...(await before.text()).matchAll(/name="head" value="([0-9a-f]{64})"/g)];
    const consent = [...heads.map(([, head]) => ['head', head!]), ['identity', 'yes']];
    consent.push(['declaration', DECLARATION_VERSION]);

    await world.reply(ITO, question, '承認');
    expect((await world.next(ITO, /^【受け付けていません】/)).text).to.include('ほかの方に宛てた');
    await world.reply(SUZUKI, question, '変えてください');
    const unclear = await world.next(SUZUKI, new RegExp(`^【お受けできません】.*${title}$`));
    expect(unclear.text).to.include('「変えてください」は、決まった言葉').and.to.include('「差戻し」');
    await world.reply(SATO, proposed, '宛先変更');
    const nothing = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(nothing.text).to.include('「宛先変更」の宛先を1通りに読み取れません');

    await world.reply(SUZUKI, unclear, '承認');
    const told = await world.next(SATO, new RegExp(`^【宛先を変更しました】.*${title}$`));
    expect(told.text).to.include('鈴木一郎様が確認しました').and.to.include('あらためて依頼を送ります');
    for (const who of [YAMADA, NEW]) {
      const notice = await world.next(who, new RegExp(`^【宛先変更のお知らせ】${title}$`));
      expect(notice.text)
        .to.include(NEW.address)
        .and.not.match(/\/[cd]\/[a-z2-7]{42}/);
    }
    await world.next(SUZUKI, new RegExp(`^【宛先を変更しました】.*${title}$`));
    expect((await fetch(linkIn(request))).status, 'the old address’s link').to.equal(410);
    const late = await fetch(`${linkIn(request)}/consent`, {
      method: 'POST',
      body: new URLSearchParams(consent as [string, string][]),
    });
    expect(late.status, 'a consent on the page as it was').to.equal(409);
    expect(await late.text()).to.include('このURLは新しいものに替わりました');
    expect((await contractCalled(world, title)).steps[0]!.consent).to.equal(null);
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });

    await world.reply(SUZUKI, question, '承認');
    const again = await world.next(SUZUKI, new RegExp(`^【お受けできません】.*${title}$`));
    expect(again.text).to.include('すでに確認が済んでいます');
    const fresh = await world.next(NEW, new RegExp(`${title}への署名依頼`));
    await consentByLink(fresh);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await world.reply(SUZUKI, approval, '承認');
    expect((await completion(world, NEW, title)).text).to.include('すべての手続きが完了しました');
    expect(mailsTo(world, YAMADA, /完了のお知らせ/)).to.have.length(0);
  });

  it('to a registered address of the company takes place at once, with the name that is registered', async () => {
    const title = '登録済みの宛先へ変える工事';
    const { request, receipt } = await asked(title);
    await world.reply(SATO, receipt, `宛先変更 ${JIRO.address}`);
    const told = await world.next(SATO, new RegExp(`^【宛先を変更しました】.*${title}$`));
    expect(told.text).to.include('山田次郎様').and.to.include('電子申請で登録されたアドレスです');
    const fresh = await world.next(JIRO, new RegExp(`${title}への署名依頼`));
    expect(fresh.text).to.include('整理番号12346');
    expect((await fetch(linkIn(request))).status).to.equal(410);
    expect(mailsTo(world, SUZUKI, new RegExp(`宛先変更の確認.*${title}`))).to.have.length(0);
  });

  it('is turned down by the second person with a reason, and the address stays', async () => {
    const title = '宛先を変えない工事';
    const { request, receipt } = await asked(title);
    await world.reply(SATO, receipt, `宛先変更 ${YAMADA.address} → ${NEW.address}\n確認者：${ITO.address}`);
    const question = await world.next(ITO, new RegExp(`^【宛先変更の確認】.*${title}$`));
    await world.reply(ITO, question, '差戻し 電話で確かめられません');
    const told = await world.next(SATO, new RegExp(`^【宛先は変えていません】.*${title}$`));
    expect(told.text).to.include('電話で確かめられません');
    expect((await fetch(linkIn(request))).status).to.equal(200);
    expect((await contractCalled(world, title)).steps[0]!.person.address).to.equal(YAMADA.address);
  });

  it('says what is wrong with it', async () => {
    const title = '宛先を書きそこねた工事';
    const { receipt } = await asked(title);
    for (const [line, sentence] of [
      ['宛先変更', '宛先を1通りに読み取れません'],
      ['宛先変更 新しい担当の田中さんへ', '宛先を1通りに読み取れません'],
      ['宛先変更 a@x.example.jp b@x.example.jp c@x.example.jp', '宛先を1通りに読み取れません'],
      [
        `宛先変更 tanin@x.example.jp → ${NEW.address}`,
        '「tanin@x.example.jp」は、この契約の相手方のアドレスでは',
      ],
      [`宛先変更 ${NEW.address}\n確認者：soto@x.example.jp`, '職員のアドレスではありません'],
      [`宛先変更 ${NEW.address}\n確認者：${SATO.address}`, '別の職員の確認が必要です'],
      [`宛先変更 ${SUZUKI.address}`, 'ほかの方がすでに使っています'],
    ] as const) {
      await world.reply(SATO, receipt, line);
      expect(await refused(title), line).to.include(sentence);
    }
    expect((await contractCalled(world, title)).proposedChange).to.equal(null);
  });
});
