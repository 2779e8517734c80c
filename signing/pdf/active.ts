/**
 * What could show readers something else than what was signed, and what a PDF carries beside its pages: scripts, programs,
 * media, embedded files (ISO 32000-2 7.7.4, 7.11.4, 12.6, 13). Scripts of form fields are left alone: they run when somebody
 * types, and what was typed before the signature is in the file.
 */
import type { PdfDocument } from './document.ts';
import { isArray, isName, PdfDict, PdfName, type PdfObject, PdfRef } from './objects.ts';
import type { Page } from './pages.ts';

/** Actions that only move the view; all others may change what is shown or do something outside it (12.6.4). */
const HARMLESS = new Set(['GoTo', 'GoToDp', 'Named', 'Thread', 'Trans']);
const MEDIA = new Set(['RichMedia', 'Movie', 'Sound', 'Screen', '3D']);

/** What of the whole document runs or plays; null when nothing does. */
export async function activeContent(document: PdfDocument): Promise<string | null> {
  const catalog = await document.catalog();
  const names = await document.dict(catalog.get('Names'));
  if ((await leavesOf(document, names.get('JavaScript'))) > 0) return 'a script of the document';
  return (await runs(document, catalog.get('OpenAction'))) ?? triggered(document, catalog.get('AA'));
}

/** The same for one page. */
export async function activeOnPage(document: PdfDocument, page: Page): Promise<string | null> {
  for (const item of await document.array(page.dict.get('Annots'))) {
    const subtype = await document.resolve((await document.dict(item)).get('Subtype'));
    if (subtype instanceof PdfName && MEDIA.has(subtype.value)) return subtype.value;
  }
  return triggered(document, page.dict.get('AA'));
}

/** Files that the document as a whole carries: its name tree, its associated files, LibreOffice's editable source. */
export async function embeddedFiles(document: PdfDocument): Promise<number> {
  const catalog = await document.catalog();
  const names = await document.dict(catalog.get('Names'));
  const named = await leavesOf(document, names.get('EmbeddedFiles'));
  const associated = await associatedFiles(document, catalog.get('AF'));
  const source = Math.floor((await document.array(document.trailer.get('AdditionalStreams'))).length / 2);
  // A file in the tree is associated too where a producer does both (PDF/A-3).
  return Math.max(named, associated) + source;
}

/** Files attached to one page. */
export async function filesOnPage(document: PdfDocument, page: Page): Promise<number> {
  let files = await associatedFiles(document, page.dict.get('AF'));
  for (const item of await document.array(page.dict.get('Annots'))) {
    const subtype = await document.resolve((await document.dict(item)).get('Subtype'));
    if (isName(subtype, 'FileAttachment')) files++;
  }
  return files;
}

async function associatedFiles(document: PdfDocument, value: PdfObject): Promise<number> {
  let files = 0;
  for (const item of await document.array(value)) {
    if ((await document.dict(item)).get('EF') !== null) files++;
  }
  return files;
}

/** Actions by trigger: /AA. */
async function triggered(document: PdfDocument, value: PdfObject): Promise<string | null> {
  for (const action of (await document.dict(value)).entries.values()) {
    const found = await runs(document, action);
    if (found !== null) return found;
  }
  return null;
}

/** The first action that does more than move the view, along /Next; a destination in its place is none. */
async function runs(document: PdfDocument, first: PdfObject): Promise<string | null> {
  const visited = new Set<number>();
  const open: PdfObject[] = [first];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value instanceof PdfRef) {
      if (visited.has(value.num)) continue;
      visited.add(value.num);
    }
    const action = await document.resolve(value);
    // One by one: a call takes no hundred thousand arguments.
    if (isArray(action) && value !== first) for (const item of action) open.push(item);
    if (!(action instanceof PdfDict)) continue;
    const kind = await document.resolve(action.get('S'));
    // A dictionary without a kind is a destination (12.3.2.3).
    if (kind instanceof PdfName && !HARMLESS.has(kind.value)) return kind.value;
    open.push(action.get('Next'));
  }
  return null;
}

/** Leaves of a name tree (7.9.6). */
async function leavesOf(document: PdfDocument, root: PdfObject): Promise<number> {
  const visited = new Set<number>();
  const open: PdfObject[] = [root];
  let leaves = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node instanceof PdfRef) {
      if (visited.has(node.num)) continue;
      visited.add(node.num);
    }
    const dict = await document.dict(node);
    leaves += Math.floor((await document.array(dict.get('Names'))).length / 2);
    for (const kid of await document.array(dict.get('Kids'))) open.push(kid);
  }
  return leaves;
}
