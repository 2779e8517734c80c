/** The list of a document's pages: small pictures, drawn as they come into sight, that lead to their page. */

const PICTURE_WIDTH = 88;

/** `pageLabel(number)` names a page. `fill()` takes the document that is shown; `mark(page)` says which page is in sight. */
export function startPageList(viewer, view, pageLabel) {
  const toggle = viewer.querySelector('[data-list]');
  const list = viewer.querySelector('[data-page-list]');
  let filled = false;
  let current = 1;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        picture(target).catch((error) => console.warn(error));
      }
    },
    { root: list, rootMargin: '0px 200px' },
  );

  async function picture(button) {
    if (view.file === null) return;
    const canvas = await drawn(view.file, Number(button.dataset.page));
    // Another document may have been opened meanwhile.
    if (button.isConnected) button.prepend(canvas);
  }

  function build() {
    filled = true;
    for (let page = 1; page <= view.pageCount; page += 1) {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.page = String(page);
      button.textContent = pageLabel(page);
      button.addEventListener('click', () => view.goToPage(page));
      const item = document.createElement('li');
      item.append(button);
      list.append(item);
      observer.observe(button);
    }
    mark(current);
  }

  function mark(page) {
    current = page;
    list.querySelector('[aria-current]')?.removeAttribute('aria-current');
    list.children[page - 1]?.firstElementChild.setAttribute('aria-current', 'true');
  }

  toggle.addEventListener('click', () => {
    list.hidden = !list.hidden;
    toggle.setAttribute('aria-expanded', String(!list.hidden));
    if (!list.hidden && !filled) build();
  });
  return {
    mark,
    fill() {
      observer.disconnect();
      list.replaceChildren();
      filled = false;
      if (!list.hidden) build();
    },
  };
}

async function drawn(file, number) {
  const page = await file.getPage(number);
  const scale = PICTURE_WIDTH / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(viewport.width);
  canvas.height = Math.ceil(viewport.height);
  canvas.setAttribute('aria-hidden', 'true');
  await page.render({ canvas, viewport }).promise;
  return canvas;
}
