/**
 * Prints a line at the bottom left of a page as a reader sees it, leaving the page's own contents untouched (R41).
 *
 * Where: 14 points from the left and the bottom edge if nothing is there; else the nearest free place, upwards before
 * rightwards, in as many lines as the page's width asks for. Where the page has no room, the place that covers least. Over
 * an image or a tint that fills the page (a scan), each letter has a white rim, so that it can be read and hides nothing
 * but what is right below it.
 */
import { SigningError } from '../ports.ts';
import type { PdfDocument } from './document.ts';
import { type TextSetter, textSetter } from './font.ts';
import { Occupancy, type Place } from './free-place.ts';
import { area, type Box, concatenated, intersection, inverted, type Matrix, placed } from './matrix.ts';
import { isArray, PdfDict, type PdfObject, type PdfRef } from './objects.ts';
import { boxFrom, numbersOf, occupy, type Shown } from './occupied.ts';
import type { Page } from './pages.ts';
import { charactersOf, type FontFiles } from './typeface.ts';
import type { RevisionWriter } from './writer.ts';

/** Points on paper. */
const SIZE = 7;
export const MARGIN = 14;
/** Printers leave this much of a page's edge white. */
const UNPRINTED = 9;
const LEADING = 1.3;
export const RIM = 1.4;
const MOST_LINES = 4;
/** A further line is as bad as going so far away, in points. */
const LINE_COST = 40;
/** The short side of an A3 sheet: what is larger is mostly looked at and printed reduced to that, so its stamp grows along. */
export const LARGEST_UNSCALED = 842;
/** How far letters reach below and above the baseline, in sizes. */
export const DESCENT = 0.25;
export const ASCENT = 0.9;

export async function stampPage(
  document: PdfDocument,
  writer: RevisionWriter,
  page: Page,
  stamp: { text: string; fonts: FontFiles },
): Promise<void> {
  if (stamp.text === '') throw new SigningError('the stamp has no text', { transient: false });
  const setter = textSetter(stamp.fonts);
  const view = await viewOf(document, page);
  const occupancy = new Occupancy(view.width, view.height);
  const visible = { left: 0, bottom: 0, right: view.width, top: view.height };
  const shown = await occupy(document, page, view.matrix, visible, occupancy);
  const chosen = choose(stamp.text, setter, view, shown.complete ? occupancy : null);

  const resources = await document.dict(page.inherited.get('Resources'));
  const fonts = await document.dict(resources.get('Font'));
  const runs = chosen.lines.map((line) => setter.set(line));
  const names = unusedNames(fonts, setter.embed(writer));
  const lines = runs.map((line, index) => {
    const y = chosen.place.y + (DESCENT + LEADING * (runs.length - 1 - index)) * chosen.size;
    const matrix = concatenated([1, 0, 0, 1, chosen.place.x, y], inverted(view.matrix));
    const shows = line.map(
      ({ font, glyphs }) => `/${names[font]!.name} ${decimal(chosen.size)} Tf <${glyphs}> Tj`,
    );
    return `${matrix.map(decimal).join(' ')} Tm ${shows.join(' ')}`;
  });
  const rim = `1 G ${decimal(RIM * view.unit)} w 1 j 1 Tr ${lines.join('\n')}\n0 Tr`;
  const operators = [
    '/Artifact <</Type /Pagination /Subtype /Footer>> BDC',
    `q BT ${chosen.place.onGround ? rim : ''} 0 g`,
    ...lines,
    'ET Q EMC\n',
  ];
  const contents = await wrapped(document, writer, page, shown, operators.join('\n'));
  // A page's own copy of its resources, since other pages may share them.
  const withFonts = names.reduce((dict, { name, font }) => dict.with(name, font), fonts);
  await writer.editDict(page.ref, (dict) =>
    dict.with('Contents', contents).with('Resources', resources.with('Font', withFonts)),
  );
}

/** A page as a reader sees it: upright, in points on paper from its bottom left corner. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** From the page's coordinates to those. */
  readonly matrix: Matrix;
  /** What a point on paper measures in the page's units. */
  readonly unit: number;
}

/** Rejects with SigningError for a page without a size. */
export async function viewOf(document: PdfDocument, page: Page): Promise<View> {
  const box = await visibleBox(document, page);
  const turn = await rotation(document, page);
  const declared = await document.resolve(page.dict.get('UserUnit'));
  // A page may measure in larger units than points (14.11.2, table 31).
  const scale = typeof declared === 'number' && declared > 0 ? declared : 1;
  const { left, bottom, right, top } = box;
  const upright: Record<number, Matrix> = {
    0: [1, 0, 0, 1, -left, -bottom],
    90: [0, -1, 1, 0, -bottom, right],
    180: [-1, 0, 0, -1, right, top],
    270: [0, 1, -1, 0, top, -left],
  };
  const matrix = concatenated(upright[turn]!, [scale, 0, 0, scale, 0, 0]);
  const seen = placed(box, matrix);
  return { width: seen.right - seen.left, height: seen.top - seen.bottom, matrix, unit: 1 / scale };
}

