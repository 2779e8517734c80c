/** 「検索」 and 「一覧」 by mail (R50): a table and a CSV, of one's own contracts or, for auditors, of all of them. */
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import type { Writer } from '../../demo/people.ts';
import { approvalAsked, completion, contractMail, drafted } from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const KANSA: Writer = { name: '監査', address: 'kansa@mihon.example.jp' };
const ITO: Writer = { name: '伊藤', address: 'ito@mihon.example.jp' };
const MEMBERS = [
  { address: KANSA.address, name: KANSA.name, section: '監査室', phone: '00-0000-0009', rights: ['auditor'] },
];
const LARGE = '大きい工事';
const SMALL = '小さい委託';
const CONCLUDED = '締結した工事';
const OTHERS = '=他課の工事';

describe('search by mail', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_MUNICIPALITIES__0__STAFF__MEMBERS: JSON.stringify(MEMBERS),
        KEIYAKUBIN_SEARCH__CONTRACTS: '4',
        KEIYAKUBIN_SEARCH__LISTED: '2',
      },
    });
    await world.start();
    await world.mailContract({ from: ITO, text: contractMail(OTHERS) });
    await world.next(ITO, /受付.*他課の工事$/);
    const { approval } = await approvalAsked(world, CONCLUDED);
    await world.reply(SUZUKI, approval, '承認');
    await completion(world, SATO, CONCLUDED);
    await drafted(world, LARGE, { lines: ['契約金額：5,500,000円（税込）'] });
    await drafted(world, SMALL, { lines: ['契約金額：330,000円（税込）'] });
  });
  after(() => world.close());

  const ask = async (from: Writer, ...lines: string[]): Promise<ReceivedMail> => {
    await world.mail({ from, subject: '検索のお願い', text: lines.join('\n') });
    return world.next(from, /^【検索の結果】/);
  };
  const csvOf = ({ attachments }: ReceivedMail): string =>
    attachments.find(({ fileName }) => fileName === '検索の結果.csv')!.content.toString('utf8');

  it('answers with a table and a CSV of what fits every condition', async () => {
    const answer = await ask(SATO, '検索', '相手方：サンプル', '金額：100万円～');
    expect(answer.subject).to.equal('【検索の結果】2件');
    expect(answer.text)
      .to.include('条件：相手方：「サンプル」を含む')
      .and.include('条件：金額：1,000,000円～');
    expect(answer.text).to.match(
      new RegExp(
        `\\d{4}-0003：${LARGE}\n取引日：空欄／状態：依頼前\n相手方：株式会社サンプル／金額：5,500,000円（税込）`,
      ),
    );
    expect(answer.text).to.not.include(SMALL).and.not.include('他課');
    const [header, ...rows] = csvOf(answer).split('\r\n');
    expect(header).to.equal(
      '\ufeff"取引日","受付番号","契約件名","契約相手方","契約金額（円）","契約金額","状態"',
    );
    expect(rows[0]).to.match(new RegExp(`^"","\\d{4}-0003","${LARGE}","株式会社サンプル","5500000",`));
    expect(rows[1]).to.match(
      new RegExp(`^"\\d{4}-\\d\\d-\\d\\d","\\d{4}-0002","${CONCLUDED}",.*"締結済み"$`),
    );
  });

  it('finds by date, and those without one', async () => {
    const dated = await ask(SATO, '検索', '取引日：2020/4/1～');
    expect(dated.subject).to.equal('【検索の結果】1件');
    expect(dated.text).to.include(CONCLUDED);
    const blank = await ask(SATO, '検索', '取引日：空欄', '金額：～100万円');
    expect(blank.subject).to.equal('【検索の結果】1件');
    expect(blank.text).to.include(SMALL);
    const none = await ask(SATO, '検索', '相手方：空欄');
    expect(none.subject).to.equal('【検索の結果】0件');
    expect(none.attachments).to.have.length(0);
  });

  it('shows an auditor everything, the initiator and the approver only their own', async () => {
    const all = await ask(KANSA, '一覧');
    expect(all.subject).to.equal('【検索の結果】4件');
    expect(all.text).to.include('範囲：見本市のすべての契約').and.include('このほかの2件は、CSVで');
    // What a spreadsheet would run is neutralised.
    expect(csvOf(all)).to.include(`"'${OTHERS}"`).and.include(SMALL);
    expect((await ask(ITO, '一覧')).subject).to.equal('【検索の結果】1件');
    expect((await ask(SUZUKI, '検索')).subject).to.equal('【検索の結果】4件');
  });

  it('refuses a condition that it cannot read, by name', async () => {
    await world.mail({ from: SATO, subject: '検索', text: '検索\n金額：100～500万円' });
    const refusal = await world.next(SATO, /^【受け付けていません】検索$/);
    expect(refusal.text).to.include('検索の条件「金額:100~500万円」を1通りに読み取れません');
    expect(await world.contracts()).to.have.length(4);
  });

  it('tells nothing to a vendor', async () => {
    await world.mail({ from: YAMADA, subject: '検索', text: '検索' });
    expect((await world.next(YAMADA, /^【受け付けていません】/)).text).to.not.include(CONCLUDED);
  });

  it('says when there are more contracts than it looks into', async () => {
    await drafted(world, '五つ目の工事');
    await drafted(world, '六つ目の工事');
    const all = await ask(KANSA, '一覧');
    expect(all.subject).to.equal('【検索の結果】4件');
    expect(all.text).to.include('受付番号の新しい4件までを調べました。');
    expect(csvOf(all)).to.not.include(CONCLUDED);
    // The bound is on what one may see: others' newer contracts push nothing out.
    expect((await ask(ITO, '一覧')).text)
      .to.include('他課の工事')
      .and.to.not.include('までを調べました');
    // A condition on the date narrows before the bound cuts.
    expect((await ask(KANSA, '検索', '取引日：2020/4/1～')).text).to.include(CONCLUDED);
  });
});
