/** Contracts of other shapes: with a checker, without an approver, of several documents, too large for somebody's mailbox. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { approvalAsked, completion, contractCalled, drafted, requested } from '../support/acts.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { judge } from '../support/pdf-tools.ts';
import {
  CONTRACT_MAIL,
  createWorld,
  SATO,
  SUZUKI,
  samplePdf,
  TAKAHASHI,
  type World,
  YAMADA,
} from '../support/world.ts';

const TANAKA = { name: '田中三郎', address: 'tanaka..s@docomo.ne.jp' };
const MEBIBYTE = 1_048_576;

/** One page and an object nobody shows, so large that the file has at least this many octets. */
function pdfOfSize(octets: number): Buffer {
  return buildPdf({ ...onePage(), 6: streamText('', '0'.repeat(octets)) }).bytes;
}

const signaturesIn = (pdf: Uint8Array): number =>
  judge('pdfsig', ['-nocert'], pdf).match(/^Signature #\d+/gm)?.length ?? 0;

/** File names of the executed documents that hang on a completion mail, the certificate apart. */
const executed = ({ attachments }: ReceivedMail): string[] =>
  attachments.map(({ fileName }) => fileName).filter((name) => !name.endsWith('合意締結証明書.pdf'));

describe('a contract of another shape', () => {
  let world: World;
  before(async () => {
    const sample = await readFile(join(import.meta.dirname, '../../demo/touroku.csv'), 'utf8');
    const tanaka = sample
      .trimEnd()
      .split('\n')[1]!
      .replace('12345', '12346')
      .replace('株式会社サンプル', '田中工務店')
      .replace('山田太郎', TANAKA.name)
      .replace(YAMADA.address, TANAKA.address)
      .replace(/高橋次郎,[^,]*/, ',');
    world = await createWorld({
      registrations: Buffer.from(`${sample.trimEnd()}\n${tanaka}\n`),
      // Whether such an address may be registered at all is not what is looked at here.
      env: { KEIYAKUBIN_REGISTRATION__CARRIER_DOMAINS: '[]' },
    });
    await world.start();
  });
  after(() => world.close());

  it('with a checker goes to them first, and their look leaves no signature', async () => {
    const title = '確認者のいる工事';
    const lines = [`相手方確認者：高橋次郎 <${TAKAHASHI.address}>`];
    const check = await requested(world, title, { lines }, TAKAHASHI);
    expect(check.text).to.include('署名にはなりません').and.to.include('山田太郎様');
    expect((await consentByLink(check)).status).to.equal(200);
    const request = await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    expect((await contractCalled(world, title)).documents[0]!.revisions).to.have.length(1);
    await consentByLink(request);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await world.reply(SUZUKI, approval, '承認');
    for (const who of [TAKAHASHI, YAMADA, SUZUKI, SATO]) {
      const { attachments } = await completion(world, who, title);
      // Two consents are sealed, and the closing document timestamp counts as a third.
      expect(signaturesIn(attachments[0]!.content)).to.equal(3);
    }
  });

  it('whose checker takes back is asked of nobody else meanwhile', async () => {
    const title = '確認を取り消す工事';
    const lines = [`相手方確認者：高橋次郎 <${TAKAHASHI.address}>`];
    const check = await requested(world, title, { lines }, TAKAHASHI);
    await consentByLink(check);
    const request = await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    expect((await fetch(`${linkIn(check)}/takeback`, { method: 'POST' })).status).to.equal(200);
    const told = await world.next(YAMADA, new RegExp(`取り消.*${title}`));
    expect(told.subject, 'the number stands in staff subjects only').not.to.match(/\d{4}-\d{4}/);
    expect((await fetch(linkIn(request))).status).to.equal(410);
    await consentByLink(check);
    await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
  });

  it('as a 請書 is signed by the vendor alone, who cannot take back then', async () => {
    const title = '請書の工事';
    await world.mailContract({
      text: CONTRACT_MAIL.replace('種別：契約書', '種別：請書')
        .replace('市道1号線舗装工事', title)
        .replace(/^市側署名者：.*\n/m, ''),
    });
    const receipt = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    await world.reply(SATO, receipt, '依頼');
    const request = await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    expect((await consentByLink(request)).html).to.include('全員の同意がそろいました');
    const [own] = (await completion(world, YAMADA, title)).attachments;
    expect(signaturesIn(own!.content)).to.equal(2);
    await completion(world, SATO, title);
    expect((await fetch(`${linkIn(request)}/takeback`, { method: 'POST' })).status).to.equal(409);
  });

  it('of two documents has them in the order and by the names of the mail, each sealed', async () => {
    const title = '文書が二つの工事';
    const pdf = [
      { filename: 'b.pdf', content: pdfOfSize(10) },
      { filename: 'a.pdf', content: await samplePdf() },
    ];
    const lines = ['文書1：工事請負契約書＝a.pdf', '文書2：設計書＝b.pdf'];
    const { request, approval } = await approvalAsked(world, title, { lines, pdf });
    const page = await (await fetch(linkIn(request))).text();
    expect(page.indexOf('工事請負契約書')).to.be.within(0, page.indexOf('設計書'));
    await world.reply(SUZUKI, approval, '承認');
    const done = await completion(world, YAMADA, title);
    expect(executed(done).map((name) => name.split(`${title}_`)[1])).to.deep.equal([
      '工事請負契約書.pdf',
      '設計書.pdf',
    ]);
    for (const { content } of done.attachments.slice(0, 2)) expect(signaturesIn(content)).to.equal(3);
    expect(done.text).to.match(/・工事請負契約書\n・設計書/);
  });

  it('over the limit goes by link only, to everybody', async () => {
    const title = '大きな工事';
    const { approval } = await approvalAsked(world, title, { pdf: pdfOfSize(6 * MEBIBYTE) });
    await world.reply(SUZUKI, approval, '承認');
    for (const who of [SATO, YAMADA, SUZUKI]) {
      const done = await completion(world, who, title);
      expect(done.attachments).to.deep.equal([]);
      expect(done.text).to.include('容量が大きいため、文書はこのメールに添付していません');
      const file = await fetch(`${linkIn(done)}/files/1`, { method: 'HEAD' });
      expect(Number(file.headers.get('content-length'))).to.be.above(6 * MEBIBYTE);
    }
  });

  it('over a carrier’s limit goes by link only to the telephone, attached to the others', async () => {
    const title = '電話で受ける工事';
    const lines = [`契約相手方：田中工務店 代表 ${TANAKA.name} <${TANAKA.address}>`];
    const receipt = await drafted(world, title, { lines, pdf: pdfOfSize(2 * MEBIBYTE) });
    await world.reply(SATO, receipt, '依頼');
    await consentByLink(await world.next(TANAKA, new RegExp(`${title}への署名依頼`)));
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await world.reply(SUZUKI, approval, '承認');
    expect((await completion(world, TANAKA, title)).attachments).to.deep.equal([]);
    for (const who of [SATO, SUZUKI]) expect(executed(await completion(world, who, title))).to.have.length(1);
  });

  it('too large for a mail does not hang on 控え either; once concluded a link comes instead', async () => {
    const title = '大きな控えの工事';
    const receipt = await drafted(world, title, { pdf: pdfOfSize(6 * MEBIBYTE) });
    const copies = async (): Promise<ReceivedMail> => {
      await world.reply(SATO, receipt, '控え');
      const mail = await world.next(SATO, new RegExp(`^【控え】.*${title}$`));
      expect(mail.attachments).to.deep.equal([]);
      expect(mail.text).to.include('容量が大きいため');
      return mail;
    };
    expect((await copies()).text).to.include('お手元のファイル');
    await world.reply(SATO, receipt, '依頼');
    await consentByLink(await world.next(YAMADA, new RegExp(`${title}への署名依頼`)));
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await world.reply(SUZUKI, approval, '承認');
    await completion(world, SATO, title);
    const page = await fetch(linkIn(await copies()));
    expect(page.status).to.equal(200);
    expect(await page.text()).to.include('署名完了文書ダウンロード');
  });

  it('being downloaded by somebody who has stalled does not keep the gateway from stopping', async () => {
    const title = '止まった受け取りの工事';
    const { approval } = await approvalAsked(world, title, { pdf: pdfOfSize(7 * MEBIBYTE) });
    await world.reply(SUZUKI, approval, '承認');
    const stalled = await fetch(`${linkIn(await completion(world, YAMADA, title))}/files/1`);
    expect(stalled.status).to.equal(200);
    await world.stop();
    const outcome = await stalled.arrayBuffer().then(
      () => 'whole',
      () => 'cut off',
    );
    expect(outcome).to.equal('cut off');
  });
});
