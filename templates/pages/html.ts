/** A tagged template that escapes whatever is put into it (WHATWG HTML 13.1.2.3: quoted attributes and text only). */
import { escapeHtml } from '../escape.ts';

/** Markup of ours; only html`…` makes it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = Html | string | number | null | false | readonly Value[];

/** Strings are escaped, Html stays, lists are joined, null and false leave nothing. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(
    strings.map((text, at) => (at === 0 ? '' : markupOf(values[at - 1] ?? null)) + text).join(''),
  );
}

function markupOf(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (value === null || value === false) return '';
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escapeHtml(String(value));
}
