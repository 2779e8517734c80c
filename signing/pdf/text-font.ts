/** How wide a font's codes are, as far as it takes to know where a text stands (ISO 32000-2 9.6, 9.7.4.3). */
import type { PdfDocument } from './document.ts';
import { isArray, type PdfDict, PdfName, type PdfObject } from './objects.ts';

/** A run of letters, or of spaces. */
export interface Piece {
  /** Width in units of the font size. */
  readonly ems: number;
  readonly letters: number;
  /** Nothing but spaces. */
  readonly blank: boolean;
}

export interface TextFont {
  readonly vertical: boolean;
  pieces(codes: Uint8Array): Piece[];
}

/** A letter of a font that says nothing of its widths; no common text face is wider on average. */
const USUAL = 0.6;
const SPACE = 32;
const MOST_WIDTHS = 70_000;

export async function textFont(document: PdfDocument, font: PdfDict): Promise<TextFont> {
  const subtype = await document.resolve(font.get('Subtype'));
  if (subtype instanceof PdfName && subtype.value === 'Type0') return composite(document, font);
  const first = await document.resolve(font.get('FirstChar'));
  const start = typeof first === 'number' ? first : 0;
  const unit =
    subtype instanceof PdfName && subtype.value === 'Type3' ? await type3Unit(document, font) : 0.001;
  const widths: number[] = [];
  for (const item of (await document.array(font.get('Widths'))).slice(0, 256)) {
    const width = await document.resolve(item);
    widths.push(typeof width === 'number' ? width * unit : USUAL);
  }
  const widthOf = (code: number): number => widths[code - start] ?? USUAL;
  return { vertical: false, pieces: (codes) => simplePieces(codes, widthOf) };
}

/** Split at spaces, so that an indent of blanks takes nothing. */
function simplePieces(codes: Uint8Array, widthOf: (code: number) => number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < codes.length; ) {
    const blank = codes[at] === SPACE;
    let [ems, letters] = [0, 0];
    for (; at < codes.length && (codes[at] === SPACE) === blank; at++, letters++) ems += widthOf(codes[at]!);
    pieces.push({ ems, letters, blank });
  }
  return pieces;
}

async function type3Unit(document: PdfDocument, font: PdfDict): Promise<number> {
  const [unit] = await document.array(font.get('FontMatrix'));
  return typeof unit === 'number' ? Math.abs(unit) : 0.001;
}

/** With two octets a code where the encoding says so; else half an em an octet, as Japanese encodings mostly have it. */
async function composite(document: PdfDocument, font: PdfDict): Promise<TextFont> {
  const encoding = await document.resolve(font.get('Encoding'));
  const name = encoding instanceof PdfName ? encoding.value : '';
  const vertical = /(^|-)V$/.test(name);
  const [descendant = null] = await document.array(font.get('DescendantFonts'));
  const cid = await document.dict(descendant);
  const usual = await document.resolve(cid.get('DW'));
  const standard = typeof usual === 'number' ? usual / 1000 : 1;
  const identity = name.startsWith('Identity');
  const widths = identity && !vertical ? await cidWidths(document, cid.get('W')) : new Map<number, number>();
  return {
    vertical,
    pieces(codes) {
      const letters = Math.ceil(codes.length / 2);
      if (vertical || !identity) return [{ ems: letters, letters, blank: false }];
      let ems = 0;
      for (let at = 0; at < codes.length; at += 2) {
        ems += widths.get(codes[at]! * 256 + (codes[at + 1] ?? 0)) ?? standard;
      }
      return [{ ems, letters, blank: false }];
    },
  };
}

/** c [w1 w2 …] and c1 c2 w, in any order. */
async function cidWidths(document: PdfDocument, value: PdfObject): Promise<Map<number, number>> {
  const widths = new Map<number, number>();
  const items = await document.array(value);
  for (let at = 0; at + 1 < items.length && widths.size < MOST_WIDTHS; ) {
    const first = await document.resolve(items[at]!);
    const second = await document.resolve(items[at + 1]!);
    if (typeof first !== 'number') break;
    if (isArray(second)) {
      for (const [index, item] of second.entries()) {
        const width = await document.resolve(item);
        if (typeof width === 'number') widths.set(first + index, width / 1000);
      }
      at += 2;
      continue;
    }
    const width = await document.resolve(items[at + 2] ?? null);
    if (typeof second !== 'number' || typeof width !== 'number') break;
    for (let code = first; code <= second && widths.size < MOST_WIDTHS; code++)
      widths.set(code, width / 1000);
    at += 3;
  }
  return widths;
}
