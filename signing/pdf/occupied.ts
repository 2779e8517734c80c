/**
 * What a page shows where, roughly (ISO 32000-2 7.8.2, 8.8 to 8.10, 12.5): its contents with forms and images, and its
 * annotations, for whoever looks for a free place. Bounded: of a drawing with millions of operators so much is read and
 * no more.
 */
import { ContentScanner, type Operand } from './content.ts';
import { contentOctets, type Reading } from './content-octets.ts';
import type { PdfDocument } from './document.ts';
import type { Occupancy } from './free-place.ts';
import { Marks } from './marks.ts';
import { type Box, concatenated, intersection, type Matrix, matrixOf, placed } from './matrix.ts';
import { isName, type PdfDict, type PdfObject, PdfRef, PdfStream } from './objects.ts';
import { follow } from './operators.ts';
import type { Page } from './pages.ts';
import { PdfProblem } from './problem.ts';
import { type TextFont, textFont } from './text-font.ts';

/** Decoded octets that are looked at in detail: a second's work. */
const DETAIL = 8 << 20;
/** What drawing a form costs of those beside its own. */
const FORM = 4096;
/** Decoded octets of the page's own contents that are read for their balance. */
const READ = 32 << 20;
const DEEPEST = 8;
const INVISIBLE = 2 | 32;

export interface Shown {
  /** Everything was looked at; else some of the page may be taken that seems free. */
  readonly complete: boolean;
  /** `q` without its `Q` in the page's contents. */
  readonly open: number;
  /** A `Q` came before its `q`. */
  readonly underflow: boolean;
}

/**
 * Enters into `occupancy` what the page shows; `view` takes its coordinates to those of `occupancy`. What is damaged is
 * left alone, as viewers do: whether a document can be taken has been decided before.
 */
export async function occupy(
  document: PdfDocument,
  page: Page,
  view: Matrix,
  visible: Box,
  occupancy: Occupancy,
): Promise<Shown> {
  try {
    return await lookAt(document, page, view, visible, occupancy);
  } catch (error) {
    if (error instanceof PdfProblem) return { complete: false, open: 0, underflow: false };
    throw error;
  }
}

async function lookAt(
  document: PdfDocument,
  page: Page,
  view: Matrix,
  visible: Box,
  occupancy: Occupancy,
): Promise<Shown> {
  const look = new Look(document, occupancy);
  const contents = await contentOctets(document, page.dict.get('Contents'), READ);
  const resources = await document.dict(page.inherited.get('Resources'));
  const { open, underflow } = await look.at(contents, resources, new Marks(occupancy, view, visible), 0);
  await takeAnnotations(document, page, view, occupancy);
  // The balance of half the contents says nothing: most producers write them balanced.
  if (!contents.complete) return { complete: false, open: 0, underflow: false };
  return { complete: look.left > 0, open, underflow };
}

class Look {
  private readonly document: PdfDocument;
  private readonly occupancy: Occupancy;
  private readonly fonts = new Map<PdfObject, TextFont>();
  /** Octets that may still be looked at. */
  left = DETAIL;

  constructor(document: PdfDocument, occupancy: Occupancy) {
    this.document = document;
    this.occupancy = occupancy;
  }

  async at({ octets }: Reading, resources: PdfDict, marks: Marks, depth: number): Promise<Marks> {
    const scanner = new ContentScanner(octets);
    const closely = octets.length < this.left;
    this.left -= octets.length;
    for (let operator = scanner.next(); operator !== null; operator = scanner.next()) {
      if (!closely && operator !== 'q' && operator !== 'Q') continue;
      if (operator === 'Do') await this.object(scanner.operands[0], resources, marks, depth);
      else if (operator === 'Tf') {
        const [name, size] = scanner.operands;
        marks.set({ font: await this.font(name, resources), size: typeof size === 'number' ? size : 0 });
      } else follow(marks, operator, scanner.operands);
    }
    return marks;
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
    marks: Marks,
    depth: number,
  ): Promise<void> {
    if (typeof name !== 'string' || marks.clip === null || this.left <= 0) return;
    const objects = await this.document.dict(resources.get('XObject'));
    const stream = await this.document.resolve(objects.get(name.slice(1)));
    if (!(stream instanceof PdfStream)) return;
    if (!isName(await this.document.resolve(stream.dict.get('Subtype')), 'Form')) return marks.image();
    const matrix = matrixOf(await numbersOf(this.document, stream.dict.get('Matrix')));
    const placement = concatenated(matrix, marks.matrix);
    const edge = boxFrom(await numbersOf(this.document, stream.dict.get('BBox')));
    const visible = edge && intersection(placed(edge, placement), marks.clip);
    if (visible === null || depth >= DEEPEST) return;
    this.left -= FORM;
    const reading = await contentOctets(this.document, stream, Math.max(this.left, 0));
    if (!reading.complete) this.left = 0;
    const own = await this.document.dict(stream.dict.get('Resources'));
    const inner = new Marks(this.occupancy, placement, visible);
    await this.at(reading, own.entries.size > 0 ? own : resources, inner, depth + 1);
  }
}

/** What stands on the page beside its contents; links and pop-ups show nothing. */
async function takeAnnotations(
  document: PdfDocument,
  page: Page,
  view: Matrix,
  occupancy: Occupancy,
): Promise<void> {
  for (const item of await document.array(page.dict.get('Annots'))) {
    const annotation = await document.dict(item);
    const subtype = await document.resolve(annotation.get('Subtype'));
    const flags = await document.resolve(annotation.get('F'));
    if (isName(subtype, 'Link') || isName(subtype, 'Popup')) continue;
    if (typeof flags === 'number' && (flags & INVISIBLE) !== 0) continue;
    const box = boxFrom(await numbersOf(document, annotation.get('Rect')));
    if (box && box.left < box.right && box.bottom < box.top) occupancy.take(placed(box, view), 'text');
  }
}

/** The numbers of an array, direct or not. */
export async function numbersOf(document: PdfDocument, value: PdfObject): Promise<number[]> {
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
