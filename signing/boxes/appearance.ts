/** What a filled widget looks like: background, border and text or mark as a form XObject (ISO 32000-2 12.5.5, 12.7.4.3). */
import type { FormField, Widget } from '../pdf/boxes.ts';
import { MULTILINE } from '../pdf/boxes.ts';
import type { PdfDocument } from '../pdf/document.ts';
import type { TextSetter } from '../pdf/font.ts';
import { dictOf, PdfDict, PdfName, type PdfObject, type PdfRef, textOf } from '../pdf/objects.ts';
import type { RevisionWriter } from '../pdf/writer.ts';
import { type PlacedText, placeText } from './layout.ts';

/** A widget as far as its drawing goes, seen upright. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly border: number;
  /** Operators that draw background and border. */
  readonly ground: string;
  /** /Matrix that turns the drawing as the widget is turned. */
  readonly matrix: readonly number[];
}

/** Appearance characteristics and border style (12.5.6.19, 12.5.4). */
export async function frameOf(document: PdfDocument, field: FormField, widget: Widget): Promise<Frame> {
  const [left, bottom, right, top] = widget.rect;
  const [across, up] = [right - left, top - bottom];
  const looks = await document.dict(widget.dict.get('MK'));
  const turn = ((Number((await document.resolve(looks.get('R'))) ?? 0) % 360) + 360) % 360;
  const [width, height] = turn % 180 === 0 ? [across, up] : [up, across];
  const line = await colour(document, looks.get('BC'), ['G', 'RG', 'K']);
  const fill = await colour(document, looks.get('BG'), ['g', 'rg', 'k']);
  const border = line === null ? 0 : await borderWidth(document, widget);
  const parts: string[] = [];
  if (fill !== null) parts.push(`${fill} 0 0 ${decimals(width, height)} re f`);
  if (line !== null && border > 0) {
    const half = border / 2;
    parts.push(`${line} ${decimals(border)} w ${decimals(half, half, width - border, height - border)} re S`);
    for (let cell = 1; cell < (field.cells ?? 0); cell++) {
      const x = (width * cell) / field.cells!;
      parts.push(`${decimals(x, 0)} m ${decimals(x, height)} l S`);
    }
  }
  const matrices: Record<number, number[]> = {
    90: [0, 1, -1, 0, across, 0],
    180: [-1, 0, 0, -1, across, up],
    270: [0, -1, 1, 0, 0, up],
  };
  const matrix = matrices[turn] ?? [1, 0, 0, 1, 0, 0];
  return { width, height, border, ground: parts.join('\n'), matrix };
}

async function borderWidth(document: PdfDocument, { dict }: Widget): Promise<number> {
  const style = await document.resolve((await document.dict(dict.get('BS'))).get('W'));
  if (typeof style === 'number') return style;
  const old = await document.resolve((await document.array(dict.get('Border')))[2] ?? null);
  return typeof old === 'number' ? old : 1;
}

async function colour(
  document: PdfDocument,
  value: PdfObject,
  operators: readonly [string, string, string],
): Promise<string | null> {
  const parts = (await document.array(value)).filter((part) => typeof part === 'number');
  const operator = { 1: operators[0], 3: operators[1], 4: operators[2] }[parts.length];
  return operator === undefined ? null : `${decimals(...parts)} ${operator}`;
}

/** Size and colour of the default appearance string; its font gives way to ours. */
function defaults({ dict }: FormField): { size: number; colour: string } {
  const text = textOf(dict.get('DA')) ?? '';
  const size = Number(/\/\S+\s+(-?[\d.]+)\s+Tf/.exec(text)?.[1] ?? 0);
  const number = String.raw`-?[\d.]+`;
  const shade = new RegExp(`(?:${number}\\s+g|(?:${number}\\s+){3}rg|(?:${number}\\s+){4}k)(?=\\s|$)`).exec(
    text.replace(/\/\S+\s+-?[\d.]+\s+Tf/, ' '),
  )?.[0];
  return { size: size > 0 ? size : 0, colour: shade ?? '0 g' };
}

/** What stands in a box with this value: of a list only what was chosen. */
export function shownText(field: FormField, value: string): string {
  return field.options.find((option) => option.value === value)?.label ?? value;
}

/** Null when the text has no room. Throws SigningError naming a character that no font has. */
export function place(text: string, field: FormField, frame: Frame, setter: TextSetter): PlacedText | null {
  const align = Number(field.dict.get('Q') ?? 0);
  return placeText(
    text,
    {
      ...frame,
      size: defaults(field).size,
      align: align === 1 || align === 2 ? align : 0,
      multiline: field.kind === 'text' && (field.flags & MULTILINE) !== 0,
      cells: field.cells,
    },
    (part) => setter.width(part),
  );
}

/** Operators of a text widget; `setter` learns which glyphs it takes, named F0, F1 … in its order of fonts. */
export function textOperators(
  placed: PlacedText | null,
  field: FormField,
  { width, height, border, ground }: Frame,
  setter: TextSetter,
): string {
  const inside = decimals(border, border, width - 2 * border, height - 2 * border);
  const lines = (placed?.lines ?? []).map(({ text, x, y }) =>
    [
      `1 0 0 1 ${decimals(x, y)} Tm`,
      ...setter.set(text).map(({ font, glyphs }) => `/F${font} ${decimals(placed!.size)} Tf <${glyphs}> Tj`),
    ].join(' '),
  );
  const body =
    lines.length === 0 ? '' : `q ${inside} re W n BT ${defaults(field).colour}\n${lines.join('\n')}\nET Q\n`;
  return `q\n${ground}\nQ\n/Tx BMC\n${body}EMC\n`;
}

/** A tick, or nothing: for a check box that brings no appearance of its own. */
export function markOperators(on: boolean, { width, height, ground }: Frame): string {
  const at = (x: number, y: number): string => decimals(width * x, height * y);
  const thickness = decimals(Math.min(width, height) / 9);
  const tick = `q 0 G ${thickness} w 1 J 1 j ${at(0.2, 0.5)} m ${at(0.42, 0.25)} l ${at(0.8, 0.78)} l S Q\n`;
  return `q\n${ground}\nQ\n${on ? tick : ''}`;
}

export function appearanceStream(
  writer: RevisionWriter,
  frame: Frame,
  operators: string,
  fonts: readonly PdfRef[],
): PdfRef {
  return writer.addStream(appearanceDict(frame, fonts), Buffer.from(operators, 'latin1'));
}

/** The form's dictionary; its octets are operators as they are, in `fonts` as F0, F1 … */
export function appearanceDict({ width, height, matrix }: Frame, fonts: readonly PdfRef[]): PdfDict {
  const named = new PdfDict(fonts.map((font, index) => [`F${index}`, font] as const));
  return dictOf({
    Type: new PdfName('XObject'),
    Subtype: new PdfName('Form'),
    BBox: [0, 0, width, height],
    Matrix: matrix,
    Resources: fonts.length === 0 ? new PdfDict() : dictOf({ Font: named }),
  });
}

function decimals(...values: readonly number[]): string {
  return values.map((value) => String(Number(value.toFixed(4)))).join(' ');
}
