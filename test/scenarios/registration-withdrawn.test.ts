// A vendor takes its application back at the form (処理状況：取下げ): no new contract, and staff hear of the one on its way.
import { expect } from 'chai';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SATO, type World } from '../support/world.ts';

describe('a registration that is taken back', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ registrations: feedOf(feedRow()) });
    await world.start();
  });
  after(() => world.close());

  it('leaves a running contract as it is, names it to staff, and serves for no other', async () => {
    await world.mailContract();
    await world.next(SATO, /^【まだ送っていません】/);
    const [header, row] = feedOf(feedRow()).toString('utf8').split('\r\n');
    const csv = Buffer.from(`処理状況,${header}\r\n取下げ,${row}\r\n`);
    const pdf = [{ filename: '取下げ.csv', content: csv }];
    await world.mail({ to: 'touroku@mihon.example.jp', subject: '取下げです', text: '', pdf });
    const report = await world.next(SATO, /^【登録の結果】取下げ1件$/);
    const [contract] = await world.contracts();
    expect(report.text)
      .to.include('宛先は自動では変わりません')
      .and.include(`受付${contract!.number}：${contract!.title}`);
    expect(contract!.steps.map(({ person }) => person.address)).to.include('yamada@sample.example.jp');
    await world.mailContract({ subject: '次の契約' });
    const refused = await world.next(SATO, /^【受け付けていません】次の契約/);
    expect(refused.text).to.include('の登録が見つかりません');
  });
});
