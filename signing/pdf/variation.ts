/** Which glyph a character has when a variation selector follows it (OpenType 1.9, cmap subtable format 14; UTS #37 for names). */

const UNICODE = 0;
const VARIATION_SEQUENCES = 5;

/** A glyph number; `'default'` where the font draws the sequence as it draws the character alone; null where it has none. */
export type VariationLookup = (codePoint: number, selector: number) => number | 'default' | null;

/** Reads the subtable of a TrueType/OpenType file; a font without one has no sequence at all. */
export function variationLookup(file: Uint8Array): VariationLookup {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = subtable(view);
  if (start === null) return () => null;
  const selectors = new Map<number, { usual: number; unusual: number }>();
  const count = view.getUint32(start + 6);
  for (let index = 0; index < count; index++) {
    const at = start + 10 + 11 * index;
    selectors.set(uint24(view, at), { usual: view.getUint32(at + 3), unusual: view.getUint32(at + 7) });
  }
  return (codePoint, selector) => {
    const tables = selectors.get(selector);
    if (tables === undefined) return null;
    const special = tables.unusual === 0 ? null : ownGlyph(view, start + tables.unusual, codePoint);
    if (special !== null) return special;
    return tables.usual !== 0 && isUsual(view, start + tables.usual, codePoint) ? 'default' : null;
  };
}

/** Offset of the format 14 subtable in the file. */
function subtable(view: DataView): number | null {
  const tables = view.getUint16(4);
  for (let index = 0; index < tables; index++) {
    const record = 12 + 16 * index;
    if (view.getUint32(record) !== 0x636d6170) continue;
    const cmap = view.getUint32(record + 8);
    for (let encoding = 0; encoding < view.getUint16(cmap + 2); encoding++) {
      const at = cmap + 4 + 8 * encoding;
      if (view.getUint16(at) !== UNICODE || view.getUint16(at + 2) !== VARIATION_SEQUENCES) continue;
      const start = cmap + view.getUint32(at + 4);
      return view.getUint16(start) === 14 ? start : null;
    }
  }
  return null;
}

/** Non-default table: sorted records of a code point and its glyph. */
function ownGlyph(view: DataView, table: number, codePoint: number): number | null {
  const at = lastNotAbove(view, table, 5, codePoint);
  return at !== null && uint24(view, at) === codePoint ? view.getUint16(at + 3) : null;
}

/** Default table: sorted ranges of a first code point and how many more. */
function isUsual(view: DataView, table: number, codePoint: number): boolean {
  const at = lastNotAbove(view, table, 4, codePoint);
  return at !== null && codePoint <= uint24(view, at) + view.getUint8(at + 3);
}

/** Offset of the last record whose first three octets are not above `codePoint`. */
function lastNotAbove(view: DataView, table: number, width: number, codePoint: number): number | null {
  let [low, high] = [0, view.getUint32(table)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (uint24(view, table + 4 + width * middle) <= codePoint) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : table + 4 + width * (low - 1);
}

function uint24(view: DataView, at: number): number {
  return (view.getUint16(at) << 8) | view.getUint8(at + 2);
}
