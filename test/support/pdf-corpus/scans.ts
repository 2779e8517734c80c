/** Pages as a scanner leaves them: one bitmap, bilevel, as CCITT Group 4 or JBIG2 (ITU-T T.6, T.88). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { streamText } from '../pdf-build.ts';
import { tableFile } from './raw.ts';

/** Page 1 of `file` as an uncompressed bitmap of 1 bit a pixel on a page of its own. */
export function bitmapFile(file: string): Buffer {
  const pbm = execFileSync('pdftoppm', ['-mono', '-r', '100', '-f', '1', '-l', '1', file]);
  const [head, width, height] = /^P4\s+(\d+)\s+(\d+)\s/.exec(pbm.toString('latin1'))!;
  // In PBM 1 is black, in DeviceGray 0 is.
  const size = `/Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 1 /Decode [1 0]`;
  return imagePage(size, pbm.subarray(head.length));
}

/** The bitmap of a CCITT scan again as JBIG2: its Group 4 data are what a generic region coded with MMR holds (T.88 6.2.6). */
export function jbig2File(scan: string, scratch: string): Buffer {
  const root = join(scratch, 'scan');
  execFileSync('pdfimages', ['-ccitt', scan, root]);
  const data = readFileSync(`${root}-000.ccitt`);
  const { width, height } = dimensions(scan);
  const page = Buffer.concat([word(width), word(height), word(0), word(0), Buffer.from([0, 0, 0])]);
  const region = Buffer.concat([word(width), word(height), word(0), word(0), Buffer.from([0, 1]), data]);
  const segments = Buffer.concat([segment(0, 48, page), segment(1, 38, region)]);
  const size = `/Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 1`;
  return imagePage(`${size} /Decode [1 0] /Filter /JBIG2Decode`, segments);
}

function dimensions(scan: string): { width: number; height: number } {
  const rows = execFileSync('pdfimages', ['-list', scan], { encoding: 'utf8' }).trim().split('\n');
  const [, , , width, height] = rows[2]!.trim().split(/\s+/);
  return { width: Number(width), height: Number(height) };
}

function segment(number: number, type: number, data: Buffer): Buffer {
  return Buffer.concat([word(number), Buffer.from([type, 0, 1]), word(data.length), data]);
}

function word(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

function imagePage(image: string, data: Buffer): Buffer {
  const resources = '/Resources <</XObject <</Im 5 0 R>>>>';
  return tableFile({
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    3: `<</Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 595 842] ${resources}>>`,
    4: streamText('', 'q 595 0 0 842 0 0 cm /Im Do Q'),
    5: streamText(`/Type /XObject /Subtype /Image ${image}`, data.toString('latin1')),
  });
}
