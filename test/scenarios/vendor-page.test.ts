/** What a vendor's page takes besides a plain consent (R0, R7, R20b, R29): declarations, wishes for paper, questions, openings. */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink, type Writer } from '../../demo/people.ts';
import { DECLARATION_VERSION } from '../../templates/index.ts';
import {
  agreedShown,
  approvalAsked,
  contractCalled,
  drafted,
  mailsTo,
  post,
  requested,
} from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const KIMURA: Writer = { name: '木村三郎', address: 'kimura@mihon-kensetsu.example.jp' };
const REGISTRATIONS = feedOf(
  feedRow({}),
  feedRow({
    整理番号: '12346',
    商号又は名称: '有限会社見本建設',
    締結権限者役職: '取締役',
    締結権限者氏名: KIMURA.name,
    締結権限者メールアドレス: KIMURA.address,
    事務担当者氏名: '',
    事務担当者メールアドレス: '',
  }),
);

describe('the page of a vendor', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      registrations: REGISTRATIONS,
      env: {
        KEIYAKUBIN_CONTRACT__QUESTIONS_PER_DAY: '2',
        KEIYAKUBIN_CONTRACT__QUESTION_CHARACTERS: '1500',
        KEIYAKUBIN_CONTRACT__DECLINE_CHARACTERS: '1200',
      },
    });
    await world.start();
  });
  after(() => world.close());

  const historyOf = async (title: string) => {
    const { id } = await contractCalled(world, title);
    return world.look(({ knex }, store) => store.history(knex, id));
  };
  const pageOf = async (mail: ReceivedMail): Promise<string> => (await fetch(linkIn(mail))).text();

  it('takes a consent only with everything ticked, and records the declaration with version and time', async () => {
    const title = '了承する工事';
    const url = linkIn(await requested(world, title));
    const agreed = await agreedShown(url);
    for (const left of ['identity', 'declaration']) {
      const answer = await post(
        `${url}/consent`,
        agreed.filter(([name]) => name !== left),
      );
      expect(answer.status, left).to.equal(422);
      const html = await answer.text();
      expect(html)
        .to.include(`<a href="#${left}">`)
        .and.include(`aria-describedby="${left}-text ${left}-fault"`);
      expect(html.match(/ checked>/g), left).to.have.length(1);
    }
    const older = agreed.map(([name, value]): [string, string] =>
      name === 'declaration' ? [name, '2020-01'] : [name, value],
    );
    expect((await post(`${url}/consent`, older)).status).to.equal(422);
    expect((await contractCalled(world, title)).steps[0]!.consent).to.equal(null);
    expect((await post(`${url}/consent`, agreed)).status).to.equal(200);
    const given = (await historyOf(title)).find(({ type }) => type === 'ConsentGiven');
    if (given?.type !== 'ConsentGiven') throw new Error('no consent in the history');
    expect(given.evidence.declared).to.deep.equal({
      identity: true,
      electronic: { version: DECLARATION_VERSION, at: given.consentedAt },
    });
  });

  it('asks the approver for no declaration of the vendor’s', async () => {
    const { approval } = await approvalAsked(world, '承認の画面の工事');
    const html = await pageOf(approval);
    expect(html).to.include('name="identity"').and.not.include('name="declaration"');
    expect(html).not.to.include('紙の契約を希望する').and.not.include('担当者に質問する');
    expect((await consentByLink(approval)).status).to.equal(200);
    expect((await post(`${linkIn(approval)}/paper`)).status).to.equal(200);
    expect(await contractCalled(world, '承認の画面の工事')).to.not.include({ state: 'declined' });
  });

  it('keeps a reason of too many characters and says by how much it must shrink', async () => {
    const title = '長い理由の工事';
    const url = linkIn(await requested(world, title));
    const long = `金額\r\n${'𠮷'.repeat(1198)}`;
    const answer = await post(`${url}/decline`, [['reason', long]]);
    expect(answer.status).to.equal(422);
    const html = await answer.text();
    expect(html).to.include('1,200文字以内で書いてください。いまは1,201文字です。');
    expect(html).to.include('aria-invalid="true" aria-describedby="reason-fault"');
    expect(html).to.include(`>\n金額\n${'𠮷'.repeat(1198)}</textarea>`);
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
    expect((await post(`${url}/decline`, [['reason', long.slice(0, -2)]])).status).to.equal(200);
    const { ending } = await contractCalled(world, title);
    expect([...ending!.reason!]).to.have.length(1200);
  });

  it('ends with the wish for paper, which the initiator hears of as such', async () => {
    const title = '紙を希望する工事';
    const url = linkIn(await requested(world, title));
    const answer = await post(`${url}/paper`);
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.include('「紙の契約」と承りました');
    const told = await world.next(SATO, new RegExp(`^【紙の契約を希望】.*${title}$`));
    expect(told.text).to.include('相手方が、紙の契約を希望しました。').and.include('紙の契約書の準備');
    const { state, ending } = await contractCalled(world, title);
    expect(state).to.equal('declined');
    expect(ending).to.include({ paper: true, reason: null });
    const again = await fetch(url);
    expect(again.status).to.equal(410);
    expect(await again.text()).to.include('紙の契約のご希望により、電子契約の手続きは終わりました。');
    expect((await post(`${url}/paper`)).status).to.equal(409);
    await world.reply(SATO, told, '状況');
    const status = await world.next(SATO, new RegExp(`^【状況】.*${title}$`));
    expect(status.text)
      .to.include('相手方が紙の契約を希望し、終わりました。')
      .and.match(/に紙の契約を希望）/)
      .and.not.include('却下');
  });

  it('brings questions to the initiator, whose answer goes straight to the vendor', async () => {
    const title = '質問する工事';
    const url = linkIn(await requested(world, title));
    const empty = await post(`${url}/question`, [['question', ' \r\n ']]);
    expect(empty.status).to.equal(422);
    expect(await empty.text()).to.include('質問を書いてください。');
    const long = await post(`${url}/question`, [['question', 'あ'.repeat(1501)]]);
    expect(await long.text())
      .to.include('1,500文字以内で書いてください。いまは1,501文字です。')
      .and.include(`${'あ'.repeat(1501)}</textarea>`);
    const sent = await post(`${url}/question`, [['question', '工期は\r\n<b>いつ</b>まで']]);
    expect(sent.status).to.equal(200);
    expect(await sent.text())
      .to.include('質問をお送りしました')
      .and.include('&lt;b&gt;いつ');
    const mail = await world.next(SATO, new RegExp(`^【質問】受付.* ${title}$`));
    expect(mail.text).to.include('> 工期は').and.include('> <b>いつ</b>まで');
    expect(mail.replyTo).to.equal(YAMADA.address);
    // Its answer quotes the headers: nothing in them may act for the initiator.
    const secret = /[a-z2-7]{42}/;
    expect(`${mail.messageId} ${mail.references.join(' ')} ${mail.text}`).not.to.match(secret);
    expect((await contractCalled(world, title)).state).to.equal('awaiting');
    expect((await post(`${url}/question`, [['question', 'もう一つ']])).status).to.equal(200);
    const third = await post(`${url}/question`, [['question', '三つ目']]);
    expect(third.status).to.equal(429);
    expect(await third.text())
      .to.include('この文面はお送りしていません。')
      .and.include('>\n三つ目</textarea>');
    await world.next(SATO, new RegExp(`^【質問】受付.* ${title}$`));
    expect(mailsTo(world, SATO, new RegExp(`^【質問】.*${title}$`))).to.have.length(2);
  });

  it('takes a question after the consent, too', async () => {
    const title = '同意してから質問する工事';
    const { request } = await approvalAsked(world, title);
    expect(await pageOf(request))
      .to.include('担当者に質問する')
      .and.include('同意を取り消す');
    const sent = await post(`${linkIn(request)}/question`, [['question', '控えはいつ届きますか']]);
    expect(sent.status).to.equal(200);
    const mail = await world.next(SATO, new RegExp(`^【質問】受付.* ${title}$`));
    expect(mail.text).to.include('控えはいつ届きますか');
  });

  it('is opened by a person once, whatever programs fetch', async () => {
    const title = '開く工事';
    const url = linkIn(await requested(world, title));
    for (const path of ['', '/documents/1', '/opened']) {
      for (const method of ['GET', 'HEAD']) await fetch(url + path, { method });
    }
    const openings = async () => (await historyOf(title)).filter(({ type }) => type === 'LinkOpened');
    expect(await openings()).to.have.length(0);
    expect((await contractCalled(world, title)).steps[0]!.opened).to.equal(undefined);
    for (let n = 0; n < 2; n++) expect((await post(`${url}/opened`)).status).to.equal(204);
    expect(await openings()).to.have.length(1);
    await world.logged(/link opened by a person/);
    expect(world.log.join('')).to.include('link fetched').and.include('document fetched');
  });

  it('shows a joint venture whose turn it is, by organisation', async () => {
    const title = '共同企業体の順番';
    const lines = [
      `契約相手方1：株式会社サンプル 代表取締役 ${YAMADA.name} <${YAMADA.address}>`,
      `契約相手方2：有限会社見本建設 取締役 ${KIMURA.name} <${KIMURA.address}>`,
      '契約相手方：',
    ];
    // The sample's PDF names one of the two companies only.
    await world.reply(SATO, await drafted(world, title, { lines }), '依頼 確認済');
    const first = await world.next(YAMADA, new RegExp(`より${title}への署名依頼`));
    await consentByLink(first);
    const second = await world.next(KIMURA, new RegExp(`より${title}への署名依頼`));
    const html = await pageOf(second);
    const order = html.slice(
      html.indexOf('手続きの順番'),
      html.indexOf('</ol>', html.indexOf('手続きの順番')),
    );
    expect(order).to.match(/契約相手方：株式会社サンプル <span class="mark">済（/);
    expect(order).to.include('<li aria-current="step">契約相手方：あなた <span class="mark">手続き中</span>');
    expect(order).to.include('市側署名者：見本市 <span class="mark">このあと</span>');
    expect(order).not.to.include(YAMADA.name).and.not.include(SUZUKI.name);
    expect(await pageOf(first))
      .to.include('手続きの順番')
      .and.include('有限会社見本建設');
  });
});
