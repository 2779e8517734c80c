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
      const items = await textOf(view.file, page);
      if (running !== mark) return null;
      letters += items.length;
      for (const hit of hitsIn(items, query)) hits.push({ page, ...hit });
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

/** The page's pieces of text, in the order of its text layer. */
async function textOf(file, number) {
  const page = await file.getPage(number);
  const { items } = await page.getTextContent();
  return items.filter(({ str }) => str !== undefined).map(({ str }) => str);
}

function bare(text) {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** A letter with the marks that belong to it, which half-width kana write as letters of their own. */
const LETTERS = /.[\p{M}\uff9e\uff9f]*/gsu;

/** `{ from, to }` of each hit: a piece and a letter in it, `to` the one after its last; `items` are a page's pieces of text. */
function hitsIn(items, query) {
  const places = [];
  let text = '';
  items.forEach((item, piece) => {
    for (const { 0: letter, index } of item.matchAll(LETTERS)) {
      const own = bare(letter);
      text += own;
      for (let at = 0; at < own.length; at += 1) {
        places.push({ from: { piece, letter: index }, to: { piece, letter: index + letter.length } });
      }
    }
  });
  const hits = [];
  for (let at = text.indexOf(query); at !== -1; at = text.indexOf(query, at + query.length)) {
    hits.push({ from: places[at].from, to: places[at + query.length - 1].to });
  }
  return hits;
}
