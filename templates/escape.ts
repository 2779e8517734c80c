/** Keeps foreign text harmless in HTML (WHATWG HTML 13.2 attribute and text states), in URLs and in one-line places. */

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Line breaks would forge lines of our own; bidi controls would reorder what the reader sees.
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** Text for an HTML text node or a quoted attribute, without bidi controls. */
export function escapeHtml(text: string): string {
  return text.replace(BIDI_CONTROLS, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The text as one line without control characters. */
export function oneLine(text: string): string {
  return text.replace(BIDI_CONTROLS, '').replace(CONTROLS, ' ').trim();
}

/** The text as lines without control characters; at least one, empty ones at the end dropped. */
export function manyLines(text: string): string[] {
  return text
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .map(oneLine);
}

/** An absolute http(s) URL as it may stand in an href; throws RangeError for any other scheme. */
export function webUrl(url: string): string {
  if (!/^https?:\/\/[^\s"'<>\\^`{|}]+$/i.test(url)) throw new RangeError(`not a web address: ${url}`);
  return url;
}
