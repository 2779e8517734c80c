/** Replies to our mails from every mailer: the word above, our own mail, full of words, below (RFC 3676 §4.5). */
import { type Expected, type Fixture, reply } from './fixture.ts';
import { ASKED, QUOTES, SIGNATURES } from './letters.ts';
import { type TextOptions, text } from './parts.ts';

const APPROVE: Expected = { type: 'word', word: 'approve', argument: '4821' };
const GO_AHEAD: Expected = { type: 'word', word: 'goAhead', argument: '確認済' };
const STATUS: Expected = { type: 'word', word: 'status', argument: '' };
const UNKNOWN: Expected = { type: 'word', word: 'unknown' };
const EMPTY: Expected = { type: 'word', word: 'empty' };
const returned = (argument: string): Expected => ({ type: 'word', word: 'return', argument });
const withdrawn = (argument: string): Expected => ({ type: 'word', word: 'withdraw', argument });

const JIS: TextOptions = { charset: 'iso-2022-jp', transfer: '7bit' };
const BASE64: TextOptions = { transfer: 'base64' };
const QUOTED: TextOptions = { transfer: 'quoted-printable' };
const SJIS: TextOptions = { charset: 'shift_jis', transfer: 'base64' };

type Row = readonly [name: string, shows: string, lines: string, wire: TextOptions, expected: Expected];

const ROWS: readonly Row[] = [
  [
    'reply-outlook',
    'Outlook for Windows, header block without ">"',
    `承認 4821\n\n${QUOTES.outlook}`,
    JIS,
    APPROVE,
  ],
  [
    'reply-outlook-line',
    'Outlook on the web, a line above the header block',
    `承認 4821\n\n${QUOTES.outlookLine}`,
    BASE64,
    APPROVE,
  ],
  [
    'reply-outlook-english',
    'English Outlook, -----Original Message-----',
    `承認4821\n\n${QUOTES.outlookEnglish}`,
    QUOTED,
    APPROVE,
  ],
  [
    'reply-outlook-bold',
    'HTML turned into text with bold header labels',
    `承認　４８２１\n\n${QUOTES.outlookBold}`,
    BASE64,
    APPROVE,
  ],
  [
    'reply-outlook-express',
    'Windows Live Mail, block and ">"',
    `承認 4821\n${QUOTES.outlookExpress}`,
    JIS,
    APPROVE,
  ],
  [
    'reply-outlook-empty',
    'Outlook, sent without a word: 送信 was its button',
    `\n\n${QUOTES.outlook}`,
    JIS,
    EMPTY,
  ],
  [
    'reply-outlook-signature-only',
    'nothing but a signature between rules',
    `\n${SIGNATURES.rule}\n\n${QUOTES.outlook}`,
    JIS,
    EMPTY,
  ],
  ['reply-gmail', 'Gmail in Japanese', `状況\n\n${QUOTES.gmail}`, BASE64, STATUS],
  [
    'reply-gmail-english',
    'Gmail in English, attribution over two lines',
    `状況\n\n${QUOTES.gmailEnglish}`,
    BASE64,
    STATUS,
  ],
  ['reply-gmail-empty', 'Gmail, nothing above the quote', `\n${QUOTES.gmail}`, BASE64, EMPTY],
  [
    'reply-apple',
    'iPhone, signature above the quote',
    `差戻し 金額が決裁と違います\n\n${SIGNATURES.iphone}\n\n${QUOTES.apple}`,
    BASE64,
    returned('金額が決裁と違います'),
  ],
  [
    'reply-apple-english',
    'iPhone in English',
    `中止 入札不調のため\n\n${QUOTES.appleEnglish}`,
    QUOTED,
    withdrawn('入札不調のため'),
  ],
  [
    'reply-thunderbird',
    'Thunderbird, "-- " signature below',
    `依頼　確認済\n\n${QUOTES.thunderbird}\n\n${SIGNATURES.delimiter}`,
    {},
    GO_AHEAD,
  ],
  [
    'reply-thunderbird-japanese',
    'Thunderbird in Japanese',
    `依頼 確認済み\n\n${QUOTES.thunderbirdJapanese}`,
    JIS,
    { type: 'word', word: 'goAhead', argument: '確認済み' },
  ],
  ['reply-bottom', 'answer below the quote, as some do', `${QUOTES.thunderbird}\n\n承認 4821\n`, {}, EMPTY],
  [
    'reply-between',
    'answer below quoted lines without an attribution',
    '> 承認するときは、1行目に「承認 4821」と書いて返信してください。\n\n承認 4821\n',
    {},
    APPROVE,
  ],
  ['reply-becky', 'Becky!, attribution over two lines', `承認 4821\n\n${QUOTES.becky}`, JIS, APPROVE],
  ['reply-notes', 'Lotus Notes, 元のメッセージ', `承認 4821\n\n${QUOTES.notes}`, JIS, APPROVE],
  ['reply-cybozu', 'Cybozu, ">" without a space', `承認 4821\n\n${QUOTES.cybozu}`, JIS, APPROVE],
  ['reply-yahoo', 'Yahoo! mail', `承認 4821\n\n${QUOTES.yahoo}`, BASE64, APPROVE],
  ['reply-full-width-marks', 'quote marks in full width', `状況\n\n${QUOTES.fullWidth}`, SJIS, STATUS],
  [
    'reply-polite',
    'a greeting before the word: never guessed',
    `お世話になっております。\n承認 4821\n\n${QUOTES.outlook}`,
    JIS,
    UNKNOWN,
  ],
  ['reply-negation', '承認しません', `承認しません\n\n${QUOTES.outlook}`, JIS, UNKNOWN],
  ['reply-negation-spaced', '承認 しません', `承認 しません\n\n${QUOTES.outlook}`, JIS, UNKNOWN],
  ['reply-question', '承認？', `承認？\n\n${QUOTES.gmail}`, BASE64, UNKNOWN],
  ['reply-quoted-word', '「承認」 in brackets', `「承認 4821」\n\n${QUOTES.gmail}`, BASE64, UNKNOWN],
  ['reply-two-words', 'two words on one line', `依頼 中止\n\n${QUOTES.gmail}`, BASE64, UNKNOWN],
  [
    'reply-box-signature',
    'signature in a box right below',
    `状況\n${SIGNATURES.box}\n\n${QUOTES.outlook}`,
    JIS,
    STATUS,
  ],
  [
    'reply-invisible',
    'zero-width space and BOM around the word',
    '\uFEFF承認\u200B 4821\u200E\n',
    BASE64,
    APPROVE,
  ],
  [
    'reply-ideographic-spaces',
    'indented with ideographic spaces',
    `　　承認　4821　\n\n${QUOTES.outlook}`,
    JIS,
    APPROVE,
  ],
  ['reply-cancel', '取消: of what?', `取消\n\n${QUOTES.outlook}`, JIS, { type: 'word', word: 'askWhich' }],
  [
    'reply-change-address',
    'new address in brackets',
    '宛先変更 山田次郎 <jiro@sample.example.jp>\n',
    JIS,
    { type: 'word', word: 'changeAddress', argument: '山田次郎 <jiro@sample.example.jp>' },
  ],
  [
    'reply-change-address-outlook',
    'new address with the link that Outlook puts behind it',
    '宛先変更 jiro@sample.example.jp<mailto:jiro@sample.example.jp>\n',
    JIS,
    { type: 'word', word: 'changeAddress', argument: 'jiro@sample.example.jp' },
  ],
  [
    'reply-nearly',
    'politely, in brackets: never obeyed',
    `「依頼 確認済」でお願いします。\n\n${QUOTES.outlook}`,
    JIS,
    UNKNOWN,
  ],
  [
    'reply-extend',
    'era date in full width',
    '延長：令和８年１２月８日\n',
    SJIS,
    { type: 'word', word: 'extend', argument: '令和8年12月8日' },
  ],
  [
    'reply-carriage-return-only',
    'word behind a hundred empty lines',
    `${'\n'.repeat(100)}状況\n`,
    {},
    STATUS,
  ],
];

