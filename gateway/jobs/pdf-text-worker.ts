/** Reads the text of PDFs in a process of its own, which can be ended when a file takes too long (ISO 32000-2 9.10). */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { TextAnswer, TextQuestion } from './pdf-text.ts';

const PDFJS = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

process.on('disconnect', () => process.exit());
process.on('message', async ({ content, maxPages, maxCharacters }: TextQuestion) => {
  const pages = await textOf(content, maxPages, maxCharacters).catch(() => null);
  process.send!({ pages } satisfies TextAnswer);
});

async function textOf(content: Uint8Array, maxPages: number, maxCharacters: number): Promise<string[]> {
  const task = getDocument({
    data: new Uint8Array(content),
    verbosity: VerbosityLevel.ERRORS,
    // Japanese fonts that are not embedded name their characters by these maps.
    cMapUrl: `${join(PDFJS, 'cmaps')}/`,
    cMapPacked: true,
    standardFontDataUrl: `${join(PDFJS, 'standard_fonts')}/`,
    disableFontFace: true,
    isEvalSupported: false,
    useWasm: false,
  });
  try {
    const document = await task.promise;
    const pages: string[] = [];
    let characters = 0;
    for (let number = 1; number <= Math.min(document.numPages, maxPages); number++) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : ''));
      pages.push(text.join(''));
      characters += pages.at(-1)!.length;
      page.cleanup();
      if (characters > maxCharacters) break;
    }
    return pages;
  } finally {
    await task.destroy();
  }
}
