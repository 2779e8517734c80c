/** Hand-made files whose structure no builder makes: written from the first octet to the last (ISO 32000-2 7.5). */
import { deflateSync } from 'node:zlib';
import { streamText } from '../pdf-build.ts';
import { A4, catalog, ID, page, text, utf16 } from './parts.ts';
import { objectStream, tableFile } from './raw.ts';

/** A file with a table, saved once more by a program that writes cross-reference streams. */
export function tableThenStream(): Buffer {
  const first = tableFile(page(A4)).toString('latin1');
  const previous = /startxref\s+(\d+)/.exec(first)![1]!;
  const at = first.length;
  const changed = `4 0 obj\n${text('newer')}\nendobj\n`;
  const row = (offset: number): string => `\x01${String.fromCharCode(offset >> 8, offset & 255)}\x00`;
  const own = at + changed.length;
  const dict = `/Type /XRef /Size 7 /W [1 2 1] /Index [4 1 6 1] /Root 1 0 R /Prev ${previous}`;
  const xref = `6 0 obj\n${streamText(dict, row(at) + row(own))}\nendobj\n`;
  return Buffer.from(`${first}${changed}${xref}startxref\n${own}\n%%EOF\n`, 'latin1');
}

/** As Excel saves several sheets: hybrid, its structure tree packed and compressed. */
export function hybridPacked(): Buffer {
  const packed: [number, string][] = [
    [9, '<</Type /StructTreeRoot /K [10 0 R]>>'],
    [10, '<</Type /StructElem /S /Workbook /P 9 0 R /K [11 0 R 12 0 R]>>'],
    [11, '<</Type /StructElem /S /Worksheet /P 10 0 R /Pg 3 0 R>>'],
    [12, '<</Type /StructElem /S /Worksheet /P 10 0 R /Pg 7 0 R>>'],
  ];
  const plain: Record<number, string> = {
    ...page(`${A4} /Group <</Type /Group /S /Transparency /CS /DeviceRGB>> /Tabs /S`),
    1: catalog('/Lang (ja-JP) /StructTreeRoot 9 0 R /MarkInfo <</Marked true>>'),
    2: '<</Type /Pages /Kids [3 0 R 7 0 R] /Count 2 /Resources <</Font <</F1 5 0 R>>>>>>',
    6: `<</Author ${utf16('総務課')} /Creator <feff004d006900630072006f0073006f00660074>>>`,
    7: `<</Type /Page /Parent 2 0 R /Contents 8 0 R /MediaBox [0 0 842 595]>>`,
    8: text('sheet 2'),
    13: objectStream(packed),
  };
  let body = '%PDF-1.7\r\n%\xb5\xb5\xb5\xb5\r\n';
  const rows = Array.from({ length: 15 }, () => [0, 0, 255]);
  for (const [num, object] of Object.entries(plain)) {
    rows[Number(num)] = [1, body.length, 0];
    body += `${num} 0 obj\r\n${object}\r\nendobj\r\n`;
  }
  for (const [index, [num]] of packed.entries()) rows[num] = [2, 13, index];
  const streamAt = body.length;
  rows[14] = [1, streamAt, 0];
  const data = deflateSync(Buffer.concat(rows.map(([a, b, c]) => Buffer.from([a!, b! >> 8, b! & 255, c!]))));
  const trailer = `/Size 15 /Root 1 0 R /Info 6 0 R ${ID}`;
  const dict = `/Type /XRef /W [1 2 1] /Filter /FlateDecode ${trailer}`;
  body += `14 0 obj\r\n${streamText(dict, data.toString('latin1'))}\r\nendobj\r\n`;
  const table = rows
    .map(([type, offset], num) =>
      type === 1 && num < 13
        ? `${String(offset).padStart(10, '0')} 00000 n\r\n`
        : `00000000${String((num + 1) % 15).padStart(2, '0')} 65535 f\r\n`,
    )
    .join('');
  const first = body.length;
  body += `xref\r\n0 15\r\n${table}trailer\r\n<<${trailer}>>\r\nstartxref\r\n${first}\r\n%%EOF\r\n`;
  const second = body.length;
  body += `xref\r\n0 0\r\ntrailer\r\n<<${trailer} /Prev ${first} /XRefStm ${streamAt}>>\r\n`;
  return Buffer.from(`${body}startxref\r\n${second}\r\n%%EOF`, 'latin1');
}

/** Nothing between tokens that the syntax does not ask for. */
export function compact(): Buffer {
  const objects = page('/MediaBox[0 0 595 842]');
  let file = '%PDF-1.5\n';
  let table = 'xref\n0 6\n0000000000 65535 f \n';
  for (const [num, object] of Object.entries(objects)) {
    table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${num} 0 obj${object} endobj `;
  }
  return Buffer.from(`${file}${table}trailer<</Size 6/Root 1 0 R>>startxref ${file.length} %%EOF`, 'latin1');
}

/** LZW without a table: every octet as it stands, nine bits wide, fewer than would widen the codes (7.4.4.2). */
export function lzwLiterals(data: string): Buffer {
  const codes = [256, ...Buffer.from(data, 'latin1'), 257];
  const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('');
  return Buffer.from(bits.match(/.{1,8}/g)!.map((octet) => Number.parseInt(octet.padEnd(8, '0'), 2)));
}

export function ascii85(data: Buffer): string {
  let out = '';
  for (let at = 0; at < data.length; at += 4) {
    const group = data.subarray(at, at + 4);
    let value = Buffer.concat([group, Buffer.alloc(4 - group.length)]).readUInt32BE();
    let five = '';
    for (let digit = 0; digit < 5; digit++, value = Math.floor(value / 85)) {
      five = String.fromCharCode((value % 85) + 33) + five;
    }
    out += five.slice(0, group.length + 1);
  }
  return `${out}~>`;
}
