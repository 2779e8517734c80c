/** A path as boxes: around each of its parts for filling, around each of its lines for stroking (ISO 32000-2 8.5). */
import type { Box } from './matrix.ts';

/** Beyond this a path's lines are taken as what surrounds the part they belong to. */
const MOST_LINES = 50_000;

export class PathBuilder {
  private parts: Box[] = [];
  private lines: Box[] = [];
  private part: Box | null = null;
  private startX = 0;
  private startY = 0;
  private x = 0;
  private y = 0;

  clear(): void {
    this.parts = [];
    this.lines = [];
    this.part = null;
  }

  move(x: number, y: number): void {
    this.endPart();
    this.startX = x;
    this.startY = y;
    this.x = x;
    this.y = y;
  }

  line(x: number, y: number): void {
    this.add(Math.min(this.x, x), Math.min(this.y, y), Math.max(this.x, x), Math.max(this.y, y));
    this.x = x;
    this.y = y;
  }

  /** Pairs of coordinates: the control points, the last where it ends. */
  curve(points: readonly number[]): void {
    if (points.length < 2) return;
    const xs = [this.x, ...points.filter((_, at) => at % 2 === 0)];
    const ys = [this.y, ...points.filter((_, at) => at % 2 === 1)];
    this.add(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
    this.x = xs.at(-1)!;
    this.y = ys.at(-1)!;
  }

  close(): void {
    if (this.x !== this.startX || this.y !== this.startY) this.line(this.startX, this.startY);
  }

  /** Around all of it; null where there is nothing. */
  bounds(): Box | null {
    return this.areas().reduce<Box | null>((sum, box) => (sum === null ? box : around(sum, box)), null);
  }

  /** One box for each part. */
  areas(): readonly Box[] {
    this.endPart();
    return this.parts;
  }

  /** One box for each line, `width` wide. */
  strokes(width: number): Box[] {
    this.endPart();
    const lines = this.lines.length > MOST_LINES ? this.parts : this.lines;
    const half = width / 2;
    return lines.map(({ left, bottom, right, top }) => ({
      left: left - half,
      bottom: bottom - half,
      right: right + half,
      top: top + half,
    }));
  }

  private add(left: number, bottom: number, right: number, top: number): void {
    const box = { left, bottom, right, top };
    if (this.lines.length <= MOST_LINES) this.lines.push(box);
    this.part = this.part === null ? box : around(this.part, box);
  }

  private endPart(): void {
    if (this.part !== null) this.parts.push(this.part);
    this.part = null;
  }
}

function around(one: Box, other: Box): Box {
  return {
    left: Math.min(one.left, other.left),
    bottom: Math.min(one.bottom, other.bottom),
    right: Math.max(one.right, other.right),
    top: Math.max(one.top, other.top),
  };
}
