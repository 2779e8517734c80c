/**
 * What one revision step changed, and whether that was allowed: everything else is refused (ISO 32000-2
 * 12.8.2; shadow and saving attacks).
 */
import type { PdfDocument } from './document.ts';
import type { SignatureField } from './fields.ts';
import {
  equalObjects,
  isArray,
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  referencesIn,
  sameRef,
} from './objects.ts';

/**
 * A step ends in a signature, a document timestamp, or (null) the end of the file; `preparation` ends in the first
 * signature of ours above somebody else's, with the fields that were prepared for it and its successors.
 */
export type Step =
  | { readonly kind: 'signature' | 'document-timestamp'; readonly field: SignatureField }
  | { readonly kind: 'preparation'; readonly prepared: readonly SignatureField[] }
  | null;

const SIGNATURE_KEYS = new Set([
  ...['Type', 'Filter', 'SubFilter', 'ByteRange', 'Contents', 'M', 'Reason', 'Location', 'Name'],
]);
const FIELD_KEYS = new Set(['Type', 'Subtype', 'FT', 'T', 'F', 'Rect', 'P', 'AP', 'V']);

/** Why the step from `before` to `after` is not an allowed one; empty when it is. */
export async function stepProblems(before: PdfDocument, after: PdfDocument, step: Step): Promise<string[]> {
  const kept = after.sections.slice(after.sections.length - before.sections.length);
  const grown =
    after.sections.length > before.sections.length &&
    kept.every((section, index) => section.offset === before.sections[index]!.offset);
  if (!grown) return ['revisions: the later one does not build on the earlier'];
  const judge = new Judge(before, after);
  await judge.findChanges();
  if (step?.kind === 'signature') await judge.fieldFilled(step.field);
  else if (step?.kind === 'preparation') await judge.preparation(step.prepared);
  else await judge.closing(step?.field ?? null);
  return judge.verdict();
}

class Judge {
  private readonly before: PdfDocument;
  private readonly after: PdfDocument;
  private readonly changed = new Set<number>();
  private readonly explained = new Set<number>();
  private readonly problems: string[] = [];

  constructor(before: PdfDocument, after: PdfDocument) {
    this.before = before;
    this.after = after;
  }

  verdict(): string[] {
    const unexplained = [...this.changed].filter((num) => !this.explained.has(num));
    if (unexplained.length > 0) this.problems.push(`changed: objects ${unexplained.slice(0, 10).join(', ')}`);
    return this.problems;
  }

  /** Objects that differ, whichever of the new sections names them. */
  async findChanges(): Promise<void> {
    const { before, after } = this;
    const added = after.sections.slice(0, after.sections.length - before.sections.length);
    const sameInfo = equalObjects(before.trailer.get('Info'), after.trailer.get('Info'));
    if (!sameRef(before.rootRef, after.rootRef) || !sameInfo) this.problems.push('changed: the trailer');
    const { nextNumber } = before;
    for (const section of added) {
      if (section.hidden !== null) this.problems.push('changed: hidden objects');
      for (const [num, entry] of section.entries) {
        if (num === 0) continue;
        const isNew = await isAbsent(before, num);
        // A number that was free may still be referred to from what was signed.
        if (isNew && num < nextNumber) this.problems.push(`changed: object ${num}, free before`);
        const isOwnStream = entry.type === 'plain' && entry.offset === section.offset;
        if (!(isNew && isOwnStream) && !(await this.sameStored(num))) this.changed.add(num);
      }
    }
  }

  /** The field got its /V, a new signature dictionary, and nothing else happened to it. */
  async fieldFilled(field: SignatureField): Promise<void> {
    const before = await this.before.get(field.ref);
    const after = await this.after.get(field.ref);
    const empty = before instanceof PdfDict && before.get('V') === null;
    if (!empty || !equalObjects(before.with('V', field.value), after)) {
      this.problems.push(`changed: the field ${field.name}`);
      return;
    }
    this.explained.add(field.ref.num);
    await this.newSignature(field);
  }

