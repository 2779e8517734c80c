// What is looked into before a contract leaves: the mail's own lines, the roll-out, the documents' text (R5, R18, R19, R57).

import { expect } from 'chai';
import { checkDocuments, type ReadDocument } from '../../gateway/app/document-checks.ts';
import { checkMail } from '../../gateway/app/draft-checks.ts';
import { checks, rollout } from '../../gateway/config/checks.ts';
import type { Draft } from '../../gateway/contract/contract.ts';
import { readContractMail } from '../../gateway/mail/contract-mail.ts';
import { WARNING_CODES } from '../../templates/warnings.ja.ts';
import { sampleDraft } from '../support/contract.ts';

const TODAY = '2026-11-20';
const DAYS_OFF = ['2026-11-21', '2026-11-22', '2026-11-23'];

interface Changes {
  readonly lines?: readonly string[];
  readonly draft?: Partial<Draft>;
  readonly checks?: Parameters<typeof checks.parse>[0];
  readonly rollout?: Parameters<typeof rollout.parse>[0];
}

function mailFindings(changes: Changes): string[] {
  const { fields } = readContractMail('', ['契約件名：x', ...(changes.lines ?? [])].join('\n'));
  const draft = { ...sampleDraft(), deadline: fields.deadline ?? '2026-12-01', ...changes.draft };
  const found = checkMail({
    fields,
    draft,
    deadlineWritten: fields.deadline !== null,
    checks: checks.parse(changes.checks ?? {}),
    rollout: rollout.parse(changes.rollout ?? {}),
    freeMailDomains: ['gmail.com', 'au.com'],
    isDayOff: (date) => DAYS_OFF.includes(date),
    today: TODAY,
  });
  for (const { code } of found) expect(WARNING_CODES).to.include(code);
  return found.map(({ severity, code, args }) => [severity, code, args.value].filter(Boolean).join(' '));
}

