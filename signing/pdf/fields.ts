/** Signature fields: finding them, and adding empty invisible ones (ISO 32000-2 12.7.5.5, 12.5.2). */
import type { PdfDocument } from './document.ts';
import {
  dictOf,
  isArray,
  isName,
  type PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  textOf,
  textString,
} from './objects.ts';
import { unreadable } from './problem.ts';
import type { RevisionWriter } from './writer.ts';

export interface SignatureField {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** Fully qualified name. */
  readonly name: string;
  /** /V: null while the field is empty. */
  readonly value: PdfObject;
}

/** More than any form has; guards against a file crafted to be walked for hours. */
const MAX_FIELDS = 100_000;
/** Print and Locked (ISO 32000-2 12.5.3), so that PDF/A accepts the widget. */
const WIDGET_FLAGS = 132;
const SIGNATURES_EXIST_APPEND_ONLY = 3;

/** All signature fields in the order of the field tree; field types and values are inherited (12.7.4.1). */
export async function signatureFields(document: PdfDocument): Promise<SignatureField[]> {
  const form = await document.dict((await document.catalog()).get('AcroForm'));
  const found: SignatureField[] = [];
  const visited = new Set<number>();
  const visit = async (
    value: PdfObject,
    prefix: string,
    above: { type: PdfObject; value: PdfObject },
  ): Promise<void> => {
    if (!(value instanceof PdfRef)) throw unreadable('a form field that is no indirect object');
    if (visited.has(value.num) || visited.size > MAX_FIELDS) throw unreadable('form fields in a loop');
    visited.add(value.num);
    const dict = await document.dict(value);
    const own = textOf(await document.resolve(dict.get('T')));
    const name = own === null ? prefix : prefix === '' ? own : `${prefix}.${own}`;
    const type = dict.get('FT') ?? above.type;
    const inherited = { type, value: dict.get('V') ?? above.value };
    const kids = await document.array(dict.get('Kids'));
    const kidFields: PdfObject[] = [];
    for (const kid of kids) if ((await document.dict(kid)).get('T') !== null) kidFields.push(kid);
    for (const kid of kidFields) await visit(kid, name, inherited);
    if (kidFields.length === 0 && isName(await document.resolve(type), 'Sig')) {
      found.push({ ref: value, dict, name, value: inherited.value });
    }
  };
  for (const field of await document.array(form.get('Fields'))) {
    await visit(field, '', { type: null, value: null });
  }
  return found;
}

/** Adds an empty invisible signature field on `page` and returns its reference. */
export async function addSignatureField(
  document: PdfDocument,
  writer: RevisionWriter,
  page: PdfRef,
  name: string,
): Promise<PdfRef> {
  const appearance = writer.addStream(
    dictOf({ Type: new PdfName('XObject'), Subtype: new PdfName('Form'), BBox: [0, 0, 0, 0] }),
    new Uint8Array(0),
  );
  const field = writer.add(
    dictOf({
      Type: new PdfName('Annot'),
      Subtype: new PdfName('Widget'),
      FT: new PdfName('Sig'),
      T: textString(name),
      F: WIDGET_FLAGS,
      Rect: [0, 0, 0, 0],
      P: page,
      AP: dictOf({ N: appearance }),
    }),
  );
  const append = (list: PdfObject): PdfObject => [...(isArray(list) ? list : []), field];
  await writer.edit(document.rootRef, ['AcroForm', 'Fields'], append);
  await writer.edit(document.rootRef, ['AcroForm', 'SigFlags'], (flags) => {
    return (typeof flags === 'number' ? flags : 0) | SIGNATURES_EXIST_APPEND_ONLY;
  });
  await writer.edit(page, ['Annots'], append);
  return field;
}
