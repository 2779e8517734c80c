/** A vendor that is known only through the feed: it confirms, concludes, changes its address (R1–R4, R11); who is not registered or not confirmed is refused. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { confirmByLink, consentByLink, type Writer } from '../../demo/people.ts';
import { completion, contractMail, drafted, mailsTo, requested } from '../support/acts.ts';
import { cp932, FEED_HEADER, feedOf, feedRow } from '../support/feed.ts';
import { failureReport } from '../support/letters.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const TOUROKU = 'touroku@mihon.example.jp';
const FORM_URL = 'https://shinsei.mihon.example.jp/keiyaku';
const SECRET = 'himitsu-no-aikotoba-'.repeat(2);
const OPERATOR: Writer = { name: '運用者', address: 'unyo@mihon.example.jp' };
const NEW_YAMADA: Writer = { name: '山田太郎', address: 'yamada@new.example.jp' };
const CONFIRM = /よりメールアドレスの登録確認のお願いが届いています$/;

describe('a registration', () => {
  let world: World;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registration-'));
    world = await createWorld({
      registrations: feedOf(),
      env: {
        KEIYAKUBIN_REGISTRATION__REQUIRE_CONFIRMATION: 'true',
        KEIYAKUBIN_OPERATOR__ADDRESSES: `[${OPERATOR.address}]`,
        KEIYAKUBIN_MUNICIPALITIES__0__FORMS__0__NOTIFIERS: '[form@shinsei.example.jp]',
        KEIYAKUBIN_MUNICIPALITIES__0__FORMS__0__SECRET: SECRET,
        KEIYAKUBIN_MUNICIPALITIES__0__FORMS__0__FOLDER: folder,
        KEIYAKUBIN_REGISTRATION__FOLDER_POLL_SECONDS: '1',
      },
    });
    await world.start();
  });
  after(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  /** Staff mail a CSV in; resolves to the report. */
  const fed = async (csv: Uint8Array, subject = '登録です'): Promise<ReceivedMail> => {
    const pdf = [{ filename: '登録.csv', content: Buffer.from(csv) }];
    await world.mail({ to: TOUROKU, subject, text: 'お願いします。', pdf });
    return world.next(SATO, /^【登録の結果】/);
  };
  const refusal = async (title: string, lines: readonly string[] = []): Promise<string> => {
    await world.mailContract({ text: contractMail(title, lines), subject: title });
    return (await world.next(SATO, new RegExp(`^【受け付けていません】${title}$`))).text;
  };
  const numberIn = ({ text }: ReceivedMail): string => /番号：(\d+)／/.exec(text)![1]!;

  describe('from the feed to the executed contract', () => {
    const title = '市道1号線舗装工事';
    let confirmation: ReceivedMail;

    it('is asked for with the form’s URL where there is none', async () => {
      expect(await refusal('未登録の工事')).to.include(
        `「yamada@sample.example.jp」の登録が見つかりません。相手方に、電子申請でのメールアドレス登録をお願いしてください。申請先：\n${FORM_URL}\n`,
      );
    });

    it('comes by mail from staff, whatever its encoding, and refused rows come back to be corrected', async () => {
      const rows = [feedRow(), feedRow({ 整理番号: '12346', 電話番号: '', 商号又は名称: '=cmd|calc' })];
      const report = await fed(cp932([FEED_HEADER, ...rows, ''].join('\r\n')));
      expect(report.subject).to.equal('【登録の結果】登録しなかった行1件、新規1件');
      expect(report.text)
        .to.include('新規1件、更新0件')
        .and.include('3行目（整理番号12346）：「電話番号」が空欄です。');
      const [csv] = report.attachments;
      expect(csv!.fileName).to.equal('登録しなかった行_登録.csv');
      expect(csv!.content.toString()).to.include('"理由"').and.include(`"'=cmd|calc"`);
      await world.mail({
        to: report.replyTo,
        subject: `Re: ${report.subject}`,
        text: '直しました。',
        pdf: [
          {
            filename: '直した行.csv',
            content: feedOf(
              feedRow({
                整理番号: '12346',
                商号又は名称: '合同会社直し',
                締結権限者メールアドレス: 'n@naoshi.example.jp',
              }),
            ),
          },
        ],
      });
      expect((await world.next(SATO, /^【登録の結果】新規1件$/)).text).to.include('ファイル：直した行.csv');
      confirmation = await world.next(YAMADA, CONFIRM);
      expect(confirmation.text).to.include('整理番号：12345').and.include('開いただけでは確認になりません');
    });

    it('does not serve before its holder has answered', async () => {
      const text = await refusal('未確認の工事');
      expect(text).to.include('到達確認が済んでいません').and.include(FORM_URL);
      expect(text).to.include('「受信を確認する」を押すようお願いしてください');
    });

    it('is confirmed by the visible act alone, with both declarations', async () => {
      const url = linkIn(confirmation);
      const page = await (await fetch(url)).text();
      expect(page)
        .to.include('代表者が同意した契約とみなしますので')
        .and.include('電子契約によることに同意します');
      expect((await fetch(`${url}/confirm`)).status, 'a scanner that follows links').to.equal(404);
      const half = await fetch(`${url}/confirm`, {
        method: 'POST',
        body: new URLSearchParams({ deemed: '2026-11' }),
      });
      expect(half.status).to.equal(422);
      expect(await half.text()).to.include('確認はまだ済んでいません');
      expect(await refusal('まだ未確認の工事')).to.include('到達確認が済んでいません');

      expect((await confirmByLink(confirmation)).html).to.include('受信を確認しました');
      expect((await confirmByLink(confirmation)).html).to.include('受信の確認は済んでいます');
      const confirmed = await world.look(({ knex }) =>
        knex('registry').whereNotNull('confirmed_at').select('accepted_version'),
      );
      expect(confirmed).to.deep.equal([{ accepted_version: '2026-11' }]);
    });

    it('says nothing to who guesses a link', async () => {
      const forged = linkIn(confirmation).replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
      expect((await fetch(forged)).status).to.equal(404);
      expect((await fetch(`${forged}/confirm`, { method: 'POST' })).status).to.equal(404);
      expect((await fetch(linkIn(confirmation).replace('/r/', '/c/'))).status, 'another purpose').to.equal(
        404,
      );
    });

    it('changes nothing the second time, and asks its holder no more', async () => {
      const report = await fed(feedOf(feedRow()));
      expect(report.subject).to.equal('【登録の結果】変更はありません');
      expect(mailsTo(world, YAMADA, CONFIRM)).to.have.length(1);
    });

    it('leads through a contract, during which its address changes without the contract going elsewhere', async () => {
      const request = await requested(world, title);
      await requested(world, '別の工事');
      const change = feedRow({
        整理番号: '12399',
        申込日時: '2026/11/24 9:00',
        締結権限者メールアドレス: NEW_YAMADA.address,
        備考: 'Ｅメールアドレス変更申請',
      });
      const report = await fed(feedOf(change));
      expect(report.subject).to.equal('【登録の結果】許可待ち1件');
      expect(report.text).to.include('アドレスの変更申請です').and.include(NEW_YAMADA.address);
      const number = numberIn(report);
      expect(await refusal('待っている工事', ['契約相手方：整理番号12399']))
        .to.include(`番号${number}`)
        .and.include(FORM_URL);

      await world.mail({ to: TOUROKU, subject: '許可', text: `許可 ${number}` });
      const reminded = await world.next(SATO, /^【受け付けていません】登録のメール$/);
      expect(reminded.text, 'not without our own mail').to.include('返信して書いてください');
      await world.reply(SATO, report, `許可 ${number}`);
      const accepted = await world.next(SATO, /^【許可しました】株式会社サンプル$/);
      expect(accepted.text).to.include(`これまでのアドレス（${YAMADA.address}）`).and.include(title);
      const notice = await world.next(YAMADA, /メールアドレスの変更を受け付けました$/);
      expect(notice.text)
        .to.include('新しいアドレス：y***@new.example.jp')
        .and.not.include(NEW_YAMADA.address);
      expect(notice.text).to.match(/変更の日時：令和\d+年\d+月\d+日（.）/);
      const [receipt] = mailsTo(world, SATO, /まだ送っていません.*別の工事/);
      await world.reply(SATO, receipt!, `宛先変更 ${NEW_YAMADA.address}`);
      const unconfirmed = await world.next(SATO, /^【お受けできません】.*別の工事$/);
      expect(unconfirmed.text, 'whoever else would agree').to.include('到達確認が済んでいません');
      await confirmByLink(await world.next(NEW_YAMADA, CONFIRM));

      expect((await consentByLink(request)).status, 'the contract stayed where it was').to.equal(200);
      await world.reply(SUZUKI, await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`)), '承認');
      await completion(world, YAMADA, title);
      expect(mailsTo(world, NEW_YAMADA, /署名|契約書/)).to.have.length(0);
      await world.reply(SATO, report, `許可 ${number}`);
      expect((await world.next(SATO, /^【受け付けていません】登録のメール$/)).text).to.include(
        '許可を待っていません',
      );

      expect(await refusal('古い宛先の工事')).to.include('登録が見つかりません');
      await requested(
        world,
        '新しい宛先の工事',
        { lines: [`契約相手方：${NEW_YAMADA.address}`] },
        NEW_YAMADA,
      );
    });
  });

  describe('by staff’s words', () => {
    const company = '有限会社見本建設';
    const vendor: Writer = { name: '見本花子', address: 'hanako@kensetsu.example.jp' };
    const row = {
      整理番号: '22001',
      商号又は名称: company,
      締結権限者氏名: '見本花子',
      契約件名: '道路照明灯修繕',
    };
    const own = feedRow({
      ...row,
      締結権限者メールアドレス: vendor.address,
      事務担当者氏名: '',
      事務担当者メールアドレス: '',
    });
    let confirmation: ReceivedMail;

    it('is shown with whether its address answered, and its mail is sent anew', async () => {
      await fed(feedOf(own));
      confirmation = await world.next(vendor, CONFIRM);
      await world.mail({ subject: '問合せ', text: `登録 ${company}` });
      const shown = await world.next(SATO, new RegExp(`^【登録】${company}$`));
      expect(shown.text).to.include('到達確認：未').and.include('整理番号：22001');
      await world.reply(SATO, shown, `再送 ${numberIn(shown)}`);
      await world.next(SATO, /^【登録確認を送り直しました】/);
      await world.next(vendor, CONFIRM);
    });

    it('is out of use when its mail comes back, until it is confirmed after all', async () => {
      await world.mailRaw(failureReport(confirmation, '5.1.1', '550 5.1.1 User unknown'), {
        from: '',
        to: confirmation.from,
      });
      const told = await world.next(OPERATOR, new RegExp(`^【届いていません】${company}のアドレス$`));
      expect(told.text).to.include('到達確認：不達').and.include(FORM_URL);
      expect(await refusal('不達の工事', [`契約相手方：${vendor.address}`])).to.include(
        'メールが届きませんでした',
      );
      expect((await confirmByLink(confirmation)).html).to.include('受信を確認しました');
      await drafted(world, '届いた工事', { lines: [`契約相手方：${vendor.address}`] });
    });

    it('lists all as a CSV that runs no formula', async () => {
      const evil = feedRow({
        整理番号: '22002',
        商号又は名称: '=HYPERLINK("x")',
        締結権限者メールアドレス: 'a@evil.example.jp',
      });
      await fed(feedOf(evil));
      await world.mail({ to: TOUROKU, subject: '一覧', text: '一覧' });
      const list = await world.next(SATO, /^【登録の一覧】\d+件$/);
      const csv = list.attachments[0]!.content.toString();
      expect(csv).to.include(`"'=HYPERLINK(""x"")"`).and.include('"済（').and.include('"22001"');
    });

    it('asks which contract the vendor wishes, and tells the answer', async () => {
      await world.mail({ subject: '希望確認', text: `希望確認 ${company}\n契約件名：庁舎清掃業務委託` });
      await world.next(SATO, new RegExp(`^【希望確認を送りました】${company}$`));
      const asked = await world.next(vendor, /より庁舎清掃業務委託の契約方法の希望確認が届いています$/);
      const url = linkIn(asked);
      expect(await (await fetch(url)).text())
        .to.include('紙の契約を希望する')
        .and.include('庁舎清掃業務委託');
      const answer = (wish: string): Promise<Response> =>
        fetch(`${url}/wish`, { method: 'POST', body: new URLSearchParams({ wish }) });
      expect((await answer('maybe')).status, 'asked once more').to.equal(200);
      expect(await (await answer('paper')).text()).to.include('「紙の契約」と承りました');
      expect((await answer('electronic')).status).to.equal(409);
      const told = await world.next(SATO, /^【希望確認：紙の契約】庁舎清掃業務委託$/);
      expect(told.text).to.include('「紙の契約を希望する」とのお返事がありました');
    });

    it('can be refused with a reason', async () => {
      const free = feedRow({
        整理番号: '22003',
        締結権限者メールアドレス: 'sample@gmail.com',
        備考: '会社のアドレスがないため',
      });
      const report = await fed(feedOf(free));
      expect(report.text).to.include('フリーメールのアドレスです。');
      await world.reply(SATO, report, `却下 ${numberIn(report)} ${'長い理由'.repeat(251)}`);
      const tooLong = await world.next(SATO, /受け付けていません|できません/);
      expect(tooLong.text).to.include('理由が1,004文字あるため、何も行っていません。1,000文字以内にして');
      await world.reply(SATO, report, `却下 ${numberIn(report)} 本人の申込みではない`);
      const rejected = await world.next(SATO, /^【却下しました】/);
      expect(rejected.text).to.include('> 本人の申込みではない');
    });

    it('with another address of the same second leaves that waiting, and says so to staff alone', async () => {
      const [one, other] = ['ichi', 'ni'].map((name) =>
        feedRow({ 整理番号: '22004', 締結権限者メールアドレス: `${name}@sample.example.jp` }),
      );
      const report = await fed(feedOf(one!, other!));
      const [first, second] = [...report.text.matchAll(/番号：(\d+)／整理番号：22004/g)].map(
        (match) => match[1]!,
      );
      await world.reply(SATO, report, `許可 ${first}`);
      const accepted = await world.next(SATO, /^【許可しました】/);
      expect(accepted.text)
        .to.include('同じ整理番号で、別の申込みが残っています。その申請者には、まだ何も知らせていません。')
        .and.include(`「却下 ${second} 理由」`);
      await world.reply(SATO, accepted, `却下 ${second} 使わないアドレス`);
      const rejected = await world.next(SATO, /^【却下しました】/);
      expect(rejected.text)
        .to.include('同じ整理番号では、次の登録が有効です。')
        .and.include(`番号${first}：`);
      await world.next({ name: '一', address: 'ichi@sample.example.jp' }, /./);
      const mailed = world.mailboxes.mails.map(({ to }) => to);
      expect(mailed).to.not.include('ni@sample.example.jp');
    });

    it('is nothing a stranger hears of', async () => {
      const stranger: Writer = { name: '他人', address: 'tanin@elsewhere.example.jp' };
      const pdf = [{ filename: '登録.csv', content: feedOf(feedRow({ 整理番号: '66666' })) }];
      await world.mail({ from: stranger, to: TOUROKU, subject: '登録', text: '', pdf });
      await world.next(stranger, /^【受け付けていません】/);
      await world.mail({ from: stranger, subject: '登録', text: `登録 ${company}` });
      expect((await world.next(stranger, /^【受け付けていません】/)).text).to.not.include(vendor.address);
      const runs = (): Promise<unknown[]> =>
        world.look(({ knex }) => knex('feed_runs').where({ way: 'mail' }).pluck('id'));
      const before = await runs();
      await fed(feedOf(own));
      expect(await runs(), 'the stranger’s file was none').to.have.length(before.length + 1);
    });
  });

  describe('whose link has run out', () => {
    const vendor: Writer = { name: '期限花子', address: 'hanako@kigen.example.jp' };
    const row = feedRow({
      整理番号: '44001',
      商号又は名称: '合同会社期限',
      締結権限者メールアドレス: vendor.address,
    });

    it('is offered a fresh one, three a day, sent to the registered address alone', async () => {
      await fed(feedOf(row));
      const old = await world.next(vendor, CONFIRM);
      await world.look(({ knex }) =>
        knex('registration_mails')
          .where({ kind: 'confirmation' })
          .update({ created_at: '2026-01-01T00:00:00.000Z' }),
      );
      const over = await fetch(linkIn(old));
      expect(over.status).to.equal(410);
      expect(await over.text())
        .to.include('URLの期限が過ぎました')
        .and.include('新しいURLを送る');
      expect((await confirmByLink(old)).status, 'it confirms nothing any more').to.equal(410);
      const press = (): Promise<Response> => fetch(`${linkIn(old)}/link`, { method: 'POST' });
      expect(await (await press()).text()).to.include('新しいURLを送りました');
      const fresh = await world.next(vendor, CONFIRM);
      expect(linkIn(fresh)).to.not.equal(linkIn(old));
      expect([(await press()).status, (await press()).status, (await press()).status]).to.deep.equal([
        200, 200, 429,
      ]);
      expect((await confirmByLink(fresh)).html).to.include('受信を確認しました');
      expect((await press()).status, 'nothing is left to ask for').to.equal(200);
      expect(await (await fetch(linkIn(old))).text()).to.include('受信の確認は済んでいます');
    });

    it('is told so when the registration was taken back', async () => {
      await fed(
        feedOf(
          feedRow({
            整理番号: '44002',
            商号又は名称: '合同会社取下',
            締結権限者メールアドレス: 't@torisage.example.jp',
          }),
        ),
      );
      const asked = await world.next({ name: '', address: 't@torisage.example.jp' }, CONFIRM);
      const header = `${FEED_HEADER},処理状況`;
      const taken = `${feedRow({ 整理番号: '44002', 申込日時: '2026/11/25 9:00' })},取下げ`;
      expect((await fed(Buffer.from([header, taken, ''].join('\r\n')))).subject).to.include('取下げ1件');
      const page = await fetch(linkIn(asked));
      expect([page.status, (await page.text()).includes('この登録は使われていません')]).to.deep.equal([
        410,
        true,
      ]);
      expect((await confirmByLink(asked)).status).to.equal(410);
    });
  });

  describe('by other ways', () => {
    it('is posted by a form system, or put into its folder', async () => {
      const url = `${world.config.web.publicUrl}/feed/${encodeURIComponent('標準')}`;
      const body = feedOf(feedRow({ 整理番号: '55001', 商号又は名称: '合同会社投函', 電話番号: '' }));
      expect((await fetch(url, { method: 'POST', body })).status).to.equal(401);
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${SECRET}` },
      });
      expect(answer.status).to.equal(200);
      expect(await answer.json()).to.deep.nested.include({
        'counts.refused': 1,
        'rows[0].receiptNumber': '55001',
      });
      const posted = await world.next(OPERATOR, /^【登録の結果】登録しなかった行1件$/);
      expect(posted.attachments).to.have.length(1);

      const file = feedOf(
        feedRow({
          整理番号: '55002',
          商号又は名称: '合同会社投函',
          締結権限者メールアドレス: 'f@folder.example.jp',
        }),
      );
      await writeFile(join(folder, '.55002'), file);
      await rename(join(folder, '.55002'), join(folder, '登録.csv'));
      expect((await world.next(OPERATOR, /^【登録の結果】新規1件$/)).text).to.match(
        /ファイル：\w+_登録\.csv/,
      );
      expect(world.log.join('')).to.not.include(SECRET);
    });

    it('comes as the form system’s own notification mail', async () => {
      const system: Writer = { name: '電子申請', address: 'form@shinsei.example.jp' };
      const values = feedRow({
        整理番号: '33001',
        商号又は名称: '合同会社通知',
        締結権限者メールアドレス: 'tsuchi@tsuchi.example.jp',
      }).split(',');
      const text = FEED_HEADER.split(',')
        .map((name, at) => `${name}：${values[at]}`)
        .join('\n');
      await world.mail({ from: system, to: TOUROKU, subject: '申込みがありました', text });
      const report = await world.next(OPERATOR, /^【登録の結果】新規1件$/);
      expect(report.text).to.include('ファイル：通知メール');
      await world.next({ name: '', address: 'tsuchi@tsuchi.example.jp' }, CONFIRM);
      expect(mailsTo(world, system, /./), 'a machine is not answered').to.have.length(0);
    });

    it('is told what is missing from a mail without a feed', async () => {
      await world.mail({ to: TOUROKU, subject: '登録', text: 'よろしくお願いします。' });
      expect((await world.next(SATO, /^【受け付けていません】登録のメール$/)).text).to.include(
        'CSVが添付されていません',
      );
      const report = await fed(Buffer.from('a,b\r\n1,2\r\n'));
      expect(report.subject).to.include('読み取れないファイルがあります');
    });
  });
});
