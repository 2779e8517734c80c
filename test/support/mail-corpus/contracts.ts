/** Contract mails as clerks write them: widths, eras, amounts, signatures, quotes, mistakes. */
import { type Expected, type Fixture, sent } from './fixture.ts';
import { ASKED, CONTRACT, CONTRACT_EXPECTED, QUOTES, SIGNATURES } from './letters.ts';
import { multipart, named, type TextOptions, text, word } from './parts.ts';

const JIS: TextOptions = { charset: 'iso-2022-jp', transfer: '7bit' };
const BASE64: TextOptions = { transfer: 'base64' };

type Row = readonly [
  name: string,
  shows: string,
  lines: string,
  wire: TextOptions,
  changes: Partial<Expected>,
  subject?: string,
];

const SHORT = `契約相手方：株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>
村側署名者：総務課長 鈴木一郎 <suzuki@mihon.example.jp>
`;
const withLine = (line: string): string => `${SHORT}契約件名：村道1号線舗装工事\n${line}\n`;

const ROWS: readonly Row[] = [
  ['contract-plain', 'as the form has it', CONTRACT, JIS, {}],
  [
    'contract-full-width',
    'colons, digits and letters in full width',
    CONTRACT.replaceAll(',', '，').replace(/\d/g, (digit) => '０１２３４５６７８９'[Number(digit)]!),
    JIS,
    {},
  ],
  [
    'contract-half-width-colons',
    'ASCII colons, spaces before them',
    CONTRACT.replaceAll('：', ' : '),
    BASE64,
    {},
  ],
  [
    'contract-bullets',
    'bullets and numbers in front',
    CONTRACT.replace(/^/gm, '・').replace(/・$/, ''),
    BASE64,
    {},
  ],
  [
    'contract-reversed',
    'lines in another order',
    `${CONTRACT.trim().split('\n').reverse().join('\n')}\n`,
    BASE64,
    {},
  ],
  [
    'contract-greeting',
    'a letter around the lines',
    `契約担当 様\n\nお世話になっております。総務課の佐藤です。\n下記のとおりお願いします。\n\n${CONTRACT}\n以上、よろしくお願いします。\n`,
    JIS,
    {},
  ],
  [
    'contract-ruled',
    'rules around the lines',
    `記\n────────────\n${CONTRACT}────────────\n${SIGNATURES.rule}\n`,
    JIS,
    {},
  ],
  [
    'contract-signature',
    'signature with TEL, 住所 and an address',
    `${CONTRACT}\n-- \n見本村総務課 佐藤花子\nTEL：00-0000-0001\nE-mail：sato@mihon.example.jp\n住所：見本村1-1\n`,
    BASE64,
    {},
  ],
  [
    'contract-signature-unfenced',
    'the same without a line above',
    `${CONTRACT}\n見本村総務課 佐藤花子\nTEL：00-0000-0001\nE-mail：sato@mihon.example.jp\n`,
    BASE64,
    {},
  ],
  ['contract-wrapped', 'address wrapped onto the next line', CONTRACT.replace(/ </g, '\n<'), JIS, {}],
  [
    'contract-outlook-links',
    'Outlook turned its HTML into text: every address with its link behind it, in a signature too',
    `${CONTRACT.replace(/<(\S+@\S+)>/g, '<$1<mailto:$1>>')}\n見本村総務課 佐藤花子\nE-mail：sato@mihon.example.jp<mailto:sato@mihon.example.jp>\n`,
    BASE64,
    {},
  ],
  [
    'contract-signature-addressed',
    'a signature between rules with a 宛先 of its own',
    `${CONTRACT}\n--------------------\n見本村総務課 佐藤花子\nTEL：00-0000-0001\n宛先：sato@mihon.example.jp\n--------------------\n`,
    JIS,
    {},
  ],
  [
    'contract-above-quote',
    'lines above a quoted mail with 宛先 and 件名 of its own',
    `${CONTRACT}\n${QUOTES.outlook}`,
    JIS,
    {},
  ],
  [
    'contract-amount-kanji',
    '金…円也',
    withLine('契約金額：金１，２３４，０００円也'),
    JIS,
    { amount: 1_234_000 },
  ],
  [
    'contract-amount-man',
    '123万4千円',
    withLine('契約金額：１２３万４千円（税込）'),
    JIS,
    { amount: 1_234_000 },
  ],
  [
    'contract-amount-unclear',
    'an amount that is none',
    withLine('契約金額：別途協議'),
    JIS,
    { amount: null, problems: ['bad-amount'] },
  ],
  ['contract-date-era', 'R8.12.1', withLine('契約締結予定日：R8.12.1'), BASE64, { amount: null }],
  [
    'contract-date-wrong',
    'the 31st of November',
    withLine('契約締結予定日：令和8年11月31日'),
    BASE64,
    { amount: null, problems: ['no-such-date'] },
  ],
  [
    'contract-official',
    'amount, dates and term in the words of a paper contract, ISO-2022-JP, full width',
    withLine(
      '契約金額：一金　壱百壱拾万円也（消費税及び地方消費税を含む。）\n契約締結予定日：令和８年１２月１日（火）予定\n履行期間：契約締結の翌日から令和９年３月２６日まで\n期限：令和８年１２月１日まで',
    ),
    JIS,
    {},
  ],
  [
    'contract-days',
    'a term in days, a date without a year and one next week',
    withLine('履行期間：120日間\n契約締結予定日：12/1\n期限：来週月曜'),
    JIS,
    { amount: null, problems: ['bad-term', 'date-without-year', 'bad-date'] },
  ],
  [
    'contract-unknown-label',
    'a label nobody knows',
    withLine('契約の目的：舗装\n契約金額：1,100,000円'),
    BASE64,
    { problems: ['unknown-label'] },
  ],
  [
    'contract-contradiction',
    'two amounts',
    withLine('契約金額：1,100,000円\n契約金額：1,200,000円'),
    BASE64,
    { problems: ['duplicate-label'] },
  ],
  [
    'contract-no-colon',
    'colon forgotten',
    withLine('契約金額 1,100,000円'),
    BASE64,
    { amount: null, problems: ['ambiguous-line'] },
  ],
  [
    'contract-two-addresses',
    'two addresses of one person',
    `契約件名：x\n契約相手方：山田 <a@sample.example.jp> <b@sample.example.jp>\n村側署名者：鈴木一郎 <suzuki@mihon.example.jp>\n`,
    BASE64,
    { title: 'x', counterparty: null, amount: null, problems: ['ambiguous-line'] },
  ],
  [
    'contract-title-from-subject',
    'no 契約件名: the subject without its prefixes',
    SHORT,
    BASE64,
    { title: '村道1号線舗装工事', amount: null },
    'RE: FW: 【至急】村道1号線舗装工事',
  ],
  [
    'contract-registered',
    'by 整理番号',
    '契約件名：村道1号線舗装工事\n契約相手方：整理番号12345\n村側署名者：総務課長 鈴木一郎 <suzuki@mihon.example.jp>\n',
    JIS,
    { counterparty: null, amount: null },
  ],
];

