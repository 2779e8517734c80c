// The shapes in which people write amounts, dates, terms and lines, in tables: what is read, and what is asked back.

import { expect } from 'chai';
import { readAmount } from '../../gateway/mail/amounts.ts';
import { readContractMail } from '../../gateway/mail/contract-mail.ts';
import { dateFault, datesWithin, readDate, readTerm } from '../../gateway/mail/dates.ts';

const VENDOR = '株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>';
const APPROVER = '総務課長 鈴木一郎 <suzuki@mihon.example.jp>';
const COMPLETE = [`契約件名：市道1号線舗装工事`, `契約相手方：${VENDOR}`, `市側署名者：${APPROVER}`];

const read = (...lines: string[]) => readContractMail('', lines.join('\n'));
const problemsOf = (...lines: string[]): string[] =>
  read(...lines).problems.map(({ code, args }) => `${code} ${args.label ?? args.line ?? ''}`.trim());

describe('an amount', () => {
  const AMOUNTS: [written: string, yen: number, tax?: 'included' | 'excluded' | null, unit?: string][] = [
    ['金１，２３４，０００円也', 1_234_000],
    ['金壱百弐拾参万円也', 1_230_000],
    ['百十万円', 1_100_000],
    ['一億二千万円', 120_000_000],
    ['1.5億円', 150_000_000],
    ['1,100千円', 1_100_000],
    ['￥1,100,000-', 1_100_000],
    ['¥1,100,000(税込)', 1_100_000, 'included'],
    ['税込1,100,000円', 1_100_000, 'included'],
    ['1,100,000円 消費税込', 1_100_000, 'included'],
    ['1,000,000円（消費税別）', 1_000_000, 'excluded'],
    ['1,000,000円（別途消費税）', 1_000_000, 'excluded'],
    ['税抜 1,000,000円', 1_000_000, 'excluded'],
    ['1,100,000円（うち消費税及び地方消費税の額100,000円）', 1_100_000, 'included'],
    ['1,100,000円（消費税及び地方消費税の額100,000円を含む）', 1_100_000, 'included'],
    ['金1,100,000円（消費税等の額 金100,000円を含む）', 1_100_000, 'included'],
    ['1,100,000円、うち取引に係る消費税及び地方消費税の額 100,000円', 1_100_000, 'included'],
    ['単価1,200円', 1_200, null, '単価'],
    ['1t当たり1,200円（税抜）', 1_200, 'excluded', '1t'],
    ['１ｍ３あたり 4,500円', 4_500, null, '1m3'],
    ['1,200円/t', 1_200, null, 't'],
    ['1,200円（1本につき）', 1_200, null, '1本'],
    ['一金　壱百壱拾万円也', 1_100_000],
    ['一金1,100,000円', 1_100_000],
    ['￥1,100,000.-（税込）', 1_100_000, 'included'],
    ['1.1百万円', 1_100_000],
    ['1.13万円', 11_300],
    ['1,100,000円（税込）。', 1_100_000, 'included'],
    ['1,100,000円（消費税及び地方消費税を含む。）', 1_100_000, 'included'],
    ['1,100,000円（消費税10％込み）', 1_100_000, 'included'],
    ['1,100,000円（10%税込）', 1_100_000, 'included'],
    ['1,100,000円（消費税等込み）', 1_100_000, 'included'],
    ['1,100,000円（内消費税等 100,000円）', 1_100_000, 'included'],
    ['1,000,000円（消費税10%抜き）', 1_000_000, 'excluded'],
    ['500,000円（非課税）', 500_000],
    ['月額 110,000円（税込）', 110_000, 'included', '1か月'],
    ['年額1,320,000円', 1_320_000, null, '1年'],
  ];
  for (const [written, yen, tax = null, unit] of AMOUNTS) {
    it(`is read: ${written}`, () => {
      expect(readAmount(written)).to.deep.equal({ yen, tax, ...(unit === undefined ? {} : { unit }) });
    });
  }

  const NONE = [
    '約1,000,000円',
    '1,000,000円以内',
    '1,000,000円程度',
    '1,000,000円（概算）',
    '1,000,000円～2,000,000円',
    '1,000,000円 2,000,000円',
    '税抜1,000,000円 税込1,100,000円',
    '11,00,000円',
    '万円',
    '1万1億円',
    '2千3千円',
    '1,000,000ドル',
    '未定',
    '別紙単価表のとおり',
    '△100,000円',
    '月額',
    '0.5円',
    '1,100,000円（税込）（税抜）',
  ];
  for (const written of NONE) {
    it(`is asked back: ${written}`, () => {
      expect(readAmount(written)).to.equal(null);
    });
  }
});

