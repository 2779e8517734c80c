// The contract mail: labels, dates, amounts and people, and everything that must not be guessed.

import { expect } from 'chai';
import fc from 'fast-check';
import { readAmount } from '../../gateway/mail/amounts.ts';
import { readContractMail } from '../../gateway/mail/contract-mail.ts';
import { readDate, readTerm } from '../../gateway/mail/dates.ts';
import { readPerson } from '../../gateway/mail/persons.ts';

const VENDOR = '株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>';
const APPROVER = '総務課長 鈴木一郎 <suzuki@mihon.example.jp>';
const COMPLETE = [`契約件名：村道1号線舗装工事`, `契約相手方：${VENDOR}`, `村側署名者：${APPROVER}`];

function read(...lines: string[]) {
  return readContractMail('RE: 【至急】件名から', lines.join('\n'));
}

function problemsOf(...lines: string[]): string[] {
  return read(...lines).problems.map(({ code, args }) => [code, args.label].filter(Boolean).join(' '));
}

describe('contract mail', () => {
  it('reads the mail of the manual', () => {
    const { fields, problems, isContractMail } = read(
      '契約件名：村道1号線舗装工事',
      '種別：契約書',
      `契約相手方：${VENDOR}`,
      '相手方確認者：',
      `村側署名者：${APPROVER}`,
      '契約金額：1,100,000円（税込）',
      '契約締結予定日：令和8年12月1日',
      '履行期間：令和8年12月1日から令和9年3月26日まで',
      '決裁番号：総管第45号',
      '権限の根拠：専決',
      '元契約：2026-0001',
      '契約保証：免除',
      '共有：会計課 <kaikei@mihon.example.jp>、soumu@mihon.example.jp',
      '契約番号：2026-45',
      '効力発生日：令和8年12月2日',
      '期限：2026/12/1',
      '契約方式：一般競争入札',
      '公告日：令和8年11月2日',
      '公告等への記載：済',
      'アクセスコード：mihon-2026',
      '文書1：契約書＝keiyaku.pdf',
      '文書２：設計書',
      '伝言：よろしくお願いします',
    );
    expect(problems).to.deep.equal([]);
    expect(isContractMail).to.equal(true);
    expect(fields).to.deep.equal({
      title: '村道1号線舗装工事',
      titleFrom: null,
      kind: 'contract',
      counterparties: [
        {
          number: null,
          person: {
            company: '株式会社サンプル',
            title: '代表取締役',
            name: '山田太郎',
            address: 'yamada@sample.example.jp',
          },
        },
      ],
      checker: null,
      approver: { title: '総務課長', name: '鈴木一郎', address: 'suzuki@mihon.example.jp' },
      observers: [
        { name: '会計課', address: 'kaikei@mihon.example.jp' },
        { address: 'soumu@mihon.example.jp' },
      ],
      contractNumber: '2026-45',
      amount: { yen: 1_100_000, tax: 'included' },
      plannedDate: '2026-12-01',
      effectiveDate: '2026-12-02',
      term: { from: '2026-12-01', to: '2027-03-26', text: '令和8年12月1日から令和9年3月26日まで' },
      deadline: '2026-12-01',
      method: 'open',
      noticeDate: '2026-11-02',
      announced: 'yes',
      accessCode: 'mihon-2026',
      approvalNumber: '総管第45号',
      authority: 'exclusive',
      original: '2026-0001',
      guarantee: '免除',
      documents: [
        { number: 1, name: '契約書', fileName: 'keiyaku.pdf' },
        { number: 2, name: '設計書', fileName: null },
      ],
      decidedDigests: [],
      note: 'よろしくお願いします',
    });
  });

  it('reads the same in any order, width and with bullets', () => {
    const lines = [...COMPLETE, '契約金額：1,100,000円', '契約日：令和8年12月1日'];
    const expected = read(...lines).fields;
    const wide = (line: string) =>
      line
        .replace(/[0-9,]/g, (sign) => String.fromCodePoint(sign.codePointAt(0)! + 0xfee0))
        .replace('：', '　:　');
    fc.assert(
      fc.property(
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        fc.boolean(),
        (shuffled, isWide) => {
          const written = isWide
            ? shuffled.map(wide)
            : shuffled.map((line, index) => `${index + 1}. ${line}`);
          expect(read(...written).fields).to.deep.equal(expected);
        },
      ),
    );
  });

  it('reads the rows of a table that was pasted as text, empty cells too, but no head of a quoted mail', () => {
    const rows = [
      `契約件名\t村道1号線`,
      '相手方確認者\t',
      `契約相手方\t ${VENDOR}`,
      `村側署名者\t${APPROVER}\r`,
    ];
    const { fields, problems } = read(...rows, '契約金額\t１，１００，０００円');
    expect(problems).to.deep.equal([]);
    expect(fields).to.deep.include({ title: '村道1号線', amount: { yen: 1_100_000, tax: null } });
    expect(fields.counterparties[0]!.person.address).to.equal('yamada@sample.example.jp');
    const quoted = read('差出人\t他人', '宛先\tstranger@elsewhere.example.jp', '件名\t別の件').fields;
    expect(quoted.counterparties).to.deep.equal([]);
    expect(quoted.titleFrom).to.equal('subject');
  });

  it('takes the title from the subject where no line gives one', () => {
    expect(read(...COMPLETE.slice(1)).fields.title).to.equal('件名から');
    expect(readContractMail('RE: Fwd: 【重要】', '').problems.map(({ code }) => code)).to.include(
      'missing-title',
    );
  });

  it('misses what is not there, but no approver for a 請書', () => {
    expect(problemsOf('契約件名：x')).to.deep.equal(['missing-counterparty', 'missing-approver']);
    expect(problemsOf('契約件名：x', '種別：請書', '宛先：整理番号12345')).to.deep.equal([]);
    expect(problemsOf('契約件名：x', '契約相手方：', '承認者：')).to.deep.equal([
      'missing-counterparty',
      'missing-approver',
    ]);
  });

  it('reports every line it cannot read and guesses none', () => {
    expect(problemsOf(...COMPLETE, '契約金額：約百万円')).to.deep.equal(['bad-amount 契約金額']);
    expect(problemsOf(...COMPLETE, '契約日：12月1日')).to.deep.equal(['date-without-year 契約日']);
    expect(problemsOf(...COMPLETE, '履行期間：90日間')).to.deep.equal(['bad-term 履行期間']);
    expect(problemsOf(...COMPLETE, '支払方法：後払い')).to.deep.equal(['unknown-label 支払方法']);
    expect(problemsOf(...COMPLETE, '種別：覚書')).to.deep.equal(['ambiguous-line 種別']);
    expect(problemsOf(...COMPLETE, '契約金額 100円')).to.deep.equal(['ambiguous-line']);
    expect(problemsOf(...COMPLETE, '共有：だれか <x>')).to.deep.equal(['ambiguous-line 共有']);
  });

  it('reports two answers to one question, and takes the same answer twice as one', () => {
    expect(problemsOf(...COMPLETE, '件名：別の工事')).to.deep.equal(['duplicate-label 件名']);
    expect(problemsOf(...COMPLETE, '件名：村道1号線舗装工事')).to.deep.equal([]);
    expect(read(...COMPLETE, '件名：別の工事').fields.title).to.equal('村道1号線舗装工事');
  });

  describe('with several counterparties', () => {
    const SECOND = '有限会社見本 取締役 木村三郎 <kimura@mihon.example.com>';
    const addresses = (...lines: string[]) =>
      read(...lines).fields.counterparties.map(({ person }) => person.address);
    const [title, , approver] = COMPLETE;

    it('takes repeated lines in the order of the mail', () => {
      const lines = [title!, `契約相手方：${SECOND}`, `相手方：${VENDOR}`, approver!];
      expect(problemsOf(...lines)).to.deep.equal([]);
      expect(addresses(...lines)).to.deep.equal(['kimura@mihon.example.com', 'yamada@sample.example.jp']);
    });

    it('takes numbered lines in the order of their numbers', () => {
      const lines = [title!, `契約相手方２：${VENDOR}`, `契約相手方1：${SECOND}`, approver!];
      expect(problemsOf(...lines)).to.deep.equal([]);
      expect(read(...lines).fields.counterparties.map(({ number }) => number)).to.deep.equal([1, 2]);
      expect(addresses(...lines)).to.deep.equal(['kimura@mihon.example.com', 'yamada@sample.example.jp']);
    });

    it('takes one written twice as one, and two under one number as a contradiction', () => {
      expect(addresses(...COMPLETE, `宛先：${VENDOR}`)).to.have.length(1);
      expect(problemsOf(...COMPLETE, `契約相手方1：${VENDOR}`, `契約相手方1：${SECOND}`)).to.deep.equal([
        'duplicate-label 契約相手方1',
      ]);
    });

    it('knows no number behind other labels', () => {
      expect(problemsOf(...COMPLETE, `承認者2：${APPROVER}`)).to.deep.equal(['unknown-label 承認者2']);
    });
  });

  it('reads the authority of the approver, and guesses none', () => {
    const authorities = ['委任', '専決', '代決'].map((word) => read(`権限の根拠：${word}`).fields.authority);
    expect(authorities).to.deep.equal(['delegated', 'exclusive', 'standIn']);
    expect(problemsOf(...COMPLETE, '権限の根拠：市長の指示')).to.deep.equal(['ambiguous-line 権限の根拠']);
  });

  it('reads the contract that is amended as it is written: a number or words', () => {
    expect(read('元契約：2026-0001').fields.original).to.equal('2026-0001');
    expect(read('原契約：令和7年4月1日付け 道路清掃業務委託契約(紙)').fields.original).to.equal(
      '令和7年4月1日付け 道路清掃業務委託契約(紙)',
    );
  });

  it('knows all kinds by their usual names', () => {
    const kinds = ['工事請負契約書', '請書', '変更契約', '仮契約書', '単価契約書', '業務委託契約'];
    expect(kinds.map((kind) => read(`種別：${kind}`).fields.kind)).to.deep.equal([
      'contract',
      'acknowledgement',
      'amendment',
      'provisional',
      'unitPrice',
      'contract',
    ]);
  });

  it('takes clock times, URLs and sentences for no labels', () => {
    const prose = [
      '10:30に電話します',
      'https://mihon.example.jp/',
      'よろしくお願いいたします',
      'この契約について次のとおり申し添えます：以上',
    ];
    expect(problemsOf(...COMPLETE, ...prose)).to.deep.equal([]);
  });

  it('stops at the signature, but not at rules drawn around the lines', () => {
    const rule = '＝＝＝＝＝＝＝＝＝＝';
    const signature = ['見本市 総務課', '電話：00-0000-0001', '担当：佐藤'];
    expect(problemsOf(rule, ...COMPLETE, rule, ...signature)).to.deep.equal([]);
    expect(problemsOf(...COMPLETE, '-- ', '宛先：別人 <x@sample.example.jp>')).to.deep.equal([]);
    expect(problemsOf(...COMPLETE, ...signature)).to.deep.equal([]);
    expect(problemsOf('電話：00-0000-0001', ...COMPLETE)).to.deep.equal(['unknown-label 電話']);
    const more = ['', '連絡先：00-0000-0001', 'LGWAN：sato@lg.mihon.example.jp', '開庁時間：8:30～17:15'];
    expect(problemsOf(...COMPLETE, ...more)).to.deep.equal([]);
    expect(problemsOf(...COMPLETE, '', '工区：第2'), 'but never over a line of the contract').to.deep.equal([
      'unknown-label 工区',
    ]);
  });

  it('takes the 宛先 of a signature for no counterparty, unless nobody else is named', () => {
    const rule = '------------------';
    const signature = [
      rule,
      '見本市総務課 佐藤花子',
      'TEL：00-0000-0001',
      '宛先：sato@mihon.example.jp',
      rule,
    ];
    const { fields, problems } = read(...COMPLETE, '', ...signature);
    expect(problems).to.deep.equal([]);
    expect(fields.counterparties.map(({ person }) => person.address)).to.deep.equal([
      'yamada@sample.example.jp',
    ]);
    const vendor = [rule, `宛先：${VENDOR}`, 'TEL：00-0000-0002', rule];
    expect(read(COMPLETE[0]!, COMPLETE[2]!, ...vendor).fields.counterparties).to.have.length(1);
    const around = [
      rule,
      ...COMPLETE.slice(0, 2),
      `宛先：${VENDOR.replace('yamada', 'tanaka')}`,
      'TEL：00',
      rule,
    ];
    expect(read(...around).fields.counterparties).to.have.length(2);
  });

  it('never reads the 宛先 of a quoted header block, or anything below it', () => {
    const quoted = [
      '差出人: 通りすがり <stranger@sample.example.jp>',
      '件名: x',
      `宛先：${VENDOR}`,
      `承認者：${APPROVER}`,
    ];
    const { fields, isContractMail } = read('ご確認ください', ...quoted);
    expect(fields.counterparties).to.deep.equal([]);
    expect(fields.approver).to.equal(null);
    expect(isContractMail).to.equal(false);
  });

  it('reads an address once that Outlook wrote with the link behind it, and two that differ not at all', () => {
    const twice = VENDOR.replace(/<(.*)>/, '<$1<mailto:$1>>');
    const linked = APPROVER.replace('<', '<mailto:');
    const { fields, problems } = read(COMPLETE[0]!, `契約相手方：${twice}`, `村側署名者：${linked}`);
    expect(problems).to.deep.equal([]);
    expect(fields.counterparties[0]!.person.address).to.equal('yamada@sample.example.jp');
    expect(fields.approver?.address).to.equal('suzuki@mihon.example.jp');
    const other = VENDOR.replace('>', '<mailto:other@sample.example.jp>>');
    expect(problemsOf(COMPLETE[0]!, `契約相手方：${other}`, COMPLETE[2]!)).to.deep.equal([
      'ambiguous-line 契約相手方',
    ]);
  });

  it('joins an address that the mailer wrapped onto the next line', () => {
    const { fields, problems } = read(
      '契約件名：x',
      ...VENDOR.replace(' <', '\n<')
        .split('\n')
        .map((line, index) => (index === 0 ? `契約相手方：${line}` : line)),
      `承認者：${APPROVER}`,
    );
    expect(problems).to.deep.equal([]);
    expect(fields.counterparties[0]?.person.address).to.equal('yamada@sample.example.jp');
  });
});

