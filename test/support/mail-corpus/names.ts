/** How attachments are called: every way RFC 2231 and RFC 2047 allow, and those they do not; names meant to hurt. */
import { type Fixture, sent } from './fixture.ts';
import { CONTRACT, CONTRACT_EXPECTED } from './letters.ts';
import { attachment, multipart, type Part, PDF, percent, qWord, raw, text, word } from './parts.ts';

const NAME = '契約書（村道1号線）.pdf';
const TYPE = 'Content-Type: application/pdf';
const DISPOSITION = 'Content-Disposition: attachment';

function contract(
  name: string,
  shows: string,
  part: Part,
  files: readonly (readonly [string, string])[],
): Fixture {
  const letter = { subject: word('契約書'), ...multipart('mixed', [text(CONTRACT), part]) };
  return sent(name, shows, letter, { type: 'draft', ...CONTRACT_EXPECTED, files });
}

type Row = readonly [name: string, shows: string, headers: readonly string[], read?: string];

const UTF8 = percent(NAME);
const LONG = `${'契約'.repeat(150)}.pdf`;

const ROWS: readonly Row[] = [
  ['name-2231', 'RFC 2231, UTF-8', [TYPE, `${DISPOSITION}; filename*=utf-8'ja'${UTF8}`]],
  [
    'name-2231-jis',
    'RFC 2231, ISO-2022-JP',
    [TYPE, `${DISPOSITION}; filename*=iso-2022-jp''${percent(NAME, 'iso-2022-jp')}`],
  ],
  [
    'name-2231-sjis',
    'RFC 2231, Shift_JIS',
    [TYPE, `${DISPOSITION}; filename*=Shift_JIS''${percent(NAME, 'shift_jis')}`],
  ],
  ['name-2231-no-charset', 'RFC 2231 without a charset', [TYPE, `${DISPOSITION}; filename*=''${UTF8}`]],
  [
    'name-2231-quoted',
    'RFC 2231 in quotes, which it must not be',
    [TYPE, `${DISPOSITION}; filename*="utf-8''${UTF8}"`],
  ],
  [
    'name-2231-continued',
    'continued over lines, cut within a character',
    [TYPE, `${DISPOSITION};\r\n filename*0*=utf-8''${UTF8.slice(0, 12)};\r\n filename*1*=${UTF8.slice(12)}`],
  ],
  [
    'name-2231-continued-plain',
    'continued without being encoded',
    [TYPE, `${DISPOSITION};\r\n filename*0="kei";\r\n filename*1="yakusho.pdf"`],
    'keiyakusho.pdf',
  ],
  [
    'name-2231-and-plain',
    'both ways at once: the extended one counts',
    [TYPE, `${DISPOSITION}; filename="keiyaku.pdf"; filename*=utf-8''${UTF8}`],
  ],
  [
    'name-2047-quoted',
    'encoded words in quotes, as most mailers do',
    [TYPE, `${DISPOSITION}; filename="${word(NAME, 'iso-2022-jp')}"`],
  ],
  ['name-2047-bare', 'encoded word without quotes', [TYPE, `${DISPOSITION}; filename=${word(NAME)}`]],
  ['name-2047-q', 'encoded word in Q', [TYPE, `${DISPOSITION}; filename="${qWord(NAME)}"`]],
  [
    'name-2047-two-words',
    'two words on two lines',
    [TYPE, `${DISPOSITION}; filename="${word(NAME.slice(0, 5))}\r\n ${word(NAME.slice(5))}"`],
  ],
  [
    'name-2047-sjis-lie',
    'word labelled UTF-8 that is Shift_JIS',
    [TYPE, `${DISPOSITION}; filename="${word(NAME, 'shift_jis', 'UTF-8')}"`],
  ],
  [
    'name-2047-in-2231',
    'encoded words inside RFC 2231',
    [TYPE, `${DISPOSITION}; filename*=utf-8''${percent(word(NAME))}`],
  ],
  ['name-raw-sjis', 'bare Shift_JIS', [TYPE, `${DISPOSITION}; filename="${raw(NAME, 'shift_jis')}"`]],
  [
    'name-raw-jis',
    'bare ISO-2022-JP, with quotes among its octets',
    [TYPE, `${DISPOSITION}; filename="${raw(NAME, 'iso-2022-jp')}"`],
  ],
  ['name-raw-utf8', 'bare UTF-8', [TYPE, `${DISPOSITION}; filename="${raw(NAME)}"`]],
  ['name-percent', 'percent signs in a plain name', [TYPE, `${DISPOSITION}; filename="${UTF8}"`]],
  [
    'name-percent-sign',
    'a name with a percent sign of its own',
    [TYPE, `${DISPOSITION}; filename="50%25.pdf"`],
    '50%25.pdf',
  ],
  ['name-in-type-only', 'named by Content-Type only', [`${TYPE}; name="${word(NAME)}"`, DISPOSITION]],
  [
    'name-spoilt',
    'question marks in one header, the name in the other',
    [`${TYPE}; name="${word(NAME)}"`, `${DISPOSITION}; filename="????????.pdf"`],
  ],
  ['name-none', 'no name at all', [TYPE, DISPOSITION], 'attachment-1'],
  [
    'name-unquoted-spaces',
    'spaces without quotes',
    [TYPE, `${DISPOSITION}; filename=keiyaku sho 1.pdf`],
    'keiyaku sho 1.pdf',
  ],
  [
    'name-backslashes',
    'a whole Windows path',
    [TYPE, `${DISPOSITION}; filename="C:\\\\Users\\\\sato\\\\keiyaku.pdf"`],
    'keiyaku.pdf',
  ],
  [
    'name-climbing',
    'a path that climbs',
    [TYPE, `${DISPOSITION}; filename="../../../etc/cron.d/keiyaku.pdf"`],
    'keiyaku.pdf',
  ],
  [
    'name-long',
    'six hundred characters',
    [TYPE, `${DISPOSITION}; filename*=utf-8''${percent(LONG)}`],
    `${LONG.slice(0, 116)}.pdf`,
  ],
  [
    'name-turned-around',
    'right-to-left override',
    [TYPE, `${DISPOSITION}; filename*=utf-8''${percent('契約\u202Efdp.exe')}`],
    '契約fdp.exe',
  ],
  [
    'name-control',
    'NUL and line feed inside',
    [TYPE, `${DISPOSITION}; filename*=utf-8''${percent('契約\0\n書.pdf')}`],
    '契約書.pdf',
  ],
  ['name-device', 'a device of Windows', [TYPE, `${DISPOSITION}; filename="CON.pdf"`], '_CON.pdf'],
  ['name-dots', 'nothing but dots', [TYPE, `${DISPOSITION}; filename=".."`], 'attachment-1'],
  [
    'name-mac',
    'decomposed kana from macOS',
    [TYPE, `${DISPOSITION}; filename*=utf-8''${percent('がごしょ.pdf'.normalize('NFD'))}`],
    'がごしょ.pdf',
  ],
  [
    'name-compatibility',
    'a name with 神 as its owner writes it',
    [TYPE, `${DISPOSITION}; filename*=utf-8''${percent('\uFA19社工務店.pdf')}`],
    '\uFA19社工務店.pdf',
  ],
  [
    'name-octet-stream',
    'application/octet-stream, known by its octets',
    ['Content-Type: application/octet-stream', `${DISPOSITION}; filename="a.bin"`],
    'a.bin',
  ],
  [
    'name-inline',
    'PDF shown inline by Apple Mail',
    [`${TYPE}; name="a.pdf"`, 'Content-Disposition: inline; filename="a.pdf"'],
    'a.pdf',
  ],
  ['name-no-disposition', 'no Content-Disposition', [`${TYPE}; name="a.pdf"`], 'a.pdf'],
];

export const NAMES: readonly Fixture[] = ROWS.map(([name, shows, headers, read = NAME]) =>
  contract(name, shows, attachment(PDF, headers), [[read, 'pdf']]),
);
