/** A link that no longer serves: whoever holds it can have a new one sent, but only to the address that is registered (R36). */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { approvalAsked, completion, mailsTo, requested } from '../support/acts.ts';
import { unzip } from '../support/unzip.ts';
import {
  createWorld,
  otherSamplePdf,
  SATO,
  SUZUKI,
  samplePdf,
  type World,
  YAMADA,
} from '../support/world.ts';

const press = (mail: ReceivedMail): Promise<Response> => fetch(`${linkIn(mail)}/link`, { method: 'POST' });
const page = async (mail: ReceivedMail): Promise<{ status: number; html: string }> => {
  const response = await fetch(linkIn(mail));
  return { status: response.status, html: await response.text() };
};

describe('a fresh link', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  /** Lets every download link of this mail's kind have run out. */
  const runOut = (): Promise<void> =>
    world.look(async ({ knex }) => {
      await knex('secrets').where({ purpose: 'download' }).update({ expires_at: '2026-01-01T00:00:00.000Z' });
    });

  describe('to executed documents', () => {
    const title = '庁舎清掃業務委託';
    let mail: ReceivedMail;
    before(async () => {
      const { approval } = await approvalAsked(world, title, {
        pdf: [
          { filename: '契約書.pdf', content: await samplePdf() },
          { filename: '仕様書.pdf', content: await otherSamplePdf() },
        ],
      });
      await world.reply(SUZUKI, approval, '承認');
      mail = await completion(world, YAMADA, title);
    });

    it('is offered when 14 days are over, and brings the page back for as long again', async () => {
      expect((await page(mail)).html)
        .to.include('署名完了文書ダウンロード')
        .and.not.include('新しいリンクを送る');
      await runOut();
      const over = await page(mail);
      expect(over.status).to.equal(410);
      expect(over.html).to.include('新しいリンクを送る').and.include('文書は失われていません');

      const answer = await press(mail);
      expect(answer.status).to.equal(200);
      const html = await answer.text();
      expect(html).to.include('y***@sample.example.jp').and.not.include(YAMADA.address);

      const fresh = await completion(world, YAMADA, title);
      expect(linkIn(fresh)).to.not.equal(linkIn(mail));
      expect(fresh.text).to.include('お求めにより、ダウンロードのURLをあらためてお送りします。');
      expect(mail.text).not.to.include('お求めにより');
      expect(fresh.references).to.include(mail.references[0]!);
      expect((await page(fresh)).status).to.equal(200);
      expect((await page(mail)).status, 'the old one stays over').to.equal(410);
      expect(mailsTo(world, SATO, /^電子署名完了/), 'nobody else hears of it').to.have.length(1);
    });

    it('is sent three times a day and no more', async () => {
      for (const often of ['twice', 'three times']) {
        expect((await press(mail)).status, often).to.equal(200);
        // Two on their way at once might overtake each other, and the later link is the one that holds.
        await completion(world, YAMADA, title);
      }
      const fourth = await press(mail);
      expect(fourth.status).to.equal(429);
      expect(await fourth.text()).to.include('本日はこれ以上お送りできません');
      expect(mailsTo(world, YAMADA, /^電子署名完了/)).to.have.length(4);
    });

    it('gives all documents at once as a ZIP with Japanese names', async () => {
      const fresh = mailsTo(world, YAMADA, /^電子署名完了/).at(-1)!;
      expect((await page(fresh)).html).to.include('まとめてダウンロード（ZIP）');
      const response = await fetch(`${linkIn(fresh)}/all.zip`);
      expect(response.headers.get('content-type')).to.equal('application/zip');
      const members = unzip(Buffer.from(await response.arrayBuffer()));
      expect(response.headers.get('content-disposition')).to.match(
        /^attachment; filename="\d{8}_1100000_\.zip"; filename\*=UTF-8''\d{8}_%E8%A6%8B/,
      );
      expect(members.map(({ name }) => name.split(`${title}_`)[1])).to.deep.equal([
        '契約書.pdf',
        '仕様書.pdf',
        '合意締結証明書.pdf',
      ]);
      for (const [index, { utf8, content }] of members.slice(0, 2).entries()) {
        const single = await fetch(`${linkIn(fresh)}/files/${index + 1}`);
        expect(content.equals(Buffer.from(await single.arrayBuffer()))).to.equal(true);
        expect(utf8).to.equal(true);
      }
    });

    it('is not to be had with a secret that is not ours', async () => {
      const forged = linkIn(mail).replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
      expect((await fetch(`${forged}/link`, { method: 'POST' })).status).to.equal(404);
      expect((await fetch(`${forged}/all.zip`)).status).to.equal(404);
    });
  });

  describe('to the consent page', () => {
    it('replaces a voided one, and voids the one before', async () => {
      const title = '橋りょう点検業務委託';
      const first = await requested(world, title);
      const answer = mailsTo(world, SATO, new RegExp(`受付.* ${title}$`))[0]!;
      await world.reply(SATO, answer, '再送');
      const second = await world.next(YAMADA, new RegExp(`より${title}への署名依頼`));
      const voided = await page(first);
      expect(voided.status).to.equal(410);
      expect(voided.html).to.include('新しいリンクを送る');
      expect(await (await press(first)).text())
        .to.include('y***@sample.example.jp')
        .and.include('先にお送りしたURLは使えなくなりました');
      const third = await world.next(YAMADA, new RegExp(`より${title}への署名依頼`));
      expect((await page(second)).status).to.equal(410);
      expect((await consentByLink(third)).status).to.equal(200);
    });

    it('becomes one to the documents once the contract is concluded', async () => {
      const title = '除雪業務委託';
      const { request, approval } = await approvalAsked(world, title);
      const early = await fetch(`${linkIn(request)}/link`, { method: 'POST' });
      expect(early.status, 'it is another’s turn').to.equal(409);
      await world.reply(SUZUKI, approval, '承認');
      await completion(world, YAMADA, title);
      expect((await page(request)).html).to.include('新しいリンクを送る');
      expect((await press(request)).status).to.equal(200);
      const fresh = await completion(world, YAMADA, title);
      expect((await page(fresh)).html).to.include('署名完了文書ダウンロード');
    });

    it('is not offered when the contract has been withdrawn', async () => {
      const title = '測量業務委託';
      const request = await requested(world, title);
      const answer = mailsTo(world, SATO, new RegExp(`受付.* ${title}$`))[0]!;
      await world.reply(SATO, answer, '中止');
      await world.next(YAMADA, new RegExp(title));
      const ended = await page(request);
      expect(ended.html).to.include('依頼は取り消されました').and.not.include('新しいリンクを送る');
      expect((await press(request)).status).to.equal(409);
    });
  });
});