describe('a contract mail', () => {
  it('that has nothing unusual in it is not warned of', () => {
    expect(mailFindings({ lines: ['契約日：R8.12.1', '履行期間：R8.12.1～R9.3.26'] })).to.deep.equal([]);
  });

  const CASES: [what: string, changes: Changes, found: string[]][] = [
    ['契約日 before today', { lines: ['契約日：R8.11.19'] }, ['warn planned-date-past 2026-11-19']],
    ['契約日 today', { lines: ['契約日：R8.11.20'] }, []],
    ['契約日 on the last day of the year', { lines: ['契約日：R9.3.31'] }, []],
    ['契約日 across 31 March', { lines: ['契約日：R9.4.1'] }, ['warn planned-date-next-year 2027-04-01']],
    ['期限 on a holiday', { lines: ['期限：R8.11.23'] }, ['warn deadline-day-off 2026-11-23']],
    ['a reckoned deadline on a holiday', { draft: { deadline: '2026-11-23' } }, []],
    ['ten years to the day', { lines: ['契約期間：R8.12.1～R18.11.30'] }, []],
    ['a day more', { lines: ['契約期間：R8.12.1～R18.12.1'] }, ['warn long-term 10']],
    [
      'five years and five of keeping',
      { lines: ['契約期間：R8.12.1～R13.12.1'], checks: { retentionYears: 5 } },
      ['warn long-term 10'],
    ],
    ['農地', { draft: { title: '農地の賃貸借契約' } }, ['refuse paper-only 農地の賃貸借']],
    [
      '農地, where that is only said',
      { draft: { title: '農地の賃貸借契約' }, checks: { paperOnly: 'warn' } },
      ['warn paper-only 農地の賃貸借'],
    ],
    ['農地, where nobody looks', { draft: { title: '農地の賃貸借契約' }, checks: { paperOnly: 'off' } }, []],
  ];
  for (const [what, changes, found] of CASES) {
    it(`with ${what}: ${found.join(', ') || 'nothing'}`, () => {
      expect(mailFindings(changes)).to.deep.equal(found);
    });
  }

  it('to a free address is warned of, whatever stands before its domain; to the approver’s it is not', () => {
    const to = (address: string): string[] => {
      const [vendor, approver] = sampleDraft().steps;
      const person = { ...vendor!.person, address };
      return mailFindings({
        draft: {
          steps: [
            { ...vendor!, person },
            { ...approver!, person: { ...approver!.person, address } },
          ],
        },
      });
    };
    expect(to('yamada@gmail.com')).to.deep.equal(['warn free-mail yamada@gmail.com']);
    expect(to('yamada@t.au.com')).to.deep.equal(['warn free-mail yamada@t.au.com']);
    expect(to('yamada@notgmail.com')).to.deep.equal([]);
  });

  describe('while electronic contracts are being introduced', () => {
    const CASES: [what: string, changes: Changes, found: string[]][] = [
      ['section that takes part', { rollout: { sections: ['総務課'] } }, []],
      [
        'section that does not',
        { rollout: { sections: ['建設課'] } },
        ['refuse rollout-section 総務課管財係'],
      ],
      ['kind that does not', { rollout: { kinds: ['acknowledgement'] } }, ['refuse rollout-kind']],
      [
        'method that is not said',
        { rollout: { methods: ['negotiated'] } },
        ['refuse rollout-method-missing'],
      ],
      [
        'method that does not',
        { rollout: { methods: ['negotiated'] }, lines: ['契約方式：指名競争入札'] },
        ['refuse rollout-method'],
      ],
      [
        'amount below',
        { rollout: { minYen: 500_000 }, lines: ['契約金額：499,999円'] },
        ['refuse rollout-amount'],
      ],
      ['amount at the limit', { rollout: { maxYen: 500_000 }, lines: ['契約金額：500,000円'] }, []],
      ['amount that is not said', { rollout: { maxYen: 500_000 } }, ['refuse rollout-amount-missing']],
      [
        'notice before the day',
        { rollout: { noticesSince: '2026-11-01' }, lines: ['公告日：R8.10.31'] },
        ['refuse rollout-notice 2026-11-01'],
      ],
      ['notice on the day', { rollout: { noticesSince: '2026-11-01' }, lines: ['指名日：R8.11.1'] }, []],
      [
        'notice that is not said',
        { rollout: { noticesSince: '2026-11-01', severity: 'warn' } },
        ['warn rollout-notice-missing 2026-11-01'],
      ],
      [
        'no tender, so no notice',
        { rollout: { noticesSince: '2026-11-01', announced: true }, lines: ['契約方式：随意契約'] },
        [],
      ],
      ['notice that said nothing', { rollout: { announced: true } }, ['refuse rollout-not-announced']],
      ['notice that said so', { rollout: { announced: true }, lines: ['公告等への記載：済'] }, []],
    ];
    for (const [what, changes, found] of CASES) {
      it(`${what}: ${found.join(', ') || 'may be electronic'}`, () => {
        expect(mailFindings(changes)).to.deep.equal(found);
      });
    }
  });
});

const CONTRACT = `工 事 請 負 契 約 書
工　　期　令和８年１２月１日から令和９年３月２６日まで
請 負 代 金 額　金1,100,000円（うち消費税及び地方消費税の額 金100,000円）
受注者　㈱サンプル　代表取締役　山田太郎
${'この契約の成立を証するため、この契約書を電磁的記録として作成し、合意の後に電子署名を施す。'.repeat(5)}`;