export const CONTRACTS: readonly Fixture[] = [
  ...ROWS.map(([name, shows, lines, wire, changes, subject = '契約書の件']) =>
    sent(
      name,
      shows,
      { subject: word(subject), ...multipart('mixed', [text(lines, wire), named('契約書.pdf')]) },
      { type: 'draft', ...CONTRACT_EXPECTED, files: [['契約書.pdf', 'pdf']], ...changes },
    ),
  ),
  sent(
    'contract-forwarded-inline',
    "a vendor's mail forwarded with its PDF: no address below the header block counts",
    {
      subject: word('FW: 契約書'),
      ...multipart('mixed', [
        text(`${QUOTES.outlook}\n宛先：山田 <yamada@sample.example.jp>\n`),
        named('契約書.pdf'),
      ]),
    },
    {
      type: 'draft',
      title: '契約書',
      counterparty: null,
      approver: null,
      amount: null,
      problems: ['missing-counterparty', 'missing-approver'],
    },
  ),
  sent('question-form', '様式 in the text', { subject: 'x', ...text('様式\n', JIS) }, { type: 'form' }),
  sent('question-empty', 'an empty mail', { subject: '', body: '\r\n' }, { type: 'form' }),
  sent('question-help', 'ヘルプ in half-width kana', { subject: 'x', ...text('ﾍﾙﾌﾟ\n') }, { type: 'form' }),
  sent(
    'question-approval-without-secret',
    '承認 in a new mail',
    { subject: 'x', ...text('承認 4821\n') },
    { type: 'word', word: 'approve', argument: '4821' },
  ),
  sent(
    'question-free',
    'a question to a person',
    { subject: word('教えてください'), ...text(`どうすればよいですか。\n\n${ASKED}\n`) },
    { type: 'refusal', problems: ['not-understood'] },
  ),
];