  /** Only the DSS grew and, with `field`, a document timestamp came in. */
  async closing(field: SignatureField | null): Promise<void> {
    const before = await this.before.catalog();
    const after = await this.after.catalog();
    if (!equalBut(before, after, ['DSS', 'AcroForm'])) this.problems.push('changed: the catalog');
    this.explained.add(this.after.rootRef.num);
    await this.dss(before.get('DSS'), after.get('DSS'));
    if (field !== null && (await this.before.get(field.ref)) !== null) {
      await this.formOf(before, after, []);
      await this.fieldFilled(field);
    } else await this.formOf(before, after, field === null ? [] : [field]);
  }

  /** Fields came in, one of them signed, and the extension that PAdES asks for; the pages are as they were. */
  async preparation(fields: readonly SignatureField[]): Promise<void> {
    const before = await this.before.catalog();
    const after = await this.after.catalog();
    if (!equalBut(before, after, ['Extensions', 'AcroForm'])) this.problems.push('changed: the catalog');
    this.explained.add(this.after.rootRef.num);
    const extensions = await this.holder(before.get('Extensions'), after.get('Extensions'));
    const [old, grown] = [extensions.before ?? new PdfDict(), extensions.after ?? new PdfDict()];
    const same = old instanceof PdfDict && grown instanceof PdfDict && equalBut(old, grown, ['ESIC']);
    if (!same) this.problems.push('changed: the extensions');
    await this.formOf(before, after, fields);
  }

  private async newSignature({ name, value: signature }: SignatureField): Promise<void> {
    const dict = await this.after.resolve(signature);
    const isNew = signature instanceof PdfRef && (await this.before.get(signature)) === null;
    const plain =
      dict instanceof PdfDict &&
      !dict.ambiguous &&
      [...dict.entries].every(([key, value]) => SIGNATURE_KEYS.has(key) && !(value instanceof PdfRef));
    if (isNew && plain) this.explained.add(signature.num);
    else this.problems.push(`changed: the signature of ${name} is no new plain dictionary`);
  }

  /** What the DSS reaches is new or was the DSS's before; it cannot reach, and so change, the document itself. */
  private async dss(before: PdfObject, after: PdfObject): Promise<void> {
    const old = await reachable(this.before, before);
    for (const num of await reachable(this.after, after)) {
      const existed = !(await isAbsent(this.before, num));
      const object = await byNumber(this.after, num);
      const typed =
        object instanceof PdfStream && ['Type', 'Subtype'].some((key) => object.dict.get(key) !== null);
      if ((existed && !old.has(num)) || typed) this.problems.push(`changed: object ${num} through the DSS`);
      else this.explained.add(num);
    }
  }

  private async formOf(before: PdfDict, after: PdfDict, fields: readonly SignatureField[]): Promise<void> {
    const old = await this.holder(before.get('AcroForm'), after.get('AcroForm'));
    if (!(old.before instanceof PdfDict && old.after instanceof PdfDict)) {
      this.problems.push('changed: the form');
      return;
    }
    if (!equalBut(old.before, old.after, ['Fields', 'SigFlags'])) this.problems.push('changed: the form');
    await this.appended(old.before.get('Fields'), old.after.get('Fields'), fields, 'the fields');
    const pages = new Map<number, { page: PdfRef; fields: SignatureField[] }>();
    for (const field of fields) {
      const page = await this.newField(field);
      if (page === null) continue;
      const known = pages.get(page.num) ?? { page, fields: [] };
      known.fields.push(field);
      pages.set(page.num, known);
    }
    for (const { page, fields: added } of pages.values()) await this.pageOf(page, added);
  }

  /** The page of a new field that shows nothing; null where it is not one. */
  private async newField(field: SignatureField): Promise<PdfRef | null> {
    const dict = await this.after.get(field.ref);
    const rect = dict instanceof PdfDict ? dict.get('Rect') : null;
    const page = dict instanceof PdfDict ? dict.get('P') : null;
    const invisible = isArray(rect) && rect.length === 4 && rect.every((side) => side === 0);
    const proper =
      dict instanceof PdfDict &&
      !dict.ambiguous &&
      isName(dict.get('Subtype'), 'Widget') &&
      isName(dict.get('FT'), 'Sig') &&
      dict.get('T') instanceof PdfString &&
      [...dict.entries.keys()].every((key) => FIELD_KEYS.has(key));
    const appearance = proper ? await this.emptyAppearance(dict.get('AP')) : false;
    if (!proper || !invisible || !appearance || !(page instanceof PdfRef)) {
      this.problems.push(`changed: ${field.name} is no invisible signature field`);
      return null;
    }
    this.explained.add(field.ref.num);
    if (field.value !== null) await this.newSignature(field);
    return page;
  }

