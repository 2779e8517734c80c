/**
 * Several documents as one file for printing, each page marked as a copy (R43, R49): only what is seen is taken over, as the
 * newest cross-references lead to it; no form, signature, link, action or file. A page's contents become a form of their own
 * (ISO 32000-2 8.10), so that nothing they leave undone reaches what is drawn above them.
 */
import { deflate } from 'node:zlib';
import { type UndrawnBoxes, undrawnBoxes } from './boxes/undrawn.ts';
import { type Appearance, appearancesOf } from './pdf/appearances.ts';
import { contentOctets } from './pdf/content-octets.ts';
import { PdfDocument } from './pdf/document.ts';
import { textSetter } from './pdf/font.ts';
import { concatenated, inverted, type Matrix } from './pdf/matrix.ts';
import { NewFile } from './pdf/new-file.ts';
import { ObjectCopy } from './pdf/object-copy.ts';
import { dictOf, isArray, PdfDict, PdfName, type PdfObject, type PdfRef, PdfStream } from './pdf/objects.ts';
import { numbersOf } from './pdf/occupied.ts';
import { type Page, pagesOf } from './pdf/pages.ts';
import { unreadable } from './pdf/problem.ts';
import { ASCENT, DESCENT, decimal, LARGEST_UNSCALED, MARGIN, RIM, viewOf } from './pdf/stamp.ts';
import { visibleLayers } from './pdf/visible-layers.ts';
import type { ByteSource, PrintSet, PrintSetOptions } from './ports.ts';
import { SigningError } from './ports.ts';

/** Points on paper. */
const SIZE = 9;
/** Octets of one page's contents, decoded. */
const MOST_CONTENT = 64 << 20;

/** Resolves to the refusal where a document cannot be copied as it is seen; rejects only with the sources' own errors. */
export async function printSet(sources: readonly ByteSource[], options: PrintSetOptions): Promise<PrintSet> {
  try {
    return { ok: true, bytes: await assembled(sources, options) };
  } catch (error) {
    if (error instanceof SigningError && !error.transient) return { ok: false, detail: error.message };
    throw error;
  }
}

async function assembled(sources: readonly ByteSource[], options: PrintSetOptions): Promise<Uint8Array> {
  const file = new NewFile(options.maxOctets);
  const mark = drawnMark(file, options);
  const tree = file.allocate();
  const pages: PdfRef[] = [];
  const layers = { all: [] as PdfObject[], off: [] as PdfObject[], automatic: [] as PdfObject[] };
  for (const source of sources) {
    const document = await PdfDocument.open(source);
    const copy = new ObjectCopy(document, file);
    const boxes = undrawnBoxes(document, file, options.fonts);
    for await (const page of pagesOf(document)) {
      if (pages.length >= options.maxPages) throw unreadable(`more than ${options.maxPages} pages`);
      const content = await pageForm(document, page, file, copy);
      pages.push(await markedPage({ document, page, file, copy, boxes, tree, content, mark }));
      await copy.finish();
    }
    boxes.finish();
    const { all, off, automatic } = await visibleLayers(document);
    layers.all.push(...all.map((one) => copy.object(one)));
    layers.off.push(...off.map((one) => copy.object(one)));
    layers.automatic.push(...automatic.map((one) => copy.object(one)));
    await copy.finish();
  }
  file.set(tree, dictOf({ Type: new PdfName('Pages'), Kids: pages, Count: pages.length }));
  const catalog = dictOf({ Type: new PdfName('Catalog'), Pages: tree });
  const settings = dictOf({ OFF: layers.off, AS: layers.automatic });
  const properties = dictOf({ OCGs: layers.all, D: settings });
  return file.finish(file.add(layers.all.length === 0 ? catalog : catalog.with('OCProperties', properties)));
}

interface Mark {
  readonly form: PdfRef;
  /** Points, upright from the lower left corner. */
  readonly width: number;
  readonly height: number;
}

/** The mark, with a white rim that keeps it legible above anything. */
function drawnMark(file: NewFile, { mark, fonts }: PrintSetOptions): Mark {
  const setter = textSetter(fonts);
  const runs = setter.set(mark);
  const width = setter.width(mark) * SIZE;
  const height = (ASCENT + DESCENT) * SIZE;
  const embedded = setter.embed(file);
  const line = `1 0 0 1 0 ${decimal(DESCENT * SIZE)} Tm ${runs
    .map(({ font, glyphs }) => `/F${font} ${SIZE} Tf <${glyphs}> Tj`)
    .join(' ')}`;
  const form = file.addStream(
    formDict(
      [-RIM, -RIM, width + RIM, height + RIM],
      dictOf({ Font: new PdfDict(embedded.map((font, index) => [`F${index}`, font] as const)) }),
    ),
    Buffer.from(`BT 1 G ${RIM} w 1 j 1 Tr ${line}\n0 Tr 0 g ${line} ET`),
  );
  return { form, width, height };
}

