/** The main job as its users live it: a contract mailed in comes out sealed, in everybody's mailbox. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

describe('a contract from mail to seal', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    await world.start();
  });
  afterEach(() => world.close());

  it('is concluded by a click and a reply, and everybody gets the executed PDF', async () => {
    await world.mailContract();
    const receipt = await world.next(SATO, /受付/);
    expect(receipt.subject).to.match(/^【まだ送っていません】受付\d{4}-0001 市道1号線舗装工事$/);
    expect(receipt.autoSubmitted).to.equal('auto-replied');
    await world.reply(SATO, receipt, '依頼');
    const request = await world.next(YAMADA, /署名依頼/);
    expect(request.subject).to.equal('見本市様より市道1号線舗装工事への署名依頼が届いています');
    const { status, html } = await consentByLink(request);
    expect(status).to.equal(200);
    expect(html).to.include('同意を記録しました');
    await world.next(YAMADA, /同意を記録しました/);
    const approval = await world.next(SUZUKI, /承認のお願い/);
    expect(approval.text).to.include('文書：1 契約書（4枚） 受付時と同じ内容です。');
    await world.reply(SUZUKI, approval, '承認');
    const sealed = [];
    for (const who of [SATO, YAMADA, SUZUKI]) {
      const completed = await world.next(who, /^電子署名完了のお知らせ$/);
      const other = who === YAMADA ? '見本市' : '株式会社サンプル';
      const names = completed.attachments.map(({ fileName }) => fileName);
      expect(names.map((name) => name.slice(8))).to.deep.equal([
        `_${other}_1100000_市道1号線舗装工事.pdf`,
        `_${other}_1100000_市道1号線舗装工事_合意締結証明書.pdf`,
      ]);
      sealed.push(completed.attachments[0]!.content.toString('base64'));
      const page = await fetch(linkIn(completed));
      expect(await page.text()).to.include('署名完了文書ダウンロード');
      const file = await fetch(`${linkIn(completed)}/files/1`);
      expect(Buffer.from(await file.arrayBuffer()).toString('base64')).to.equal(sealed[0]);
      const certificate = await fetch(`${linkIn(completed)}/certificate`);
      expect(Buffer.from(await certificate.arrayBuffer())).to.deep.equal(completed.attachments[1]!.content);
    }
    expect(new Set(sealed).size).to.equal(1);
    const [contract] = await world.contracts();
    const day = contract!.contractDate!.replaceAll('-', '');
    for (const { attachments } of world.mailboxes.mails) {
      for (const { fileName } of attachments) expect(fileName.slice(0, 8)).to.equal(day);
    }
    expect(contract).to.include({ state: 'concluded' });
    const history = await world.look(({ knex }, store) => store.history(knex, contract!.id));
    // Notes about mails may have come in between the two looks.
    expect(replay(history.filter(({ seq }) => seq <= contract!.seq))).to.deep.equal(contract);
  });
});
