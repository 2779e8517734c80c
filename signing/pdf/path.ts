/** A path as boxes: around each of its parts for filling, around each of its lines for stroking (ISO 32000-2 8.5). */
import type { Box } from './matrix.ts';

type Point = readonly [number, number];

/** Beyond this a path's lines are taken as what surrounds them all. */
const MOST_LINES = 50_000;

export class PathBuilder {
  private readonly parts: Box[] = [];
  private readonly lines: Box[] = [];
  private part: Box | null = null;
  private start: Point = [0, 0];
  private at: Point = [0, 0];

  move(x: number, y: number): void {
    this.endPart();
    this.start = [x, y];
    this.at = this.start;
  }

  line(x: number, y: number): void {
    this.add([this.at, [x, y]]);
    this.at = [x, y];
  }

  /** As the box around its control points, which it never leaves. */
  curve(one: Point, two: Point, end: Point): void {
    this.add([this.at, one, two, end]);
    this.at = end;
  }

  close(): void {
    if (this.at[0] !== this.start[0] || this.at[1] !== this.start[1]) this.line(...this.start);
  }

  /** Around all of it; null where there is nothing. */
  get bounds(): Box | null {
    return this.areas().reduce<Box | null>((sum, box) => (sum === null ? box : around(sum, box)), null);
  }

  /** One box for each part that encloses something. */
  areas(): Box[] {
    this.endPart();
    return this.parts;
  }

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

  private add(points: readonly Point[]): void {
    let [left, bottom] = points[0]!;
    let [right, top] = points[0]!;
    for (const [x, y] of points) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      bottom = Math.min(bottom, y);
      top = Math.max(top, y);
    }
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
