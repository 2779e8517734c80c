/** The pages of a document, found through its page tree (ISO 32000-2 7.7.3). */
import type { PdfDocument } from './document.ts';
import { isName, PdfDict, PdfRef } from './objects.ts';
import { unreadable } from './problem.ts';

/** More than any contract has; guards against a tree crafted to be walked for hours. */
const MAX_PAGES = 100_000;
const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

export interface Page {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** The page's attributes with those of its ancestors (7.7.3.4). */
  readonly inherited: PdfDict;
}

/** Every page in reading order; rejects with PdfProblem where the tree is broken. */
export async function* pagesOf(document: PdfDocument): AsyncGenerator<Page> {
  const root = (await document.catalog()).get('Pages');
  if (!(root instanceof PdfRef)) throw unreadable('no page tree');
  const visited = new Set<number>();
  const stack: { ref: PdfRef; above: PdfDict }[] = [{ ref: root, above: new PdfDict() }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { ref, above } = next;
    const dict = await document.get(ref);
    if (!(dict instanceof PdfDict) || visited.has(ref.num) || visited.size > MAX_PAGES) {
      throw unreadable(`broken page tree at object ${ref.num}`);
    }
    visited.add(ref.num);
    let inherited = above;
    for (const key of INHERITED) if (dict.get(key) !== null) inherited = inherited.with(key, dict.get(key));
    if (!isName(dict.get('Type'), 'Pages') && dict.get('Kids') === null) {
      yield { ref, dict, inherited };
      continue;
    }
    const kids = await document.array(dict.get('Kids'));
    for (const kid of [...kids].reverse()) {
      if (!(kid instanceof PdfRef)) throw unreadable('a page that is no indirect object');
      stack.push({ ref: kid, above: inherited });
    }
  }
}

/** Page 1; rejects with PdfProblem where there is none. */
export async function firstPage(document: PdfDocument): Promise<Page> {
  for await (const page of pagesOf(document)) return page;
  throw unreadable('no pages');
}
