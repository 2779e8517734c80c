/**
 * What a page shows where, roughly (ISO 32000-2 8, 9): text by its font's widths, lines, areas, images and annotations,
 * for whoever looks for a free place. Bounded: a drawing with millions of operators is read so far and no further.
 */
import { ContentScanner, type Operand } from './content.ts';
import { contentOctets, type Reading } from './content-octets.ts';
import type { Page, PdfDocument } from './document.ts';
import type { Occupancy, Taken } from './free-place.ts';
import { type Box, concatenated, IDENTITY, intersection, type Matrix, placed } from './matrix.ts';
import { isName, type PdfDict, type PdfObject, PdfRef, PdfStream } from './objects.ts';
import { PathBuilder } from './path.ts';
import { type TextFont, textFont } from './text-font.ts';

/** Decoded octets that are looked at in detail, forms counted as often as they are drawn. */
const DETAIL = 16 << 20;
/** Decoded octets of the page's own contents that are read for their balance. */
const READ = 64 << 20;
const MAX_FORMS = 8;
const HIDDEN = 2 | 32;
/** How far glyphs reach below and above their baseline, in sizes. */
const DESCENT = 0.25;
const ASCENT = 0.9;

export interface Shown {
  /** Everything was looked at; else some of the page may be taken that seems free. */
  readonly complete: boolean;
  /** `q` without its `Q` in the page's contents. */
  readonly open: number;
  /** A `Q` came before its `q`. */
  readonly underflow: boolean;
}

/** Enters into `occupancy` what the page shows; `view` takes its coordinates to those of `occupancy`. */
export async function occupy(
  document: PdfDocument,
  page: Page,
  view: Matrix,
  visible: Box,
  occupancy: Occupancy,
): Promise<Shown> {
  const painter = new Painter(document, occupancy);
  const contents = await contentOctets(document, page.dict.get('Contents'), READ);
  const resources = await document.dict(page.inherited.get('Resources'));
  const balance = await painter.paint(contents, resources, view, visible, 0);
  await painter.annotations(page, view);
  return { ...balance, complete: contents.complete && painter.left > 0 };
}

interface State {
  matrix: Matrix;
  clip: Box | null;
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

class Painter {
  private readonly document: PdfDocument;
  private readonly occupancy: Occupancy;
  private readonly fonts = new Map<PdfObject, TextFont>();
  /** Octets that may still be looked at. */
  left = DETAIL;

  constructor(document: PdfDocument, occupancy: Occupancy) {
    this.document = document;
    this.occupancy = occupancy;
  }

