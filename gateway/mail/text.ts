// Brings a line somebody typed into one shape: width folded, invisible characters gone (Unicode UAX #15, NFKC).

// Compatibility ideographs are left alone: normalising would replace the very character a name is written with (福, 神).
const FOLDABLE = /[^\u{F900}-\u{FAFF}\u{2F800}-\u{2FA1F}]+/gu;
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu;

/** NFKC except for compatibility ideographs; runs of white space become one space, ends are trimmed. Idempotent. */
export function normaliseLine(line: string): string {
  return normaliseKeepingNames(line.replace(INVISIBLE, ''), 'NFKC').replace(/\s+/gu, ' ').trim();
}

/** Normalises all but compatibility ideographs, of which NFC, too, would make other characters (神 U+FA19 → U+795E). */
export function normaliseKeepingNames(text: string, form: 'NFC' | 'NFKC'): string {
  return text.replace(FOLDABLE, (run) => run.normalize(form));
}
