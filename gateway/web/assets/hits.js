/** Marks found words over a page: boxes beside the text, so that any direction of writing and any zoom keeps them. */

/**
 * Marks the `hits` (`{ from, to, down }`: twice a piece of text and a letter in it, and whether they run down) in `pieces`, the
 * elements of a page's text; returns the box that a hit begins with, by hit. `page` is the element that holds both.
 */
export function markHits(page, pieces, hits, current) {
  for (const mark of page.querySelectorAll('.hit')) mark.remove();
  const frame = page.getBoundingClientRect();
  const begins = new Map();
  for (const hit of hits) {
    for (let piece = hit.from.piece; piece <= hit.to.piece; piece += 1) {
      const first = piece === hit.from.piece ? hit.from.letter : 0;
      const last = piece === hit.to.piece ? hit.to.letter : Number.POSITIVE_INFINITY;
      for (const box of boxesOf(pieces[piece], first, last)) {
        const aside = hit.down ? asideOf(pieces[piece]) : 0;
        const mark = document.createElement('div');
        mark.className = hit === current ? 'hit current' : 'hit';
        mark.style.left = share(box.left - aside * box.width - frame.left, frame.width);
        mark.style.top = share(box.top - frame.top, frame.height);
        mark.style.width = share(box.width, frame.width);
        mark.style.height = share(box.height, frame.height);
        page.append(mark);
        if (!begins.has(hit)) begins.set(hit, mark);
      }
    }
  }
  return begins;
}

/** Where the letters from `first` up to, and without, `last` stand in the window. */
function boxesOf(piece, first, last) {
  const text = piece?.firstChild;
  if (text?.nodeType !== Node.TEXT_NODE) return [];
  const range = document.createRange();
  range.setStart(text, Math.min(first, text.length));
  range.setEnd(text, Math.min(last, text.length));
  const line = piece.getBoundingClientRect();
  return [...range.getClientRects()]
    .map((box) => within(line, box))
    .filter(({ width, height }) => width > 0 && height > 0);
}

/** Letters take the whole height of their font, which is more than that of their line. */
function within(line, box) {
  const [left, top] = [Math.max(line.left, box.left), Math.max(line.top, box.top)];
  const [right, bottom] = [Math.min(line.right, box.right), Math.min(line.bottom, box.bottom)];
  return { left, top, width: right - left, height: bottom - top };
}

/** How far right of its letters pdf.js lays a line that runs down, in its widths: by the font's ascent, where its middle belongs. */
function asideOf(piece) {
  const { fontFamily } = getComputedStyle(piece);
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `100px ${fontFamily}`;
  const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = pen.measureText('');
  // pdf.js takes four fifths where the browser does not tell.
  return (above > 0 ? above / (above + below) : 0.8) - 0.5;
}

function share(part, whole) {
  return `${(100 * part) / whole}%`;
}
