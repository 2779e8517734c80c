/** Form fields that a person fills in: texts, check boxes, radio groups and lists (ISO 32000-2 12.7.4, 12.7.5.2 to 12.7.5.4). */
import type { PdfBox, PdfBoxOption } from '../ports.ts';
import type { PdfDocument } from './document.ts';
import { signatureFields } from './fields.ts';
import { isName, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, textOf } from './objects.ts';
import { pagesOf } from './pages.ts';
import { unreadable } from './problem.ts';

/** One place on a page where a field is shown (12.5.6.19). */
export interface Widget {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** From 1; null on no page, or hidden. */
  readonly page: number | null;
  /** Its place among all pages' annotations. */
  readonly order: number;
  /** Left, bottom, right, top. */
  readonly rect: readonly [number, number, number, number];
  /** Name of the appearance that switches a button on; null where the widget can only be off. */
  readonly onState: string | null;
  /** Whether there is something to show it by. */
  readonly drawn: boolean;
}

export interface FormField {
  /** Fully qualified. */
  readonly name: string;
  readonly kind: PdfBox['kind'];
  /** Several where a form repeats a name: they are one field (12.7.4.2). */
  readonly refs: readonly PdfRef[];
  /** The field's entries with those it inherits. */
  readonly dict: PdfDict;
  readonly flags: number;
  readonly widgets: readonly Widget[];
  /** Each with the name of its appearance (buttons) or its export value (lists). */
  readonly options: readonly (PdfBoxOption & { readonly state: string })[];
  readonly value: string;
  /** Characters of equal width, one a cell; null where it is no such field. */
  readonly cells: number | null;
}

/** Bits of /Ff (12.7.4.1, 12.7.5). */
export const READ_ONLY = 1;
const REQUIRED = 1 << 1;
export const MULTILINE = 1 << 12;
const PASSWORD = 1 << 13;
const RADIO = 1 << 15;
const PUSH_BUTTON = 1 << 16;
const COMBO = 1 << 17;
const EDIT = 1 << 18;
const FILE_SELECT = 1 << 20;
const COMB = 1 << 24;
/** Hidden and NoView of /F (12.5.3). */
const UNSEEN = 2 | 32;
const INHERITED = ['FT', 'Ff', 'V', 'DA', 'Q', 'MaxLen', 'Opt'];
/** More than any form has; guards against a file crafted to be walked for hours. */
const MAX_FIELDS = 100_000;
const LABEL_LIMIT = 100;

/**
 * The boxes that a person can fill, in the order of pages and annotations. Read-only, password, file and hidden fields are
 * none, nor are lists without a choice, nor any field of a document that is signed or certified: a change would break what
 * was signed. Scripts are neither run nor read. Rejects with PdfProblem where the form cannot be relied on.
 */
export async function boxesOf(document: PdfDocument): Promise<PdfBox[]> {
  if (await isLocked(document)) return [];
  const fields = await formFields(document);
  const placed = fields.flatMap((field) => {
    const widget = field.widgets.find(({ page }) => page !== null);
    const choice = field.kind === 'text' || field.options.length > 0;
    const open = (field.flags & READ_ONLY) === 0 && choice;
    return widget !== undefined && open ? [{ field, widget }] : [];
  });
  placed.sort((a, b) => a.widget.order - b.widget.order);
  return placed.map(({ field, widget }) => boxOf(field, widget));
}

function boxOf({ name, kind, dict, flags, options, value }: FormField, { page, rect }: Widget): PdfBox {
  const limit = dict.get('MaxLen');
  const label = readable(textOf(dict.get('TU')) ?? '') || readable(name.split('.').at(-1)!) || readable(name);
  return {
    name,
    kind,
    label,
    required: (flags & REQUIRED) !== 0,
    multiline: kind === 'text' && (flags & MULTILINE) !== 0,
    maxLength: kind === 'text' && typeof limit === 'number' && limit > 0 ? limit : null,
    options: options.map(({ value, label }) => ({ value, label })),
    value,
    page: page!,
    rect,
  };
}

async function isLocked(document: PdfDocument): Promise<boolean> {
  const catalog = await document.catalog();
  const signed = (await signatureFields(document)).some(({ value }) => value !== null);
  return signed || (await document.dict(catalog.get('Perms'))).get('DocMDP') !== null;
}

