/** A page's graphics state, and where on the page what is drawn under it leaves a mark (ISO 32000-2 8.4, 8.5, 9.3, 9.4). */
import type { Operand } from './content.ts';
import type { Occupancy, Taken } from './free-place.ts';
import { type Box, concatenated, IDENTITY, intersection, type Matrix, placed } from './matrix.ts';
import { PathBuilder } from './path.ts';
import type { TextFont } from './text-font.ts';

/** Deeper nesting is counted, but no longer kept: viewers give up earlier. */
const MOST_SAVED = 1000;
/** How far glyphs reach below and above their baseline, in sizes. */
const DESCENT = 0.25;
const ASCENT = 0.9;
/** Letters of a text at an angle that are told apart at most. */
const MOST_PARTS = 200;
const UNIT: Box = { left: 0, bottom: 0, right: 1, top: 1 };

interface State {
  matrix: Matrix;
  /** Null where nothing shows any more. */
  clip: Box | null;
  /** Whether areas and lines are seen: white ones are not. */
  fills: boolean;
  strokes: boolean;
  lineWidth: number;
  font: TextFont | null;
  size: number;
  spacing: number;
  wordSpacing: number;
  stretch: number;
  leading: number;
  rise: number;
}

const AT_FIRST: Omit<State, 'matrix' | 'clip'> = {
  fills: true,
  strokes: true,
  lineWidth: 1,
  font: null,
  size: 0,
  spacing: 0,
  wordSpacing: 0,
  stretch: 1,
  leading: 0,
  rise: 0,
};

/** What was drawn goes to `occupancy` at once, within the clip, in the coordinates that `matrix` leads to. */
export class Marks {
  private readonly occupancy: Occupancy;
  private readonly saved: State[] = [];
  private readonly path = new PathBuilder();
  private clipping = false;
  private line = IDENTITY;
  private text = IDENTITY;
  private state: State;
  /** `q` without its `Q`. */
  open = 0;
  /** A `Q` came before its `q`. */
  underflow = false;

  constructor(occupancy: Occupancy, matrix: Matrix, clip: Box) {
    this.occupancy = occupancy;
    this.state = { ...AT_FIRST, matrix, clip };
  }

  get matrix(): Matrix {
    return this.state.matrix;
  }

  get clip(): Box | null {
    return this.state.clip;
  }

  save(): void {
    if (this.open++ < MOST_SAVED) this.saved.push({ ...this.state });
  }

  restore(): void {
    if (this.open === 0) this.underflow = true;
    else if (--this.open < MOST_SAVED) this.state = this.saved.pop()!;
  }

  transform(matrix: Matrix): void {
    this.state.matrix = concatenated(matrix, this.state.matrix);
  }

  set(changes: Partial<State>): void {
    Object.assign(this.state, changes);
  }

  setLineWidth(width: number): void {
    this.state.lineWidth = width * Math.hypot(this.state.matrix[0], this.state.matrix[1]);
  }

  // --- paths

  move(x: number, y: number): void {
    const [a, b, c, d, e, f] = this.state.matrix;
    this.path.move(a * x + c * y + e, b * x + d * y + f);
  }

  lineTo(x: number, y: number): void {
    const [a, b, c, d, e, f] = this.state.matrix;
    this.path.line(a * x + c * y + e, b * x + d * y + f);
  }

  /** Its control points stand for a curve, which never leaves what surrounds them. */
  curve(points: readonly number[]): void {
    const [a, b, c, d, e, f] = this.state.matrix;
    const moved = points.map((value, at) =>
      at % 2 === 0 ? a * value + c * points[at + 1]! + e : b * points[at - 1]! + d * value + f,
    );
    this.path.curve(moved);
  }

  rectangle(x: number, y: number, width: number, height: number): void {
    this.move(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.path.close();
  }

  close(): void {
    this.path.close();
  }

  clipNext(): void {
    this.clipping = true;
  }

  paint(fill: boolean, stroke: boolean): void {
    if (fill && this.state.fills) for (const box of this.path.areas()) this.area(box);
    if (stroke && this.state.strokes) {
      for (const box of this.path.strokes(this.state.lineWidth)) this.take(box, 'drawing');
    }
    if (this.clipping) {
      const bounds = this.path.bounds();
      this.state.clip = this.state.clip && bounds && intersection(bounds, this.state.clip);
    }
    this.clipping = false;
    this.path.clear();
  }

  /** A shading fills whatever the clip leaves. */
  shade(): void {
    if (this.state.clip) this.area(this.state.clip);
  }

  image(): void {
    this.take(placed(UNIT, this.state.matrix), 'ground');
  }

  private area(box: Box): void {
    this.take(box, this.occupancy.isLarge(box) ? 'ground' : 'drawing');
  }

  private take(box: Box, as: Taken): void {
    const shown = this.state.clip && intersection(box, this.state.clip);
    if (shown) this.occupancy.take(shown, as);
  }

  // --- text

  beginText(): void {
    this.placeText(IDENTITY);
  }

  placeText(matrix: Matrix): void {
    this.line = matrix;
    this.text = matrix;
  }

  nextLine(x: number, y: number): void {
    this.placeText(concatenated([1, 0, 0, 1, x, y], this.line));
  }

  leadingLine(): void {
    this.nextLine(0, -this.state.leading);
  }

  /** A string, or strings with numbers between them that move on by thousandths. */
  show(value: Operand | undefined): void {
    if (value instanceof Uint8Array) this.showString(value);
    if (!Array.isArray(value)) return;
    for (const item of value as readonly Operand[]) {
      if (item instanceof Uint8Array) this.showString(item);
      if (typeof item === 'number') this.advance((-item / 1000) * this.state.size);
    }
  }

  private showString(codes: Uint8Array): void {
    const { font, size, spacing, wordSpacing } = this.state;
    if (font === null) return;
    for (const { ems, blank, letters } of font.pieces(codes)) {
      const length = ems * size + letters * (spacing + (blank ? wordSpacing : 0));
      if (!blank) this.takeText(length, Math.ceil(ems), font.vertical);
      this.advance(length);
    }
  }

  /** Text at an angle takes its letters' boxes, not the one around them all. */
  private takeText(length: number, letters: number, vertical: boolean): void {
    const { size, rise, stretch, matrix } = this.state;
    const shown = concatenated(this.text, matrix);
    const aligned = Math.abs(shown[0] * shown[1]) < 1e-6;
    const parts = aligned ? 1 : Math.min(Math.max(letters, 1), MOST_PARTS);
    const step = length / parts;
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part * step, (part + 1) * step];
      const box = vertical
        ? { left: -size / 2, bottom: -to, right: size / 2, top: -from }
        : {
            left: from * stretch,
            bottom: rise - DESCENT * size,
            right: to * stretch,
            top: rise + ASCENT * size,
          };
      this.take(placed(box, shown), 'text');
    }
  }

  private advance(length: number): void {
    const { font, stretch } = this.state;
    const [x, y] = font?.vertical ? [0, -length] : [length * stretch, 0];
    this.text = concatenated([1, 0, 0, 1, x, y], this.text);
  }
}