describe('dates', () => {
  it('are read in every usual way', () => {
    for (const written of [
      '令和8年12月1日',
      '令和８年１２月１日（火）',
      'R8.12.1',
      'r8/12/01',
      '2026/12/1',
      '2026-12-01',
      '2026年12月1日',
      '令和八年十二月一日',
      '令和 8 年 12 月 1 日',
    ]) {
      expect(readDate(written), written).to.equal('2026-12-01');
    }
    expect(readDate('令和元年5月1日')).to.equal('2019-05-01');
    expect(readDate('平成31年4月30日')).to.equal('2019-04-30');
  });

  it('that do not exist or lack a year are none', () => {
    for (const written of [
      '令和8年2月30日',
      '令和元年4月30日',
      '平成31年5月1日',
      '12月1日',
      '8.12.1',
      '2026/13/1',
      '来週',
      '2026年12月1日頃',
      '',
    ]) {
      expect(readDate(written), written).to.equal(null);
    }
  });

  it('come back the same from 和暦 and 西暦', () => {
    const day = fc.date({ min: new Date('2019-05-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, dayOfMonth] = iso.split('-').map(Number) as [number, number, number];
        const reiwa = year === 2019 ? '元' : String(year - 2018);
        expect(readDate(`令和${reiwa}年${month}月${dayOfMonth}日`)).to.equal(iso);
        expect(readDate(`${year}/${month}/${dayOfMonth}`)).to.equal(iso);
      }),
    );
  });

  it('make a term', () => {
    expect(readTerm('R8.12.1～R9.3.26')).to.deep.equal({ from: '2026-12-01', to: '2027-03-26' });
    expect(readTerm('契約締結日の翌日から令和9年3月26日まで')).to.deep.equal({
      from: null,
      to: '2027-03-26',
    });
    expect(readTerm('令和8年12月1日から')).to.deep.equal({ from: '2026-12-01', to: null });
    expect(readTerm('令和9年3月26日から令和8年12月1日まで')).to.equal(null);
    expect(readTerm('令和8年12月1日から令和9年2月30日まで')).to.equal(null);
  });
});