describe('a date', () => {
  const DATES: [written: string, iso: string][] = [
    ['令和8年12月1日（火）', '2026-12-01'],
    ['令和8年12月1日(火曜日)', '2026-12-01'],
    ['令和8年（2026年）12月1日', '2026-12-01'],
    ['Ｒ８．１２．１', '2026-12-01'],
    ['R.8.12.1', '2026-12-01'],
    ['2026.12.1', '2026-12-01'],
    ['2026年 12月 1日', '2026-12-01'],
    ['令和元年12月1日', '2019-12-01'],
    ['令和8年12月1日 火曜日', '2026-12-01'],
    ['2026/11/23（月・祝）', '2026-11-23'],
  ];
  for (const [written, iso] of DATES)
    it(`is read: ${written}`, () => expect(readDate(written)).to.equal(iso));

  const FAULTS: [written: string, fault: string][] = [
    ['12月1日', 'date-without-year'],
    ['12/1（火）', 'date-without-year'],
    ['令和8年12月1日（水）', 'weekday-differs'],
    ['2026/12/1(月)', 'weekday-differs'],
    ['令和8年（2027年）12月1日', 'bad-date'],
    ['8.12.1', 'bad-date'],
    ['令和8年12月1日 水曜日', 'weekday-differs'],
    ['令和8年12月1日（水・祝）', 'weekday-differs'],
    ['令和8年11月31日', 'no-such-date'],
    ['2026/13/1', 'no-such-date'],
    ['平成31年5月1日', 'no-such-date'],
    ['来週月曜', 'bad-date'],
    ['令和8年12月', 'bad-date'],
    ['令和8年12月上旬', 'bad-date'],
    ['令和8年12月1日か2日', 'bad-date'],
  ];
  for (const [written, fault] of FAULTS) {
    it(`is asked back: ${written} (${fault})`, () => {
      expect(readDate(written)).to.equal(null);
      expect(dateFault(written)).to.equal(fault);
    });
  }

  it('is found in the text of a document', () => {
    const text = '工期令和８年１２月１日から令和９年３月２６日まで、令和9年2月30日は除く';
    expect(datesWithin(text)).to.deep.equal(['2026-12-01', '2027-03-26']);
  });
});

describe('a term', () => {
  const TERMS: [written: string, from: string | null, to: string | null][] = [
    ['令和8年12月1日～令和9年3月26日', '2026-12-01', '2027-03-26'],
    ['自 令和8年12月1日 至 令和9年3月26日', '2026-12-01', '2027-03-26'],
    ['令和8年12月1日から同年12月25日まで', '2026-12-01', '2026-12-25'],
    ['2026/12/1-2027/3/26', '2026-12-01', '2027-03-26'],
    ['令和8年12月1日から令和9年3月26日まで（116日間）', '2026-12-01', '2027-03-26'],
    ['契約締結日の翌日から令和9年3月26日まで', null, '2027-03-26'],
    ['契約の日～令和9年3月26日', null, '2027-03-26'],
    ['令和9年3月26日まで', null, '2027-03-26'],
    ['令和9年3月26日', null, '2027-03-26'],
    ['令和8年12月1日以降', '2026-12-01', null],
    ['契約締結の翌日から令和9年3月26日まで', null, '2027-03-26'],
    ['本契約の翌日から令和9年3月26日まで', null, '2027-03-26'],
    ['契約締結後から令和9年3月26日まで', null, '2027-03-26'],
    ['令和8年12月1日（火）から令和9年3月31日 水曜日まで（4か月）', '2026-12-01', '2027-03-31'],
  ];
  for (const [written, from, to] of TERMS) {
    it(`is read: ${written}`, () => expect(readTerm(written)).to.deep.equal({ from, to }));
  }

  const NONE = [
    '2026/12/1～3/26',
    '90日間',
    '令和8年12月1日から90日間',
    '契約から令和9年3月26日まで',
    '令和8年12月1日から令和9年3月26日まで（うち3か月は準備）',
    '令和9年3月26日から令和8年12月1日まで',
    '令和8年12月1日から令和9年3月26日まで（土）の間の1日',
    '令和8年12月1日（月）から令和9年3月26日まで',
  ];
  for (const written of NONE) it(`is asked back: ${written}`, () => expect(readTerm(written)).to.equal(null));

  it('is asked back as a term, or for the very fault of a date in it', () => {
    const faultOf = (term: string) => problemsOf(...COMPLETE, `履行期間：${term}`);
    expect(faultOf('120日間')).to.deep.equal(['bad-term 履行期間']);
    expect(faultOf('12月1日から3月26日まで')).to.deep.equal(['bad-term 履行期間']);
    expect(faultOf('令和8年12月1日から令和9年2月30日まで')).to.deep.equal(['no-such-date 履行期間']);
  });
});

