/**
 * The consent page's behaviour: tabs, viewer, checklist and the confirming dialog. Every sentence comes from the
 * page's data attributes; without this script the page still works through its links and forms.
 */
import { startBoxes } from './boxes.js';
import { dropDraft, dropDrafts, keepDrafts } from './drafts.js';
import { startFinding } from './find.js';
import { startPageList } from './page-list.js';
import { PdfView } from './pdf-view.js';

document.documentElement.classList.add('js');
const viewer = document.querySelector('[data-viewer]');
if (viewer !== null) startConsentPage(viewer);
const arrived = document.querySelector('[data-arrived]');
if (arrived !== null) dropDraft(arrived.dataset.arrived);
if (document.querySelector('[data-ended]') !== null) dropDrafts();
// Last: a submission that was held back has not been sent.
for (const form of document.querySelectorAll('form[data-once]')) submitOnce(form);

/** A second press must not send a second request. */
function submitOnce(form) {
  // A button may stand elsewhere on the page.
  const buttons = () => [...form.elements].filter((element) => element.type === 'submit');
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent === 'yes') event.preventDefault();
    form.dataset.sent = 'yes';
    for (const button of buttons()) button.setAttribute('aria-disabled', 'true');
  });
  // Coming back with the browser's button finds the form usable again.
  window.addEventListener('pageshow', () => {
    delete form.dataset.sent;
    for (const button of buttons()) button.removeAttribute('aria-disabled');
  });
}

