/**
 * What was written outlives a reload, a change of the language, a question to the municipality and a form that did not
 * arrive: this tab keeps it (sessionStorage) until its link has ended, for others may use the computer next. Never kept
 * are PINs and codes, and what is confirmed with a tick of its own.
 */

/** Every page of a link stands below its path, /c/SECRET. */
const PREFIX = `written ${location.pathname.split('/').slice(0, 3).join('/')} `;
const FIELDS = '[data-document] :is(input, select, textarea), details textarea';

/** `version` names the set of documents; to be called before the fields are looked at. */
export function keepDrafts(version) {
  const key = PREFIX + version;
  const fields = [...document.querySelectorAll(FIELDS)];
  const kept = read(key);
  for (const field of fields) {
    // What the server complains of stands there as it was sent.
    if (Object.hasOwn(kept, field.id) && field.getAttribute('aria-invalid') !== 'true') {
      write(field, kept[field.id]);
    }
    for (const type of ['input', 'change']) {
      field.addEventListener(type, () => {
        kept[field.id] = field.type === 'checkbox' ? field.checked : field.value;
        store(key, kept);
      });
    }
  }
}

/** What has arrived is no draft any more; what only was sent may not have arrived. */
export function dropDraft(id) {
  for (const key of keysKept()) {
    const { [id]: _, ...others } = read(key);
    store(key, others);
  }
}

/** What this link asked for is done, or cannot be done any more. */
export function dropDrafts() {
  for (const key of keysKept()) sessionStorage.removeItem(key);
}

function keysKept() {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function write(field, value) {
  if (field.type === 'checkbox') field.checked = value;
  else field.value = value;
  const fold = field.closest('details');
  if (fold !== null && value !== '') fold.open = true;
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}');
  } catch {
    return {};
  }
}

function store(key, kept) {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Where storage is switched off or full, what is written lives as long as the page.
  }
}