describe('the label of a date', () => {
  it('may be repeated behind it, but no other word may', () => {
    const { fields, problems } = read(
      '契約締結予定日：令和8年12月1日（予定）',
      '効力発生日：令和8年12月2日から',
      '期限：令和8年12月10日（木）まで',
    );
    expect(problems.filter(({ code }) => !code.startsWith('missing-'))).to.deep.equal([]);
    expect(fields).to.deep.include({
      plannedDate: '2026-12-01',
      effectiveDate: '2026-12-02',
      deadline: '2026-12-10',
    });
    expect(read('契約日：令和8年12月1日付け').fields.plannedDate).to.equal('2026-12-01');
    expect(problemsOf(...COMPLETE, '契約日：令和8年12月1日まで')).to.deep.equal(['bad-date 契約日']);
    expect(problemsOf(...COMPLETE, '期限：令和8年12月10日以降')).to.deep.equal(['bad-date 期限']);
  });
});

describe('lines of a contract mail', () => {
  it('may run on below their label', () => {
    const { fields, problems } = read(
      'お世話になっております。総務課の佐藤です。',
      '',
      '契約件名：',
      '市道1号線舗装工事',
      '契約相手方：',
      '　株式会社サンプル',
      '　代表取締役　山田太郎',
      '　yamada@sample.example.jp',
      `市側署名者：${APPROVER}`,
      '伝言：年内の着工です。',
      '図面は後日お渡しします。',
      '',
      'よろしくお願いいたします。',
    );
    expect(problems).to.deep.equal([]);
    expect(fields.title).to.equal('市道1号線舗装工事');
    expect(fields.counterparties[0]!.person).to.deep.equal({
      company: '株式会社サンプル',
      title: '代表取締役',
      name: '山田太郎',
      address: 'yamada@sample.example.jp',
    });
    expect(fields.note).to.equal('年内の着工です。 図面は後日お渡しします。');
  });

  it('do not run on over a blank line: an empty answer stays empty', () => {
    const { fields, problems } = read(...COMPLETE, '相手方確認者：', '', 'よろしくお願いします');
    expect(fields.checker).to.equal(null);
    expect(problems).to.deep.equal([]);
  });

  it('are no answers where the last label is left empty and a greeting follows at once', () => {
    const { fields, problems } = read(...COMPLETE, '契約保証：', 'よろしくお願いします');
    expect(fields.guarantee).to.equal(null);
    expect(problems).to.deep.equal([]);
  });

  it('that stand between two answers and answer nothing are quoted; headings and rules are not', () => {
    const [title, vendor, approver] = COMPLETE as [string, string, string];
    expect(problemsOf(title, '', '工期は別紙のとおり', vendor, approver)).to.deep.equal([
      'ambiguous-line 工期は別紙のとおり',
    ]);
    expect(problemsOf(title, '■ 相手方について', vendor, '──────', '【市側】', approver)).to.deep.equal([]);
  });

  it('are understood under the names that people use for them', () => {
    const names: [written: string, field: string][] = [
      ['業務名：清掃', 'title'],
      ['委託料：1,000円', 'amount'],
      ['請負代金額：1,000円', 'amount'],
      ['契約締結日：R8.12.1', 'plannedDate'],
      ['履行開始日：R8.12.1', 'effectiveDate'],
      ['納期：R9.3.26', 'term'],
      ['工期：R8.12.1～R9.3.26', 'term'],
      ['署名の期限：R8.12.1', 'deadline'],
      ['契約の方法：随意契約', 'method'],
      ['指名日：R8.11.2', 'noticeDate'],
      ['公告日・指名日：R8.11.2', 'noticeDate'],
      ['契約保証金：免除', 'guarantee'],
      ['変更前契約：2026-0001', 'original'],
    ];
    for (const [line, field] of names) {
      expect(read(line).fields[field as 'title'], line).to.not.equal(null);
    }
    for (const approver of ['村側署名者', '組合側署名者', '署名者', '承認者']) {
      expect(read(`${approver}：${APPROVER}`).fields.approver?.name, approver).to.equal('鈴木一郎');
    }
    for (const vendor of ['締結権限者', '受注者', '宛先', '契約の相手方']) {
      expect(read(`${vendor}：${VENDOR}`).fields.counterparties, vendor).to.have.length(1);
    }
  });

  it('name the method of the contract, and guess none', () => {
    const methods = ['一般競争入札', '指名競争入札', '入札', '随意契約', '公募型プロポーザル'];
    expect(methods.map((method) => read(`契約方式：${method}`).fields.method)).to.deep.equal([
      'open',
      'designated',
      'open',
      'negotiated',
      'negotiated',
    ]);
    expect(problemsOf(...COMPLETE, '契約方式：その他')).to.deep.equal(['ambiguous-line 契約方式']);
  });

  it('hold an access code of letters and digits, which no problem repeats as its own sentence', () => {
    expect(read('アクセスコード：ＭＩＨＯＮ－２０２６').fields.accessCode).to.equal('MIHON-2026');
    expect(read('アクセスコード：有り').fields.accessCode).to.equal('あり');
    expect(read('アクセスコード：なし').fields.accessCode).to.equal(null);
    expect(problemsOf(...COMPLETE, 'アクセスコード：ひみつ')).to.deep.equal([
      'bad-access-code アクセスコード',
    ]);
    expect(problemsOf(...COMPLETE, 'アクセスコード：12')).to.deep.equal(['bad-access-code アクセスコード']);
  });

  it('say so where the title is the subject’s', () => {
    const fromSubject = readContractMail('Re: Fw: 【至急】 市道2号線', COMPLETE.slice(1).join('\n'));
    expect(fromSubject.fields).to.include({ title: '市道2号線', titleFrom: 'subject' });
    expect(fromSubject.problems).to.deep.equal([]);
    expect(read(...COMPLETE).fields.titleFrom).to.equal(null);
  });
});