  private async pageOf(page: PdfRef, fields: readonly SignatureField[]): Promise<void> {
    const before = await this.before.get(page);
    const after = await this.after.get(page);
    // Some producers leave /Type out; to anything but a page, /Annots means nothing.
    const isPage =
      before instanceof PdfDict && (before.get('Type') === null || isName(before.get('Type'), 'Page'));
    if (!isPage || !(after instanceof PdfDict) || !equalBut(before, after, ['Annots'])) {
      this.problems.push('changed: the page of a new field');
      return;
    }
    this.explained.add(page.num);
    await this.appended(before.get('Annots'), after.get('Annots'), fields, 'the annotations');
  }

  /** No appearance, or a new form that draws nothing. */
  private async emptyAppearance(value: PdfObject): Promise<boolean> {
    if (value === null) return true;
    const normal = value instanceof PdfDict && value.entries.size === 1 ? value.get('N') : null;
    if (!(normal instanceof PdfRef) || (await this.before.get(normal)) !== null) return false;
    const form = await this.after.get(normal);
    if (!(form instanceof PdfStream) || form.length !== 0) return false;
    this.explained.add(normal.num);
    return true;
  }

  /** The list is as before but for `fields` at its end. */
  private async appended(
    before: PdfObject,
    after: PdfObject,
    fields: readonly SignatureField[],
    what: string,
  ): Promise<void> {
    const lists = await this.holder(before, after);
    const old = isArray(lists.before) ? lists.before : [];
    const expected = [...old, ...fields.map(({ ref }) => ref)];
    if (!isArray(lists.after ?? []) || !equalObjects(expected, lists.after ?? [])) {
      this.problems.push(`changed: ${what}`);
    }
  }

  /** Both values resolved; where both are the same reference, a change of that object is the caller's to judge. */
  private async holder(
    before: PdfObject,
    after: PdfObject,
  ): Promise<{ before: PdfObject; after: PdfObject }> {
    if (after instanceof PdfRef) {
      if (!sameRef(before, after)) this.problems.push(`changed: a reference to object ${after.num}`);
      this.explained.add(after.num);
    }
    return { before: await this.before.resolve(before), after: await this.after.resolve(after) };
  }

  private async sameStored(num: number): Promise<boolean> {
    const before = await byNumber(this.before, num);
    const after = await byNumber(this.after, num);
    if (before instanceof PdfStream && after instanceof PdfStream) {
      if (before.start === after.start && before.length === after.length) return true;
      if (!equalObjects(before.dict, after.dict)) return false;
      return Buffer.compare(await this.before.rawData(before), await this.after.rawData(after)) === 0;
    }
    const wasThere = !(await isAbsent(this.before, num));
    return wasThere === !(await isAbsent(this.after, num)) && equalObjects(before, after);
  }
}

function equalBut(before: PdfDict, after: PdfDict, except: readonly string[]): boolean {
  const rest = (dict: PdfDict): PdfDict =>
    new PdfDict(
      [...dict.entries].filter(([key]) => !except.includes(key)),
      dict.ambiguous,
    );
  return equalObjects(rest(before), rest(after));
}

async function byNumber(document: PdfDocument, num: number): Promise<PdfObject> {
  const entry = document.entries.get(num);
  return document.get(new PdfRef(num, entry?.type === 'plain' ? entry.gen : 0));
}

async function isAbsent(document: PdfDocument, num: number): Promise<boolean> {
  return (document.entries.get(num)?.type ?? 'free') === 'free';
}

/** Numbers of all objects reachable from `value`. */
async function reachable(document: PdfDocument, value: PdfObject): Promise<Set<number>> {
  const seen = new Set<number>();
  const open = referencesIn(value);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (seen.has(ref.num)) continue;
    seen.add(ref.num);
    for (const found of referencesIn(await document.get(ref))) open.push(found);
  }
  return seen;
}
