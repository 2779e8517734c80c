/** Text whose charset is missing, wrong, or right but rare (RFC 1468, JIS X 0201/0208, CP50221, CP932). */
import { type Expected, type Fixture, reply, sent } from './fixture.ts';
import { octets, qWord, raw, type TextOptions, text, word } from './parts.ts';

const returned = (argument: string): Expected => ({ type: 'word', word: 'return', argument });
const REASON = '差戻し 第２期の請負代金額と工期を再確認してください';
const READ = returned('第2期の請負代金額と工期を再確認してください');

type Row = readonly [name: string, shows: string, wire: TextOptions];

const SJIS = 'shift_jis';
const JIS = 'iso-2022-jp';
const EUC = 'euc-jp';
const ROWS: readonly Row[] = [
  ['charset-jis', 'ISO-2022-JP as it should be', { charset: JIS, transfer: '7bit' }],
  ['charset-jis-quoted', 'ISO-2022-JP in quoted-printable', { charset: JIS, transfer: 'quoted-printable' }],
  ['charset-jis-base64', 'ISO-2022-JP in base64', { charset: JIS, transfer: 'base64' }],
  [
    'charset-jis-ms',
    "Microsoft's label: iso-2022-jp-ms",
    { charset: JIS, label: 'iso-2022-jp-ms', transfer: '7bit' },
  ],
  [
    'charset-jis-csiso',
    'label csISO2022JP in quotes',
    { charset: JIS, label: '"csISO2022JP"', transfer: '7bit' },
  ],
  ['charset-jis-cp50220', 'label cp50220', { charset: JIS, label: 'cp50220', transfer: '7bit' }],
  ['charset-jis-unlabelled', 'ISO-2022-JP, charset missing', { charset: JIS, label: '', transfer: '7bit' }],
  [
    'charset-jis-as-ascii',
    'ISO-2022-JP labelled us-ascii',
    { charset: JIS, label: 'us-ascii', transfer: '7bit' },
  ],
  ['charset-jis-as-utf8', 'ISO-2022-JP labelled utf-8', { charset: JIS, label: 'utf-8', transfer: '7bit' }],
  ['charset-jis-as-sjis', 'ISO-2022-JP labelled Shift_JIS', { charset: JIS, label: SJIS, transfer: '7bit' }],
  ['charset-sjis', 'Shift_JIS in eight bits', { charset: SJIS }],
  ['charset-sjis-quoted', 'Shift_JIS in quoted-printable', { charset: SJIS, transfer: 'quoted-printable' }],
  ['charset-sjis-x', 'label x-sjis', { charset: SJIS, label: 'x-sjis' }],
  ['charset-sjis-cp932', 'label CP932', { charset: SJIS, label: 'CP932' }],
  ['charset-sjis-windows', 'label Windows-31J', { charset: SJIS, label: 'Windows-31J', transfer: 'base64' }],
  ['charset-sjis-unlabelled', 'Shift_JIS, charset missing', { charset: SJIS, label: '' }],
  ['charset-sjis-as-jis', 'Shift_JIS labelled ISO-2022-JP', { charset: SJIS, label: JIS }],
  ['charset-sjis-as-utf8', 'Shift_JIS labelled utf-8', { charset: SJIS, label: 'utf-8' }],
  ['charset-sjis-as-latin', 'Shift_JIS labelled iso-8859-1', { charset: SJIS, label: 'iso-8859-1' }],
  [
    'charset-sjis-as-ascii-7bit',
    'Shift_JIS that claims to be 7-bit ASCII',
    { charset: SJIS, label: 'us-ascii', transfer: '7bit' },
  ],
  ['charset-euc', 'EUC-JP', { charset: EUC }],
  ['charset-euc-unlabelled', 'EUC-JP, charset missing', { charset: EUC, label: '' }],
  ['charset-euc-as-sjis', 'EUC-JP labelled Shift_JIS', { charset: EUC, label: SJIS }],
  ['charset-utf8-quoted', 'UTF-8, lines broken within a character', { transfer: 'quoted-printable' }],
  ['charset-utf8-unlabelled', 'UTF-8, charset missing', { label: '' }],
  ['charset-utf8-as-jis', 'UTF-8 labelled ISO-2022-JP by a filter', { label: JIS }],
  ['charset-utf8-as-sjis', 'UTF-8 labelled Shift_JIS', { label: SJIS }],
  ['charset-utf8-as-latin', 'UTF-8 labelled windows-1252', { label: 'windows-1252' }],
  ['charset-utf8-misspelt', 'label utf8', { label: 'utf8' }],
  ['charset-unknown-8bit', 'label unknown-8bit', { label: 'unknown-8bit' }],
  ['charset-nonsense', 'a label that names nothing', { label: 'x-user-defined-3' }],
];

/** Octets where `text` would write other ones. */
function octetsOf(label: string, body: string): { mime: string[]; body: string } {
  const type = `Content-Type: text/plain${label === '' ? '' : `; charset=${label}`}`;
  return { mime: ['MIME-Version: 1.0', type], body };
}

