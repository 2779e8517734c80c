/** Two municipalities in one installation (R58): what belongs to one has no force at the other's address. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import {
  approvalAsked,
  completion,
  contractCalled,
  contractMail,
  mailsTo,
  requested,
} from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { failureReport } from '../support/letters.ts';
import { register } from '../support/registered.ts';
import { createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const WATANABE = { name: '渡辺', address: 'watanabe@tonari.example.jp' };
const YOSHIDA = { name: '吉田', address: 'yoshida@tonari.example.jp' };

const municipality = (id: string, name: string, members: string): string => `
  - id: ${id}
    name: ${name}
    address: keiyaku@${id}.example.jp
    staff:
      domains: [${id}.example.jp]
      members: ${members}
    desks:
      contract: { section: 総務課, phone: 00-0000-0001 }
      operation: { name: ヘルプデスク, phone: 00-0000-0000, hours: 平日 }
    signedBy: ${name}
    nameHolder: ${name}長`;

// 佐藤 works for both, as staff of a joint office do.
const YAML = `municipalities:${municipality('mihon', '見本市', '[]')}${municipality(
  'tonari',
  '隣町',
  `[{ address: ${SATO.address}, name: 佐藤花子, section: 広域課, phone: 00-0000-0009 }]`,
)}
`;

describe('two municipalities in one installation', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ yaml: YAML });
    await world.start();
  });
  after(() => world.close());

  it('take no word of each other', async () => {
    const title = '見本市だけの工事';
    const request = await requested(world, title);
    const [receipt] = mailsTo(world, SATO, new RegExp(`まだ送っていません.*${title}`));
    const elsewhere = receipt!.replyTo.replace('@mihon.', '@tonari.');
    await world.mail({
      to: elsewhere,
      subject: '隣へ送った中止',
      text: '中止',
      inReplyTo: receipt!.messageId,
      references: [...receipt!.references, receipt!.messageId],
    });
    const answer = await world.next(SATO, /^【受け付けていません】隣へ送った中止$/);
    expect(answer.replyTo).to.equal('keiyaku@tonari.example.jp');
    expect(answer.text).to.include('どの契約のことか分かりませんでした').and.not.to.include(title);
    await world.mailRaw(failureReport(request, '5.1.1', '550 User unknown'), {
      from: '',
      to: request.from.replace('@mihon.', '@tonari.'),
    });
    await world.logged(/"status":"ignored".*report that needs no action/);
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting', municipality: 'mihon' });
    expect(mailsTo(world, SATO, /届いていません/)).to.deep.equal([]);
    expect(await world.look(({ knex }) => knex('outbox').whereNotNull('parked_at'))).to.deep.equal([]);
  });

  it('tell the staff of the other that they are not theirs', async () => {
    await world.mail({ from: WATANABE, subject: '隣の職員', text: 'ヘルプ' });
    expect((await world.next(WATANABE, /隣の職員/)).text).to.include('職員が契約書を送るためのものです');
  });

  it('number and sign for themselves, from their own addresses', async () => {
    const title = '隣町の工事';
    await world.mail({
      from: WATANABE,
      to: 'keiyaku@tonari.example.jp',
      text: `契約件名：${title}
契約相手方：株式会社サンプル 代表取締役 山田太郎 <${YAMADA.address}>
町側署名者：総務課長 吉田 <${YOSHIDA.address}>`,
      pdf: await samplePdf(),
    });
    const receipt = await world.next(WATANABE, /受付\d{4}-0001 隣町の工事$/);
    expect(receipt.replyTo).to.match(/^keiyaku\+[a-z2-7]{42}@tonari\.example\.jp$/);
    await world.reply(WATANABE, receipt, '依頼');
    const request = await world.next(YAMADA, /^隣町様より隣町の工事への署名依頼/);
    expect(request.text).to.include('隣町').and.not.to.include('見本市');
    await consentByLink(request);
    await world.reply(YOSHIDA, await world.next(YOSHIDA, /承認のお願い/), '承認');
    expect((await completion(world, YAMADA, title)).from).to.match(/@tonari\.example\.jp$/);
  });

  it('show nothing of each other: not by number, not by thread, not by registration', async () => {
    const title = '見本市の内部工事';
    await requested(world, title);
    const [receipt] = mailsTo(world, SATO, new RegExp(`まだ送っていません.*${title}`));
    const { number } = await contractCalled(world, title);
    await world.mail({
      from: WATANABE,
      to: 'keiyaku@tonari.example.jp',
      subject: `受付${number} ${title}`,
      text: '状況',
      inReplyTo: receipt!.messageId,
      references: [...receipt!.references, receipt!.messageId],
    });
    const answer = await world.next(WATANABE, new RegExp(`^【受け付けていません】受付${number}`));
    expect(answer.text).to.include('どの契約のことか分かりませんでした').and.not.to.include(YAMADA.address);

    // A vendor that only 隣町 knows.
    const bytes = feedOf(
      feedRow({
        整理番号: '777',
        商号又は名称: '隣町建設合同会社',
        締結権限者メールアドレス: 'daihyo@tonari-kensetsu.example.jp',
        事務担当者氏名: '',
        事務担当者メールアドレス: '',
      }),
    );
    await world.look((database) => register(world.config, database, 'tonari', bytes));
    for (const who of ['整理番号777', '隣町建設合同会社', 'daihyo@tonari-kensetsu.example.jp']) {
      await world.mailContract({
        subject: `相手方${who}`,
        text: contractMail('越境', [`契約相手方：${who}`]),
      });
      const refused = await world.next(SATO, new RegExp(`^【受け付けていません】相手方${who}`));
      expect(refused.text, who).to.include('の登録が見つかりません');
    }
    const copies = { from: { name: '代表', address: 'daihyo@tonari-kensetsu.example.jp' }, text: '控え' };
    await world.mail({ ...copies, subject: '見本市への控え' });
    await world.next(copies.from, /受け付けていません】見本市への控え/);
    await world.mail({ ...copies, to: 'keiyaku@tonari.example.jp', subject: '隣町への控え' });
    expect((await world.next(copies.from, /^【控え】隣町/)).from).to.match(/@tonari\.example\.jp$/);
  });

  it('every secret opens its own door only', async () => {
    const title = '扉の工事';
    const { request, approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    const completed = await completion(world, YAMADA, title);
    const { origin } = new URL(linkIn(request));
    const secrets = {
      consent: linkIn(request).slice(-42),
      download: linkIn(completed).slice(-42),
      reply: /\+([a-z2-7]{42})@/.exec(approval.replyTo)![1]!,
      bounce: /\+([a-z2-7]{42})@/.exec(request.from)![1]!,
    };
    const opened: string[] = [];
    for (const [purpose, secret] of Object.entries(secrets)) {
      for (const door of ['c', 'd']) {
        const { status } = await fetch(`${origin}/${door}/${secret}`);
        if (status !== 404) opened.push(`${purpose} at /${door}`);
      }
    }
    expect(opened).to.deep.equal(['consent at /c', 'download at /d']);
    // A page that no link says whose it is names none of several, nor whom to ask there.
    const old = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko' };
    for (const headers of [{}, old]) {
      const html = await (await fetch(`${origin}/c/${secrets.download}`, { headers })).text();
      expect(html).to.match(/ページが見つかりません|Internet Explorerには対応していません/);
      expect(html).to.include('｜電子契約</title>').and.not.include('<footer');
    }
  });
});
