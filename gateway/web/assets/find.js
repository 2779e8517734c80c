/**
 * Searching the document that the viewer shows: in the browser alone, across lines, without regard to full and half
 * width, case and spaces. Every page is read once; hits are counted, and shown one after the other.
 */

/** `reset()` forgets the hits, for another document. */
export function startFinding(viewer, view) {
  const form = viewer.querySelector('[data-find]');
  const input = form.querySelector('[data-find-text]');
  const output = form.querySelector('[data-find-count]');
  const words = viewer.dataset;
  const tell = (template, values = {}) => {
    output.textContent = template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  };
  let running = null;
  let found = null;

  function reset() {
    running = null;
    found = null;
    output.textContent = '';
    view.showHits([], -1);
  }

  /** Null when another search, or another document, came between. */
  async function search(query) {
    const mark = Symbol(query);
    running = mark;
    const hits = [];
    let letters = 0;
    for (let page = 1; page <= view.pageCount; page += 1) {
      tell(words.finding, { page, pages: view.pageCount });
      const pieces = await textOf(view.file, page);
      if (running !== mark) return null;
      letters += pieces.length;
      for (const hit of hitsIn(pieces, query)) hits.push({ page, ...hit });
    }
    return { query, hits, at: -1, letters };
  }

  async function go(step) {
    const query = bare(input.value);
    if (query === '') {
      reset();
      return;
    }
    if (found?.query !== query) {
      found = await search(query);
      if (found === null) return;
      const ahead = found.hits.findIndex(({ page }) => page >= view.page);
      found.at = (ahead === -1 ? 0 : ahead) - (step > 0 ? 1 : 0);
    }
    const { hits, letters } = found;
    if (hits.length === 0) {
      tell(letters === 0 ? words.noText : words.foundNone);
      view.showHits([], -1);
      return;
    }
    found.at = (found.at + step + hits.length) % hits.length;
    tell(words.found, { hit: found.at + 1, hits: hits.length });
    await view.showHits(hits, found.at);
  }

  const started = (step) => go(step).catch((error) => console.warn(error));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    started(1);
  });
  form.querySelector('[data-find-previous]').addEventListener('click', () => started(-1));
  return { reset };
}

/** The page's pieces of text, in the order of its text layer; `down`: written from top to bottom. */
async function textOf(file, number) {
  const page = await file.getPage(number);
  const { items, styles } = await page.getTextContent();
  return items
    .filter(({ str }) => str !== undefined)
    .map(({ str, fontName }) => ({ text: str, down: styles[fontName]?.vertical === true }));
}

function bare(text) {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** A letter with the marks that belong to it, which half-width kana write as letters of their own. */
const LETTERS = /.[\p{M}\uff9e\uff9f]*/gsu;

/** `{ from, to, down }` of each hit: a piece and a letter in it, `to` the one after its last. */
function hitsIn(pieces, query) {
  const places = [];
  let text = '';
  pieces.forEach((item, piece) => {
    for (const { 0: letter, index } of item.text.matchAll(LETTERS)) {
      const own = bare(letter);
      text += own;
      for (let at = 0; at < own.length; at += 1) {
        places.push({ from: { piece, letter: index }, to: { piece, letter: index + letter.length } });
      }
    }
  });
  const hits = [];
  for (let at = text.indexOf(query); at !== -1; at = text.indexOf(query, at + query.length)) {
    const { from } = places[at];
    hits.push({ from, to: places[at + query.length - 1].to, down: pieces[from.piece].down });
  }
  return hits;
}
