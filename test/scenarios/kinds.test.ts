/** Kinds of contract and the people in them: 請書, joint ventures, stand-ins, amendments, observers, many documents (R14 to R20b, R42). */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink, type Writer } from '../../demo/people.ts';
import { bytesSource, verify } from '../../signing/index.ts';
import { completion, contractCalled, contractMail, drafted, mailsTo, requested } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { buildPdf } from '../support/pdf-build.ts';
import { textOf } from '../support/pdf-tools.ts';
import { createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const KIMURA: Writer = { name: '木村三郎', address: 'kimura@mihon-kensetsu.example.jp' };
const KAIKEI: Writer = { name: '会計課', address: 'kaikei@mihon.example.jp' };
const REGISTRATIONS = feedOf(
  feedRow(),
  feedRow({
    整理番号: '12346',
    商号又は名称: '有限会社見本建設',
    締結権限者役職: '取締役',
    締結権限者氏名: KIMURA.name,
    締結権限者メールアドレス: KIMURA.address,
    事務担当者氏名: '',
    事務担当者メールアドレス: '',
  }),
  feedRow({
    整理番号: '12347',
    商号又は名称: '合同会社予備',
    締結権限者氏名: '森四郎',
    締結権限者メールアドレス: 'mori@yobi.example.jp',
  }),
);
const KIMURA_LINE = `有限会社見本建設 取締役 ${KIMURA.name} <${KIMURA.address}>`;
const YAMADA_LINE = `株式会社サンプル 代表取締役 ${YAMADA.name} <${YAMADA.address}>`;

/** A page of a few octets, different for each `mark`. */
function smallPdf(mark: string): Buffer {
  const objects = {
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /PieceInfo <</Mark (${mark})>>>>`,
  };
  return buildPdf(objects).bytes;
}

function certificateIn(mail: ReceivedMail): string {
  const certificate = mail.attachments.find(({ fileName }) => fileName.endsWith('合意締結証明書.pdf'));
  return textOf(certificate!.content, ['-layout']).replace(/[ \t]+/g, ' ');
}

describe('kinds of contract and the people in them', () => {
  let world: World;
  let trust: Uint8Array[];
  before(async () => {
    world = await createWorld({ registrations: REGISTRATIONS });
    const { testRoot } = await world.start();
    trust = [Buffer.from(testRoot!.replace(/-----[^-]+-----|\s/g, ''), 'base64')];
  });
  after(() => world.close());

  const reasonsIn = async (file: Uint8Array): Promise<(string | null)[]> => {
    const report = await verify(bytesSource(file), { trust, profile: 'B-LTA', at: new Date() });
    expect(report).to.include({ valid: true, level: 'B-LTA' });
    return report.signatures.filter(({ kind }) => kind === 'signature').map(({ reason }) => reason);
  };

  /** Concludes a contract by the shortest way; resolves to its number. */
  const concludedOriginal = async (title: string): Promise<string> => {
    const request = await requested(world, title, { lines: ['種別：請書', '市側署名者：'] });
    await consentByLink(request);
    await completion(world, SATO, title);
    return (await contractCalled(world, title)).number;
  };

  it('a 請書 is concluded by the vendor alone', async () => {
    const title = '事務机の購入';
    const request = await requested(world, title, { lines: ['種別：請書', '市側署名者：'] });
    expect((await consentByLink(request)).status).to.equal(200);
    const completed = await completion(world, YAMADA, title);
    await completion(world, SATO, title);
    expect(await reasonsIn(completed.attachments[0]!.content)).to.have.length(1);
    const certificate = certificateIn(completed);
    expect(certificate).to.include('種別 請書').and.to.include('1 契約相手方');
    expect(certificate).to.not.include('市側署名者');
    expect(mailsTo(world, SUZUKI, new RegExp(title))).to.deep.equal([]);
    const contract = await contractCalled(world, title);
    expect(contract.steps.map(({ role }) => role)).to.deep.equal(['signatory']);
    expect(contract.state).to.equal('concluded');
  });

  it('a joint venture’s members consent in the order of the mail, and each is named', async () => {
    const title = '橋りょう補修工事';
    const lines = [`契約相手方1：${KIMURA_LINE}`, `契約相手方2：${YAMADA_LINE}`, '契約相手方：'];
    const receipt = await drafted(world, title, { lines });
    expect(receipt.text.indexOf(`契約相手方1：有限会社見本建設`)).to.be.greaterThan(0);
    expect(receipt.text.indexOf('契約相手方2：株式会社サンプル')).to.be.greaterThan(
      receipt.text.indexOf('契約相手方1：'),
    );
    expect(receipt.text).to.include('契約相手方「有限会社見本建設」の名称が、どの文書にも見当たりません');
    await world.reply(SATO, receipt, '依頼 確認済');
    const first = await world.next(KIMURA, /署名依頼/);
    expect(mailsTo(world, YAMADA, new RegExp(`${title}への署名依頼`))).to.deep.equal([]);
    await consentByLink(first);
    await consentByLink(await world.next(YAMADA, new RegExp(`${title}への署名依頼`)));
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    expect(approval.text).to.include('有限会社見本建設 取締役 木村三郎様（').and.to.include('山田太郎様（');
    await world.reply(SUZUKI, approval, '承認');
    const completed = await completion(world, KIMURA, title);
    const reasons = await reasonsIn(completed.attachments[0]!.content);
    expect(reasons.map((reason) => reason!.split('様')[0])).to.deep.equal([
      '木村三郎',
      '山田太郎',
      '鈴木一郎',
    ]);
    const certificate = certificateIn(completed);
    for (const name of ['有限会社見本建設 取締役 木村三郎', '株式会社サンプル 代表取締役 山田太郎']) {
      expect(certificate).to.include(name);
    }
    expect(certificate.indexOf('木村三郎')).to.be.lessThan(certificate.indexOf('山田太郎'));
  });

  it('two consents from one mailbox are not a joint venture', async () => {
    await world.mailContract({
      text: [
        '契約件名：二重の相手方',
        `契約相手方：${YAMADA_LINE}`,
        '契約相手方：整理番号12345',
        `市側署名者：${SUZUKI.name}`,
      ].join('\n'),
    });
    const answer = await world.next(SATO, /受け付けていません/);
    expect(answer.text).to.include('同じメールアドレスの契約相手方が2回');
  });

  it('「契約相手方2：」 in a correction changes that one and leaves the other', async () => {
    const title = '訂正される共同企業体';
    const lines = [`契約相手方1：${KIMURA_LINE}`, `契約相手方2：${YAMADA_LINE}`, '契約相手方：'];
    const receipt = await drafted(world, title, { lines });
    await world.reply(SATO, receipt, '契約相手方2：整理番号99999');
    const refused = await world.next(SATO, new RegExp(`お受けできません.* ${title}`));
    expect(refused.text).to.include('登録が見つかりません');
    await world.reply(SATO, receipt, '契約相手方2：整理番号12347');
    const corrected = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    expect(corrected.text).to.match(/契約相手方1：有限会社見本建設.+\n契約相手方2：合同会社予備/);
    await world.reply(SATO, corrected, '中止');
  });

  it('an amendment names its original, a stand-in the authority; observers get the result', async () => {
    // Its number begins with the year.
    const original = await concludedOriginal('道路改良工事');
    const title = '道路改良工事第1回変更';
    const lines = [
      '種別：変更契約',
      `元契約：${original}`,
      '権限の根拠：代決',
      `共有：${KAIKEI.name} <${KAIKEI.address}>`,
    ];
    const receipt = await drafted(world, title, { lines });
    expect(receipt.text).to.include('（変更契約書）').and.to.include(`元契約：${original}`);
    expect(receipt.text).to.include('権限の根拠：代決').and.to.include('共有先：会計課');
    await world.reply(SATO, receipt, '依頼');
    await consentByLink(await world.next(YAMADA, /第1回変更への署名依頼/));
    const approval = await world.next(SUZUKI, /承認のお願い】道路改良工事第1回変更/);
    expect(approval.text).to.include('権限の根拠：代決').and.to.include('受付時と同じ内容です');
    await world.reply(SUZUKI, approval, '承認');
    const completed = await completion(world, KAIKEI, title);
    const [vendor, municipality] = await reasonsIn(completed.attachments[0]!.content);
    expect(vendor).to.not.include('代決');
    expect(municipality).to.include('見本市長名義、代決、決裁番号 総管第45号');
    const certificate = certificateIn(completed);
    expect(certificate).to.include('種別 変更契約書').and.to.include(`元契約 ${original}`);
    expect(certificate).to.include('権限の根拠 代決').and.to.include('本人あてメールへの「承認」の返信');
    expect(certificate).to.not.include(KAIKEI.address);
    const { terms } = await contractCalled(world, title);
    expect(terms).to.include({ original, authority: 'standIn' });
  });

  it('an amendment that names no original is warned of before it leaves', async () => {
    const title = '道路改良工事第2回変更';
    const receipt = await drafted(world, title, { lines: ['種別：変更契約'] });
    expect(receipt.text).to.include('【注意】変更契約ですが、元の契約が書かれていません。');
    expect(receipt.text).to.include('「依頼 確認済」');
    await world.reply(SATO, receipt, '元契約：令和7年度 道路改良工事請負契約');
    const corrected = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    expect(corrected.text).to.include('元契約：令和7年度 道路改良工事請負契約').and.not.include('【注意】');
    await world.reply(SATO, corrected, '中止');
  });

  it('a document with the digest recorded at the 決裁 is vouched for from then on; another one is refused', async () => {
    const title = '決裁済み工事';
    const sha256 = createHash('sha256')
      .update(await samplePdf())
      .digest('hex');
    await world.mailContract({ text: contractMail(title, [`決裁時ハッシュ：${'0'.repeat(64)}`]) });
    const refused = await world.next(SATO, /受け付けていません/);
    expect(refused.text).to.include('決裁時のハッシュ（SHA-256）と違います');
    const receipt = await drafted(world, title, { lines: [`決裁時SHA-256：${sha256.toUpperCase()}`] });
    await world.reply(SATO, receipt, '依頼');
    await consentByLink(await world.next(YAMADA, /決裁済み工事への署名依頼/));
    const approval = await world.next(SUZUKI, /承認のお願い】決裁済み工事/);
    expect(approval.text).to.include('決裁時と同じ内容です');
    await world.reply(SUZUKI, approval, '差戻し 試しのため');
  });

  for (const count of [3, 20]) {
    it(`${count} documents are sealed, certified and attached, each under its own name`, async () => {
      const title = `${count}点の文書`;
      const names = Array.from({ length: count }, (_, index) => `図面${index + 1}`);
      const pdf = names.map((name) => ({
        filename: `${name}.pdf`,
        content: smallPdf(`${count}-${name.length}-${name.slice(2)}`),
      }));
      const lines = ['種別：請書'];
      const request = await requested(world, title, { lines, pdf });
      expect((await consentByLink(request)).status).to.equal(200);
      const completed = await completion(world, YAMADA, title);
      expect(completed.attachments.map(({ fileName }) => fileName.split(`${title}_`)[1])).to.deep.equal([
        ...names.map((name) => `${name}.pdf`),
        '合意締結証明書.pdf',
      ]);
      for (const { content } of completed.attachments) expect(await reasonsIn(content)).to.have.length(1);
      const certificate = certificateIn(completed);
      const { documents } = await contractCalled(world, title);
      for (const { name, upload, revisions } of documents) {
        expect(certificate).to.include(name);
        expect(certificate).to.include(upload.sha256).and.to.include(revisions.at(-1)!.sha256);
      }
      const page = await (await fetch(linkIn(completed))).text();
      expect(page.match(/class="file-name"/g)).to.have.length(count + 1);
      expect(page).to.include('合意締結証明書.pdf');
    });
  }

  it('a character that the certificate could not print is refused with the contract mail', async () => {
    await world.mailContract({
      text: `契約件名：祭り\u{1F3EE}設営\n契約相手方：整理番号12345\n市側署名者：${SUZUKI.name}`,
      pdf: await samplePdf(),
    });
    const answer = await world.next(SATO, /受け付けていません/);
    expect(answer.text).to.include(
      '「祭り\u{1F3EE}設営」の「\u{1F3EE}」（U+1F3EE）は、合意締結証明書に印刷できない文字です',
    );
  });
});
