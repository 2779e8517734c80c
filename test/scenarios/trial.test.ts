/** 「テスト」: staff learn whether their network hands PDFs over as they are, and nothing is opened by it. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { createWorld, SATO, samplePdf, type World } from '../support/world.ts';

describe('テスト', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const tried = async (files: readonly { filename: string; content: Buffer }[]) => {
    await world.mail({ subject: '設定の確認', text: 'テスト\n\n佐藤', pdf: files });
    return world.next(SATO, /^【テスト】/);
  };

  it('with a PDF is answered with pages, hash and how the sender was proven, and opens no contract', async () => {
    const content = await samplePdf();
    const answer = await tried([{ filename: '契約書.pdf', content }]);
    expect(answer.subject).to.equal('【テスト】問題なく届きました');
    expect(answer.text)
      .to.include(createHash('sha256').update(content).digest('hex'))
      .and.to.match(/1 契約書\.pdf（\d+枚、/)
      .and.to.include('職員だけが使うメールサーバーから届いたため')
      .and.to.include('情報担当向けの記録：submission-relay');
    expect(await world.contracts()).to.deep.equal([]);
  });

  it('is named to whoever wrote it otherwise, and nothing is opened', async () => {
    const pdf = [{ filename: '契約書.pdf', content: await samplePdf() }];
    for (const mail of [
      { subject: '設定の確認', text: 'テストです。\n佐藤', pdf },
      { subject: 'テスト送信', text: 'お世話になっております。', pdf },
      { subject: 'テスト', text: '', pdf },
      { subject: '設定の確認', text: 'テストメール', pdf: null },
    ]) {
      await world.mail(mail);
      const answer = await world.next(SATO, new RegExp(`^【受け付けていません】${mail.subject}$`));
      expect(answer.text, mail.text).to.include('1行目に「テスト」とだけ書き');
    }
    await world.mail({ subject: 'テストコース舗装工事', text: 'お願いします。', pdf });
    const answer = await world.next(SATO, /^【受け付けていません】テストコース/);
    expect(answer.text).to.not.include('「テスト」とだけ');
    expect(await world.contracts()).to.deep.equal([]);
  });

  it('says what became of the files on the way', async () => {
    // APPNOTE.TXT 4.3.7: a local file header with bit 0 of the flags set is encrypted.
    const zip = Buffer.concat([Buffer.from('504b030414000100', 'hex'), Buffer.alloc(40)]);
    const encrypted = await tried([{ filename: '契約書.zip', content: zip }]);
    expect(encrypted.text).to.include(
      '添付が暗号化ZIPに変わっています。情報担当へ除外設定をご依頼ください。',
    );
    const broken = await tried([{ filename: '契約書.pdf', content: Buffer.from('%PDF-1.7 broken') }]);
    expect(broken.text).to.include('「契約書.pdf」は途中で切れています');
    expect((await tried([])).text).to.include('添付ファイルは届いていません');
  });
});
