/**
 * Opens one PDF with pdf.js, in parts or whole, and tells whether its letters could be drawn.
 * pdf.js's legacy build is taken because it also runs on telephones that are a few years old.
 */

import { sourceInParts, wholeSource } from './parts.js';

const PDFJS = '/assets/pdfjs';

let library = null;

function loadLibrary() {
  library ??= import(`${PDFJS}/legacy/build/pdf.min.mjs`).then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerSrc = `${PDFJS}/legacy/build/pdf.worker.min.mjs`;
    return pdfjs;
  });
  return library;
}

/** What was to be shown can be fetched or drawn in part only; the whole file may help. */
export class IncompleteError extends Error {
  name = 'IncompleteError';
}

/**
 * `{ pdfjs, file, lost }` of the document at `url`; `lost` is rejected once parts of it cannot be had. Aborting `signal` gives
 * everything back.
 */
export async function openFile(url, signal, whole) {
  const pdfjs = await loadLibrary();
  let lose;
  const lost = new Promise((_, reject) => {
    lose = (error) => reject(new IncompleteError('parts of the document cannot be had', { cause: error }));
  });
  // Whoever waits for a page hears of it; nobody may wait at the moment.
  lost.catch(() => {});
  const source = whole ? await wholeSource(url, signal) : await sourceInParts(pdfjs, url, signal, lose);
  const task = pdfjs.getDocument({
    ...source,
    cMapUrl: `${PDFJS}/cmaps/`,
    standardFontDataUrl: `${PDFJS}/standard_fonts/`,
    wasmUrl: `${PDFJS}/wasm/`,
    iccUrl: `${PDFJS}/iccs/`,
    isEvalSupported: false,
  });
  const end = () => task.destroy();
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return { pdfjs, file: await Promise.race([task.promise, lost]), lost };
}

/** Whether pdf.js gave up a font: it goes on without its letters then, and keeps the reason in the font's place. */
export function lacksLetters(page) {
  for (const [, font] of page.commonObjs) if (typeof font === 'string') return true;
  return false;
}