/** All fields of these kinds, read-only ones included, in the order of the field tree. */
export async function formFields(document: PdfDocument): Promise<FormField[]> {
  const form = await document.dict((await document.catalog()).get('AcroForm'));
  const roots = await document.array(form.get('Fields'));
  if (roots.length === 0) return [];
  const found = new Map<string, FormField>();
  const placing = await placesOf(document);
  const visited = new Set<number>();
  const visit = async (ref: PdfObject, prefix: string, above: PdfDict): Promise<void> => {
    if (!(ref instanceof PdfRef)) throw unreadable('a form field that is no indirect object');
    if (visited.has(ref.num) || visited.size > MAX_FIELDS) throw unreadable('form fields in a loop');
    visited.add(ref.num);
    const own = await document.dict(ref);
    const partial = textOf(await document.resolve(own.get('T')));
    const name = partial === null ? prefix : prefix === '' ? partial : `${prefix}.${partial}`;
    const dict = await withInherited(document, own, above);
    const kids = await document.array(own.get('Kids'));
    const fields: PdfObject[] = [];
    const widgets: PdfRef[] = [];
    for (const kid of kids) {
      if ((await document.dict(kid)).get('T') !== null) fields.push(kid);
      else if (kid instanceof PdfRef) widgets.push(kid);
    }
    for (const kid of fields) await visit(kid, name, dict);
    if (fields.length > 0 || name === '') return;
    const shown = kids.length === 0 ? [ref] : widgets;
    const field = await readField(document, name, ref, dict, await widgetsOf(document, shown, placing));
    if (field === null) return;
    const before = found.get(name);
    found.set(name, before === undefined ? field : merged(before, field));
  };
  const defaults = new PdfDict(
    ['DA', 'Q'].flatMap((key) => (form.get(key) === null ? [] : [[key, form.get(key)]])),
  );
  for (const root of roots) await visit(root, '', defaults);
  return [...found.values()];
}

function merged(field: FormField, twin: FormField): FormField {
  if (field.kind !== twin.kind) throw unreadable(`two fields of different kinds are called ${field.name}`);
  return {
    ...field,
    refs: [...field.refs, ...twin.refs],
    widgets: [...field.widgets, ...twin.widgets],
    options: distinct([...field.options, ...twin.options]),
  };
}

/** The dictionary's own entries, resolved, over those of its ancestors. */
async function withInherited(document: PdfDocument, own: PdfDict, above: PdfDict): Promise<PdfDict> {
  const entries = new Map<string, PdfObject>();
  for (const key of INHERITED) {
    const value = await document.resolve(own.get(key) ?? above.get(key));
    if (value !== null) entries.set(key, value);
  }
  const label = await document.resolve(own.get('TU'));
  if (label !== null) entries.set('TU', label);
  return new PdfDict(entries);
}

async function readField(
  document: PdfDocument,
  name: string,
  ref: PdfRef,
  dict: PdfDict,
  widgets: Widget[],
): Promise<FormField | null> {
  const flags = Number(dict.get('Ff') ?? 0);
  const base = { name, refs: [ref], dict, flags, widgets, cells: null };
  const value = dict.get('V');
  if (isName(dict.get('FT'), 'Tx')) {
    if ((flags & (PASSWORD | FILE_SELECT)) !== 0) return null;
    const limit = dict.get('MaxLen');
    const comb = (flags & COMB) !== 0 && (flags & MULTILINE) === 0 && typeof limit === 'number' && limit > 0;
    return { ...base, kind: 'text', options: [], value: linesOf(value), cells: comb ? limit : null };
  }
  if (isName(dict.get('FT'), 'Ch')) {
    const chosen = textOf((await document.array(value))[0] ?? value) ?? '';
    // Whoever may write something else is asked to write.
    if ((flags & COMBO) !== 0 && (flags & EDIT) !== 0) {
      return { ...base, kind: 'text', options: [], value: chosen };
    }
    return { ...base, kind: 'choice', options: await listOptions(document, dict), value: chosen };
  }
  if (!isName(dict.get('FT'), 'Btn') || (flags & PUSH_BUTTON) !== 0) return null;
  const options = await buttonOptions(document, dict, widgets);
  const state = value instanceof PdfName ? value.value : 'Off';
  return {
    ...base,
    kind: (flags & RADIO) !== 0 || options.length > 1 ? 'choice' : 'check',
    options,
    value: options.find((option) => option.state === state)?.value ?? '',
  };
}

