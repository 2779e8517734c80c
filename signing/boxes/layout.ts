/** Where a filled text stands in its box: pure geometry in points from the box's lower left corner (ISO 32000-2 12.7.4.3). */
import { wrap } from '../line-breaks.ts';
import { charactersOf } from '../pdf/typeface.ts';

export interface TextBox {
  readonly width: number;
  readonly height: number;
  /** Width of the border's line. */
  readonly border: number;
  /** In points; 0 takes what fits. */
  readonly size: number;
  /** 0 left, 1 centred, 2 right. */
  readonly align: number;
  readonly multiline: boolean;
  readonly cells: number | null;
}

export interface PlacedText {
  readonly size: number;
  /** Baselines. */
  readonly lines: readonly { readonly text: string; readonly x: number; readonly y: number }[];
}

/** Below this nobody reads a print. */
const SMALLEST = 4;
const LARGEST = 14;
const USUAL = 12;
const STEP = 0.5;
const PADDING = 2;
const LEADING = 1.3;
/** A Japanese character rises 0.88 of its size above the baseline and falls 0.12 below. */
const ASCENT = 0.88;
const MIDDLE = 0.38;

/** Null when the text has no room in the smallest size. `measure` gives widths in units of the size. */
export function placeText(text: string, box: TextBox, measure: (text: string) => number): PlacedText | null {
  if (box.cells !== null) return inCells(text, box, box.cells, measure);
  return box.multiline ? inLines(text, box, measure) : onOneLine(text, box, measure);
}

function paddingOf({ width, height, border }: TextBox): number {
  return Math.min(border + PADDING, width / 8, height / 4);
}

function onOneLine(text: string, box: TextBox, measure: (text: string) => number): PlacedText | null {
  const padding = paddingOf(box);
  const width = measure(text);
  const wanted = box.size > 0 ? box.size : Math.min(LARGEST, box.height * 0.7);
  const size = Math.min(wanted, box.height * 0.9, (box.width - 2 * padding) / width);
  if (size < SMALLEST) return null;
  const x = padding + (box.align / 2) * (box.width - 2 * padding - width * size);
  return { size, lines: [{ text, x, y: box.height / 2 - MIDDLE * size }] };
}

function inLines(text: string, box: TextBox, measure: (text: string) => number): PlacedText | null {
  const padding = paddingOf(box);
  const width = box.width - 2 * padding;
  for (let size = box.size > 0 ? box.size : USUAL; size >= SMALLEST; size -= STEP) {
    const lines = text.split('\n').flatMap((line) => wrap(line, width / size, measure));
    if (lines.length * LEADING * size > box.height - 2 * padding) continue;
    return {
      size,
      lines: lines.map((line, index) => ({
        text: line,
        x: padding + (box.align / 2) * (width - measure(line) * size),
        y: box.height - padding - (ASCENT + index * LEADING) * size,
      })),
    };
  }
  return null;
}

/** One character a cell, in the middle of it. */
function inCells(
  text: string,
  box: TextBox,
  cells: number,
  measure: (text: string) => number,
): PlacedText | null {
  const characters = charactersOf(text);
  const cell = box.width / cells;
  const widest = Math.max(...characters.map(measure));
  const wanted = box.size > 0 ? box.size : USUAL;
  const size = Math.min(wanted, box.height * 0.9, (cell * 0.96) / widest);
  if (size < SMALLEST || characters.length > cells) return null;
  const first = Math.floor((box.align / 2) * (cells - characters.length));
  return {
    size,
    lines: characters.map((character, index) => ({
      text: character,
      x: (first + index) * cell + (cell - measure(character) * size) / 2,
      y: box.height / 2 - MIDDLE * size,
    })),
  };
}
