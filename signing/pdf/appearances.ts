/** What a page shows beside its contents: the appearances of its annotations, filled boxes among them (ISO 32000-2 12.5.5). */
import type { PdfDocument } from './document.ts';
import { type Box, type Matrix, matrixOf, placed } from './matrix.ts';
import { isName, type PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';
import { boxFrom, numbersOf } from './occupied.ts';
import type { Page } from './pages.ts';
import { unreadable } from './problem.ts';

export interface Appearance {
  readonly form: PdfRef;
  /** The form is the widget itself, whose text has yet to be drawn. */
  readonly undrawn: boolean;
  /** From the form's space (its own matrix applied) to the page's. */
  readonly matrix: Matrix;
  /** Around what the form shows, in its space with its matrix applied. */
  readonly box: Box;
  /** The layer that shows or hides it; null: always shown. */
  readonly layer: PdfObject;
}

const HIDDEN = 2;
const PRINT = 4;
const NO_VIEW = 32;
const DEEPEST_FIELD = 32;

/**
 * In the order they are painted. Rejects with PdfProblem where something is left to the viewer to draw, a note's sign and the
 * texts of boxes excepted.
 */
export async function appearancesOf(document: PdfDocument, page: Page): Promise<Appearance[]> {
  const found: Appearance[] = [];
  for (const item of await document.array(page.dict.get('Annots'))) {
    const annotation = await document.dict(item);
    const subtype = await document.resolve(annotation.get('Subtype'));
    const given = await document.resolve(annotation.get('F'));
    const flags = typeof given === 'number' ? given : 0;
    const shown = (flags & PRINT) !== 0 || (flags & NO_VIEW) === 0;
    if (isName(subtype, 'Popup') || (flags & HIDDEN) !== 0 || !shown) continue;
    const form = await currentForm(document, annotation);
    if (form !== null) {
      const appearance = await fitted(document, annotation, form);
      if (appearance !== null) found.push(appearance);
    } else if (isName(subtype, 'Widget')) {
      if (!(await hasText(document, annotation))) continue;
      if (!(item instanceof PdfRef)) throw unreadable('a box with text that has no appearance');
      const undrawn = await inItsPlace(document, annotation, item);
      if (undrawn !== null) found.push(undrawn);
    } else if (!isName(subtype, 'Link') && !isName(subtype, 'Text')) {
      throw unreadable('an annotation that viewers draw by themselves');
    }
  }
  return found;
}

/** The normal appearance, of a button that of its state. */
async function currentForm(
  document: PdfDocument,
  annotation: PdfDict,
): Promise<{ ref: PdfRef; stream: PdfStream } | null> {
  const normal = (await document.dict(annotation.get('AP'))).get('N');
  const state = await document.resolve(annotation.get('AS'));
  const whole = await document.resolve(normal);
  const ofState = state instanceof PdfName && !(whole instanceof PdfStream);
  const ref = ofState ? (await document.dict(normal)).get(state.value) : normal;
  const stream = await document.resolve(ref);
  if (!(ref instanceof PdfRef && stream instanceof PdfStream)) return null;
  if (!isName(await document.resolve(stream.dict.get('Subtype')), 'Form')) {
    throw unreadable('an appearance that is no form');
  }
  return { ref, stream };
}

/** Algorithm 8.1: the form's box, turned by its matrix, is fitted into the annotation's rectangle. */
async function fitted(
  document: PdfDocument,
  annotation: PdfDict,
  { ref, stream }: { ref: PdfRef; stream: PdfStream },
): Promise<Appearance | null> {
  const rectangle = boxFrom(await numbersOf(document, annotation.get('Rect')));
  const inner = boxFrom(await numbersOf(document, stream.dict.get('BBox')));
  if (rectangle === null || inner === null) return null;
  const box = placed(inner, matrixOf(await numbersOf(document, stream.dict.get('Matrix'))));
  const x = (rectangle.right - rectangle.left) / (box.right - box.left);
  const y = (rectangle.top - rectangle.bottom) / (box.top - box.bottom);
  if (!(Number.isFinite(x) && Number.isFinite(y))) return null;
  const matrix: Matrix = [x, 0, 0, y, rectangle.left - x * box.left, rectangle.bottom - y * box.bottom];
  return { form: ref, undrawn: false, matrix, box, layer: annotation.get('OC') };
}

/** For a form that is made as large as the rectangle. */
async function inItsPlace(
  document: PdfDocument,
  annotation: PdfDict,
  widget: PdfRef,
): Promise<Appearance | null> {
  const rectangle = boxFrom(await numbersOf(document, annotation.get('Rect')));
  if (rectangle === null) return null;
  const { left, bottom, right, top } = rectangle;
  const box = { left: 0, bottom: 0, right: right - left, top: top - bottom };
  return {
    form: widget,
    undrawn: true,
    matrix: [1, 0, 0, 1, left, bottom],
    box,
    layer: annotation.get('OC'),
  };
}

/** Whether the field has a text that viewers may draw themselves (12.7.4.3); fields inherit their values. */
async function hasText(document: PdfDocument, widget: PdfDict): Promise<boolean> {
  let field = widget;
  for (let depth = 0; depth < DEEPEST_FIELD; depth++) {
    const value = await document.resolve(field.get('V'));
    if (value !== null) return value instanceof PdfString && value.bytes.length > 0;
    if (field.get('Parent') === null) return false;
    field = await document.dict(field.get('Parent'));
  }
  return false;
}