/** Line ends as forms and people write them. */
function linesOf(value: PdfObject): string {
  return (textOf(value) ?? '').replace(/\r\n?/g, '\n');
}

/** Export values with what is shown for them (12.7.5.4). */
async function listOptions(document: PdfDocument, dict: PdfDict): Promise<FormField['options']> {
  const options: FormField['options'][number][] = [];
  for (const item of await document.array(dict.get('Opt'))) {
    const pair = await document.array(item);
    const value = textOf(await document.resolve(pair[0] ?? item));
    if (value === null || value === '') continue;
    const label = textOf(await document.resolve(pair[1] ?? null)) ?? value;
    options.push({ value, state: value, label: readable(label) });
  }
  return distinct(options);
}

/** The states that the widgets can show (12.7.5.2.3). */
async function buttonOptions(
  document: PdfDocument,
  dict: PdfDict,
  widgets: readonly Widget[],
): Promise<FormField['options']> {
  const exports = await document.array(dict.get('Opt'));
  const options: FormField['options'][number][] = [];
  for (const [index, { onState }] of widgets.entries()) {
    if (onState === null) continue;
    const exported = textOf(await document.resolve(exports[index] ?? null));
    const value = stateText(onState);
    options.push({ state: onState, value, label: readable(exported ?? value) });
  }
  return distinct(options);
}

function distinct(options: FormField['options']): FormField['options'] {
  return options.filter(({ value }, at) => options.findIndex((other) => other.value === value) === at);
}

/** Names are UTF-8 by agreement (7.3.5); older Japanese programs wrote Shift_JIS. */
function stateText(name: string): string {
  const octets = Buffer.from(name, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder('shift_jis').decode(octets);
  }
}

async function widgetsOf(
  document: PdfDocument,
  refs: readonly PdfRef[],
  places: ReadonlyMap<number, { page: number; order: number }>,
): Promise<Widget[]> {
  const widgets: Widget[] = [];
  for (const ref of refs) {
    const dict = await document.dict(ref);
    if (!isName(await document.resolve(dict.get('Subtype')), 'Widget')) continue;
    const rect = await rectOf(document, dict.get('Rect'));
    const place = places.get(ref.num);
    const hidden = (Number((await document.resolve(dict.get('F'))) ?? 0) & UNSEEN) !== 0;
    const visible = place !== undefined && !hidden && rect[0] < rect[2] && rect[1] < rect[3];
    const normal = await document.resolve((await document.dict(dict.get('AP'))).get('N'));
    const states = normal instanceof PdfDict ? [...normal.entries.keys()] : [];
    const own = states.find((state) => state !== 'Off');
    widgets.push({
      ref,
      dict,
      page: visible ? place.page : null,
      order: place?.order ?? 0,
      rect,
      // What has no look of its own is told from its siblings by its place.
      onState: own ?? (states.length > 0 ? null : refs.length > 1 ? String(widgets.length) : 'Yes'),
      drawn: normal instanceof PdfStream || states.length > 0,
    });
  }
  return widgets;
}

async function rectOf(document: PdfDocument, value: PdfObject): Promise<Widget['rect']> {
  const sides: number[] = [];
  for (const item of await document.array(value)) sides.push(Number((await document.resolve(item)) ?? 0));
  const [a = 0, b = 0, c = 0, d = 0] = sides;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Where each annotation stands: page from 1, and its place among all. */
async function placesOf(document: PdfDocument): Promise<Map<number, { page: number; order: number }>> {
  const places = new Map<number, { page: number; order: number }>();
  let page = 0;
  for await (const { dict } of pagesOf(document)) {
    page++;
    for (const item of await document.array(dict.get('Annots'))) {
      if (item instanceof PdfRef && !places.has(item.num)) {
        places.set(item.num, { page, order: places.size });
      }
    }
  }
  return places;
}

/** One line without controls, short enough for a form's label. */
function readable(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return [...line].length > LABEL_LIMIT ? `${[...line].slice(0, LABEL_LIMIT - 1).join('')}…` : line;
}