describe('a form filled in where our mail is quoted', () => {
  const quoted = (mark: string, ...lines: string[]): string =>
    [
      'From: keiyaku@mihon.example.jp',
      'Sent: 2026年11月21日',
      'Subject: 様式',
      '本文に次の様式を写して書き入れ、送ってください。',
      ...lines,
    ]
      .map((line) => `${mark}${line}`)
      .join('\n');

  it('is not read, and its author hears so', () => {
    for (const mark of ['', '> ', '| ']) {
      const text = quoted(mark, ...COMPLETE, '契約金額：1,100,000円');
      const { fields, problems } = readContractMail('Re: 様式', text);
      expect(fields.counterparties, mark).to.deep.equal([]);
      expect(
        problems.map(({ code }) => code),
        mark,
      ).to.include('form-in-quote');
    }
  });

  it('is read where it is copied above the quote', () => {
    const { fields, problems } = read(...COMPLETE, quoted('> ', '契約件名：', '契約相手方：'));
    expect(problems).to.deep.equal([]);
    expect(fields.title).to.equal('市道1号線舗装工事');
  });

  it('is no reproach where nobody filled it in', () => {
    expect(problemsOf('', quoted('> ', '契約件名：', '契約相手方：'))).to.not.include('form-in-quote');
  });
});
