/** What becomes of our own mails: bounces, refusals and "later" from the relay (RFC 3464, RFC 5321 4.2). */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { approvalAsked, completion, contractCalled, drafted, mailsTo, requested } from '../support/acts.ts';
import { failureReport } from '../support/letters.ts';
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
  afterEach(() => {
    onRecipient = () => null;
    onMail = () => null;
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
    await world.reply(SATO, notice, '状況');
    expect((await world.next(SATO, /^【状況】.*戻る工事/)).text).to.include('に送りましたが、届いていません');
    await world.mailRaw(failureReport(request, '5.1.1', '550 once more'), report);
    await world.logged(/"why":"bounce: stale"/);
    expect(mailsTo(world, SATO, /【届いていません】戻る工事/)).to.have.length(1);
    await world.reply(SATO, notice, '再送');
    await world.next(YAMADA, /戻る工事への署名依頼/);
    await world.next(SATO, /^【再送しました】.*戻る工事/);
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
        await world.mailRaw(failureReport(mail, '5.1.1', NO_SUCH_USER), { from: '', to: mail.from });
        await world.next(SATO, new RegExp(`^【届いていません】戻る工事の${called}$`), 10_000);
      }
    });
  });
}
