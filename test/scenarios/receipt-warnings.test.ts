/** What the receipt warns of before anything leaves, and what is not taken at all (R5, R18, R19, R57). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { contractCalled, contractMail, drafted, mailsTo, replyWithFiles } from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const demo = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '../../demo/contract', name));
const ROLLOUT = { KEIYAKUBIN_MUNICIPALITIES__0__ROLLOUT__METHODS: '[negotiated]' };

describe('what the receipt warns of', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const warnings = ({ text }: ReceivedMail): string => text.slice(text.indexOf('【注意】'));

  it('keeps a contract from leaving until 「依頼 確認済」, and each correction is looked at anew', async () => {
    const title = '注意の多い工事';
    const lines = ['契約金額：1,200,000円（税込）', '履行期間：令和8年12月1日から令和9年3月31日まで'];
    const pdf = [
      { filename: '契約書.pdf', content: await samplePdf() },
      { filename: '予定価格調書.pdf', content: await demo('kinnuki-sekkeisho.pdf') },
    ];
    const receipt = await drafted(world, title, { lines, pdf });
    expect(warnings(receipt)).to.include('「契約書」の金額（1,100,000円）が違います');
    expect(warnings(receipt)).to.include(
      '履行期間の日付（令和9年3月31日（水））が、文書「契約書」の期間と違います',
    );
    expect(warnings(receipt)).to.include('文書「予定価格調書」に「予定価格」の文字があります');
    await world.reply(SATO, receipt, '依頼');
    const refused = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(refused.text).to.include('「依頼 確認済」と書いて返信してください');
    expect(await contractCalled(world, title)).to.include({ state: 'draft' });

    await world.reply(
      SATO,
      receipt,
      '契約金額：1,100,000円（税込）\n履行期間：令和8年12月1日～令和9年3月26日',
    );
    const corrected = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    expect(warnings(corrected)).to.include('予定価格').and.to.not.include('違います');
    await world.reply(SATO, corrected, '依頼 確認済');
    await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
  });

  it('is nothing where mail and documents agree: 「依頼」 is enough', async () => {
    const title = '注意のない工事';
    const receipt = await drafted(world, title);
    expect(receipt.text).to.include('1行目に「依頼」と書いて').and.to.not.include('【注意】');
    await replyWithFiles(world, SATO, receipt, '追加', [
      { filename: '契約書.pdf', content: await demo('ukesho.pdf') },
    ]);
    const swapped = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    expect(swapped.text).to.include('文書1「契約書」を同じファイル名の新しいPDFに差し替えました。');
    expect(warnings(swapped)).to.include(
      '契約相手方「株式会社サンプル」の名称が、どの文書にも見当たりません',
    );
    expect(warnings(swapped)).to.include('金額（330,000円）が違います');
  });

  it('names pictures that were left out and files that are the same, but no logo', async () => {
    const title = '写真と写しのある工事';
    const content = await samplePdf();
    const photo = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(20_000)]);
    await world.mail({
      text: contractMail(title),
      html: `<pre>${contractMail(title).replaceAll('<', '&lt;')}</pre><img src="cid:logo@mihon">`,
      attachments: [
        { filename: '契約書.pdf', content },
        { filename: '契約書の写し.pdf', content },
        { filename: '現場写真.jpg', content: photo },
        { filename: 'image001.jpg', content: photo, cid: 'logo@mihon' },
        { filename: 'line.gif', content: Buffer.from('GIF89a') },
      ],
    });
    const receipt = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    expect(warnings(receipt)).to.include('画像「現場写真.jpg」は文書に加えていないため');
    expect(warnings(receipt)).to.include('文書「契約書の写し」は、文書「契約書」と同じ内容のファイルです');
    expect(receipt.text).to.not.match(/image001|line\.gif/);
    expect((await contractCalled(world, title)).documents).to.have.length(2);

    await replyWithFiles(world, SATO, receipt, '追加', [
      { filename: '契約書の写し.pdf', content: await demo('kinnuki-sekkeisho.pdf') },
      { filename: '位置図.jpg', content: photo },
    ]);
    const again = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    expect(warnings(again)).to.include('画像「位置図.jpg」は文書に加えていない');
    expect(again.text).to.not.match(/現場写真|同じ内容/);
  });

  it('is the title where it is the subject’s, until a line confirms it', async () => {
    const text = contractMail('x').split('\n').slice(1).join('\n');
    await world.mailContract({ subject: 'Re: 【至急】件名からの工事', text });
    const receipt = await world.next(SATO, /受付.* 件名からの工事$/);
    expect(warnings(receipt)).to.include('メールの件名から「件名からの工事」としました');
    await world.reply(SATO, receipt, '契約金額：1,100,000円');
    const again = await world.next(SATO, /受付.* 件名からの工事$/);
    expect(warnings(again)).to.include('メールの件名から');
    await world.reply(SATO, again, '契約件名：件名の行の工事');
    expect((await world.next(SATO, /受付.* 件名の行の工事$/)).text).to.not.include('【注意】');
  });

  it('is not an access code, which is in no mail and no log', async () => {
    const title = '合言葉のある工事';
    const receipt = await drafted(world, title, { lines: ['アクセスコード：himitsu-2026'] });
    expect(receipt.text).to.include('アクセスコード：設定あり').and.not.include('【注意】');
    await world.reply(SATO, receipt, '依頼');
    await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    expect((await contractCalled(world, title)).terms.accessCode).to.equal('himitsu-2026');
    const everything = [...mailsTo(world, YAMADA, /./), ...mailsTo(world, SUZUKI, /./), receipt];
    expect(everything.map(({ text }) => text).join('\n')).to.not.include('himitsu');
    expect(world.log.join('\n')).to.not.include('himitsu');
  });

  it('is nothing about a form that was filled in above the mail that brought it', async () => {
    await world.mail({ subject: '様式', text: 'お世話になっております。' });
    const form = await world.next(SATO, /^【様式】/);
    const title = '様式に書いた工事';
    const quoted = form.text.split('\n').map((line) => `> ${line}`);
    await world.mail({
      to: form.replyTo,
      subject: `Re: ${form.subject}`,
      text: [contractMail(title), '', ...quoted].join('\n'),
      pdf: await samplePdf(),
      inReplyTo: form.messageId,
    });
    expect((await world.next(SATO, new RegExp(`受付.* ${title}$`))).text).to.not.include('【注意】');

    const within = [...form.text.split('\n').slice(0, 8), contractMail('引用に書いた工事')].join('\n');
    await world.mail({
      to: form.replyTo,
      subject: `Re: ${form.subject}`,
      text: `差出人: ${form.from}\n送信日時: 2026年11月21日\n件名: ${form.subject}\n\n${within}`,
      pdf: await samplePdf(),
      inReplyTo: form.messageId,
    });
    const refused = await world.next(SATO, /受け付けていません/);
    expect(refused.text).to.include('書き入れた行を、返信のいちばん上に写して');
  });

  it('is not what law wants on paper: that is refused with its reason', async () => {
    await world.mailContract({ text: contractMail('農地の賃貸借契約') });
    const refused = await world.next(SATO, /受け付けていません/);
    expect(refused.text)
      .to.include('「農地の賃貸借」とあります')
      .and.to.include('紙の契約でお手続きください');
  });
});

describe('where not every contract may be electronic yet', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ env: ROLLOUT });
    await world.start();
  });
  after(() => world.close());

  it('the others are refused, and what decides is asked for', async () => {
    await world.mailContract({ text: contractMail('方式のない工事') });
    expect((await world.next(SATO, /受け付けていません/)).text).to.include(
      '「契約方式：随意契約」のような行',
    );
    await world.mailContract({ text: contractMail('入札の工事', ['契約方式：一般競争入札']) });
    expect((await world.next(SATO, /受け付けていません/)).text).to.include(
      'まだ電子契約の対象ではありません',
    );
    const receipt = await drafted(world, '随意の工事', { lines: ['契約方式：随意契約'] });
    expect(receipt.text).to.include('契約方式：随意契約').and.to.not.include('【注意】');
  });
});