function startConsentPage(viewer) {
  const tabs = [...document.querySelectorAll('[data-tab]')];
  const status = viewer.querySelector('[data-status]');
  const position = viewer.querySelector('[data-position]');
  const pages = viewer.querySelector('[data-pages]');
  const seen = new Set(remembered(viewer));
  const say = (text) => {
    status.textContent = text;
  };
  const fillIn = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

  /** `loading`, `shown`, `partly` or `failed`. */
  const tellState = (state) => {
    say(viewer.dataset[state] ?? '');
    if (state === 'partly' || state === 'failed') status.append(' ', downloadOf(current).cloneNode(true));
  };

  let current = 0;
  const pageLabel = (page) => fillIn(viewer.dataset.pageLabel, { page });
  const view = new PdfView(pages, {
    pageLabel,
    onState: (state) => {
      if (state === 'loading') finding.reset();
      else if (state !== 'failed') list.fill();
      tellState(state);
    },
    onPage: (page, total) => {
      list.mark(page);
      position.textContent = fillIn(viewer.dataset.positionText, {
        document: current + 1,
        documents: tabs.length,
        page,
        pages: total,
      });
    },
  });

  const list = startPageList(viewer, view, pageLabel);
  const finding = startFinding(viewer, view);

  let boxes = null;
  function tellCount() {
    document.querySelector('[data-count]').textContent = String(seen.size + boxes.filled());
  }

  function markSeen(index) {
    seen.add(index);
    remember(viewer, seen);
    const item = document.querySelector(`[data-item="document-${index + 1}"]`);
    item.classList.add('done');
    item.querySelector('[data-mark]').textContent = viewer.dataset.seen;
    tellCount();
  }

  let shown = Promise.resolve();
  function show(index) {
    shown = load(index);
    return shown;
  }

  async function goTo({ document, page, rect }) {
    await (current === document - 1 ? shown : show(document - 1));
    if (current === document - 1) await view.spot(page, rect);
  }

  async function load(index) {
    current = index;
    tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    pages.setAttribute('aria-labelledby', tabs[index].id);
    position.textContent = fillIn(viewer.dataset.positionLoading, {
      document: index + 1,
      documents: tabs.length,
    });
    tellState('loading');
    finding.reset();
    try {
      const state = await view.open(tabs[index].href);
      if (state === null) return;
      list.fill();
      tellState(state);
      if (state === 'shown') markSeen(index);
    } catch (error) {
      if (current !== index) return;
      console.warn(error);
      tellState('failed');
    }
  }

  function reveal(index) {
    tabs[index].scrollIntoView({ block: 'start' });
    tabs[index].focus({ preventScroll: true });
    return show(index);
  }

  document.querySelector('[data-tabs]').setAttribute('role', 'tablist');
  tabs.forEach((tab, index) => {
    tab.parentElement.setAttribute('role', 'presentation');
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', pages.id);
    tab.addEventListener('click', (event) => {
      // Whoever asks for a window of its own gets it.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(index);
    });
    tab.addEventListener('keydown', (event) => {
      const last = tabs.length - 1;
      const next = {
        ArrowRight: index === last ? 0 : index + 1,
        ArrowLeft: index === 0 ? last : index - 1,
        Home: 0,
        End: last,
        ' ': index,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      tabs[next].focus();
      show(next);
    });
  });
  pages.setAttribute('role', 'tabpanel');

  // Whoever cannot see the pages here has looked at the file instead.
  document.addEventListener('click', ({ target }) => {
    const link = target.closest('[data-download]');
    if (link !== null) markSeen(Number(link.dataset.download) - 1);
  });
  tabs.forEach((_, index) => {
    document.querySelector(`[data-item="document-${index + 1}"] a`).addEventListener('click', (event) => {
      event.preventDefault();
      reveal(index);
    });
  });

  // The reminder takes room from the page: it goes as soon as the reader goes on.
  const dropReminder = () => status.textContent === viewer.dataset.notYet && say('');
  for (const type of ['pointerdown', 'wheel', 'keydown']) {
    viewer.addEventListener(type, dropReminder, { passive: true });
  }

  const acts = { in: () => view.zoomIn(), out: () => view.zoomOut(), fit: () => view.fit() };
  for (const button of viewer.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', acts[button.dataset.zoom]);
  }
  const keys = { '+': 'in', '=': 'in', ';': 'in', '-': 'out', 0: 'fit' };
  pages.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[keys[event.key]];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  startExpanding(viewer);
  tellOpened(viewer.dataset.opened);
  startConfirming(() => {
    const open = tabs.findIndex((_, index) => !seen.has(index));
    dropReminder();
    if (open === -1) return !boxes.askForOpen();
    reveal(open).then(() => say(viewer.dataset.notYet));
    return false;
  });
  keepDrafts(viewer.dataset.version);
  boxes = startBoxes({
    goTo: (place) => goTo(place).catch((error) => console.warn(error)),
    reveal: () => viewer.scrollIntoView({ block: 'start' }),
    onChange: tellCount,
    filledMark: viewer.dataset.seen,
  });
  for (const index of seen) markSeen(index);
  tellCount();
  show(0);
}

/** The link in the list below the viewer. */
function downloadOf(index) {
  return document.querySelector(`.downloads [data-download="${index + 1}"]`);
}

/** Scanners run scripts, too; hands they have none. */
function tellOpened(url) {
  const gestures = ['pointerdown', 'keydown', 'wheel', 'touchstart'];
  const tell = (event) => {
    if (!event.isTrusted) return;
    for (const type of gestures) removeEventListener(type, tell);
    fetch(url, { method: 'POST', keepalive: true }).catch((error) => console.warn(error));
  };
  for (const type of gestures) addEventListener(type, tell, { passive: true });
}

/** Which documents of this very set were shown before the page was left to confirm or to correct. */
function remembered({ dataset }) {
  try {
    return JSON.parse(sessionStorage.getItem(dataset.version) ?? '[]');
  } catch {
    return [];
  }
}

function remember({ dataset }, seen) {
  try {
    sessionStorage.setItem(dataset.version, JSON.stringify([...seen]));
  } catch {
    // Where storage is switched off, every document is looked at once more.
  }
}

/** 拡大表示: the viewer takes the whole window until the button or Escape gives it back. */
function startExpanding(viewer) {
  const button = viewer.querySelector('[data-expand]');
  const set = (on) => {
    viewer.classList.toggle('expanded', on);
    document.body.classList.toggle('behind', on);
    button.setAttribute('aria-pressed', String(on));
    button.textContent = on ? button.dataset.close : button.dataset.open;
  };
  button.addEventListener('click', () => set(!viewer.classList.contains('expanded')));
  viewer.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') set(false);
  });
}

/** 完了する opens the dialog instead of the page for browsers without JavaScript; boxes are judged by the server first. */
function startConfirming(mayConfirm) {
  const dialog = document.querySelector('[data-confirm]');
  const form = document.querySelector('[data-act]');
  let confirmed = false;
  dialog?.querySelector('[data-final]').addEventListener('click', () => {
    confirmed = true;
  });
  window.addEventListener('pageshow', () => {
    confirmed = false;
  });
  form.addEventListener('submit', (event) => {
    if (confirmed) return;
    const ready = mayConfirm();
    if (ready && typeof dialog?.showModal !== 'function') return;
    event.preventDefault();
    if (ready) dialog.showModal();
  });
  document.querySelector('[data-item="act"] a').addEventListener('click', (event) => {
    event.preventDefault();
    form.querySelector('button').focus();
  });
}