describe('amounts', () => {
  it('are read in every usual way', () => {
    const yen = (written: string) => readAmount(written)?.yen;
    expect(
      [
        '1,100,000円（税込）',
        '金1,234,000円也',
        '１２３万４千円',
        '¥1,100,000-',
        '1億2,345万円',
        '1100000',
      ].map(yen),
    ).to.deep.equal([1_100_000, 1_234_000, 1_234_000, 1_100_000, 123_450_000, 1_100_000]);
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000_000 }), (amount) => {
        expect(readAmount(`金${amount.toLocaleString('en-US')}円`)?.yen).to.equal(amount);
      }),
    );
  });

  it('say whether tax is in them', () => {
    const tax = (written: string) => readAmount(written)?.tax;
    expect(tax('1,100,000円（税込）')).to.equal('included');
    expect(tax('金1,100,000円（うち取引に係る消費税及び地方消費税の額 金100,000円）')).to.equal('included');
    expect(tax('1,000,000円（税抜）')).to.equal('excluded');
    expect(tax('1,000,000円')).to.equal(null);
  });

  it('are none when there are two, or commas are misplaced', () => {
    for (const written of [
      '100円 200円',
      '1,10,000円',
      '約百万円',
      '10.5円',
      '1,000円（税抜 税込）',
      '円',
      '',
    ]) {
      expect(readAmount(written), written).to.equal(null);
    }
  });
});

