/** Where the executed documents cannot hang on a mail: a relay that takes less, and more documents than a contract may have (R14, R37, RFC 1870). */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { approvalAsked, completion, contractMail, mailsTo } from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

describe('with a relay that announces 100,000 octets', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ mailboxes: { maxOctets: 100_000 } });
    await world.start();
  });
  after(() => world.close());

  it('the executed documents go by their link to everybody, and nobody is troubled', async () => {
    const title = '小さな中継の工事';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    for (const who of [YAMADA, SUZUKI, SATO]) {
      const mail = await completion(world, who, title);
      expect(mail.attachments, who.name).to.deep.equal([]);
      expect(mail.text).to.include('容量が大きいため、文書はこのメールに添付していません');
      const file = await fetch(`${linkIn(mail)}/files/1`, { method: 'HEAD' });
      expect(Number(file.headers.get('content-length'))).to.be.above(100_000);
    }
    expect(mailsTo(world, SATO, /届いていません/)).to.deep.equal([]);
  });

  it('控え of documents that do not pass it come with words alone', async () => {
    const title = '控えの通らない工事';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '控え');
    const copies = await world.next(SUZUKI, /^【控え】/);
    expect(copies.attachments).to.deep.equal([]);
    expect(copies.text).to.include('容量が大きいため');
  });

  it('a contract mail with 21 documents is refused at intake, with 20 it is not', async () => {
    const pdf = await samplePdf();
    const files = Array.from({ length: 21 }, (_, at) => ({ filename: `文書${at + 1}.pdf`, content: pdf }));
    await world.mailContract({ text: contractMail('文書の多い工事'), pdf: files });
    const refused = await world.next(SATO, /^【受け付けていません】/);
    expect(refused.text).to.include('文書が多すぎます。1件につき20点までです。');
    await world.mailContract({ text: contractMail('文書の多い工事'), pdf: files.slice(1) });
    await world.next(SATO, /受付.* 文書の多い工事$/);
  });
});
