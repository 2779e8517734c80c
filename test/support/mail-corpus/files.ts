/** Attachments that are no PDF: what people send instead, and how it is refused. */
import { type Fixture, sent } from './fixture.ts';
import { CONTRACT, CONTRACT_EXPECTED } from './letters.ts';
import { multipart, named, text, word, zip } from './parts.ts';

const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ole = (stream: string): Buffer =>
  Buffer.concat([OLE, Buffer.alloc(504), Buffer.from(stream, 'utf16le')]);
const bytes = (digits: string): Buffer => Buffer.from(digits, 'hex');

type Row = readonly [
  name: string,
  shows: string,
  file: string,
  content: Buffer,
  kind: string,
  problem: string,
];

const ROWS: readonly Row[] = [
  [
    'file-docx',
    'Word',
    '契約書.docx',
    zip(['[Content_Types].xml', 'word/document.xml']),
    'word',
    'word-file',
  ],
  ['file-xlsx', 'Excel', '設計書.xlsx', zip(['[Content_Types].xml', 'xl/workbook.xml']), 'word', 'word-file'],
  ['file-doc', 'old Word', '契約書.doc', ole('WordDocument'), 'word', 'word-file'],
  ['file-xls', 'old Excel', '設計書.xls', ole('Workbook'), 'word', 'word-file'],
  [
    'file-docx-password',
    'Word behind a password',
    '契約書.docx',
    ole('EncryptedPackage'),
    'word',
    'word-file',
  ],
  ['file-rtf', 'RTF', '契約書.rtf', Buffer.from('{\\rtf1\\ansi x}'), 'word', 'word-file'],
  ['file-zip', 'ZIP', '契約書.zip', zip(['keiyaku.pdf']), 'zip', 'zip-file'],
  [
    'file-zip-password',
    'ZIP behind a password (PPAP)',
    '契約書.zip',
    zip(['keiyaku.pdf'], { encrypted: true }),
    'zip-encrypted',
    'encrypted-zip',
  ],
  [
    'file-zip-aes',
    'ZIP behind AES',
    '契約書.zip',
    zip(['keiyaku.pdf'], { encrypted: true, method: 99 }),
    'zip-encrypted',
    'encrypted-zip',
  ],
  [
    'file-zip-as-pdf',
    'encrypted ZIP called .pdf',
    '契約書.pdf',
    zip(['keiyaku.pdf'], { encrypted: true }),
    'zip-encrypted',
    'encrypted-zip',
  ],
  [
    'file-zip-cut',
    'ZIP cut off behind its first header',
    '契約書.zip',
    zip(['keiyaku.pdf'], { encrypted: true }).subarray(0, 60),
    'zip-encrypted',
    'encrypted-zip',
  ],
  ['file-7z', '7-Zip', '契約書.7z', bytes('377abcaf271c0004'), 'other', 'unknown-file'],
  ['file-lzh', 'LHA', '契約書.lzh', Buffer.from('\x20\x5d-lh5-', 'latin1'), 'other', 'unknown-file'],
  ['file-exe', 'self-extracting archive', '契約書.exe', bytes('4d5a90000300'), 'other', 'unknown-file'],
  ['file-jtd', '一太郎', '契約書.jtd', ole('DocumentText'), 'other', 'unknown-file'],
  ['file-xdw', 'DocuWorks', '契約書.xdw', bytes('600e82e70f00'), 'other', 'unknown-file'],
  [
    'file-tiff',
    'a scan as TIFF is a picture',
    '契約書.tif',
    bytes('49492a0008000000'),
    'image',
    'pictures-only',
  ],
  [
    'file-heic',
    'a photograph from an iPhone',
    'IMG_0001.HEIC',
    bytes('0000001c6674797068656963'),
    'image',
    'pictures-only',
  ],
  ['file-empty', 'a file of no octets', '契約書.pdf', Buffer.alloc(0), 'other', 'empty-file'],
  [
    'file-text-as-pdf',
    'text called .pdf',
    '契約書.pdf',
    Buffer.from('契約書'),
    'other',
    'pdf-refused:not-a-pdf',
  ],
  [
    'file-winmail',
    "Outlook's winmail.dat",
    'winmail.dat',
    bytes('789f3e22010006900800'),
    'winmail',
    'winmail',
  ],
];

export const FILES: readonly Fixture[] = ROWS.map(([name, shows, file, content, kind, problem]) =>
  sent(
    name,
    shows,
    {
      subject: word('契約書'),
      ...multipart('mixed', [text(CONTRACT), named(file, content, 'application/octet-stream')]),
    },
    {
      type: 'draft',
      ...CONTRACT_EXPECTED,
      problems: problem === 'unknown-file' ? ['no-pdf', problem] : [problem],
      files: [[file, kind]],
    },
  ),
);