export const REPLIES: readonly Fixture[] = [
  ...ROWS.map(([name, shows, lines, wire, expected]) => reply(name, shows, text(lines, wire), expected)),
  reply(
    'reply-flowed',
    'format=flowed: our broken lines stay quoted',
    text(`差戻し 履行期間が \n設計書と違います\n\n${ASKED.replace(/^/gm, '> ')}`, {
      parameters: '; format=flowed',
    }),
    returned('履行期間が 設計書と違います'),
  ),
  reply(
    'reply-flowed-delsp',
    "DelSp=yes: the space at the break is not the writer's",
    text('中止 都合に \nより\n', { parameters: '; format=flowed; delsp=yes' }),
    withdrawn('都合により'),
  ),
  reply(
    'reply-flowed-signature',
    'a word with a space behind it must not run into the signature',
    text('状況 \n-- \n佐藤\n', { parameters: '; format=flowed' }),
    STATUS,
  ),
  reply(
    'reply-flowed-quote',
    'a broken line must not run into the quote above or below',
    text('> 承認するときは \n承認 4821 \n> 中止\n', { parameters: '; format=flowed' }),
    APPROVE,
  ),
  reply('reply-no-mime', 'no MIME header at all', { body: '\x1b$B>u67\x1b(B\r\n' }, STATUS),
  reply('reply-no-body', 'no body, not even an empty line of text', { body: '' }, EMPTY),
];
