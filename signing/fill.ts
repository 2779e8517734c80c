/**
 * Fills in a document's form as a revision of its own, before anything is signed, and locks it: a change after a signature
 * would break what was signed (R27, ISO 32000-2 12.7).
 */
import {
  appearanceStream,
  type Frame,
  frameOf,
  markOperators,
  place,
  shownText,
  textOperators,
} from './boxes/appearance.ts';
import type { PlacedText } from './boxes/layout.ts';
import { boxesOf, type FormField, formFields, READ_ONLY, type Widget } from './pdf/boxes.ts';
import { PdfDocument } from './pdf/document.ts';
import { type TextSetter, textSetter } from './pdf/font.ts';
import { dictOf, PdfDict, PdfName, type PdfObject, textString } from './pdf/objects.ts';
import { appendPlain } from './pdf/signature-revision.ts';
import { typeface } from './pdf/typeface.ts';
import { RevisionWriter } from './pdf/writer.ts';
import {
  type AppendedRevision,
  type ByteSource,
  type FillingFault,
  type FillOptions,
  SigningError,
} from './ports.ts';

interface Drawing {
  readonly field: FormField;
  readonly widget: Widget;
  readonly frame: Frame;
  readonly placed: PlacedText | null;
}

interface Plan {
  readonly faults: readonly FillingFault[];
  readonly fields: readonly FormField[];
  readonly values: ReadonlyMap<string, string>;
  /** Texts to be drawn. */
  readonly drawings: readonly Drawing[];
  readonly setter: TextSetter;
}

/** Why fill() would reject these values; empty when it would not. Reads no more than the form. */
export async function fillingFaults(source: ByteSource, options: FillOptions): Promise<FillingFault[]> {
  return [...(await planned(await PdfDocument.open(source), options)).faults];
}

/**
 * Appends the values with their appearances. Boxes that are not named stay as they are; all are read-only afterwards.
 * Rejects with SigningError where fillingFaults() names a fault.
 */
export async function fill(source: ByteSource, options: FillOptions): Promise<AppendedRevision> {
  const document = await PdfDocument.open(source);
  const plan = await planned(document, options);
  const [fault] = plan.faults;
  if (fault !== undefined) {
    const { name, code, detail } = fault;
    throw new SigningError(`box ${name} cannot be filled: ${code} ${detail ?? ''}`.trim(), {
      transient: false,
    });
  }
  const writer = new RevisionWriter(document);
  for (const field of plan.fields) await setValue(writer, field, plan.values.get(field.name));
  await drawTexts(writer, plan);
  for (const field of plan.fields) {
    const value = plan.values.get(field.name);
    if (value !== undefined && isButton(field)) await switchButtons(document, writer, field, value);
  }
  await writer.edit(document.rootRef, ['AcroForm'], (form) => without(form, ['NeedAppearances']));
  return appendPlain(document, writer);
}

async function planned(document: PdfDocument, { values, fonts }: FillOptions): Promise<Plan> {
  const open = new Set((await boxesOf(document)).map(({ name }) => name));
  const fields = await formFields(document);
  const faults: FillingFault[] = [];
  const wanted = new Map(values.map(({ name, value }) => [name, value]));
  for (const name of wanted.keys()) if (!open.has(name)) faults.push({ name, code: 'unknown', detail: null });
  const form = await document.dict((await document.catalog()).get('AcroForm'));
  // Viewers that were told to draw for themselves must not be left with nothing once they no longer are.
  const undrawn = (await document.resolve(form.get('NeedAppearances'))) === true;
  const face = typeface(fonts);
  const setter = textSetter(fonts);
  const drawings: Drawing[] = [];
  for (const field of fields) {
    if (isButton(field)) {
      const value = wanted.get(field.name) ?? '';
      if (value === '' || field.options.some((option) => option.value === value)) continue;
      faults.push({ name: field.name, code: 'not-an-option', detail: value });
      continue;
    }
    const value = wanted.get(field.name) ?? (undrawn ? field.value : '');
    if (!wanted.has(field.name) && (value === '' || field.widgets.every(({ drawn }) => drawn))) continue;
    const text = shownText(field, value);
    const [missing] = face.missing(text.replaceAll('\n', ''));
    if (missing !== undefined) {
      faults.push({ name: field.name, code: 'bad-character', detail: missing });
      continue;
    }
    for (const widget of field.widgets) {
      const frame = await frameOf(document, field, widget);
      const placed = text === '' ? null : place(text, field, frame, setter);
      if (text !== '' && placed === null && widget.page !== null) {
        faults.push({ name: field.name, code: 'no-room', detail: null });
        break;
      }
      drawings.push({ field, widget, frame, placed });
    }
  }
  return { faults, fields, values: wanted, drawings, setter };
}

function isButton({ dict }: FormField): boolean {
  const type = dict.get('FT');
  return type instanceof PdfName && type.value === 'Btn';
}

async function setValue(writer: RevisionWriter, field: FormField, value: string | undefined): Promise<void> {
  for (const ref of field.refs) {
    await writer.editDict(ref, (dict) => {
      const locked = dict.with('Ff', field.flags | READ_ONLY);
      if (value === undefined) return locked;
      // Rich text would be shown in the value's place, a selection by index beside it.
      return without(locked, ['RV', 'I']).with('V', storedValue(field, value));
    });
  }
}

function storedValue(field: FormField, value: string): PdfObject {
  if (!isButton(field)) return textString(value.replaceAll('\n', '\r'));
  return new PdfName(stateOf(field, value));
}

function stateOf(field: FormField, value: string): string {
  return field.options.find((option) => option.value === value)?.state ?? 'Off';
}

async function drawTexts(writer: RevisionWriter, { drawings, setter }: Plan): Promise<void> {
  // All glyphs have to be known before the fonts are cut down to them.
  const drawn = drawings.map(({ field, frame, placed }) => textOperators(placed, field, frame, setter));
  const fonts = setter.embed(writer);
  for (const [index, { widget, frame, placed }] of drawings.entries()) {
    const stream = appearanceStream(writer, frame, drawn[index]!, placed === null ? [] : fonts);
    await writer.editDict(widget.ref, (dict) => dict.with('AP', dictOf({ N: stream })));
  }
}

/** Each widget shows its own state or none; one without appearances gets a tick. */
async function switchButtons(
  document: PdfDocument,
  writer: RevisionWriter,
  field: FormField,
  value: string,
): Promise<void> {
  const state = stateOf(field, value);
  for (const widget of field.widgets) {
    const own = widget.onState === state ? state : 'Off';
    if (!widget.drawn) {
      const frame = await frameOf(document, field, widget);
      const stream = (on: boolean): PdfObject =>
        appearanceStream(writer, frame, markOperators(on, frame), []);
      const states = dictOf({ [widget.onState!]: stream(true), Off: stream(false) });
      await writer.editDict(widget.ref, (dict) =>
        dict.with('AP', dictOf({ N: states })).with('AS', new PdfName(own)),
      );
    } else {
      await writer.editDict(widget.ref, (dict) => dict.with('AS', new PdfName(own)));
    }
  }
}

function without(object: PdfObject, keys: readonly string[]): PdfDict {
  const entries = object instanceof PdfDict ? [...object.entries] : [];
  return new PdfDict(entries.filter(([key]) => !keys.includes(key)));
}