/** The contents of a page as a form; a single stream is taken over as it is stored. */
async function pageForm(
  document: PdfDocument,
  page: Page,
  file: NewFile,
  copy: ObjectCopy,
): Promise<PdfRef | null> {
  const contents = await document.resolve(page.dict.get('Contents'));
  const streams = (isArray(contents) ? contents : [contents]).filter((one) => one !== null);
  if (streams.length === 0) return null;
  const resources = copy.object(await document.dict(page.inherited.get('Resources')));
  const form = formDict(await numbersOf(document, page.inherited.get('MediaBox')), resources);
  const only = streams.length === 1 ? await document.resolve(streams[0]!) : null;
  if (only instanceof PdfStream) {
    const coding = ['Filter', 'DecodeParms'].flatMap((key) => {
      const value = copy.object(only.dict.get(key));
      return value === null ? [] : [[key, value] as const];
    });
    return file.addStream(new PdfDict([...form.entries, ...coding]), await document.rawData(only));
  }
  const { octets, complete } = await contentOctets(document, contents, MOST_CONTENT);
  if (!complete) throw unreadable(`contents of object ${page.ref.num} cannot be read`);
  return file.addStream(form.with('Filter', new PdfName('FlateDecode')), await deflated(octets));
}

function deflated(octets: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    deflate(octets, (error, packed) => (error ? reject(error) : resolve(packed))),
  );
}

interface PageParts {
  readonly document: PdfDocument;
  readonly page: Page;
  readonly file: NewFile;
  readonly copy: ObjectCopy;
  readonly boxes: UndrawnBoxes;
  readonly tree: PdfRef;
  readonly content: PdfRef | null;
  readonly mark: Mark;
}

async function markedPage(parts: PageParts): Promise<PdfRef> {
  const { document, page, file, copy, boxes, tree, content, mark } = parts;
  const drawn: { form: PdfRef; matrix: Matrix | null }[] = [];
  if (content !== null) drawn.push({ form: content, matrix: null });
  for (const appearance of await appearancesOf(document, page)) {
    const form = appearance.undrawn ? await boxes.draw(appearance.form) : copy.reference(appearance.form);
    drawn.push({ form: withinLayer(form, appearance, file, copy), matrix: appearance.matrix });
  }
  drawn.push({ form: mark.form, matrix: placeOf(mark, await viewOf(document, page)) });
  const operators = drawn.map(
    ({ matrix }, index) =>
      `q ${matrix === null ? '' : `${matrix.map(decimal).join(' ')} cm `}/P${index} Do Q\n`,
  );
  const forms = drawn.map(({ form }) => form);
  return file.add(
    new PdfDict([
      ['Type', new PdfName('Page')],
      ['Parent', tree],
      ...(await attributesOf(document, page, copy)),
      ['Resources', await resourcesOf(document, page, copy, forms)],
      ['Contents', file.addStream(new PdfDict(), Buffer.from(operators.join('')))],
    ]),
  );
}

/** Size, turn and blending of a page, those of its ancestors included (7.7.3.4). */
async function attributesOf(
  document: PdfDocument,
  { dict, inherited }: Page,
  copy: ObjectCopy,
): Promise<[string, PdfObject][]> {
  const found: [string, PdfObject][] = [];
  for (const key of ['MediaBox', 'CropBox']) {
    const numbers = await numbersOf(document, inherited.get(key));
    if (numbers.length === 4) found.push([key, numbers]);
  }
  const turn = await document.resolve(inherited.get('Rotate'));
  if (typeof turn === 'number') found.push(['Rotate', turn]);
  const unit = await document.resolve(dict.get('UserUnit'));
  if (typeof unit === 'number') found.push(['UserUnit', unit]);
  const group = copy.object(dict.get('Group'));
  if (group !== null) found.push(['Group', group]);
  return found;
}

/** Forms without resources of their own draw with the page's (8.10.2, table 93). */
async function resourcesOf(
  document: PdfDocument,
  page: Page,
  copy: ObjectCopy,
  forms: readonly PdfRef[],
): Promise<PdfDict> {
  const own = await document.dict(page.inherited.get('Resources'));
  const objects = copy.object(await document.dict(own.get('XObject')));
  const named = forms.map((form, index) => [`P${index}`, form] as const);
  const resources = copy.object(own);
  return new PdfDict([
    ...(resources instanceof PdfDict ? resources.entries : []),
    ['XObject', new PdfDict([...(objects instanceof PdfDict ? objects.entries : []), ...named])],
  ]);
}

/** An appearance within a layer is wrapped in a form that the layer shows or hides. */
function withinLayer(form: PdfRef, { box, layer }: Appearance, file: NewFile, copy: ObjectCopy): PdfRef {
  if (layer === null) return form;
  const dict = formDict([box.left, box.bottom, box.right, box.top], dictOf({ XObject: dictOf({ A: form }) }));
  return file.addStream(dict.with('OC', copy.object(layer)), Buffer.from('/A Do'));
}

/** The top right corner as a reader sees the page; large sheets, mostly printed reduced, have a larger mark. */
function placeOf(mark: Mark, view: Awaited<ReturnType<typeof viewOf>>): Matrix {
  const margin = Math.min(MARGIN, view.width / 10, view.height / 10);
  const wanted = Math.max(1, Math.min(view.width, view.height) / LARGEST_UNSCALED);
  const scale = Math.min(wanted, (view.width - 2 * margin) / mark.width);
  const x = view.width - margin - mark.width * scale;
  const y = view.height - margin - mark.height * scale;
  return concatenated([scale, 0, 0, scale, x, y], inverted(view.matrix));
}

function formDict(box: readonly number[], resources: PdfObject): PdfDict {
  return dictOf({
    Type: new PdfName('XObject'),
    Subtype: new PdfName('Form'),
    BBox: box,
    Resources: resources ?? new PdfDict(),
  });
}