const RETURN_JIS = raw('差戻し ', JIS);

export const CHARSETS: readonly Fixture[] = [
  ...ROWS.map(([name, shows, wire]) => reply(name, shows, text(`${REASON}\n`, wire), READ)),
  reply(
    'charset-jis-kana-escaped',
    'half-width kana by ESC ( I',
    octetsOf(JIS, `${RETURN_JIS}\x1b(I:3@\x1b(B\r\n`),
    returned('コウタ'),
  ),
  reply(
    'charset-jis-kana-shifted',
    'half-width kana by SO and SI',
    octetsOf(JIS, `${RETURN_JIS}\x0e:3@\x0f\r\n`),
    returned('コウタ'),
  ),
  reply(
    'charset-jis-kana-bare',
    'half-width kana as bare eighth bits',
    octetsOf(JIS, `${RETURN_JIS}\xba\xb3\xc0\r\n`),
    returned('コウタ'),
  ),
  reply(
    'charset-jis-nec',
    'NEC row 13: ① ㈱ № by their codes',
    octetsOf(JIS, `${RETURN_JIS}\x1b$B-!-j-b\x1b(B\r\n`),
    returned('1(株)No'),
  ),
  reply('charset-jis-unclosed', 'ISO-2022-JP that never returns to ASCII', octetsOf(JIS, '\x1b$B>u67\r\n'), {
    type: 'word',
    word: 'status',
  }),
  reply(
    'charset-sjis-ibm',
    'IBM extensions 髙 and 﨑',
    octetsOf(SJIS, `${raw('差戻し ', SJIS)}\xfb\xfc\xfa\xb1\r\n`),
    returned('髙\uFA11'),
  ),
  reply(
    'charset-sjis-kana-only',
    'Shift_JIS of half-width kana alone, unlabelled',
    octetsOf('', `${raw('差戻し ', SJIS)}\xb3\xc3\xde\r\n`),
    returned('ウデ'),
  ),
  reply(
    'charset-utf8-bom',
    'UTF-8 behind a byte order mark',
    octetsOf('utf-8', `\xef\xbb\xbf${raw('状況')}\r\n`),
    { type: 'word', word: 'status' },
  ),
  reply(
    'charset-utf8-broken',
    'UTF-8 with an octet missing: no word',
    octetsOf('utf-8', `${octets('承認').subarray(0, 5).toString('latin1')} 4821\r\n`),
    { type: 'word', word: 'unknown' },
  ),
  reply(
    'charset-utf16',
    'UTF-16 in base64',
    {
      mime: [
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-16le',
        'Content-Transfer-Encoding: base64',
      ],
      body: Buffer.from('状況\r\n', 'utf16le').toString('base64'),
    },
    { type: 'word', word: 'status' },
  ),
  reply(
    'charset-mixed',
    'Shift_JIS pasted below ISO-2022-JP',
    octetsOf(JIS, `${raw('状況', JIS)}\r\n\r\n${raw('見本村総務課', SJIS)}\r\n`),
    { type: 'word', word: 'status' },
  ),
];

const SUBJECT = '村道1号線舗装工事の契約について';
const asked = (name: string, shows: string, subject: string, read = SUBJECT): Fixture =>
  sent(
    name,
    shows,
    { subject, ...text('よろしくお願いします。\n') },
    { type: 'refusal', problems: ['not-understood'], subject: read },
  );
const halves = octets(SUBJECT);
const encoded = (part: Buffer): string => `=?UTF-8?B?${part.toString('base64')}?=`;

export const SUBJECTS: readonly Fixture[] = [
  asked('subject-raw-jis', 'ISO-2022-JP without encoded words', raw(SUBJECT, JIS)),
  asked('subject-raw-sjis', 'Shift_JIS without encoded words', raw(SUBJECT, SJIS)),
  asked('subject-raw-euc', 'EUC-JP without encoded words', raw(SUBJECT, EUC)),
  asked('subject-raw-utf8', 'UTF-8 as in RFC 6532', raw(SUBJECT)),
  asked('subject-jis-word', 'one long ISO-2022-JP word', word(SUBJECT, JIS, 'ISO-2022-JP')),
  asked('subject-jis-as-utf8', 'a word that lies about its charset', word(SUBJECT, SJIS, 'UTF-8')),
  asked('subject-q-word', 'Q encoding', qWord(SUBJECT)),
  asked(
    'subject-cut-character',
    'words cut within a character',
    `${encoded(halves.subarray(0, 10))}\r\n ${encoded(halves.subarray(10))}`,
  ),
  asked('subject-unclosed-word', 'the end of the last word is missing', word(SUBJECT).slice(0, -2)),
  asked('subject-word-in-quotes', 'word beside plain text', `Re: ${word(SUBJECT)} (2)`, `Re: ${SUBJECT} (2)`),
  asked('subject-language', 'RFC 2231 language behind the charset', word(SUBJECT, 'utf-8', 'utf-8*ja')),
  asked('subject-missing', 'an empty subject', '', ''),
];
