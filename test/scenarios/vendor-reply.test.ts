/** A vendor who replies to our mails: the initiator gets the words and files, the vendor hears once whom to call. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { contractCalled, mailsTo, replyWithFiles, requested } from '../support/acts.ts';
import { createWorld, SATO, TAKAHASHI, type World, YAMADA } from '../support/world.ts';

const PER_DAY = 8;

describe('a reply of the vendor', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_ATTACHMENTS__LIMIT_OCTETS: '1000',
        KEIYAKUBIN_ATTACHMENTS__CARRIER_LIMIT_OCTETS: '1000',
        KEIYAKUBIN_ANSWERS__PASSED_ON_PER_DAY: String(PER_DAY),
        KEIYAKUBIN_ANSWERS__PASSED_ON_CHARACTERS: '200',
      },
    });
    await world.start();
  });
  after(() => world.close());

  it('reaches the initiator with its files and without the quoted link, and is answered once', async () => {
    const title = '問い合わせのある工事';
    const request = await requested(world, title);
    await world.reply(YAMADA, request, `数量について教えてください。${linkIn(request)}\n山田`);
    const told = await world.next(SATO, new RegExp(`^【相手方からの返信】受付\\d{4}-\\d{4} ${title}$`));
    expect(told.text).to.include('> 数量について教えてください。（省略）').and.to.include(YAMADA.address);
    for (const part of [told.text, told.html]) expect(part).not.to.match(/[a-z2-7]{42}(?!@)/);
    expect(told.autoSubmitted).to.equal('auto-generated');
    const answer = await world.next(YAMADA, new RegExp(`^【担当へお伝えしました】${title}$`));
    expect(answer.text).to.include('00-0000-0001').and.to.include('総務課管財係 佐藤花子様');
    expect(answer.autoSubmitted).to.equal('auto-replied');

    await replyWithFiles(world, YAMADA, request, '', [
      { filename: '数量表.pdf', content: Buffer.from('%PDF-1.7 small') },
      { filename: '../../現場写真.zip', content: Buffer.alloc(2000, 'x') },
    ]);
    const files = await world.next(SATO, new RegExp(`^【相手方からの返信】.*${title}$`));
    expect(files.attachments.map(({ fileName }) => fileName)).to.deep.equal(['数量表.pdf']);
    expect(files.attachments[0]!.content.toString()).to.equal('%PDF-1.7 small');
    expect(files.text).to.include('添付していません').and.to.include('現場写真.zip').and.not.include('../');
    expect(mailsTo(world, YAMADA, /担当へお伝えしました/), 'answered once').to.have.length(1);

    await world.reply(SATO, files, '状況');
    const status = await world.next(SATO, new RegExp(`^【状況】.*${title}$`));
    expect(status.text).to.include('同意を待っています');
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
  });

  it('is passed on by the contract’s own thread only: a stranger who has seen a mail is told that nobody reads here', async () => {
    const title = '他人が返信する工事';
    const request = await requested(world, title);
    const stranger = { name: '他人', address: 'tanin@elsewhere.example.jp' };
    await world.reply(stranger, request, '教えてください');
    expect((await world.next(stranger, /./)).subject).to.match(/^【受け付けていません】/);
    await world.mail({ from: YAMADA, subject: '別件のお知らせ', text: '年末年始の営業について' });
    expect((await world.next(YAMADA, /^【受け付けていません】/)).text).to.include('受け付けていません');
    expect(mailsTo(world, SATO, new RegExp(`相手方からの返信.*${title}`))).to.have.length(0);
  });

  it('of somebody who only receives the result reaches the initiator as well', async () => {
    const title = '共有先が返信する工事';
    const lines = [`共有：高橋次郎 <${TAKAHASHI.address}>`];
    const request = await requested(world, title, { lines });
    await world.reply(TAKAHASHI, request, `写しはいつ届きますか。${'長い話'.repeat(70)}終わり`);
    const told = await world.next(SATO, new RegExp(`^【相手方からの返信】.*${title}$`));
    expect(told.text).to.include('> 写しはいつ届きますか。').and.to.include(TAKAHASHI.address);
    expect(told.text).to.include('本文が長いため、途中までを載せています。').and.not.include('終わり');
    await world.next(TAKAHASHI, new RegExp(`^【担当へお伝えしました】${title}$`));
  });

  it('is taken for a loop when there are too many of them in a day', async () => {
    const title = '何度も届く工事';
    const request = await requested(world, title);
    for (let count = 0; count <= PER_DAY; count++) {
      await world.mail({
        from: YAMADA,
        subject: `Re: ${request.subject}`,
        text: `お知らせ${count}`,
        inReplyTo: request.messageId,
        references: [...request.references, request.messageId],
      });
    }
    await world.logged(/passed on often enough today/);
    expect(mailsTo(world, SATO, new RegExp(`相手方からの返信.*${title}`)).length).to.be.at.most(PER_DAY);
  });
});
