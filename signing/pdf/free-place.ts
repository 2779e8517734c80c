/** Finds where on a page there is room: a coarse grid of what is taken, asked for the nearest free place (R41). */
import { area, type Box, intersection } from './matrix.ts';

/** `ground` is what may lie below a text: an image or a tint, of which nobody knows what it shows. */
export type Taken = 'text' | 'drawing' | 'ground';

/** How much worse it is to cover a text than a line of a drawing. */
const WEIGHT = { text: 4, drawing: 1 } as const;
/** Ground that covers this part of the page is what everything stands on; less of it is a picture to be kept clear. */
const EVERYWHERE = 0.6;
const MOST_CELLS = 1000;
const SMALLEST_CELL = 2;

export interface Place {
  readonly x: number;
  readonly y: number;
  /** Nothing but ground is below. */
  readonly free: boolean;
  /** Something of unknown colour is below. */
  readonly onGround: boolean;
  /** How far from the wanted corner, in points; what is covered counts a thousandfold. */
  readonly cost: number;
}

/** What is taken of a page `width` × `height` points large, counted from its bottom left. */
export class Occupancy {
  private readonly page: Box;
  private readonly cell: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly marks: Int32Array;
  private readonly grounds: Int32Array;
  private table: { weights: Float64Array; grounds: Float64Array } | null = null;

  constructor(width: number, height: number) {
    this.page = { left: 0, bottom: 0, right: width, top: height };
    this.cell = Math.max(SMALLEST_CELL, width / MOST_CELLS, height / MOST_CELLS);
    this.columns = Math.max(1, Math.ceil(width / this.cell));
    this.rows = Math.max(1, Math.ceil(height / this.cell));
    // One column and row more, so that a box can end at the edge.
    this.marks = new Int32Array((this.columns + 1) * (this.rows + 1));
    this.grounds = new Int32Array((this.columns + 1) * (this.rows + 1));
  }

  /** Whether `box` covers enough of the page to be its ground. */
  isLarge(box: Box): boolean {
    const visible = intersection(box, this.page);
    return visible !== null && area(visible) > 0.25 * area(this.page);
  }

  /** Costs the same for a box of any size: only its corners are written down until somebody asks. */
  take(box: Box, as: Taken): void {
    const visible = intersection(box, this.page);
    if (visible === null) return;
    const [left, bottom] = [this.at(visible.left, this.columns - 1), this.at(visible.bottom, this.rows - 1)];
    const right = this.at(visible.right, this.columns - 1) + 1;
    const top = this.at(visible.top, this.rows - 1) + 1;
    const [grid, weight] = as === 'ground' ? [this.grounds, 1] : [this.marks, WEIGHT[as]];
    const width = this.columns + 1;
    grid[bottom * width + left]! += weight;
    grid[bottom * width + right]! -= weight;
    grid[top * width + left]! -= weight;
    grid[top * width + right]! += weight;
  }

  /**
   * The free place nearest to the corner for a box of this size, or the one that covers least; upwards before rightwards.
   * Nothing can be taken any more once somebody has asked.
   */
  nearest({ width, height }: Size, { margin, least }: Corner): Place {
    const around = (x: number, y: number): Box => ({
      left: x - PADDING,
      bottom: y - PADDING,
      right: x + width + PADDING,
      top: y + height + PADDING,
    });
    // Mostly the corner is free, and then nobody need know about the rest of the page.
    if (this.table === null && this.isUntouched(around(margin, margin))) {
      return { x: margin, y: margin, free: true, onGround: false, cost: 0 };
    }
    this.table ??= this.sums();
    const { weights, grounds } = this.table;
    const placeAt = (x: number, y: number): Place => {
      const covers = this.sumOf(weights, around(x, y));
      const away = y < margin ? 4 * (margin - y) : y - margin;
      const onGround = this.sumOf(grounds, around(x, y)) > 0;
      return { x, y, free: covers === 0, onGround, cost: away + (x - margin) / 4 + 1000 * covers };
    };
    let best = placeAt(margin, margin);
    if (best.free) return best;
    for (let y = least; y + height <= this.page.top - margin; y += this.cell) {
      for (let x = margin; x + width <= this.page.right - margin; x += this.cell) {
        if (1000 * this.sumOf(weights, around(x, y)) >= best.cost) continue;
        const place = placeAt(x, y);
        if (place.cost < best.cost) best = place;
      }
    }
    return best;
  }

  /** Whether nothing at all is in the rows up to the top of `box` within it, without looking at the rows above. */
  private isUntouched(box: Box): boolean {
    const rows = this.at(box.top, this.rows - 1) + 1;
    return [this.marks, this.grounds].every((corners) => {
      const cells = cumulated(corners, this.columns, rows);
      return this.sumOf(sums(cells, this.columns), box) === 0;
    });
  }

  private sums(): { weights: Float64Array; grounds: Float64Array } {
    const ground = cumulated(this.grounds, this.columns, this.rows);
    const covered = ground.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    const weights = cumulated(this.marks, this.columns, this.rows);
    if (covered < EVERYWHERE * this.columns * this.rows) {
      for (const [index, count] of ground.entries()) if (count > 0) weights[index]! += WEIGHT.text;
    }
    return { weights: sums(weights, this.columns), grounds: sums(ground, this.columns) };
  }

  /** Over all cells that a box touches, from a table of sums. */
  private sumOf(sum: Float64Array, box: Box): number {
    const [left, bottom] = [this.at(box.left, this.columns - 1), this.at(box.bottom, this.rows - 1)];
    const [right, top] = [this.at(box.right, this.columns - 1) + 1, this.at(box.top, this.rows - 1) + 1];
    const width = this.columns + 1;
    return (
      sum[top * width + right]! -
      sum[top * width + left]! -
      sum[bottom * width + right]! +
      sum[bottom * width + left]!
    );
  }

  private at(points: number, last: number): number {
    return Math.min(Math.max(Math.floor(points / this.cell), 0), last);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the place is wanted: `margin` points from the left and the bottom edge, never lower than `least`. */
export interface Corner {
  readonly margin: number;
  readonly least: number;
}

/** Kept clear around the place, in points. */
const PADDING = 1.5;

/** Cells from the corners of boxes. */
function cumulated(corners: Int32Array, columns: number, rows: number): Int32Array {
  const cells = new Int32Array(columns * rows);
  const column = new Int32Array(columns + 1);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = 0; at < columns; at++) {
      column[at]! += corners[row * (columns + 1) + at]!;
      sum += column[at]!;
      cells[row * columns + at] = sum;
    }
  }
  return cells;
}

/** For each corner of the grid the sum of all cells below and left of it. */
function sums(cells: Int32Array, columns: number): Float64Array {
  const rows = cells.length / columns;
  const width = columns + 1;
  const table = new Float64Array(width * (rows + 1));
  for (let row = 0; row < rows; row++) {
    let line = 0;
    for (let at = 0; at < columns; at++) {
      line += cells[row * columns + at]!;
      table[(row + 1) * width + at + 1] = table[row * width + at + 1]! + line;
    }
  }
  return table;
}
