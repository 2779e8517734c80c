/** PDFs of a given size and cross-reference style, the same octets each time: scanned pages with a line of text (ISO 32000-2 7.5.4, 7.5.8). */
import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

export type XrefStyle = 'table' | 'stream' | 'hybrid';

/** One page's picture is 512 grey pixels wide, and as high as it takes. */
const WIDTH = 512;
const PICTURE = 512 * WIDTH;

/** Writes a PDF of `size` octets, to within a few kilobytes, to `path`. */
export function writePdf(path: string, size: number, style: XrefStyle): void {
  const file = openSync(path, 'w');
  const plain = new Map<number, number>();
  const packed: { num: number; text: string }[] = [];
  let written = 0;
  const put = (octets: Uint8Array | string): void => {
    const chunk = typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets;
    writeSync(file, chunk);
    written += chunk.length;
  };
  const putObject = (num: number, text: string, data?: Uint8Array): void => {
    plain.set(num, written);
    put(`${num} 0 obj\n${text}\n`);
    if (data !== undefined) {
      put('stream\n');
      put(data);
      put('\nendstream\n');
    }
    put('endobj\n');
  };
  /** In an object stream where the style has them. */
  const putSmall = (num: number, text: string): void => {
    if (style === 'stream') packed.push({ num, text });
    else putObject(num, text);
  };

  put('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  const pages: number[] = [];
  let next = 4;
  for (let left = size; left > 0; left -= PICTURE) {
    const height = Math.max(1, Math.floor(Math.min(left, PICTURE) / WIDTH));
    const [page, contents, picture] = [next, next + 1, next + 2];
    next += 3;
    pages.push(page);
    const text = Buffer.from(
      `q 500 0 0 700 40 80 cm /P Do Q BT /F 12 Tf 40 50 Td (Page ${pages.length}) Tj ET`,
    );
    putObject(contents, `<</Length ${text.length}>>`, text);
    const shape = `/Width ${WIDTH} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8`;
    putObject(
      picture,
      `<</Type /XObject /Subtype /Image ${shape} /Length ${WIDTH * height}>>`,
      noise(`${size} ${page}`, WIDTH * height),
    );
    const resources = `<</Font <</F 3 0 R>> /XObject <</P ${picture} 0 R>>>>`;
    putSmall(
      page,
      `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R /Resources ${resources}>>`,
    );
  }
  const structure = style === 'hybrid' ? next++ : null;
  const outline = structure === null ? '' : ` /MarkInfo <</Marked true>> /StructTreeRoot ${structure} 0 R`;
  putSmall(1, `<</Type /Catalog /Pages 2 0 R${outline}>>`);
  putSmall(
    2,
    `<</Type /Pages /Count ${pages.length} /Kids [${pages.map((page) => `${page} 0 R`).join(' ')}]>>`,
  );
  putSmall(3, '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>');
  if (structure !== null) {
    const element = next++;
    packed.push({ num: structure, text: `<</Type /StructTreeRoot /K [${element} 0 R]>>` });
    packed.push({ num: element, text: `<</Type /StructElem /S /Document /P ${structure} 0 R>>` });
  }

  const containers = new Map<number, { container: number; index: number }>();
  for (let from = 0; from < packed.length; from += 100) {
    const group = packed.slice(from, from + 100);
    const container = next++;
    let index = '';
    let body = '';
    for (const [place, { num, text }] of group.entries()) {
      containers.set(num, { container, index: place });
      index += `${num} ${body.length} `;
      body += `${text} `;
    }
    const data = Buffer.from(index + body);
    const dict = `<</Type /ObjStm /N ${group.length} /First ${index.length} /Length ${data.length}>>`;
    putObject(container, dict, data);
  }

  let start = written;
  const id = createHash('md5').update(`${size} ${style}`).digest('hex');
  const trailer = (count: number): string => `/Size ${count} /Root 1 0 R /ID [<${id}><${id}>]`;
  let hidden: number | null = null;
  if (style !== 'table') {
    const own = next++;
    hidden = start;
    plain.set(own, start);
    const rows = Buffer.alloc(7 * next);
    for (let num = 0; num < next; num++) {
      const place = containers.get(num);
      const offset = plain.get(num);
      rows[7 * num] = place !== undefined ? 2 : offset !== undefined ? 1 : 0;
      rows.writeUIntBE(place?.container ?? offset ?? 0, 7 * num + 1, 4);
      rows.writeUInt16BE(place?.index ?? (offset === undefined ? 65_535 : 0), 7 * num + 5);
    }
    putObject(own, `<</Type /XRef /W [1 4 2] ${trailer(next)} /Length ${rows.length}>>`, rows);
  }
  if (style !== 'stream') {
    start = written;
    put(`xref\n0 ${next}\n0000000000 65535 f \n`);
    for (let num = 1; num < next; num++) {
      const offset = plain.get(num);
      put(offset === undefined ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`);
    }
    put(`trailer\n<<${trailer(next)}>>\nstartxref\n${start}\n%%EOF\n`);
  }
  if (style === 'hybrid') {
    // As Word ends its files: an empty section that names the stream.
    const first = start;
    start = written;
    put(
      `xref\n0 0\ntrailer\n<<${trailer(next)} /Prev ${first} /XRefStm ${hidden}>>\nstartxref\n${start}\n%%EOF\n`,
    );
  }
  if (style === 'stream') put(`startxref\n${start}\n%%EOF\n`);
  closeSync(file);
}

/** Octets that do not compress, as scans do not; `seed` decides them. */
function noise(seed: string, length: number): Uint8Array {
  const key = createHash('md5').update(seed).digest();
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}
