/** Word and Excel files that a registered vendor mails in outside a contract reach the section in its registration (R12). */
import { expect } from 'chai';
import type { Writer } from '../../demo/people.ts';
import { readersOf } from '../../gateway/app/vendor-files.ts';
import type { StaffMember } from '../../gateway/mail/rights.ts';
import { mailsTo } from '../support/acts.ts';
import { createWorld, SATO, TAKAHASHI, type World, YAMADA } from '../support/world.ts';

const STRANGER: Writer = { name: '他人', address: 'tanin@elsewhere.example.jp' };
/** As much of a Word file as tells what it is. */
const DRAFT = {
  filename: '契約書案.doc',
  content: Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('WordDocument', 'utf16le')]),
};

describe('files of a vendor outside a contract', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const send = (from: Writer, files = [DRAFT]) =>
    world.mail({ from, subject: '契約書の案', text: '案をお送りします。\n山田', pdf: files });

  it('reach the section, and are answered once a day', async () => {
    await send(YAMADA);
    const told = await world.next(SATO, /^【相手方からのファイル】株式会社サンプル$/);
    expect(told.attachments.map(({ fileName }) => fileName)).to.deep.equal(['契約書案.doc']);
    expect(told.attachments[0]!.content.equals(DRAFT.content)).to.equal(true);
    expect(told.text)
      .to.include('> 案をお送りします。')
      .and.include('整理番号12345')
      .and.include(YAMADA.address);
    await world.next(YAMADA, /^【担当へお伝えしました】/);
    await send(YAMADA, [{ ...DRAFT, filename: '数量表.xls' }]);
    const again = await world.next(SATO, /^【相手方からのファイル】/);
    expect(again.attachments[0]!.fileName).to.equal('数量表.xls');
    expect(mailsTo(world, YAMADA, /担当へお伝えしました/)).to.have.length(1);
    expect(await world.contracts()).to.have.length(0);
  });

  it('may be a reply to a mail of ours without a contract: the section gets the words, the vendor hears so', async () => {
    await world.mail({ from: TAKAHASHI, subject: '控え', text: '控え' });
    const list = await world.next(TAKAHASHI, /./);
    await world.reply(TAKAHASHI, list, '登録の変更はいつまでにすればよいですか。');
    const told = await world.next(SATO, /^【相手方からの返信】株式会社サンプル$/);
    expect(told.text)
      .to.include('> 登録の変更はいつまでにすればよいですか。')
      .and.include(TAKAHASHI.address)
      .and.not.include('PDFにし');
    const answer = await world.next(TAKAHASHI, /^【担当へお伝えしました】お送りいただいたメール$/);
    expect(answer.text).to.include('お送りいただいたメールは、').and.to.not.include('ファイル');
  });

  it('are not taken from somebody without a registration', async () => {
    await send(STRANGER);
    await world.next(STRANGER, /^【受け付けていません】契約書の案$/);
    expect(mailsTo(world, SATO, /相手方からのファイル/)).to.have.length(2);
  });
});

describe('readers of a vendor’s files', () => {
  const member = (address: string, section: string, rest: Partial<StaffMember> = {}): StaffMember => ({
    address,
    name: address,
    section,
    phone: '00-0000-0001',
    rights: ['initiator'],
    shared: false,
    ...rest,
  });
  const staff = (...members: StaffMember[]) => ({ domains: [], domainRights: [], members });
  const KANZAI = member('a@mihon.example.jp', '総務課 管財係');
  const OTHER = member('b@mihon.example.jp', '建設課');
  const reports = ['report@mihon.example.jp'];
  const readers = (section: string | null, ...members: StaffMember[]) =>
    readersOf([{ section }], staff(...members), reports);

  it('are the members of the section, or of one below it', () => {
    expect(readers('総務課管財係', KANZAI, OTHER)).to.deep.equal(['a@mihon.example.jp']);
    expect(readers('総務課', KANZAI, OTHER)).to.deep.equal(['a@mihon.example.jp']);
  });

  it('are its shared mailboxes where it has any', () => {
    const shared = member('kanzai@mihon.example.jp', '総務課管財係', { shared: true });
    expect(readers('総務課管財係', KANZAI, shared)).to.deep.equal(['kanzai@mihon.example.jp']);
  });

  it('are the report addresses where nobody of the section is known', () => {
    expect(readers('水道課', KANZAI, OTHER)).to.deep.equal(reports);
    expect(readers(null, KANZAI)).to.deep.equal(reports);
    const auditor = member('kansa@mihon.example.jp', '水道課', { rights: ['auditor'] });
    expect(readers('水道課', auditor)).to.deep.equal(reports);
  });
});
