/** How dark the parts of a page are, as a browser's canvas and as poppler draw it, and how alike two such pictures are. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFiles } from '../support/pdf-tools.ts';

/** Darkness of each field of a coarse grid, row by row, 0 white to 1 black. */
export type Grid = readonly number[];

const [COLUMNS, ROWS] = [48, 48];

/** For the browser: the grid of a canvas that `canvas` (an expression) names. */
export function gridOfCanvas(canvas: string): string {
  return `(() => {
  const canvas = ${canvas};
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const at = (index) => (data[index] + data[index + 1] + data[index + 2]) / 3;
  return (${grid})(width, height, (x, y) => at((y * width + x) * 4), ${COLUMNS}, ${ROWS});
})()`;
}

/** The same of a page as poppler draws it. */
export function gridOfPage(file: Uint8Array, page: number): Grid {
  return withFiles({ 'file.pdf': file }, (folder) => {
    const which = ['-f', String(page), '-l', String(page), '-singlefile'];
    execFileSync('pdftoppm', [
      '-r',
      '100',
      '-gray',
      '-cropbox',
      ...which,
      join(folder, 'file.pdf'),
      join(folder, 'page'),
    ]);
    const pgm = readFileSync(join(folder, 'page.pgm'));
    const [, columns, rows] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString('latin1'))!;
    const [width, height] = [Number(columns), Number(rows)];
    const pixels = pgm.subarray(pgm.length - width * height);
    return grid(width, height, (x, y) => pixels[y * width + x]!, COLUMNS, ROWS);
  });
}

/** Sent to browsers as its own text: uses nothing from outside. */
function grid(
  width: number,
  height: number,
  brightness: (x: number, y: number) => number,
  columns: number,
  rows: number,
): number[] {
  const sums = new Array(columns * rows).fill(0);
  const counts = new Array(columns * rows).fill(0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const field = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      sums[field] += 255 - brightness(x, y);
      counts[field] += 1;
    }
  }
  return sums.map((sum, field) => sum / counts[field] / 255);
}

/** For the browser: share of dark pixels within a rectangle of page 1 (points from its top left; the page is `pageWidth` wide). */
export function inkWithin(
  [left, top, width, height]: readonly [number, number, number, number],
  pageWidth: number,
): string {
  return `(() => {
  const canvas = document.querySelector('[data-pages] canvas');
  const scale = canvas.width / ${pageWidth};
  const area = [${left} * scale, ${top} * scale, ${width} * scale, ${height} * scale].map(Math.round);
  const { data } = canvas.getContext('2d').getImageData(...area);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
  return dark / (data.length / 4);
})()`;
}

export const mean = (grid: Grid): number => grid.reduce((sum, value) => sum + value, 0) / grid.length;

/** Each field with its neighbours, so that a line on the edge between two fields counts for both. */
function blurred(grid: Grid): Grid {
  return grid.map((_, field) => {
    const [x, y] = [field % COLUMNS, Math.floor(field / COLUMNS)];
    let sum = 0;
    for (let row = Math.max(0, y - 1); row <= Math.min(ROWS - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(COLUMNS - 1, x + 1); column++) {
        sum += grid[row * COLUMNS + column]!;
      }
    }
    return sum;
  });
}

/** Correlation of two grids: 1 where one is the other, lighter or darker; about 0 where they have nothing in common. */
export function likeness(first: Grid, second: Grid): number {
  const [one, other] = [blurred(first), blurred(second)];
  const [a, b] = [mean(one), mean(other)];
  let [both, alone, beside] = [0, 0, 0];
  for (const [index, value] of one.entries()) {
    const [x, y] = [value - a, other[index]! - b];
    both += x * y;
    alone += x * x;
    beside += y * y;
  }
  return both / Math.sqrt(alone * beside);
}
