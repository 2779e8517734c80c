/** Decides whether an uploaded PDF can be taken, and refuses with one of a closed list of reasons (R13, R18). */
import { PdfDocument } from './pdf/document.ts';
import { signatureFields } from './pdf/fields.ts';
import { isName, PdfName, type PdfObject, PdfRef } from './pdf/objects.ts';
import { PdfProblem } from './pdf/problem.ts';
import { sha256Of } from './pdf/source.ts';
import type { ByteSource, Inspection, PdfRefusal } from './ports.ts';

export interface InspectLimits {
  /** Embedded files a document may carry; none when absent. */
  readonly attachments?: number;
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
  const forward = await document.forwardReference();
  if (forward !== null) throw new PdfProblem('unreadable', `object ${forward} is referred to but never was`);
  await refuseForm(document, limits);
  const { pages, attachments } = await countPages(document);
  const files = attachments + (await countEmbedded(document));
  if (files > (limits.attachments ?? 0)) throw new PdfProblem('attachments', `${files} embedded files`);
  const newest = document.sections[0]!;
  return {
    ok: true,
    pages,
    size: source.size,
    sha256: await sha256Of(source),
    version: await versionOf(document),
    hybrid: document.sections.some((section) => section.hidden !== null),
    xref: newest.kind,
  };
}

async function refuseForm(document: PdfDocument, limits: InspectLimits): Promise<void> {
  const catalog = await document.catalog();
  const form = await document.dict(catalog.get('AcroForm'));
  if (form.get('XFA') !== null) throw new PdfProblem('xfa', 'the form is XFA');
  const rights = await document.dict(catalog.get('Perms'));
  const certified = await certifiedLevel(document, rights.get('DocMDP'));
  if (certified === 1) throw new PdfProblem('certified', 'certified with no changes allowed');
  const signed = (await signatureFields(document)).filter((field) => field.value !== null);
  const locked = certified !== null || rights.get('UR3') !== null || signed.length > 0;
  if (locked && limits.signedUploads !== 'append') {
    throw new PdfProblem('already-signed', `${signed.length} filled signature fields`);
  }
}

/** P of a certification signature: 1 allows no change at all; null without one (ISO 32000-2 12.8.2.2). */
async function certifiedLevel(document: PdfDocument, signature: PdfObject): Promise<number | null> {
  for (const item of await document.array((await document.dict(signature)).get('Reference'))) {
    const reference = await document.dict(item);
    if (!isName(await document.resolve(reference.get('TransformMethod')), 'DocMDP')) continue;
    const level = await document.resolve((await document.dict(reference.get('TransformParams'))).get('P'));
    return typeof level === 'number' ? level : 2;
  }
  return null;
}

async function countPages(document: PdfDocument): Promise<{ pages: number; attachments: number }> {
  let pages = 0;
  let attachments = 0;
  for await (const page of document.pages()) {
    pages++;
    for (const item of await document.array(page.dict.get('Annots'))) {
      const subtype = await document.resolve((await document.dict(item)).get('Subtype'));
      if (isName(subtype, 'FileAttachment')) attachments++;
    }
  }
  if (pages === 0) throw new PdfProblem('unreadable', 'no pages');
  return { pages, attachments };
}

/** Leaves of the /EmbeddedFiles name tree (7.7.4, 7.9.6). */
async function countEmbedded(document: PdfDocument): Promise<number> {
  const names = await document.dict((await document.catalog()).get('Names'));
  const visited = new Set<number>();
  const count = async (node: PdfObject): Promise<number> => {
    if (node instanceof PdfRef) {
      if (visited.has(node.num)) return 0;
      visited.add(node.num);
    }
    const dict = await document.dict(node);
    let files = Math.floor((await document.array(dict.get('Names'))).length / 2);
    for (const kid of await document.array(dict.get('Kids'))) files += await count(kid);
    return files;
  };
  return count(names.get('EmbeddedFiles'));
}

/** The catalog may name a later version than the header (7.2.2). */
async function versionOf(document: PdfDocument): Promise<string> {
  const named = await document.resolve((await document.catalog()).get('Version'));
  const version = named instanceof PdfName ? named.value : '';
  return version > document.headerVersion ? version : document.headerVersion;
}
