/** What becomes of our own mails: bounces, refusals and "later" from the relay (RFC 3464, RFC 5321 4.2). */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import {
  approvalAsked,
  completion,
  contractCalled,
  contractMail,
  drafted,
  mailsTo,
  requested,
} from '../support/acts.ts';
import { deliveryReport, failureReport, textReport } from '../support/letters.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

class SmtpRefusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

const NO_SUCH_USER = '550 5.1.1 User unknown';

describe('our own mail', () => {
  let world: World;
  /** Set by a test to let the relay refuse. */
  let onRecipient: (address: string) => Error | null = () => null;
  let onMail: (mail: ReceivedMail) => Error | null = () => null;

  before(async () => {
    world = await createWorld({
      mailboxes: { onRecipient: (address) => onRecipient(address), onMail: (mail) => onMail(mail) },
    });
    await world.start();
  });
  afterEach(async () => {
    onRecipient = () => null;
    onMail = () => null;
    // A vendor whose address its server does not know any more is out of use for the contracts that follow.
    await world.look(({ knex }) => knex('registry').update({ unusable_at: null }));
  });
  after(() => world.close());

  it('that comes back makes the 不達 mail, shows in 状況, and can be sent again', async () => {
    const request = await requested(world, '戻る工事');
    expect(request.from, 'an envelope sender of its own').to.match(/^keiyaku\+[a-z2-7]{42}@mihon/);
    const report = { from: '', to: request.from };
    await world.mailRaw(failureReport(request, '5.1.1', NO_SUCH_USER), report);
    const notice = await world.next(SATO, /^【届いていません】戻る工事の署名依頼$/);
    expect(notice.text).to.include('このアドレスはないと答えました');
    expect(notice.text).to.include('登録の電話番号（00-0000-0002）へお電話ください');
    expect(notice.text).to.include(
      'このアドレスの登録は、到達確認があらためて済むまで、これからの契約に使えません',
    );
    await world.logged(/registered address is not known to its server; out of use/);
    await world.mailContract({ subject: '次の工事', text: contractMail('次の工事') });
    expect((await world.next(SATO, /^【受け付けていません】次の工事$/)).text).to.include(
      '「yamada@sample.example.jp」の登録のアドレス（yamada@sample.example.jp）には、メールが届きませんでした',
    );
    await world.reply(SATO, notice, '状況');
    expect((await world.next(SATO, /^【状況】.*戻る工事/)).text).to.include('に送りましたが、届いていません');
    await world.mailRaw(failureReport(request, '5.1.1', '550 once more'), report);
    await world.logged(/"why":"bounce: stale"/);
    expect(mailsTo(world, SATO, /【届いていません】戻る工事/)).to.have.length(1);
    await world.reply(SATO, notice, '再送');
    await world.next(YAMADA, /戻る工事への署名依頼/);
    await world.next(SATO, /^【再送しました】.*戻る工事/);
  });

  it('that is delayed and then taken by the other server shows both in 状況', async () => {
    const title = '遅れて着く工事';
    const request = await requested(world, title);
    const [receipt] = mailsTo(world, SATO, new RegExp(`まだ送っていません.*${title}`));
    const statusAfter = async (action: 'delayed' | 'relayed', status: string): Promise<string> => {
      const report = deliveryReport(request, action, status, '4.7.1 greylisted');
      await world.mailRaw(report, { from: '', to: request.from });
      await world.logged(new RegExp(`"why":"report of a mail that ${action === 'delayed' ? 'is' : 'has'}`));
      await world.reply(SATO, receipt!, '状況');
      return (await world.next(SATO, new RegExp(`^【状況】.*${title}$`))).text;
    };
    expect(await statusAfter('delayed', '4.7.1'))
      .to.include('まだ受け取られていません')
      .and.match(/・\d+月\d+日\d+時\d+分 配送に時間がかかっています/);
    const arrived = await statusAfter('relayed', '2.0.0');
    expect(arrived)
      .to.match(
        /依頼のメールを送信\n.*配送に時間がかかっています（自動で送り直し）\n.*宛先のメールサーバーが受け取り/,
      )
      .and.include('に依頼。お返事待ち');
    expect(mailsTo(world, SATO, new RegExp(`届いていません】${title}`))).to.deep.equal([]);
  });

  it('refused for good for one recipient holds nobody else back', async () => {
    const { approval } = await approvalAsked(world, '一人だけ届かない工事');
    onRecipient = (address) =>
      address === YAMADA.address ? new SmtpRefusal(550, '5.1.1 User unknown') : null;
    await world.reply(SUZUKI, approval, '承認');
    const notice = await world.next(SATO, /^【届いていません】一人だけ届かない工事の電子署名完了のお知らせ$/);
    expect(notice.text).to.include('山田太郎');
    await world.logged(/"entry":"[^"]*:completed:step-1".*mail refused for good/);
    for (const who of [SATO, SUZUKI]) {
      expect((await completion(world, who, '一人だけ届かない工事')).attachments).not.to.deep.equal([]);
    }
    expect(await contractCalled(world, '一人だけ届かない工事')).to.include({ state: 'concluded' });
  });

  it('too large with its attachment is followed by the same mail with its link alone, and nobody is troubled', async () => {
    const title = '大きすぎる工事';
    const { approval } = await approvalAsked(world, title);
    onMail = ({ to, attachments }) =>
      to === YAMADA.address && attachments.length > 0
        ? new SmtpRefusal(552, '5.3.4 Message size exceeds fixed limit')
        : null;
    await world.reply(SUZUKI, approval, '承認');
    await world.logged(/attachment refused for its size; the link follows/);
    const linked = await completion(world, YAMADA, title);
    expect(linked.attachments).to.deep.equal([]);
    expect((await fetch(linkIn(linked))).status).to.equal(200);
    expect(mailsTo(world, SATO, new RegExp(`届いていません】${title}`))).to.deep.equal([]);
  });

  it('taken with its attachment and found too large further on is followed by its link, once', async () => {
    const title = '先で大きすぎる工事';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    const attached = await completion(world, YAMADA, title);
    expect(attached.attachments).not.to.deep.equal([]);
    const report = failureReport(attached, '5.3.4', '552 Message too large');
    const again = failureReport(attached, '5.3.4', '552 Message too large');
    await world.mailRaw(report, { from: '', to: attached.from });
    const linked = await completion(world, YAMADA, title);
    expect(linked.attachments).to.deep.equal([]);
    await world.mailRaw(again, { from: '', to: attached.from });
    await world.logged(/"why":"bounce: too large, link follows"/);
    await world.logged(/"why":"bounce: too large, link follows"/);
    await world.mailRaw(failureReport(linked, '5.3.4', '552 Message too large'), {
      from: '',
      to: linked.from,
    });
    const notice = await world.next(SATO, new RegExp(`届いていません】${title}の電子署名完了のお知らせ$`));
    expect(notice.text).to.include('メールが大きすぎるとして');
    const sent = mailsTo(world, YAMADA, /^電子署名完了のお知らせ$/).filter(({ text }) =>
      text.includes(title),
    );
    expect(sent).to.have.length(2);
  });

  it('that comes back in words only is understood by its envelope and its words', async () => {
    const request = await requested(world, '言葉だけで戻る工事');
    const words = '次の宛先のメールボックスの容量がいっぱいのため、送信できませんでした。';
    await world.mailRaw(textReport(request, words), { from: '', to: request.from });
    const notice = await world.next(SATO, /^【届いていません】言葉だけで戻る工事の署名依頼$/);
    expect(notice.text).to.include('先方のメールボックスがいっぱいです');
    expect(notice.text).to.include('不要なメールを消して');
  });

  it('about a consent that has been taken back before it could leave, does not leave', async () => {
    const title = '考え直す工事';
    const request = await requested(world, title);
    let tries = 0;
    onMail = ({ subject }) => {
      if (!subject.includes('同意を記録しました')) return null;
      tries++;
      return new SmtpRefusal(451, '4.3.0 Try again later');
    };
    await consentByLink(request);
    const put = (): Promise<{ done_at: string | null; failures: number }> =>
      world.look(({ knex }) =>
        knex('outbox').where('key', 'like', '%:consentRecorded:%').orderBy('created_at', 'desc').first(),
      );
    while ((await put()).failures === 0);
    const page = await fetch(`${linkIn(request)}/takeback`, { method: 'POST' });
    expect(await page.text()).to.include('同意を取り消しました');
    onMail = () => null;
    while ((await put()).done_at === null);
    expect(tries).to.be.greaterThan(0);
    expect(mailsTo(world, YAMADA, new RegExp(`同意を記録しました.*${title}`))).to.deep.equal([]);
  });

  it('put off by the relay is told and shows in 状況 until it is taken', async () => {
    const title = '受け取りを待つ工事';
    let tries = 0;
    onMail = ({ to }) => (to === YAMADA.address && ++tries > 0 ? new SmtpRefusal(451, '4.3.0 later') : null);
    const receipt = await drafted(world, title);
    await world.reply(SATO, receipt, '依頼');
    await world.logged(/"entry":"[^"]*:signatureRequest:step-1".*outbox entry failed for now/);
    await world.reply(SATO, receipt, '状況');
    const status = await world.next(SATO, new RegExp(`^【状況】.*${title}$`));
    expect(status.text).to.include('から送っていますが、まだ受け取られていません');
    const hoursLater = { not_before: new Date().toISOString() };
    const due = await world.look(({ knex }) =>
      knex('outbox').where('key', 'like', '%:deferred:initiator').update(hoursLater),
    );
    expect(due).to.equal(1);
    await world.reply(SATO, receipt, '状況');
    const told = await world.next(SATO, new RegExp(`^【まだ受け取られていません】${title}の依頼$`));
    expect(told.text).to.include(YAMADA.address).and.include('72時間たっても');
    await world.next(SATO, new RegExp(`^【状況】.*${title}$`));
    onMail = () => null;
    await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    await world.reply(SATO, receipt, '状況');
    expect((await world.next(SATO, new RegExp(`^【状況】.*${title}$`))).text).to.include(
      'に依頼。お返事待ち',
    );
    expect(tries).to.be.greaterThan(0);
  });

  it('put off by the relay is tried again under the same Message-ID', async () => {
    const tried: string[] = [];
    onMail = ({ to, messageId, subject }) => {
      if (to !== SATO.address || !subject.includes('混み合う工事')) return null;
      tried.push(messageId);
      return tried.length === 1 ? new SmtpRefusal(451, '4.3.0 Try again later') : null;
    };
    const receipt = await drafted(world, '混み合う工事');
    expect(tried).to.deep.equal([receipt.messageId, receipt.messageId]);
  });
});