describe('the documents of a contract mail', () => {
  const MAIL = ['契約金額：1,100,000円', '履行期間：R8.12.1～R9.3.26'];
  const findings = (documents: Partial<ReadDocument>[], lines: readonly string[] = MAIL): string[] => {
    const { fields } = readContractMail('', lines.join('\n'));
    const found = checkDocuments(
      documents.map((document) => ({ name: '契約書', fileName: 'a.pdf', pages: [CONTRACT], ...document })),
      { fields, steps: sampleDraft().steps, checks: checks.parse({}) },
    );
    for (const { code } of found) expect(WARNING_CODES).to.include(code);
    return found.map(({ code, args }) => [code, args.name, args.label, args.value].filter(Boolean).join(' '));
  };

  it('that say what the mail says are not warned of', () => {
    expect(findings([{}])).to.deep.equal([]);
    expect(findings([{ pages: null }]), 'a scan').to.deep.equal([]);
    expect(findings([{ pages: ['送付状'] }]), 'a cover sheet alone').to.deep.equal([]);
  });

  it('may name the amount with tax where the mail names it without', () => {
    expect(findings([{}], ['契約金額：1,000,000円（税抜）'])).to.deep.equal([]);
  });

  it('may name a total where the mail names what one costs, and are held to a unit price of their own', () => {
    for (const price of [
      '月額110,000円（税込）',
      '年額1,100円（税込）',
      '1t当たり1,200円（税抜）',
      '単価1,200円',
    ])
      expect(findings([{}], [`契約金額：${price}`]), price).to.deep.equal([]);
    const priced = { pages: [`${CONTRACT}契約単価 金1,300円（税抜）`] };
    expect(findings([priced], ['契約金額：1t当たり1,300円（税抜）'])).to.deep.equal([]);
    expect(findings([priced], ['契約金額：1t当たり1,200円（税抜）'])).to.deep.equal([
      'amount-differs 契約書 1,300円 1,200円',
    ]);
  });

  it('that name another amount, company or period are named with it', () => {
    expect(findings([{}], ['契約金額：1,200,000円'])).to.deep.equal([
      'amount-differs 契約書 1,100,000円 1,200,000円',
    ]);
    expect(findings([{}], ['履行期間：R8.12.1～R9.3.31'])).to.deep.equal(['term-differs 契約書 2027-03-31']);
    const other = CONTRACT.replace('㈱サンプル', '有限会社見本建設');
    expect(findings([{ pages: [other] }])).to.deep.equal(['company-not-found 株式会社サンプル']);
  });

  it('may say it in another of them', () => {
    expect(findings([{ pages: ['請負代金額　金900円（内訳の一部）'] }, {}])).to.deep.equal([]);
  });

  it('that must not reach a vendor are named with the word', () => {
    const found = (document: Partial<ReadDocument>): string[] =>
      findings([{}, { name: '設計書', ...document }]);
    expect(found({ pages: ['本工事費　設　計　金　額　1,000,000円'] })).to.deep.equal([
      'price-word 設計書 設計金額',
    ]);
    expect(found({ fileName: '予定価格調書.pdf', pages: null })).to.deep.equal([
      'price-word 設計書 予定価格',
    ]);
    expect(found({ pages: ['起 案 用 紙'] })).to.deep.equal(['price-word 設計書 起案']);
    expect(
      found({ name: '金抜き設計書', pages: ['金抜き設計書　単価及び金額は記載していません。'] }),
    ).to.deep.equal([]);
  });

  it('that do not belong to a contract are known by name or heading, not by a word in a clause', () => {
    const found = (document: Partial<ReadDocument>): string[] =>
      findings([{}, { name: '別紙', ...document }]);
    expect(found({ pages: ['御　見　積　書\n株式会社サンプル'] })).to.deep.equal([
      'wrong-document 別紙 見積書',
    ]);
    expect(found({ fileName: '請求書.pdf' })).to.deep.equal(['wrong-document 別紙 請求書']);
    expect(found({ pages: [`${'約款'.repeat(30)}受注者は請求書を提出する。`] })).to.deep.equal([]);
  });

  it('with an 自動更新条項 are warned of, without one or with its denial they are not', () => {
    const clause = (text: string): string[] => findings([{ pages: [`${CONTRACT}${text}`] }]);
    expect(clause('期間満了の一月前までに申出がないときは、自動的に更新する。')).to.deep.equal([
      'auto-renewal 契約書',
    ]);
    expect(clause('申出がないときは同一の条件で一年間更新するものとする。')).to.deep.equal([
      'auto-renewal 契約書',
    ]);
    expect(clause('この契約は自動更新しない。')).to.deep.equal([]);
    expect(clause('この契約の自動更新は行わない。')).to.deep.equal([]);
  });

  it('that law wants on paper are known by their heading', () => {
    expect(findings([{ pages: [`農地の賃貸借契約書${CONTRACT}`] }])).to.deep.equal([
      'paper-only-document 契約書 農地の賃貸借',
    ]);
  });
});
