/** A municipality's own words (R58) in mails that really leave: request, receipt and cancellation, by way of the outbox. */
import { expect } from 'chai';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SATO, TAKAHASHI, type World, YAMADA } from '../support/world.ts';

const NOTE = 'よくある質問：https://www.mihon.example.jp/keiyaku/faq';

describe('a municipality with words of its own', () => {
  let world: World;
  before(async () => {
    const own = {
      GREETING: '日ごろから市政にご協力いただき、ありがとうございます。',
      ASSURANCE: '<b>無料</b>です。',
      ORIGIN: 'みほん電子申請サービス（整理番号{整理番号}）でご登録のアドレスです。',
      KNOWN_NUMBER: '市役所の代表番号（00-0000-0000）',
      APOLOGY: '{自治体}よりおわび申し上げます。',
      REGISTRATION_SUBJECT: '【電子契約】{自治体}{敬称}からアドレスの確認のお願い',
      NOTE,
    };
    const env = Object.entries(own).map(([key, words]) => [
      `KEIYAKUBIN_MUNICIPALITIES__0__FACE__WORDING__${key}`,
      words,
    ]);
    world = await createWorld({ env: Object.fromEntries(env) });
    await world.start();
  });
  after(() => world.close());

  it('says them in its requests and cancellations, beside what stays as it is', async () => {
    await world.mailContract();
    const receipt = await world.next(SATO, /受付/);
    expect(receipt.text.trimEnd().split('\n').slice(-2)).to.deep.equal(NOTE.split(/(?<=：)/));
    await world.reply(SATO, receipt, '依頼');

    const request = await world.next(YAMADA, /署名依頼が届いています$/);
    expect(request.subject).to.equal('見本市様より市道1号線舗装工事への署名依頼が届いています');
    const lines = request.text.split('\n');
    expect(lines).to.include.members([
      '日ごろから市政にご協力いただき、ありがとうございます。',
      '<b>無料</b>です。紙の契約も選べます。',
      'みほん電子申請サービス（整理番号12345）でご登録のアドレスです。',
      'ご不審なときは、市役所の代表番号（00-0000-0000）でお確かめください。',
      'https://www.mihon.example.jp/keiyaku/faq',
    ]);
    expect(request.text).to.include('開いただけでは契約になりません。').and.not.include('費用、会員登録');
    expect(request.html)
      .to.include('&lt;b&gt;無料&lt;/b&gt;です。紙の契約も選べます。')
      .and.not.include('<b>無料');

    await world.reply(SATO, receipt, '中止');
    const cancelled = await world.next(YAMADA, /^【署名依頼取消のお知らせ】/);
    expect(cancelled.text).to.include(
      '見本市よりおわび申し上げます。\nEnglish: this request has been cancelled.',
    );
  });

  it('says them in a subject, as one header that holds nothing else', async () => {
    const row = feedRow({ 整理番号: '12399', 締結権限者メールアドレス: TAKAHASHI.address });
    const csv = [{ filename: '登録.csv', content: feedOf(row) }];
    await world.mail({ to: 'touroku@mihon.example.jp', subject: '登録', text: 'お願いします。', pdf: csv });
    const { raw, text } = await world.next(TAKAHASHI, /^【電子契約】見本市様からアドレスの確認のお願い$/);
    const [head] = raw.toString('latin1').split('\r\n\r\n');
    expect(head!.match(/^Subject:/gm)).to.have.length(1);
    expect(head).to.match(/^[!-~\s]*$/);
    expect(text).to.include('何も押さず、市役所の代表番号（00-0000-0000）でお確かめください。');
  });
});
