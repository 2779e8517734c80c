/** Who of the staff may mail contracts in, approve, agree to a new address, read all contracts: by address, by domain, the second and third never from a shared mailbox. */
import { expect } from 'chai';
import type { Writer } from '../../demo/people.ts';
import { contractCalled, contractMail, drafted, mailsTo, requested } from '../support/acts.ts';
import { createWorld, SATO, samplePdf, type World } from '../support/world.ts';

const KANRI: Writer = { name: '管財係', address: 'kanzai@mihon.example.jp' };
const ITO: Writer = { name: '伊藤', address: 'ito@mihon.example.jp' };
const TANAKA: Writer = { name: '田中', address: 'tanaka@mihon.example.jp' };
const KANSA: Writer = { name: '監査', address: 'kansa@mihon.example.jp' };
const MEMBERS = [
  { address: SATO.address, name: SATO.name, rights: ['initiator'] },
  { address: 'suzuki@mihon.example.jp', name: '鈴木一郎', rights: ['approver'] },
  { address: KANRI.address, name: KANRI.name, rights: ['initiator', 'approver'], shared: true },
  { address: TANAKA.address, name: TANAKA.name, rights: ['second'] },
  { address: KANSA.address, name: KANSA.name, rights: ['auditor'] },
].map((member) => ({ section: '総務課', phone: '00-0000-0001', ...member }));

describe('rights of the staff', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_MUNICIPALITIES__0__STAFF__MEMBERS: JSON.stringify(MEMBERS),
        KEIYAKUBIN_MUNICIPALITIES__0__STAFF__DOMAIN_RIGHTS: '[]',
      },
    });
    await world.start();
  });
  after(() => world.close());

  const refusalOf = async (from: Writer, title: string, lines: readonly string[] = []): Promise<string> => {
    await world.mail({ from, subject: title, text: contractMail(title, lines), pdf: await samplePdf() });
    const refusal = await world.next(from, new RegExp(`^【受け付けていません】${title}$`));
    expect(await world.contracts()).to.have.length(0);
    return refusal.text;
  };

  it('a contract from staff without the right is refused, and says who may send one', async () => {
    expect(await refusalOf(ITO, '権限のない職員の工事')).to.include(
      '「ito@mihon.example.jp」からは契約書を受け付けていません',
    );
  });

  it('somebody who may not approve cannot be named as approver', async () => {
    const named = (line: string): Promise<string> =>
      refusalOf(SATO, `署名者：${line}`, [`市側署名者：${line}`]);
    expect(await named('佐藤花子 <sato@mihon.example.jp>')).to.include(
      '「sato@mihon.example.jp」は、承認のできる職員として登録されていません',
    );
    expect(await named('管財係 <kanzai@mihon.example.jp>')).to.include(
      '「kanzai@mihon.example.jp」は課の共用メールボックスです',
    );
  });

  it('those who may, do; a shared mailbox may mail contracts in', async () => {
    await drafted(world, '権限どおりの工事');
    await world.mailContract({ from: KANRI, text: contractMail('共用から送る工事') });
    await world.next(KANRI, /受付.* 共用から送る工事$/);
  });

  it('a new address is agreed to only by those who may, whoever else is staff', async () => {
    const title = '確認者を選ぶ工事';
    await requested(world, title);
    const [receipt] = mailsTo(world, SATO, new RegExp(`まだ送っていません.*${title}`));
    const NEW = 'yamada@new.sample.example.jp';
    const refused = async (line: string): Promise<string> => {
      await world.reply(SATO, receipt!, line);
      return (await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`))).text;
    };
    expect(await refused(`宛先変更 ${NEW}\n確認者：${ITO.address}`)).to.include(
      '「ito@mihon.example.jp」は、宛先変更の確認のできる職員として登録されていません',
    );
    expect(await refused(`宛先変更 ${NEW}\n確認者：${KANRI.address}`)).to.include(
      '課の共用メールボックスです',
    );
    await world.reply(SATO, receipt!, `宛先変更 ${NEW}\n確認者：${TANAKA.address}`);
    const question = await world.next(TANAKA, new RegExp(`^【宛先変更の確認】.*${title}$`));
    await world.reply(TANAKA, question, '承認');
    await world.next(SATO, new RegExp(`^【宛先を変更しました】.*${title}$`));
    const answer = await world.next(TANAKA, new RegExp(`^【宛先変更を承認しました】.*${title}$`));
    expect(answer.text).to.include(NEW);
    expect((await contractCalled(world, title)).steps[0]!.person.address).to.equal(NEW);
  });

  it('an auditor reads every contract and changes none', async () => {
    const title = '監査される工事';
    await drafted(world, title);
    const { number } = await contractCalled(world, title);
    const ask = (text: string, from = KANSA) => world.mail({ from, subject: `受付${number}`, text });
    await ask('状況');
    const status = await world.next(KANSA, new RegExp(`【状況】.*${title}`));
    expect(status.text).to.include('山田太郎').and.to.not.include('「中止」');
    await ask('控え');
    expect((await world.next(KANSA, new RegExp(`【控え】.*${title}`))).attachments).to.have.length(1);
    await world.reply(KANSA, status, '中止');
    expect((await world.next(KANSA, /^【受け付けていません】/)).text).to.include('「中止」は');
    await ask('登録 株式会社サンプル');
    expect((await world.next(KANSA, /^【受け付けていません】/)).text).to.include(
      '「kansa@mihon.example.jp」からの登録のメールは、受け付けていません',
    );
    await ask('状況', ITO);
    expect((await world.next(ITO, /^【受け付けていません】/)).text).to.not.include(title);
    expect((await contractCalled(world, title)).state).to.equal('draft');
  });
});
