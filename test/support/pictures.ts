/** Compares pages as poppler draws them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFiles } from './pdf-tools.ts';

export interface Difference {
  /** Of the page, in pixels at 72 to the inch. */
  readonly width: number;
  readonly height: number;
  /** The smallest rectangle around every pixel that differs, from the top left; null where the pages look the same. */
  readonly box: { left: number; top: number; right: number; bottom: number } | null;
}

export function differenceOnPage(page: number, before: Uint8Array, after: Uint8Array): Difference {
  const [one, other] = [draw(page, before), draw(page, after)];
  const { width, height } = one;
  if (width !== other.width || height !== other.height) {
    return { width, height, box: { left: 0, top: 0, right: width, bottom: height } };
  }
  const differing = [...one.pixels.keys()].filter((at) => one.pixels[at] !== other.pixels[at]);
  if (differing.length === 0) return { width, height, box: null };
  const extreme = (pick: (a: number, b: number) => number, of: (at: number) => number): number =>
    differing.map(of).reduce((a, b) => pick(a, b));
  const x = (at: number): number => at % width;
  const y = (at: number): number => Math.floor(at / width);
  const box = {
    left: extreme(Math.min, x),
    top: extreme(Math.min, y),
    right: extreme(Math.max, x) + 1,
    bottom: extreme(Math.max, y) + 1,
  };
  return { width, height, box };
}

/** Rows of pixels of a page (from the top, 72 to the inch) as text to be compared. */
export function pixelsOfPage(page: number, file: Uint8Array, rows: { from: number; to: number }): string {
  const { width, pixels } = draw(page, file);
  return pixels.subarray(rows.from * width, rows.to * width).toString('base64');
}

function draw(page: number, file: Uint8Array): { width: number; height: number; pixels: Buffer } {
  return withFiles({ 'file.pdf': file }, (folder) => {
    const options = ['-r', '72', '-gray', '-cropbox', '-singlefile', '-f', String(page), '-l', String(page)];
    execFileSync('pdftoppm', [...options, join(folder, 'file.pdf'), join(folder, 'page')]);
    const pgm = readFileSync(join(folder, 'page.pgm'));
    const [, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString('latin1'))!.map(Number);
    return { width: width!, height: height!, pixels: pgm.subarray(pgm.length - width! * height!) };
  });
}
