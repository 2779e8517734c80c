/** Independent judges of our PDFs: qpdf, poppler and openssl as installed on the system. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export function pdfFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(here, '../fixtures/pdf', `${name}.pdf`)));
}

/** Noto Sans JP, the stamp's font. */
export function stampFont(): Uint8Array {
  const folder = '../../node_modules/@expo-google-fonts/noto-sans-jp/400Regular';
  return new Uint8Array(readFileSync(join(here, folder, 'NotoSansJP_400Regular.ttf')));
}

/** Runs `use` with the octets as files in a folder of their own. */
export function withFiles<T>(files: Record<string, Uint8Array | string>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'pdf-tools-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `program` says of the file, both streams. */
export function judge(program: string, options: readonly string[], file: Uint8Array): string {
  return withFiles({ 'file.pdf': file }, (folder) => {
    const { stdout, stderr } = spawnSync(program, [...options, join(folder, 'file.pdf')], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  });
}

/** The text that poppler reads in the file, by default in the order it is drawn; throws where it cannot. */
export function textOf(file: Uint8Array, options: readonly string[] = []): string {
  return withFiles({ 'file.pdf': file }, (folder) =>
    execFileSync('pdftotext', [...options, join(folder, 'file.pdf'), '-'], { encoding: 'utf8' }),
  );
}

/** The text of each page, as it is laid out there. */
export function pageTexts(file: Uint8Array): string[] {
  return textOf(file, ['-layout']).split('\f').slice(0, -1);
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Whether any pixel within the rectangle (pixels from the top left) is darker than mid-grey. */
  hasInk(left: number, top: number, right: number, bottom: number): boolean;
}

/** Page 1 as a reader shows it, at 72 pixels to the inch. */
export function renderFirstPage(file: Uint8Array): Picture {
  return withFiles({ 'file.pdf': file }, (folder) => {
    const options = ['-r', '72', '-gray', '-cropbox', '-singlefile', '-f', '1', '-l', '1'];
    execFileSync('pdftoppm', [...options, join(folder, 'file.pdf'), join(folder, 'page')]);
    const pgm = readFileSync(join(folder, 'page.pgm'));
    const [, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString('latin1'))!;
    const pixels = pgm.subarray(pgm.length - Number(width) * Number(height));
    return {
      width: Number(width),
      height: Number(height),
      hasInk(left, top, right, bottom) {
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) if (pixels[y * Number(width) + x]! < 128) return true;
        }
        return false;
      },
    };
  });
}

/** /ByteRange numbers and /Contents octets of every signature, found by text alone. */
export function rawSignatures(file: Uint8Array): { range: number[]; contents: Buffer }[] {
  const text = Buffer.from(file).toString('latin1');
  return [...text.matchAll(/\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]\s*\/Contents <([0-9a-f]+)>/g)].map(
    ([, a, b, c, d, hex]) => ({ range: [a, b, c, d].map(Number), contents: Buffer.from(hex!, 'hex') }),
  );
}

/** The octets a /ByteRange covers. */
export function coveredBytes(file: Uint8Array, range: readonly number[]): Uint8Array {
  const [a, b, c, d] = range as [number, number, number, number];
  return Buffer.concat([file.subarray(a, a + b), file.subarray(c, c + d)]);
}