for (const [name, env] of [
  ['subaddressing: none', { KEIYAKUBIN_MUNICIPALITIES__0__SUBADDRESSING: 'none' }],
  ['verp: false', { KEIYAKUBIN_MUNICIPALITIES__0__VERP: 'false' }],
] as const) {
  describe(`a bounce with ${name}`, () => {
    let world: World;
    before(async () => {
      world = await createWorld({ env });
      await world.start();
    });
    after(() => world.close());

    it('is matched by the Message-ID of the mail that came back', async () => {
      const { request, approval } = await approvalAsked(world, '戻る工事');
      for (const [mail, called] of [
        [request, '署名依頼'],
        [approval, '承認のお願い'],
      ] as const) {
        expect(mail.from).to.equal('keiyaku@mihon.example.jp');
        const report = failureReport(mail, '5.2.2', '552 5.2.2 Mailbox full');
        await world.mailRaw(report, { from: '', to: mail.from });
        await world.next(SATO, new RegExp(`^【届いていません】戻る工事の${called}$`));
      }
    });

    it('in words only is matched by the Message-ID that it quotes', async () => {
      const request = await requested(world, '言葉で戻る工事');
      const report = textReport(request, '550 Unknown user (in reply to RCPT TO command)');
      await world.mailRaw(report, { from: '', to: request.from });
      const notice = await world.next(SATO, /^【届いていません】言葉で戻る工事の署名依頼$/);
      expect(notice.text).to.include('このアドレスはないと答えました');
    });
  });
}
