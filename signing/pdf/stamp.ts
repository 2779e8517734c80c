/** Prints one line at the bottom left of a page as a reader sees it, leaving the page's own contents untouched (R41). */
import { SigningError } from '../ports.ts';
import { stateBalance } from './balance.ts';
import type { Page, PdfDocument } from './document.ts';
import { textSetter } from './font.ts';
import { isArray, PdfDict, type PdfObject, type PdfRef, PdfStream } from './objects.ts';
import { PdfProblem } from './problem.ts';
import type { FontFiles } from './typeface.ts';
import type { RevisionWriter } from './writer.ts';

const POINTS = 7;
const MARGIN = 14;

interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

export async function stampPage(
  document: PdfDocument,
  writer: RevisionWriter,
  page: Page,
  stamp: { text: string; fonts: FontFiles },
): Promise<void> {
  if (stamp.text === '') throw new SigningError('the stamp has no text', { transient: false });
  const setter = textSetter(stamp.fonts);
  const runs = setter.set(stamp.text);
  const width = setter.width(stamp.text);
  const box = await visibleBox(document, page);
  const turn = await rotation(document, page);
  const unit = await document.resolve(page.dict.get('UserUnit'));
  // Points on paper: a page may measure in larger units (14.11.2, table 31).
  const scale = 1 / (typeof unit === 'number' && unit > 0 ? unit : 1);
  const side = turn % 180 === 0 ? box.right - box.left : box.top - box.bottom;
  const room = Math.max(side - 2 * MARGIN * scale, 1);
  const size = Math.min(POINTS * scale, room / width);
  const resources = await document.dict(page.inherited.get('Resources'));
  const fonts = await document.dict(resources.get('Font'));
  const names = unusedNames(fonts, setter.embed(writer));
  const operators = [
    '/Artifact <</Type /Pagination /Subtype /Footer>> BDC',
    'q 0 g BT',
    `${placement(box, turn, MARGIN * scale)
      .map(decimal)
      .join(' ')} Tm`,
    ...runs.map(({ font, glyphs }) => `/${names[font]!.name} ${decimal(size)} Tf <${glyphs}> Tj`),
    'ET Q EMC\n',
  ];
  const contents = await wrapped(document, writer, page, operators.join('\n'));
  // A page's own copy of its resources, since other pages may share them.
  const enriched = resources.with(
    'Font',
    names.reduce((dict, { name, font }) => dict.with(name, font), fonts),
  );
  await writer.edit(page.ref, [], (dict) =>
    (dict as PdfDict).with('Contents', contents).with('Resources', enriched),
  );
}

/**
 * The page's contents between q and Q, then the stamp. Where they restore a state never saved, that bracket would change
 * how they are drawn: there the stamp comes first.
 */
async function wrapped(
  document: PdfDocument,
  writer: RevisionWriter,
  page: Page,
  operators: string,
): Promise<readonly PdfObject[]> {
  const contents = await contentsOf(document, page);
  const { open, underflow } = stateBalance(await decoded(document, contents));
  const add = (text: string): PdfObject => writer.addStream(new PdfDict(), Buffer.from(text));
  if (underflow) return [add(operators), ...contents];
  return [add('q\n'), ...contents, add(`${'Q '.repeat(open)}Q\n${operators}`)];
}

/** All content streams as one (7.8.2); as far as they can be decoded, since nothing but their balance is asked. */
async function decoded(document: PdfDocument, contents: readonly PdfObject[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const item of contents) {
    const stream = await document.resolve(item);
    if (!(stream instanceof PdfStream)) continue;
    try {
      parts.push(await document.data(stream), Buffer.from('\n'));
    } catch (error) {
      if (!(error instanceof PdfProblem)) throw error;
      break;
    }
  }
  return Buffer.concat(parts);
}

async function contentsOf(document: PdfDocument, page: Page): Promise<readonly PdfObject[]> {
  const contents = page.dict.get('Contents');
  const resolved = await document.resolve(contents);
  if (isArray(resolved)) return resolved;
  return resolved === null ? [] : [contents];
}

/** What a reader shows: the crop box as far as it lies on the medium (14.11.2). */
async function visibleBox(document: PdfDocument, page: Page): Promise<Box> {
  const media = await boxOf(document, page.inherited.get('MediaBox'));
  if (media === null) throw new SigningError('page 1 has no MediaBox', { transient: false });
  const crop = (await boxOf(document, page.inherited.get('CropBox'))) ?? media;
  const visible = {
    left: Math.max(media.left, crop.left),
    bottom: Math.max(media.bottom, crop.bottom),
    right: Math.min(media.right, crop.right),
    top: Math.min(media.top, crop.top),
  };
  return visible.left < visible.right && visible.bottom < visible.top ? visible : media;
}

async function boxOf(document: PdfDocument, value: PdfObject): Promise<Box | null> {
  const numbers: number[] = [];
  for (const item of await document.array(value)) {
    const number = await document.resolve(item);
    if (typeof number === 'number') numbers.push(number);
  }
  if (numbers.length !== 4) return null;
  const [a, b, c, d] = numbers as [number, number, number, number];
  return { left: Math.min(a, c), bottom: Math.min(b, d), right: Math.max(a, c), top: Math.max(b, d) };
}

async function rotation(document: PdfDocument, page: Page): Promise<number> {
  const turn = await document.resolve(page.inherited.get('Rotate'));
  return typeof turn === 'number' && turn % 90 === 0 ? ((turn % 360) + 360) % 360 : 0;
}

/** Text matrix that starts at the corner which the page's rotation brings to the bottom left. */
function placement(box: Box, turn: number, margin: number): number[] {
  if (turn === 90) return [0, 1, -1, 0, box.right - margin, box.bottom + margin];
  if (turn === 180) return [-1, 0, 0, -1, box.right - margin, box.top - margin];
  if (turn === 270) return [0, -1, 1, 0, box.left + margin, box.top - margin];
  return [1, 0, 0, 1, box.left + margin, box.bottom + margin];
}

/** A resource name for each of the stamp's fonts that the page does not use. */
function unusedNames(present: PdfDict, fonts: readonly PdfRef[]): { name: string; font: PdfRef }[] {
  let number = 0;
  while (present.entries.has(`KeiyakuStamp${number}`)) number += fonts.length;
  return fonts.map((font, index) => ({ name: `KeiyakuStamp${number + index}`, font }));
}

function decimal(value: number): string {
  return String(Number(value.toFixed(4)));
}
