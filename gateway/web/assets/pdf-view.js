/**
 * Shows one PDF in a scrolling box: pages are drawn as they come near, zoomed by buttons, pinch and Ctrl+wheel.
 * pdf.js's legacy build is taken because it also runs on telephones that are a few years old.
 */

import { listenForPinch } from './pinch.js';

const PDFJS = '/assets/pdfjs';
const ZOOM_LIMITS = { min: 0.5, max: 6 };
const ZOOM_STEP = 1.25;
// Safari on telephones draws nothing on canvases above 16,777,216 pixels.
const MAX_CANVAS_PIXELS = 16_000_000;
// How far outside the box a page is still kept drawn, in CSS pixels.
const KEEP_MARGIN = '900px 0px';

let library = null;

function loadLibrary() {
  library ??= import(`${PDFJS}/legacy/build/pdf.min.mjs`).then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerSrc = `${PDFJS}/legacy/build/pdf.worker.min.mjs`;
    return pdfjs;
  });
  return library;
}

export class PdfView {
  #box;
  #onPage;
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

  /** `onPage(current, total)` hears of the page in view; `pageLabel(number)` names a page for screen readers. */
  constructor(box, { onPage, pageLabel }) {
    this.#box = box;
    this.#onPage = onPage;
    this.#pageLabel = pageLabel;
    this.#observer = new IntersectionObserver((entries) => this.#noticed(entries), {
      root: box,
      rootMargin: KEEP_MARGIN,
    });
    box.addEventListener('scroll', () => this.#tellPage(), { passive: true });
    new ResizeObserver(() => this.#settle()).observe(box);
    listenForPinch(box, { zoom: () => this.#zoom, zoomTo: (zoom) => this.#zoomTo(zoom) });
  }

  /** Resolves to true once the first page is drawn, to false when another document was opened meanwhile. */
  async open(url) {
    this.close();
    const loading = Symbol(url);
    this.#loading = { mark: loading, task: null };
    const pdfjs = await loadLibrary();
    if (this.#loading?.mark !== loading) return false;
    const task = pdfjs.getDocument({
      url,
      cMapUrl: `${PDFJS}/cmaps/`,
      standardFontDataUrl: `${PDFJS}/standard_fonts/`,
      wasmUrl: `${PDFJS}/wasm/`,
      iccUrl: `${PDFJS}/iccs/`,
      // Only what is looked at is fetched: a set of drawings may have 45 MB.
      disableAutoFetch: true,
      disableStream: true,
      // pdf.js's own size of parts stays: with 8 KB parts it left out embedded fonts now and then, and told nobody.
      isEvalSupported: false,
    });
    this.#loading.task = task;
    const file = await task.promise;
    const first = await file.getPage(1);
    if (this.#loading?.mark !== loading) return false;
    this.#zoom = 1;
    this.#file = file;
    this.#lay(pdfjs, file, first.getViewport({ scale: 1 }));
    await this.#draw(this.#slots[0]);
    this.#tellPage();
    return this.#loading?.mark === loading;
  }

  close() {
    this.#loading?.task?.destroy();
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

  /** Marks `hits` (`{ page, first, last }`, pieces of text) and brings the one numbered `at` into sight. */
  async showHits(hits, at) {
    this.#hits = hits;
    this.#hit = at;
    for (const slot of this.#slots) this.#markHits(slot);
    const hit = hits[at];
    const slot = this.#slots[hit?.page - 1];
    if (slot === undefined) return;
    this.goToPage(hit.page);
    await this.#draw(slot).catch(ignoreCancelled);
    const piece = slot.layer?.textDivs[hit.first];
    if (piece === undefined || this.#hits[this.#hit] !== hit) return;
    const [box, place] = [this.#box.getBoundingClientRect(), piece.getBoundingClientRect()];
    this.#box.scrollTop += place.top - box.top - box.height / 3;
    this.#box.scrollLeft += place.left - box.left - box.width / 4;
  }

  #markHits(slot) {
    if (slot.layer === null) return;
    for (const piece of slot.layer.textDivs) piece.classList.remove('hit', 'current');
    this.#hits.forEach((hit, index) => {
      if (hit.page !== slot.number) return;
      for (const piece of slot.layer.textDivs.slice(hit.first, hit.last + 1)) {
        piece.classList.add('hit');
        if (index === this.#hit) piece.classList.add('current');
      }
    });
  }

  /** Scrolls to `rect` (left, bottom, right, top in the page's own coordinates) on page `number` and frames it. */
  async spot(number, rect) {
    const slot = this.#slots[number - 1];
    if (slot === undefined) return;
    await this.#draw(slot).catch(ignoreCancelled);
    const viewport = (await slot.file.getPage(number)).getViewport({ scale: 1 });
    const [a, b, c, d] = viewport.convertToViewportRectangle(rect);
    const [left, top] = [Math.min(a, c) / viewport.width, Math.min(b, d) / viewport.height];
    for (const other of this.#slots) this.#mark(other, null);
    const mark = document.createElement('div');
    mark.className = 'spot';
    mark.style.left = `${100 * left}%`;
    mark.style.top = `${100 * top}%`;
    mark.style.width = `${(100 * Math.abs(c - a)) / viewport.width}%`;
    mark.style.height = `${(100 * Math.abs(d - b)) / viewport.height}%`;
    this.#mark(slot, mark);
    const [box, page] = [this.#box.getBoundingClientRect(), slot.element.getBoundingClientRect()];
    this.#box.scrollTop += page.top + top * page.height - box.top - box.height / 3;
    this.#box.scrollLeft += page.left + left * page.width - box.left - box.width / 4;
  }

  #mark(slot, mark) {
    slot.mark?.remove();
    slot.mark = mark;
    if (mark !== null) slot.element.append(mark);
  }

  #lay(pdfjs, file, size) {
    for (let number = 1; number <= file.numPages; number += 1) {
      const element = document.createElement('div');
      element.className = 'page';
      element.setAttribute('role', 'group');
      element.setAttribute('aria-label', this.#pageLabel(number));
      this.#slots.push({
        pdfjs,
        file,
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
    for (const slot of this.#slots) this.#observer.observe(slot.element);
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
        this.#draw(slot).catch(ignoreCancelled);
      } else {
        this.#near.delete(slot);
        slot.work?.cancel();
        slot.element.replaceChildren(...(slot.mark === null ? [] : [slot.mark]));
        slot.drawn = 0;
        slot.layer = null;
      }
    }
  }

  async #draw(slot) {
    const page = await slot.file.getPage(slot.number);
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
    await slot.done;
  }

  async #paint(slot, page, scale) {
    const viewport = page.getViewport({ scale });
    const sharpness = Math.min(
      window.devicePixelRatio || 1,
      Math.sqrt(MAX_CANVAS_PIXELS / (viewport.width * viewport.height)),
    );
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * sharpness);
    canvas.height = Math.floor(viewport.height * sharpness);
    canvas.setAttribute('aria-hidden', 'true');
    const work = page.render({
      canvas,
      viewport,
      transform: sharpness === 1 ? null : [sharpness, 0, 0, sharpness, 0, 0],
    });
    slot.work = work;
    await work.promise;
    const words = document.createElement('div');
    words.className = 'textLayer';
    slot.element.replaceChildren(canvas, words, ...(slot.mark === null ? [] : [slot.mark]));
    const layer = new slot.pdfjs.TextLayer({
      textContentSource: page.streamTextContent(),
      container: words,
      viewport,
    });
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
      for (const slot of this.#near) this.#draw(slot).catch(ignoreCancelled);
    }, 120);
  }

  #tellPage() {
    if (this.#slots.length === 0) return;
    this.#onPage(this.page, this.#slots.length);
  }
}

/** A drawing that was overtaken by scrolling or zooming is no failure. */
function ignoreCancelled(error) {
  if (error?.name !== 'RenderingCancelledException') console.warn(error);
}
