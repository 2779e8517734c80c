/**
 * The boxes that are filled in or ticked on the consent page: what is still open, and where a document has them.
 * Without this script they are plain inputs of a plain form.
 */

/**
 * `goTo(place)` shows `{ document, page, rect }` in the viewer; `reveal()` brings the viewer into sight;
 * `onChange()` hears of every change; `filledMark` is what the checklist says of a filled box.
 */
export function startBoxes({ goTo, reveal, onChange, filledMark }) {
  const boxes = [...document.querySelectorAll('[data-box]')].map(readBox);
  for (const box of boxes) {
    const changed = () => {
      box.control.removeAttribute('aria-invalid');
      settle(box, filledMark);
      onChange();
    };
    box.control.addEventListener('input', changed);
    box.control.addEventListener('change', changed);
    if (box.place !== null) {
      box.control.addEventListener('focus', () => goTo(box.place));
      box.element.querySelector('[data-spot]').addEventListener('click', () => {
        reveal();
        goTo(box.place);
      });
    }
    for (const link of document.querySelectorAll(`a[href="#${box.control.id}"]`)) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        enter(box);
      });
    }
    settle(box, filledMark);
  }
  document.querySelector('[data-faults]')?.focus();
  return {
    count: boxes.length,
    /** Required boxes that hold something. */
    filled: () => boxes.filter((box) => box.required && isFilled(box)).length,
    /** Takes the reader to the first required box that is open; false when there is none. */
    askForOpen() {
      const open = boxes.find((box) => box.required && !isFilled(box));
      if (open === undefined) return false;
      complain(open);
      enter(open);
      return true;
    },
  };
}

function readBox(element) {
  const { box, document: number, page, rect } = element.dataset;
  const control = document.getElementById(box);
  return {
    element,
    control,
    described: control.getAttribute('aria-describedby') ?? '',
    required: control.getAttribute('aria-required') === 'true',
    item: document.querySelector(`[data-item="${box}"]`),
    // What is confirmed besides stands in no document.
    place:
      number === undefined
        ? null
        : { document: Number(number), page: Number(page), rect: rect.split(' ').map(Number) },
  };
}

/** What the server or we have found wrong is open until it is changed. */
function isFilled({ control }) {
  if (control.getAttribute('aria-invalid') === 'true') return false;
  return control.type === 'checkbox' ? control.checked : control.value.trim() !== '';
}

function settle(box, filledMark) {
  const filled = isFilled(box);
  const mark = box.item.querySelector('[data-mark]');
  box.item.classList.toggle('done', filled);
  mark.textContent = filled ? filledMark : mark.dataset.open;
  const complaint = box.element.querySelector('[data-complaint]');
  if (!filled || complaint === null) return;
  complaint.remove();
  box.control.setAttribute('aria-describedby', box.described);
}

/** The same sentence that the server would answer with. */
function complain({ element, control, described }) {
  control.setAttribute('aria-invalid', 'true');
  if (element.querySelector('.fault') !== null) return;
  const sentence = document.createElement('p');
  sentence.className = 'fault';
  sentence.id = `${control.id}-fault`;
  sentence.dataset.complaint = '';
  sentence.textContent = element.dataset.missing;
  // A check box shares its line with its label.
  const line = control.type === 'checkbox' ? control.parentElement : null;
  if (line === null) control.before(sentence);
  else line.after(sentence);
  control.setAttribute('aria-describedby', `${described} ${sentence.id}`.trim());
}

function enter({ control }) {
  control.scrollIntoView({ block: 'center' });
  control.focus({ preventScroll: true });
}
