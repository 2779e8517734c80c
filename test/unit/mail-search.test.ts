/** What 「検索」 asks for: date, counterparty and amount, as ranges, open at an end, or 空欄 (R50). */
import { expect } from 'chai';
import { readSearch, type SearchConditions } from '../../gateway/mail/search-mail.ts';
import { normaliseLine } from '../../gateway/mail/text.ts';

const read = (...lines: string[]) => readSearch('', lines.map(normaliseLine));
const asked = (...lines: string[]): Partial<SearchConditions> => {
  const { conditions, unread } = read(...lines);
  expect(unread).to.deep.equal([]);
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== null));
};

describe('conditions of a search', () => {
  it('are read together', () => {
    expect(
      asked('取引日：2026/4/1～2027/3/31', '相手方：株式会社サンプル', '金額：100万円～500万円'),
    ).to.deep.equal({
      date: { from: '2026-04-01', to: '2027-03-31' },
      counterparty: { contains: '株式会社サンプル' },
      amount: { from: 1_000_000, to: 5_000_000 },
    });
  });

  for (const [value, from, to] of [
    ['2026/4/1～', '2026-04-01', null],
    ['2026/4/1以降', '2026-04-01', null],
    ['2026/4/1以後', '2026-04-01', null],
    ['～2027/3/31', null, '2027-03-31'],
    ['2027/3/31以前', null, '2027-03-31'],
    ['令和8年4月1日から令和9年3月31日まで', '2026-04-01', '2027-03-31'],
    ['令和8年度', '2026-04-01', '2027-03-31'],
    ['2026年12月1日', '2026-12-01', '2026-12-01'],
  ] as const) {
    it(`takes the date 「${value}」`, () => {
      expect(asked(`取引日：${value}`)).to.deep.equal({ date: { from, to } });
    });
  }

  for (const [value, from, to] of [
    ['100万円以上', 1_000_000, null],
    ['100万円〜', 1_000_000, null],
    ['～500万円', null, 5_000_000],
    ['500万円以下', null, 5_000_000],
    ['100万円以上500万円以下', 1_000_000, 5_000_000],
    ['1,000,000～5,000,000', 1_000_000, 5_000_000],
    ['1,100,000円', 1_100_000, 1_100_000],
  ] as const) {
    it(`takes the amount 「${value}」`, () => {
      expect(asked(`金額：${value}`)).to.deep.equal({ amount: { from, to } });
    });
  }

  it('ask for what is left blank', () => {
    expect(asked('取引日：空欄', '相手方：空欄', '金額：空欄')).to.deep.equal({
      date: 'blank',
      counterparty: 'blank',
      amount: 'blank',
    });
  });

  it('may stand behind the word, with and without a label', () => {
    const behind = (argument: string) => readSearch(argument, []).conditions;
    expect(behind('サンプル').counterparty).to.deep.equal({ contains: 'サンプル' });
    expect(behind('相手方:サンプル').counterparty).to.deep.equal({ contains: 'サンプル' });
    expect(behind('2026/4/1~').date).to.deep.equal({ from: '2026-04-01', to: null });
    expect(behind('100万円~').amount).to.deep.equal({ from: 1_000_000, to: null });
  });

  it('pass over greetings, signatures and what the form left empty', () => {
    expect(asked('相手方：', 'よろしくお願いします。', '総務課 佐藤', 'TEL：00-0000-0001')).to.deep.equal({});
  });

  for (const line of [
    '取引日：来月',
    '取引日：2027/3/31～2026/4/1',
    '金額：約100万円',
    '金額：500万円～100万円',
    '金額：100～500万円',
    '金額：～',
    '取引曰：2026/4/1～',
  ]) {
    it(`does not search without 「${line}」`, () => {
      expect(read(line).unread).to.deep.equal([normaliseLine(line)]);
    });
  }

  it('are given once', () => {
    expect(read('金額：1円～', '金額：～2円').unread).to.deep.equal(['金額:~2円']);
  });
});
