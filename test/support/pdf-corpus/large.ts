/** Files too large to be kept: many pages, and 200 MB that exist only as they are read. */
import { type ByteSource, bytesSource, concatSources } from '../../../signing/index.ts';
import { streamText } from '../pdf-build.ts';
import { digits, type Objects, tableFile } from './raw.ts';

/** `count` pages of their own contents below a tree of branches with fifty each. */
export function manyPages(count: number): Objects {
  const BRANCH = 50;
  const branches = Math.ceil(count / BRANCH);
  const firstPage = 4 + branches;
  const objects: Record<number, string> = {
    1: '<</Type /Catalog /Pages 2 0 R>>',
    3: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
  };
  const inherited = '/MediaBox [0 0 595 842] /Resources <</Font <</F1 3 0 R>>>>';
  const kids: string[] = [];
  for (let branch = 0; branch < branches; branch++) {
    const pages: string[] = [];
    for (let page = branch * BRANCH; page < Math.min(count, (branch + 1) * BRANCH); page++) {
      const num = firstPage + 2 * page;
      objects[num] = `<</Type /Page /Parent ${4 + branch} 0 R /Contents ${num + 1} 0 R>>`;
      objects[num + 1] = streamText('', `BT /F1 12 Tf 72 700 Td (page ${page + 1}) Tj ET`);
      pages.push(`${num} 0 R`);
    }
    objects[4 + branch] = `<</Type /Pages /Parent 2 0 R /Kids [${pages.join(' ')}] /Count ${pages.length}>>`;
    kids.push(`${4 + branch} 0 R`);
  }
  objects[2] = `<</Type /Pages /Kids [${kids.join(' ')}] /Count ${count} ${inherited}>>`;
  return objects;
}

/** One page with a grey picture of `octets` octets, as a scanner that does not compress leaves it. */
export function hugeScan(octets: number): ByteSource {
  const image = 6;
  const without = tableFile({
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</XObject <</Im ${image} 0 R>>>>>>`,
    4: streamText('', 'q 595 0 0 842 0 0 cm /Im Do Q'),
    5: '<<>>',
  }).toString('latin1');
  const [objects, table] = [
    without.slice(0, without.indexOf('xref\n')),
    without.slice(without.indexOf('xref\n')),
  ];
  const size = `/Width 10000 /Height ${Math.floor(octets / 10_000)} /ColorSpace /DeviceGray /BitsPerComponent 8`;
  const head = `${objects}${image} 0 obj\n<</Type /XObject /Subtype /Image ${size} /Length ${octets}>>\nstream\n`;
  const close = '\nendstream\nendobj\n';
  const start = head.length + octets + close.length;
  const entries = table
    .replace('0 6\n', '0 7\n')
    .replace('trailer', `${digits(objects.length, 10)} 00000 n \ntrailer`)
    .replace('/Size 6', '/Size 7')
    .replace(/startxref\n\d+/, `startxref\n${start}`);
  const octet = Buffer.alloc(1 << 20, 0x80);
  const picture: ByteSource = {
    size: octets,
    read: async (_, length) =>
      length <= octet.length ? octet.subarray(0, length) : Buffer.alloc(length, 0x80),
  };
  const text = (part: string): ByteSource => bytesSource(Buffer.from(part, 'latin1'));
  return concatSources([text(head), picture, text(close + entries)]);
}
