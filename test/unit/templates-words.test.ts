/** Japanese wording of dates, amounts, sizes, roles and refusals. */
import { expect } from 'chai';
import {
  afterSeconds,
  clockTime,
  contractKind,
  eraDate,
  eraDateWithWeekday,
  fileSize,
  fullDateTime,
  money,
  participantRole,
  REFUSAL_CODES,
  type RefusalCode,
  refusalSentence,
  shortDateTime,
  shortDateWithWeekday,
  warningSentence,
} from '../../templates/index.ts';

describe('wording', () => {
  it('says days in the Japanese calendar', () => {
    expect(eraDate('2026-12-01')).to.equal('令和8年12月1日');
    expect(eraDateWithWeekday('2026-12-01')).to.equal('令和8年12月1日（火）');
    expect(shortDateWithWeekday('2026-12-01')).to.equal('12月1日（火）');
    expect(eraDate('2019-05-01')).to.equal('令和元年5月1日');
    expect(eraDate('2019-04-30')).to.equal('平成31年4月30日');
    expect(eraDate('1989-01-07')).to.equal('昭和64年1月7日');
  });

  it('says instants in Japan Standard Time', () => {
    expect(shortDateTime('2026-11-28T01:15:00Z')).to.equal('11月28日10時15分');
    expect(fullDateTime(new Date('2026-11-30T15:00:00Z'))).to.equal('令和8年12月1日（火）0時0分');
    expect(clockTime('2026-11-20T23:59:59+09:00')).to.equal('23時59分');
  });

  it('refuses what is not a date', () => {
    expect(() => eraDate('令和8年')).to.throw(RangeError);
  });

  it('says amounts and sizes', () => {
    expect(money({ yen: 1_100_000, tax: 'included' })).to.equal('1,100,000円（税込）');
    expect(money({ yen: 999, tax: null })).to.equal('999円');
    expect(money({ yen: 123_456_789_012, tax: 'excluded' })).to.equal('123,456,789,012円（税抜）');
    expect(fileSize(2_411_725)).to.equal('2.3MB');
    expect(fileSize(317_440)).to.equal('310KB');
    expect(fileSize(12)).to.equal('1KB');
  });

  it('says how long until something happens', () => {
    expect([0, 30, 300, 7200].map(afterSeconds)).to.deep.equal([
      'すぐに',
      '30秒後に',
      '5分後に',
      '2時間後に',
    ]);
  });

  it('calls the approver after the kind of municipality', () => {
    expect(participantRole('approver', '見本村')).to.equal('村側署名者');
    expect(participantRole('approver', '見本市')).to.equal('市側署名者');
    expect(participantRole('approver', '見本広域連合')).to.equal('自治体側署名者');
    expect(contractKind('acknowledgement')).to.equal('請書');
  });
});

describe('refusal sentences', () => {
  const args = {
    file: 'F.pdf',
    limit: '20',
    value: 'V',
    formUrl: 'https://sinsei.example.jp/',
    choices: 'C',
    address: 'a@sample.example.jp',
    label: 'L',
    line: 'X',
    text: 'T',
    codePoints: 'U+0056',
    number: '57',
    former: '56',
    word: '依頼',
  };

  for (const code of REFUSAL_CODES) {
    it(`${code} is a whole sentence`, () => {
      const sentence = refusalSentence(code, args);
      expect(sentence).to.match(/^[^{}]{10,}。(?:申請先：https:\S+)?$/);
      expect(sentence).not.to.include('（不明）');
    });
  }

  it('says nothing of an application form that a municipality does not have', () => {
    const sentence = refusalSentence('not-registered', { value: '株式会社サンプル', formUrl: '' });
    expect(sentence).to.match(/電子申請でのメールアドレス登録をお願いしてください。$/);
  });

  it('quotes a line from its label and value where no line was given', () => {
    expect(refusalSentence('unknown-label', { label: '工区', value: '第2' })).to.include('「工区：第2」の行');
  });

  it('has a sentence even for a code it does not know', () => {
    expect(refusalSentence('no-such-code' as RefusalCode, {})).to.match(/。$/);
  });

  it('words a warning, known or not', () => {
    expect(warningSentence('planned-date-past', { value: '2026-11-20' })).to.include('令和8年11月20日（金）');
    expect(warningSentence('planned-date-past', {})).to.include('契約締結予定日');
    expect(warningSentence('something-new', {})).to.include('something-new');
  });

  it('names what it was given, and says so where nothing was given', () => {
    expect(refusalSentence('word-file', { file: '契約.docx' })).to.include('「契約.docx」');
    expect(refusalSentence('word-file', {})).to.include('「（不明）」');
    expect(refusalSentence('word-file', { file: '$&{limit}' })).to.include('「$&{limit}」');
  });
});
