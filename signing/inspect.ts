/** Decides whether an uploaded PDF can be taken, and refuses with one of a closed list of reasons (R13, R18). */
import { activeContent, activeOnPage, embeddedFiles, filesOnPage } from './pdf/active.ts';
import { boxesOf } from './pdf/boxes.ts';
import { PdfDocument } from './pdf/document.ts';
import { type SignatureField, signatureFields } from './pdf/fields.ts';
import { ForwardReferences } from './pdf/forward.ts';
import { lockAgainstSigning } from './pdf/locks.ts';
import { isName, type PdfDict, PdfName, PdfRef } from './pdf/objects.ts';
import { isOurField } from './pdf/ours.ts';
import { type Page, pagesOf } from './pdf/pages.ts';
import { PdfProblem, unreadable } from './pdf/problem.ts';
import { sha256Of } from './pdf/source.ts';
import type { ByteSource, Inspection, PdfRefusal } from './ports.ts';

export interface InspectLimits {
  /** Take documents that already carry signatures (decided 14); refused when absent. */
  readonly signedUploads?: 'refuse' | 'append';
}

/** Resolves to what was learned or to the refusal; rejects only with the source's own errors. */
export async function inspect(
  source: ByteSource,
  limits: InspectLimits = {},
): Promise<Inspection | PdfRefusal> {
  try {
    return await examine(source, limits);
  } catch (error) {
    if (error instanceof PdfProblem) return { ok: false, code: error.code, detail: error.message };
    throw error;
  }
}

async function examine(source: ByteSource, limits: InspectLimits): Promise<Inspection> {
  const document = await PdfDocument.open(source);
  await document.checkEntries();
  const forward = await new ForwardReferences(document).finish();
  if (forward !== null) throw unreadable(`object ${forward} is referred to but never was`);
  const signed = await refuseForm(document, limits);
  await refuseWhole(document);
  const { pages, files } = await examinePages(document, signed);
  const embedded = files + (await embeddedFiles(document));
  // Nobody who consents sees what is in them: pages alone are shown.
  if (embedded > 0) throw new PdfProblem('attachments', `${embedded} embedded files`);
  const newest = document.sections[0]!;
  return {
    ok: true,
    pages,
    size: source.size,
    sha256: await sha256Of(source),
    version: await versionOf(document),
    hybrid: document.sections.some((section) => section.hidden !== null),
    xref: newest.kind,
    signed: signed.length > 0,
    boxes: await boxesOf(document),
  };
}

/** The filled signature fields, where files that have any may be taken (decided 14). */
async function refuseForm(document: PdfDocument, limits: InspectLimits): Promise<SignatureField[]> {
  const catalog = await document.catalog();
  const form = await document.dict(catalog.get('AcroForm'));
  if (form.get('XFA') !== null || (await document.resolve(catalog.get('NeedsRendering'))) === true) {
    throw new PdfProblem('xfa', 'the form is XFA');
  }
  const rights = await document.dict(catalog.get('Perms'));
  if (['UR', 'UR3'].some((key) => rights.get(key) !== null)) {
    throw new PdfProblem('usage-rights', 'usage rights of Adobe Reader, which any change voids');
  }
  const fields = await signatureFields(document);
  if (fields.some(({ name }) => isOurField(name))) {
    throw new PdfProblem('already-signed', 'a document of this system already');
  }
  const signed = fields.filter((field) => field.value !== null);
  const lock = await lockAgainstSigning(document, signed);
  if (lock !== null) throw new PdfProblem('certified', lock);
  if (rights.get('DocMDP') !== null && signed.length === 0) {
    throw new PdfProblem('already-signed', 'certified by a signature that is no field of the form');
  }
  if (signed.length > 0 && limits.signedUploads !== 'append') {
    throw new PdfProblem('already-signed', `${signed.length} filled signature fields`);
  }
  return signed;
}

async function refuseWhole(document: PdfDocument): Promise<void> {
  const catalog = await document.catalog();
  refuseAmbiguous(document.trailer, 'the trailer');
  refuseAmbiguous(catalog, 'the catalog');
  if (catalog.get('Collection') !== null) {
    throw new PdfProblem('portfolio', 'a collection of files, whose cover page is all that is shown');
  }
  const active = await activeContent(document);
  if (active !== null) throw new PdfProblem('active-content', active);
}

/** Of a key that stands twice some readers believe the first, others the last. */
function refuseAmbiguous(dict: PdfDict, what: string): void {
  if (dict.ambiguous) throw new PdfProblem('contradictory-xref', `a key of ${what} stands twice`);
}

async function examinePages(
  document: PdfDocument,
  signed: readonly SignatureField[],
): Promise<{ pages: number; files: number }> {
  const known = new Set(signed.map(({ ref }) => ref.num));
  let pages = 0;
  let files = 0;
  for await (const page of pagesOf(document)) {
    if (++pages === 1) await refuseWithoutSize(document, page);
    const type = await document.resolve(page.dict.get('Type'));
    if (type !== null && !isName(type, 'Page')) throw unreadable(`page ${pages} is no page`);
    refuseAmbiguous(page.dict, `page ${pages}`);
    const active = await activeOnPage(document, page);
    if (active !== null) throw new PdfProblem('active-content', `page ${pages}: ${active}`);
    if (await hasStraySignature(document, page, known)) {
      throw new PdfProblem('already-signed', `page ${pages} shows a signature that is no field of the form`);
    }
    files += await filesOnPage(document, page);
  }
  if (pages === 0) throw unreadable('no pages');
  return { pages, files };
}

/** The ID could not be placed on such a page. */
async function refuseWithoutSize(document: PdfDocument, page: Page): Promise<void> {
  const sides = await document.array(page.inherited.get('MediaBox'));
  const numbers = await Promise.all(sides.map((side) => document.resolve(side)));
  if (numbers.length !== 4 || numbers.some((side) => typeof side !== 'number')) {
    throw unreadable('page 1 has no size');
  }
}

/** Some readers look for signatures on the pages, others in the form alone: they would see two documents. */
async function hasStraySignature(document: PdfDocument, page: Page, known: ReadonlySet<number>) {
  for (const item of await document.array(page.dict.get('Annots'))) {
    const widget = await document.dict(item);
    const signature = isName(await document.resolve(widget.get('FT')), 'Sig') && widget.get('V') !== null;
    if (signature && !(item instanceof PdfRef && known.has(item.num))) return true;
  }
  return false;
}

/** The catalog may name a later version than the header (7.2.2). */
async function versionOf(document: PdfDocument): Promise<string> {
  const named = await document.resolve((await document.catalog()).get('Version'));
  const version = named instanceof PdfName ? named.value : '';
  return version > document.headerVersion ? version : document.headerVersion;
}
