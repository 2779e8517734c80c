/** A long scanned contract in two structures, as large as asked for: every page a picture that does not compress (ISO 32000-2 7.5.4, 7.5.7). */
import { createCipheriv, createHash } from 'node:crypto';
import { streamText } from '../test/support/pdf-build.ts';
import { type Objects, streamFile, tableFile } from '../test/support/pdf-corpus/raw.ts';

/** Grey pixels a row of a picture. */
const WIDTH = 400;

/** `pages` pages of about `octets` altogether; with object streams (and a cross-reference stream) or a plain table. */
export function scannedContract(pages: number, octets: number, objectStreams: boolean): Buffer {
  const height = Math.floor(octets / pages / WIDTH);
  const objects: Record<number, string> = {
    1: '<</Type /Catalog /Pages 2 0 R>>',
    3: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
  };
  const small = [1, 2, 3];
  const kids: string[] = [];
  for (let page = 0; page < pages; page++) {
    const [own, contents, picture] = [4 + 3 * page, 5 + 3 * page, 6 + 3 * page];
    const resources = `<</Font <</F 3 0 R>> /XObject <</P ${picture} 0 R>>>>`;
    objects[own] =
      `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R /Resources ${resources}>>`;
    objects[contents] = streamText(
      '',
      `q 500 0 0 700 40 80 cm /P Do Q BT /F 12 Tf 40 50 Td (Page ${page + 1}) Tj ET`,
    );
    const size = `/Width ${WIDTH} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8`;
    objects[picture] = streamText(`/Type /XObject /Subtype /Image ${size}`, noise(page, WIDTH * height));
    small.push(own);
    kids.push(`${own} 0 R`);
  }
  objects[2] = `<</Type /Pages /Count ${pages} /Kids [${kids.join(' ')}]>>`;
  const ordered: Objects = objects;
  return objectStreams ? streamFile(ordered, { packed: small, compress: true }) : tableFile(ordered);
}

function noise(seed: number, length: number): string {
  const key = createHash('md5').update(String(seed)).digest();
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length)).toString('latin1');
}
