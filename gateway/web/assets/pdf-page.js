/** One page of a PDF: its picture, its words over it, and a frame around a place of it. */

// Safari on telephones draws nothing on canvases above 16,777,216 pixels.
const MAX_CANVAS_PIXELS = 16_000_000;

/** `{ canvas, work }`: the picture, complete when pdf.js's `work` is done. */
export function pictureOf(page, scale) {
  const viewport = page.getViewport({ scale });
  const sharpness = Math.min(
    window.devicePixelRatio || 1,
    Math.sqrt(MAX_CANVAS_PIXELS / (viewport.width * viewport.height)),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width * sharpness);
  canvas.height = Math.floor(viewport.height * sharpness);
  canvas.setAttribute('aria-hidden', 'true');
  const transform = sharpness === 1 ? null : [sharpness, 0, 0, sharpness, 0, 0];
  return { canvas, work: page.render({ canvas, viewport, transform }) };
}

/** `{ words, layer }`: the element that will hold the words, and pdf.js's layer that writes them when told to render. */
export function wordsOf(pdfjs, page, scale) {
  const words = document.createElement('div');
  words.className = 'textLayer';
  const layer = new pdfjs.TextLayer({
    textContentSource: page.streamTextContent(),
    container: words,
    viewport: page.getViewport({ scale }),
  });
  return { words, layer };
}

/** `{ frame, left, top }`: an element around `rect` (left, bottom, right, top in the page's own coordinates), and where as shares of the page. */
export function frameOf(page, rect) {
  const viewport = page.getViewport({ scale: 1 });
  const [a, b, c, d] = viewport.convertToViewportRectangle(rect);
  const [left, top] = [Math.min(a, c) / viewport.width, Math.min(b, d) / viewport.height];
  const frame = document.createElement('div');
  frame.className = 'spot';
  frame.style.left = `${100 * left}%`;
  frame.style.top = `${100 * top}%`;
  frame.style.width = `${(100 * Math.abs(c - a)) / viewport.width}%`;
  frame.style.height = `${(100 * Math.abs(d - b)) / viewport.height}%`;
  return { frame, left, top };
}

/** A drawing that was overtaken by scrolling or zooming is no failure. */
export function isCancelled(error) {
  return error?.name === 'RenderingCancelledException';
}