describe('people', () => {
  it('are taken apart where spaces or titles show how', () => {
    expect(
      readPerson('株式会社 サンプル 松本支店 支店長 山田 太郎様 yamada@sample.example.jp'),
    ).to.deep.equal({
      company: '株式会社 サンプル 松本支店',
      title: '支店長',
      name: '山田 太郎',
      address: 'yamada@sample.example.jp',
    });
    expect(readPerson('株式会社サンプル代表取締役山田太郎')).to.deep.equal({
      company: '株式会社サンプル',
      title: '代表取締役',
      name: '山田太郎',
    });
    expect(readPerson('山田 太郎 <foo..bar@docomo.example.jp>')).to.deep.equal({
      name: '山田 太郎',
      address: 'foo..bar@docomo.example.jp',
    });
    expect(readPerson('総務課長 鈴木一郎(suzuki@mihon.example.jp)')).to.deep.equal({
      title: '総務課長',
      name: '鈴木一郎',
      address: 'suzuki@mihon.example.jp',
    });
    for (const written of [
      '"鈴木 一郎" <suzuki@mihon.example.jp>',
      '鈴木 一郎 <suzuki@mihon.example.jp>;',
      '鈴木 一郎 [suzuki@mihon.example.jp]',
    ]) {
      const person = { name: '鈴木 一郎', address: 'suzuki@mihon.example.jp' };
      expect(readPerson(written), written).to.deep.equal(person);
    }
    expect(readPerson('鈴木一郎(不在)')).to.equal(null);
    expect(readPerson('(株)山田商店 山田太郎')).to.deep.equal({ company: '(株)山田商店', name: '山田太郎' });
    expect(readPerson('整理番号 12345')).to.deep.equal({ receiptNumber: '12345' });
  });

  it('are nobody when that would be a guess', () => {
    for (const line of [
      'a@b.example.jp c@d.example.jp',
      '山田 <broken>',
      '山田 <>',
      '山田太郎(代表取締役) a@b.example.jp',
      'a@b',
      `${'山'.repeat(300)} <a@b.example.jp>`,
    ]) {
      expect(readPerson(line), line).to.equal(null);
    }
  });
});
