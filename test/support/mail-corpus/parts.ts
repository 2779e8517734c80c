/** What mails are put together from, octet by octet: charsets, transfer encodings, encoded words, parts (RFC 2045–2047). */
import Encoding from 'encoding-japanese';

export type Charset = 'utf-8' | 'iso-2022-jp' | 'shift_jis' | 'euc-jp';

const NAMES: Record<Charset, Encoding.Encoding> = {
  'utf-8': 'UTF8',
  'iso-2022-jp': 'JIS',
  shift_jis: 'SJIS',
  'euc-jp': 'EUCJP',
};

export function octets(text: string, charset: Charset = 'utf-8'): Buffer {
  if (charset === 'utf-8') return Buffer.from(text);
  const codes = Encoding.stringToCode(text);
  return Buffer.from(Encoding.convert(codes, { from: 'UNICODE', to: NAMES[charset], type: 'array' }));
}

/** Characters of one octet each, so that octets of every charset can stand in one string. */
export function raw(text: string, charset: Charset = 'utf-8'): string {
  return octets(text, charset).toString('latin1');
}

export function word(text: string, charset: Charset = 'utf-8', label: string = charset): string {
  return `=?${label}?B?${octets(text, charset).toString('base64')}?=`;
}

export function qWord(text: string, charset: Charset = 'utf-8', label: string = charset): string {
  const hex = [...octets(text, charset)].map(
    (octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `=?${label}?Q?${hex.join('')}?=`;
}

export function percent(text: string, charset: Charset = 'utf-8'): string {
  return [...octets(text, charset)]
    .map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

export function base64(content: Uint8Array): string {
  return Buffer.from(content)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n');
}

function quotedPrintable(content: Uint8Array): string {
  const lines = Buffer.from(content)
    .toString('latin1')
    .split('\r\n')
    .map((line) => {
      const escaped = [...line].map((character) => {
        const code = character.charCodeAt(0);
        const plain = code >= 0x20 && code < 0x7f && character !== '=';
        return plain ? character : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
      });
      let width = 0;
      return escaped
        .map((piece) => {
          width += piece.length;
          if (width <= 72) return piece;
          width = piece.length;
          return `=\r\n${piece}`;
        })
        .join('');
    });
  return lines.join('\r\n');
}

export interface Letter {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  /** Whole header lines put in front. */
  readonly above?: readonly string[];
  /** Whole header lines of the body: MIME-Version, Content-… */
  readonly mime?: readonly string[];
  readonly body: string;
}

export const SATO = `${word('佐藤花子')} <sato@mihon.example.jp>`;
export const SUZUKI = `${word('鈴木一郎')} <suzuki@mihon.example.jp>`;
export const VENDOR = `${word('山田太郎')} <yamada@sample.example.jp>`;

/** A whole mail; the texts hold one char an octet. `id` makes its Message-ID. */
export function mail(id: string, letter: Letter): Buffer {
  const { from = SATO, to = 'keiyaku@mihon.example.jp', subject = 'x', above = [], mime = [], body } = letter;
  const head = [
    ...above,
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    'Date: Tue, 1 Dec 2026 10:00:00 +0900',
    `Message-ID: <${id}@mihon.example.jp>`,
    ...mime,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

export type Transfer = '7bit' | '8bit' | 'base64' | 'quoted-printable' | 'binary';

function transferred(content: Uint8Array, transfer: Transfer): string {
  if (transfer === 'base64') return base64(content);
  if (transfer === 'quoted-printable') return quotedPrintable(content);
  return Buffer.from(content).toString('latin1');
}

/** Text as its lines, from characters to octets on the wire. */
export function text(
  lines: string,
  {
    charset = 'utf-8',
    label = charset,
    type = 'text/plain',
    transfer = '8bit',
    parameters = '',
  }: TextOptions = {},
): { mime: string[]; body: string } {
  const wire = octets(lines.replaceAll('\n', '\r\n'), charset);
  return {
    mime: [
      'MIME-Version: 1.0',
      `Content-Type: ${type}${label === '' ? '' : `; charset=${label}`}${parameters}`,
      `Content-Transfer-Encoding: ${transfer}`,
    ],
    body: transferred(wire, transfer),
  };
}

export interface TextOptions {
  readonly charset?: Charset;
  /** What the header calls it; '' leaves it unnamed. */
  readonly label?: string;
  readonly type?: string;
  readonly transfer?: Transfer;
  readonly parameters?: string;
}

export interface Part {
  readonly mime: readonly string[];
  readonly body: string;
}

export function multipart(
  subtype: string,
  parts: readonly Part[],
  boundary = '----=_Part_1',
): { mime: string[]; body: string } {
  const inner = parts.map(({ mime, body }) => {
    const headers = mime.filter((line) => !line.startsWith('MIME-Version'));
    return `--${boundary}\r\n${headers.join('\r\n')}${headers.length === 0 ? '' : '\r\n'}\r\n${body}\r\n`;
  });
  return {
    mime: ['MIME-Version: 1.0', `Content-Type: multipart/${subtype}; boundary="${boundary}"`],
    body: `${inner.join('')}--${boundary}--\r\n`,
  };
}

export const PDF = Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** `headers` are the whole header lines that carry the name. */
export function attachment(
  content: Uint8Array,
  headers: readonly string[],
  transfer: Transfer = 'base64',
): Part {
  return {
    mime: [...headers, `Content-Transfer-Encoding: ${transfer}`],
    body: transferred(content, transfer),
  };
}

export function named(name: string, content: Uint8Array = PDF, type = 'application/pdf'): Part {
  const encoded = word(name);
  return attachment(content, [
    `Content-Type: ${type}; name="${encoded}"`,
    `Content-Disposition: attachment; filename="${encoded}"`,
  ]);
}

/** One stored file; `encrypted` sets the flag that passwords set (APPNOTE.TXT §4.4.4). */
export function zip(entries: readonly string[], { encrypted = false, method = 0 } = {}): Buffer {
  const flags = encrypted ? 1 : 0;
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(flags, 6);
    head.writeUInt16LE(method, 8);
    head.writeUInt32LE(4, 18);
    head.writeUInt32LE(4, 22);
    head.writeUInt16LE(name.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(20, 4);
    record.writeUInt16LE(20, 6);
    head.copy(record, 8, 6, 30);
    record.writeUInt32LE(at, 42);
    local.push(head, name, Buffer.from('xxxx'));
    central.push(record, name);
    at += head.length + name.length + 4;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}
