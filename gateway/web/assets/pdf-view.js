/** Shows one PDF in a scrolling box: pages are drawn as they come near, zoomed by buttons, pinch and Ctrl+wheel. */

import { markHits } from './hits.js';
import { IncompleteError, lacksLetters, openFile } from './pdf-file.js';
import { frameOf, isCancelled, pictureOf, wordsOf } from './pdf-page.js';
import { listenForPinch } from './pinch.js';

const ZOOM_LIMITS = { min: 0.5, max: 6 };
const ZOOM_STEP = 1.25;
// How far outside the box a page is still kept drawn, in CSS pixels.
const KEEP_MARGIN = '900px 0px';

export class PdfView {
  #box;
  #onPage;
  #onState;
  #pageLabel;
  #loading = null;
  #slots = [];
  #near = new Set();
  #zoom = 1;
  #redraw = 0;
  #hits = [];
  #hit = -1;
  #file = null;
  #observer;

  /**
   * `onPage(current, total)` hears of the page in view; `onState(state)` of what becomes of the document later on: `loading`,
   * `shown`, `partly` (not every letter) or `failed`; `pageLabel(number)` names a page for screen readers.
   */
  constructor(box, { onPage, onState, pageLabel }) {
    this.#box = box;
    this.#onPage = onPage;
    this.#onState = onState;
    this.#pageLabel = pageLabel;
    this.#observer = new IntersectionObserver((entries) => this.#noticed(entries), {
      root: box,
      rootMargin: KEEP_MARGIN,
    });
    box.addEventListener('scroll', () => this.#tellPage(), { passive: true });
    new ResizeObserver(() => this.#settle()).observe(box);
    listenForPinch(box, { zoom: () => this.#zoom, zoomTo: (zoom) => this.#zoomTo(zoom) });
  }

  /** Resolves to `shown` or `partly` once the first page is drawn, to null when another document was opened meanwhile. */
  async open(url) {
    this.close();
    this.#zoom = 1;
    for (let whole = false; ; whole = true) {
      const loading = this.#begin(url, whole);
      try {
        return await this.#show(loading);
      } catch (error) {
        if (this.#loading !== loading) return null;
        if (whole || !(error instanceof IncompleteError)) throw error;
        console.warn(error);
        this.close();
      }
    }
  }

  close() {
    this.#loading?.stop.abort();
    this.#loading = null;
    this.#file = null;
    this.#hits = [];
    this.#hit = -1;
    this.#observer.disconnect();
    this.#near.clear();
    this.#slots = [];
    this.#box.replaceChildren();
    this.#box.scrollTop = 0;
  }

  #begin(url, whole) {
    this.#loading = { url, whole, stop: new AbortController(), lost: null, incomplete: false };
    return this.#loading;
  }

  /** Null when it was overtaken. Pages after the first are drawn after it: it is what people wait for. */
  async #show(loading) {
    const { pdfjs, file, lost } = await openFile(loading.url, loading.stop.signal, loading.whole).catch(
      (error) => {
        if (this.#loading === loading) throw error;
        return {};
      },
    );
    if (this.#loading !== loading) return null;
    loading.lost = lost;
    const first = await Promise.race([file.getPage(1), lost]);
    if (this.#loading !== loading) return null;
    this.#file = file;
    this.#lay(pdfjs, loading, first.getViewport({ scale: 1 }));
    await this.#draw(this.#slots[0]);
    if (this.#loading !== loading) return null;
    for (const slot of this.#slots) this.#observer.observe(slot.element);
    // Searching and the list of pages wait for parts, too.
    lost.catch((error) => this.#recover(loading, error));
    this.#tellPage();
    return loading.incomplete ? 'partly' : 'shown';
  }

  /** For pages after the first: what cannot be shown so is fetched once more, whole; if that does not help, it is told. */
  async #drawLater(slot) {
    try {
      await this.#draw(slot);
    } catch (error) {
      if (!isCancelled(error)) await this.#recover(slot.loading, error);
    }
  }

  async #recover(lacking, error) {
    if (this.#loading !== lacking) return;
    console.warn(error);
    if (lacking.whole) {
      this.#onState('failed');
      return;
    }
    const [page, zoom] = [this.page, this.#zoom];
    this.close();
    this.#onState('loading');
    const loading = this.#begin(lacking.url, true);
    try {
      const state = await this.#show(loading);
      if (state === null) return;
      this.#zoomTo(zoom);
      this.goToPage(page);
      this.#onState(state);
    } catch (reason) {
      await this.#recover(loading, reason);
    }
  }

  zoomIn() {
    this.#zoomTo(this.#zoom * ZOOM_STEP);
  }

  zoomOut() {
    this.#zoomTo(this.#zoom / ZOOM_STEP);
  }

  fit() {
    this.#zoomTo(1);
  }

  get pageCount() {
    return this.#slots.length;
  }

  /** The page in view, from 1. */
  get page() {
    const line = this.#box.scrollTop + this.#box.offsetTop + this.#box.clientHeight / 3;
    const below = this.#slots.findIndex((slot) => slot.element.offsetTop > line);
    return below === -1 ? this.#slots.length : Math.max(1, below);
  }

  goToPage(number) {
    const slot = this.#slots[number - 1];
    if (slot === undefined) return;
    const [box, page] = [this.#box.getBoundingClientRect(), slot.element.getBoundingClientRect()];
    this.#box.scrollTop += page.top - box.top - this.#box.clientTop;
  }

  /** The document that is shown, for those who read more of it than the eye sees; null while there is none. */
  get file() {
    return this.#file;
  }

  /** Marks `hits` (`{ page, from, to }`, see markHits) and brings the one numbered `at` into sight. */
  async showHits(hits, at) {
    this.#hits = hits;
    this.#hit = at;
    for (const slot of this.#slots) this.#markHits(slot);
    const hit = hits[at];
    const slot = this.#slots[hit?.page - 1];
    if (slot === undefined) return;
    this.goToPage(hit.page);
    await this.#drawLater(slot);
    if (this.#hits[this.#hit] !== hit) return;
    const mark = this.#markHits(slot)?.get(hit);
    if (mark === undefined) return;
    const [box, place] = [this.#box.getBoundingClientRect(), mark.getBoundingClientRect()];
    this.#box.scrollTop += place.top - box.top - box.height / 3;
    this.#box.scrollLeft += place.left - box.left - box.width / 4;
  }

  #markHits(slot) {
    if (slot.layer === null) return undefined;
    const own = this.#hits.filter(({ page }) => page === slot.number);
    return markHits(slot.element, slot.layer.textDivs, own, this.#hits[this.#hit]);
  }

  /** Scrolls to `rect` (left, bottom, right, top in the page's own coordinates) on page `number` and frames it. */
  async spot(number, rect) {
    const slot = this.#slots[number - 1];
    if (slot === undefined) return;
    await this.#drawLater(slot);
    if (!this.#slots.includes(slot)) return;
    const { frame, left, top } = frameOf(await slot.file.getPage(number), rect);
    for (const other of this.#slots) this.#mark(other, null);
    this.#mark(slot, frame);
    const [box, page] = [this.#box.getBoundingClientRect(), slot.element.getBoundingClientRect()];
    this.#box.scrollTop += page.top + top * page.height - box.top - box.height / 3;
    this.#box.scrollLeft += page.left + left * page.width - box.left - box.width / 4;
  }

  #mark(slot, mark) {
    slot.mark?.remove();
    slot.mark = mark;
    if (mark !== null) slot.element.append(mark);
  }

  #lay(pdfjs, loading, size) {
    for (let number = 1; number <= this.#file.numPages; number += 1) {
      const element = document.createElement('div');
      element.className = 'page';
      element.setAttribute('role', 'group');
      element.setAttribute('aria-label', this.#pageLabel(number));
      this.#slots.push({
        pdfjs,
        loading,
        file: this.#file,
        number,
        element,
        width: size.width,
        height: size.height,
        drawn: 0,
        work: null,
        done: null,
        layer: null,
        mark: null,
      });
    }
    this.#box.append(...this.#slots.map((slot) => slot.element));
    this.#resize();
  }

  /** Pages fill the box's width at zoom 1. */
  #scaleOf(slot) {
    const style = getComputedStyle(this.#box);
    const room =
      this.#box.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    return (this.#zoom * Math.max(room, 100)) / slot.width;
  }

  #resize() {
    for (const slot of this.#slots) {
      const scale = this.#scaleOf(slot);
      slot.element.style.width = `${Math.floor(slot.width * scale)}px`;
      slot.element.style.height = `${Math.floor(slot.height * scale)}px`;
      slot.element.style.setProperty('--total-scale-factor', String(scale));
    }
  }

  #noticed(entries) {
    for (const { target, isIntersecting } of entries) {
      const slot = this.#slots.find((candidate) => candidate.element === target);
      if (slot === undefined) continue;
      if (isIntersecting) {
        this.#near.add(slot);
        this.#drawLater(slot);
      } else {
        this.#near.delete(slot);
        slot.work?.cancel();
        slot.element.replaceChildren(...(slot.mark === null ? [] : [slot.mark]));
        slot.drawn = 0;
        slot.layer = null;
      }
    }
  }

  /** Resolves once the page is drawn at the scale of now. */
  async #draw(slot) {
    const { lost } = slot.loading;
    const page = await Promise.race([slot.file.getPage(slot.number), lost]);
    const natural = page.getViewport({ scale: 1 });
    if (natural.width !== slot.width || natural.height !== slot.height) {
      slot.width = natural.width;
      slot.height = natural.height;
      this.#resize();
    }
    const scale = this.#scaleOf(slot);
    if (slot.drawn !== scale) {
      slot.work?.cancel();
      slot.drawn = scale;
      slot.done = this.#paint(slot, page, scale);
    }
    const { done } = slot;
    await Promise.race([done, lost]).catch((error) => {
      // The box may have changed its size meanwhile: what is drawn instead counts.
      if (!isCancelled(error) || slot.done === done) throw error;
      return this.#draw(slot);
    });
  }

  async #paint(slot, page, scale) {
    const { canvas, work } = pictureOf(page, scale);
    slot.work = work;
    await work.promise;
    if (lacksLetters(page)) {
      if (!slot.loading.whole) throw new IncompleteError(`letters of page ${slot.number} cannot be drawn`);
      slot.loading.incomplete = true;
      if (slot.number > 1) this.#onState('partly');
    }
    const { words, layer } = wordsOf(slot.pdfjs, page, scale);
    slot.element.replaceChildren(canvas, words, ...(slot.mark === null ? [] : [slot.mark]));
    await layer.render();
    slot.layer = layer;
    this.#markHits(slot);
  }

  /** Keeps the middle of the box in the middle, stretches what is drawn at once, and draws it sharp a moment later. */
  #zoomTo(zoom) {
    const wanted = Math.min(ZOOM_LIMITS.max, Math.max(ZOOM_LIMITS.min, zoom));
    if (wanted === this.#zoom || this.#slots.length === 0) return;
    const box = this.#box;
    const middle = {
      x: (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth,
      y: (box.scrollTop + box.clientHeight / 2) / box.scrollHeight,
    };
    this.#zoom = wanted;
    this.#resize();
    box.scrollLeft = middle.x * box.scrollWidth - box.clientWidth / 2;
    box.scrollTop = middle.y * box.scrollHeight - box.clientHeight / 2;
    this.#redrawSoon();
  }

  #settle() {
    this.#resize();
    this.#redrawSoon();
  }

  #redrawSoon() {
    clearTimeout(this.#redraw);
    this.#redraw = setTimeout(() => {
      for (const slot of this.#near) this.#drawLater(slot);
    }, 120);
  }

  #tellPage() {
    if (this.#slots.length === 0) return;
    this.#onPage(this.page, this.#slots.length);
  }
}