interface Chosen {
  readonly lines: readonly string[];
  /** In points on paper. */
  readonly size: number;
  /** Of the lower left corner. */
  readonly place: Place;
}

/** The best of one to four lines; without knowledge of what is on the page, the corner itself. */
function choose(text: string, setter: TextSetter, view: View, occupancy: Occupancy | null): Chosen {
  const wanted = SIZE * Math.max(1, Math.min(view.width, view.height) / LARGEST_UNSCALED);
  const margin = Math.min(MARGIN, view.width / 10, view.height / 10);
  const corner = { margin, least: Math.min(UNPRINTED, margin) };
  const width = Math.max(view.width - 2 * margin, 1);
  const height = Math.max(view.height - 2 * margin, 1);
  const choices: (Chosen & { cost: number })[] = [];
  for (let index = 0; index < MOST_LINES && choices.at(-1)?.cost !== 0; index++) {
    const lines = brokenInto(text, index + 1, setter);
    const widest = Math.max(...lines.map((line) => setter.width(line)));
    const tall = DESCENT + ASCENT + LEADING * (lines.length - 1);
    const size = Math.min(wanted, width / widest, height / tall);
    const place = occupancy?.nearest({ width: widest * size, height: tall * size }, corner) ?? {
      x: margin,
      y: margin,
      free: true,
      onGround: false,
      cost: 0,
    };
    // Lines below each other would cover lines below each other; too small to be read is worse than anything.
    const away = place.free ? place.cost + LINE_COST * index : place.cost * (1 + index);
    choices.push({ lines, size, place, cost: away + 1e6 * (wanted - size) });
  }
  return choices.reduce((best, choice) => (choice.cost < best.cost ? choice : best));
}

/** At most so many lines, the widest as narrow as may be; broken after 「：」 or a blank and before 「（」 where that will do. */
function brokenInto(text: string, count: number, setter: TextSetter): string[] {
  if (count === 1) return [text];
  const narrowest = setter.width(text) / count;
  const words = text.split(/(?<=[：\s])|(?=（)/u);
  for (const pieces of [words, charactersOf(text)]) {
    for (let width = narrowest; width < narrowest * 1.5; width *= 1.05) {
      const lines = filled(pieces, width, setter);
      if (lines.length <= count) return lines;
    }
  }
  return [text];
}

function filled(pieces: readonly string[], width: number, setter: TextSetter): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && setter.width(last + piece) <= width) lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines;
}

/**
 * The page's contents between q and Q, then the stamp. Where they restore a state never saved, that bracket would change
 * how they are drawn: there the stamp comes first.
 */
async function wrapped(
  document: PdfDocument,
  writer: RevisionWriter,
  page: Page,
  { open, underflow }: Shown,
  operators: string,
): Promise<readonly PdfObject[]> {
  const contents = page.dict.get('Contents');
  const resolved = await document.resolve(contents);
  const own = isArray(resolved) ? resolved : resolved === null ? [] : [contents];
  const add = (text: string): PdfObject => writer.addStream(new PdfDict(), Buffer.from(text));
  if (underflow) return [add(operators), ...own];
  return [add('q\n'), ...own, add(`\n${'Q '.repeat(open)}Q\n${operators}`)];
}

/** What a reader shows: the crop box as far as it lies on the medium (14.11.2). */
async function visibleBox(document: PdfDocument, page: Page): Promise<Box> {
  const media = await boxOf(document, page.inherited.get('MediaBox'));
  if (media === null) throw new SigningError('a page has no MediaBox', { transient: false });
  const crop = await boxOf(document, page.inherited.get('CropBox'));
  const visible = crop && intersection(media, crop);
  return visible && area(visible) > 0 ? visible : media;
}

async function boxOf(document: PdfDocument, value: PdfObject): Promise<Box | null> {
  return boxFrom(await numbersOf(document, value));
}

async function rotation(document: PdfDocument, page: Page): Promise<number> {
  const turn = await document.resolve(page.inherited.get('Rotate'));
  return typeof turn === 'number' && turn % 90 === 0 ? ((turn % 360) + 360) % 360 : 0;
}

/** A resource name for each of the stamp's fonts that the page does not use. */
function unusedNames(present: PdfDict, fonts: readonly PdfRef[]): { name: string; font: PdfRef }[] {
  let number = 0;
  while (present.entries.has(`KeiyakuStamp${number}`)) number += fonts.length;
  return fonts.map((font, index) => ({ name: `KeiyakuStamp${number + index}`, font }));
}

export function decimal(value: number): string {
  return String(Number(value.toFixed(6)));
}
