/** Who of the staff may mail contracts in and who may approve: by address, by domain, never from a shared mailbox. */
import { expect } from 'chai';
import type { Writer } from '../../demo/people.ts';
import { contractMail, drafted } from '../support/acts.ts';
import { createWorld, SATO, samplePdf, type World } from '../support/world.ts';

const KANRI: Writer = { name: '管財係', address: 'kanzai@mihon.example.jp' };
const ITO: Writer = { name: '伊藤', address: 'ito@mihon.example.jp' };
const MEMBERS = [
  { address: SATO.address, name: SATO.name, rights: ['initiator'] },
  { address: 'suzuki@mihon.example.jp', name: '鈴木一郎', rights: ['approver'] },
  { address: KANRI.address, name: KANRI.name, rights: ['initiator', 'approver'], shared: true },
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
});