  async paint(
    { octets }: Reading,
    resources: PdfDict,
    matrix: Matrix,
    clip: Box,
    depth: number,
  ): Promise<{ open: number; underflow: boolean }> {
    const scanner = new ContentScanner(octets.subarray(0));
    const detailed = octets.length <= this.left;
    this.left -= octets.length;
    const stack: State[] = [];
    let underflow = false;
    let state: State = {
      matrix,
      clip,
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
    let path = new PathBuilder();
    let clipping = false;
    let line = IDENTITY;
    let text = IDENTITY;
    const take = (box: Box, as: Taken): void => {
      const shown = state.clip && intersection(box, state.clip);
      if (shown) this.occupancy.take(shown, as);
    };
    const area = (box: Box): void => take(box, this.occupancy.isLarge(box) ? 'ground' : 'drawing');
    const show = (value: Operand | undefined): void => {
      if (value instanceof Uint8Array) text = this.show(value, state, text, take);
    };
    const nextLine = (x: number, y: number): void => {
      line = concatenated([1, 0, 0, 1, x, y], line);
      text = line;
    };
    const finish = (fill: boolean, stroke: boolean): void => {
      if (fill && state.fills) path.areas().forEach(area);
      if (stroke && state.strokes) for (const box of path.strokes(state.lineWidth)) take(box, 'drawing');
      if (clipping) state.clip = state.clip && path.bounds && intersection(path.bounds, state.clip);
      clipping = false;
      path = new PathBuilder();
    };

    for (let operator = scanner.next(); operator !== null; operator = scanner.next()) {
      if (operator === 'q') stack.push({ ...state });
      else if (operator === 'Q') {
        const saved = stack.pop();
        if (saved) state = saved;
        else underflow = true;
      }
      if (!detailed) continue;
      const { operands } = scanner;
      const number = (index: number): number => {
        const value = operands[index];
        return typeof value === 'number' ? value : 0;
      };
      const point = (index: number): [number, number] => {
        const [a, b, c, d, e, f] = state.matrix;
        const [x, y] = [number(index), number(index + 1)];
        return [a * x + c * y + e, b * x + d * y + f];
      };
      switch (operator) {
        case 'cm':
          state.matrix = concatenated(matrixOf(operands), state.matrix);
          break;
        case 'w':
          state.lineWidth = number(0) * Math.hypot(state.matrix[0], state.matrix[1]);
          break;
        case 'm':
          path.move(...point(0));
          break;
        case 'l':
          path.line(...point(0));
          break;
        case 'c':
          path.curve(point(0), point(2), point(4));
          break;
        case 'v':
        case 'y':
          path.curve(point(0), point(2), point(2));
          break;
        case 'h':
          path.close();
          break;
        case 're': {
          const [x, y, width, height] = [number(0), number(1), number(2), number(3)];
          const corners = [x, y, x + width, y, x + width, y + height, x, y + height];
          const [a, b, c, d, e, f] = state.matrix;
          for (let at = 0; at < 8; at += 2) {
            const [u, v] = [corners[at]!, corners[at + 1]!];
            const to = [a * u + c * v + e, b * u + d * v + f] as const;
            if (at === 0) path.move(...to);
            else path.line(...to);
          }
          path.close();
          break;
        }
        case 'W':
        case 'W*':
          clipping = true;
          break;
        case 'n':
          finish(false, false);
          break;
        case 'f':
        case 'F':
        case 'f*':
          finish(true, false);
          break;
        case 'S':
        case 's':
          if (operator === 's') path.close();
          finish(false, true);
          break;
        case 'B':
        case 'B*':
        case 'b':
        case 'b*':
          if (operator.startsWith('b')) path.close();
          finish(true, true);
          break;
        case 'g':
        case 'rg':
        case 'k':
        case 'sc':
        case 'scn':
          state.fills = !isWhite(operands, operator);
          break;
        case 'G':
        case 'RG':
        case 'K':
        case 'SC':
        case 'SCN':
          state.strokes = !isWhite(operands, operator.toLowerCase());
          break;
        case 'cs':
          state.fills = true;
          break;
        case 'CS':
          state.strokes = true;
          break;
        case 'sh':
          if (state.clip) area(state.clip);
          break;
        case 'BT':
          line = IDENTITY;
          text = IDENTITY;
          break;
        case 'Tf':
          state.font = await this.font(operands[0], resources);
          state.size = number(1);
          break;
        case 'Tc':
          state.spacing = number(0);
          break;
        case 'Tw':
          state.wordSpacing = number(0);
          break;
        case 'Tz':
          state.stretch = number(0) / 100;
          break;
        case 'TL':
          state.leading = number(0);
          break;
        case 'Ts':
          state.rise = number(0);
          break;
        case 'Tm':
          line = matrixOf(operands);
          text = line;
          break;
        case 'TD':
          state.leading = -number(1);
          nextLine(number(0), number(1));
          break;
        case 'Td':
          nextLine(number(0), number(1));
          break;
        case 'T*':
          nextLine(0, -state.leading);
          break;
        case "'":
          nextLine(0, -state.leading);
          show(operands[0]);
          break;
        case '"':
          state.wordSpacing = number(0);
          state.spacing = number(1);
          nextLine(0, -state.leading);
          show(operands[2]);
          break;
        case 'Tj':
          show(operands[0]);
          break;
        case 'TJ':
          for (const item of isList(operands[0]) ? operands[0] : []) {
            if (typeof item !== 'number') show(item);
            else text = moved(text, state, (-item / 1000) * state.size);
          }
          break;
        case 'ID':
          take(placed(UNIT, state.matrix), 'ground');
          break;
        case 'Do':
          if (state.clip) await this.object(operands[0], resources, state.matrix, state.clip, depth, take);
          break;
      }
    }
    return { open: stack.length, underflow };
  }

  /** One string: what it takes, and where the next one starts. */
  private show(codes: Uint8Array, state: State, start: Matrix, take: (box: Box, as: Taken) => void): Matrix {
    const { font, size, rise, stretch } = state;
    if (font === null) return start;
    let text = start;
    for (const { ems, blank, letters } of font.pieces(codes)) {
      const length = ems * size + letters * state.spacing + (blank ? letters * state.wordSpacing : 0);
      if (!blank) {
        const turned = concatenated(text, state.matrix);
        const across = {
          left: 0,
          bottom: rise - DESCENT * size,
          right: length * stretch,
          top: rise + ASCENT * size,
        };
        const down = { left: -size / 2, bottom: -length, right: size / 2, top: 0 };
        // Text at an angle takes its letters' boxes, not the one around them all.
        const aligned = Math.abs(turned[0] * turned[1]) < 1e-6;
        const parts = aligned ? 1 : Math.min(Math.max(Math.ceil(ems), 1), 200);
        for (let part = 0; part < parts; part++) {
          take(placed(sliced(font.vertical ? down : across, part, parts, font.vertical), turned), 'text');
        }
      }
      text = moved(text, state, length);
    }
    return text;
  }

  private async font(name: Operand | undefined, resources: PdfDict): Promise<TextFont | null> {
    if (typeof name !== 'string') return null;
    const value = (await this.document.dict(resources.get('Font'))).get(name.slice(1));
    const key = value instanceof PdfRef ? value.num : value;
    let font = this.fonts.get(key);
    if (font === undefined) {
      font = await textFont(this.document, await this.document.dict(value));
      this.fonts.set(key, font);
    }
    return font;
  }

  private async object(
    name: Operand | undefined,
    resources: PdfDict,
    matrix: Matrix,
    clip: Box,
    depth: number,
    take: (box: Box, as: Taken) => void,
  ): Promise<void> {
    if (typeof name !== 'string') return;
    const objects = await this.document.dict(resources.get('XObject'));
    const stream = await this.document.resolve(objects.get(name.slice(1)));
    if (!(stream instanceof PdfStream)) return;
    if (!isName(await this.document.resolve(stream.dict.get('Subtype')), 'Form')) {
      take(placed(UNIT, matrix), 'ground');
      return;
    }
    const form = concatenated(matrixOf(await numbers(this.document, stream.dict.get('Matrix'))), matrix);
    const edge = boxFrom(await numbers(this.document, stream.dict.get('BBox')));
    const visible = edge && intersection(placed(edge, form), clip);
    if (visible === null || depth >= MAX_FORMS || this.left <= 0) return;
    const reading = await contentOctets(this.document, stream, this.left);
    const own = await this.document.dict(stream.dict.get('Resources'));
    await this.paint(reading, own.entries.size > 0 ? own : resources, form, visible, depth + 1);
    if (!reading.complete) this.left = 0;
  }

  /** What stands on the page beside its contents; links and pop-ups show nothing (12.5). */
  async annotations(page: Page, view: Matrix): Promise<void> {
    for (const item of await this.document.array(page.dict.get('Annots'))) {
      const annotation = await this.document.dict(item);
      const subtype = await this.document.resolve(annotation.get('Subtype'));
      const flags = await this.document.resolve(annotation.get('F'));
      if (isName(subtype, 'Link') || isName(subtype, 'Popup')) continue;
      if (typeof flags === 'number' && (flags & HIDDEN) !== 0) continue;
      const box = boxFrom(await numbers(this.document, annotation.get('Rect')));
      if (box && box.left < box.right && box.bottom < box.top) this.occupancy.take(placed(box, view), 'text');
    }
  }
}

const UNIT: Box = { left: 0, bottom: 0, right: 1, top: 1 };

function isList(value: Operand | undefined): value is readonly Operand[] {
  return Array.isArray(value);
}

function moved(text: Matrix, { font, stretch }: State, length: number): Matrix {
  return concatenated(font?.vertical ? [1, 0, 0, 1, 0, -length] : [1, 0, 0, 1, length * stretch, 0], text);
}

function sliced(box: Box, part: number, parts: number, vertical: boolean): Box {
  if (vertical) {
    const step = (box.top - box.bottom) / parts;
    return { ...box, top: box.top - part * step, bottom: box.top - (part + 1) * step };
  }
  const step = (box.right - box.left) / parts;
  return { ...box, left: box.left + part * step, right: box.left + (part + 1) * step };
}

/** A colour on which nothing is seen: white in grey, RGB or CMYK. What else a single number can mean counts as ink. */
function isWhite(operands: readonly Operand[], operator: string): boolean {
  const values = operands.filter((value) => typeof value === 'number');
  if (values.length !== operands.length) return false;
  if (values.length === 1) return operator === 'g' && values[0]! > 0.98;
  if (values.length === 3) return values.every((value) => value > 0.98);
  return values.length === 4 && values.every((value) => value < 0.02);
}

function matrixOf(values: readonly unknown[]): Matrix {
  const [a, b, c, d, e, f] = values.filter((value) => typeof value === 'number');
  return f === undefined ? IDENTITY : [a!, b!, c!, d!, e!, f];
}

async function numbers(document: PdfDocument, value: PdfObject): Promise<number[]> {
  const found: number[] = [];
  for (const item of await document.array(value)) {
    const number = await document.resolve(item);
    if (typeof number === 'number') found.push(number);
  }
  return found;
}

/** A rectangle (7.9.5), its corners in any order; null where it is none. */
export function boxFrom(values: readonly number[]): Box | null {
  if (values.length !== 4) return null;
  const [a, b, c, d] = values as [number, number, number, number];
  return { left: Math.min(a, c), bottom: Math.min(b, d), right: Math.max(a, c), top: Math.max(b, d) };
}
