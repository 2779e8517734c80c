/**
 * An ordered list of fonts as one typeface: each written character is drawn from the first font that has it, exactly as it
 * is written (ideographic variation sequences: UTS #37), or named as missing.
 */
import * as fontkit from 'fontkit';
import { SigningError } from '../ports.ts';
import { type VariationLookup, variationLookup } from './variation.ts';

/** TrueType/OpenType files, the preferred one first. */
export type FontFiles = readonly Uint8Array[];

export interface OpenFont {
  readonly font: fontkit.Font;
  readonly variation: VariationLookup;
}

/** One written character and the glyph that draws it. */
export interface SetGlyph {
  readonly character: string;
  readonly from: OpenFont;
  /** In `from`. */
  readonly id: number;
  /** Width in units of the font size. */
  readonly advance: number;
}

export interface Typeface {
  /** Null where no font has the character as it is written. */
  glyph(character: string): SetGlyph | null;
  /** The glyphs of a line. Throws SigningError naming the first character that no font has. */
  glyphs(text: string): SetGlyph[];
  /** Characters of `text` that no font has, each once. */
  missing(text: string): string[];
}

// A file is opened once for as long as somebody holds it: a name-grade font has 46 MB and 60,000 glyphs.
const opened = new WeakMap<Uint8Array, OpenFont>();
const faces = new WeakMap<FontFiles, Typeface>();

/** Throws SigningError for a file that is no single font. */
export function typeface(files: FontFiles): Typeface {
  let face = faces.get(files);
  if (face === undefined) {
    face = faceOf(files.map(openFont));
    faces.set(files, face);
  }
  return face;
}

function faceOf(fonts: readonly OpenFont[]): Typeface {
  // Only what the fonts have is kept, and they have so much and no more.
  const known = new Map<string, SetGlyph>();
  const glyph = (character: string): SetGlyph | null => {
    const before = known.get(character);
    if (before !== undefined) return before;
    for (const from of fonts) {
      const found = drawnBy(from, character);
      if (found === null) continue;
      known.set(character, found);
      return found;
    }
    return null;
  };
  return {
    glyph,
    glyphs: (text) => charactersOf(text).map((character) => glyph(character) ?? noGlyph(character)),
    missing: (text) => [...new Set(charactersOf(text))].filter((character) => glyph(character) === null),
  };
}

/** A base with the variation selectors and combining marks that belong to it: what must never be torn apart. */
export function charactersOf(text: string): string[] {
  return text.match(/\P{M}\p{M}*|\p{M}+/gsu) ?? [];
}

/** U+845B U+E0100 */
function codePointsOf(character: string): string {
  return [...character]
    .map((one) => `U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ');
}

function noGlyph(character: string): never {
  throw new SigningError(`no font has a glyph for ${character} (${codePointsOf(character)})`, {
    transient: false,
  });
}

function drawnBy(from: OpenFont, character: string): SetGlyph | null {
  const { font, variation } = from;
  const [base, selector, ...more] = [...composed(character)].map((one) => one.codePointAt(0)!);
  if (base === undefined || more.length > 0 || !font.hasGlyphForCodePoint(base)) return null;
  let glyph = font.glyphForCodePoint(base);
  if (selector !== undefined) {
    const variant = variation(base, selector);
    if (variant === null) return null;
    if (variant !== 'default') glyph = font.getGlyph(variant, [base, selector]);
  }
  return { character, from, id: glyph.id, advance: glyph.advanceWidth / font.unitsPerEm };
}

/**
 * か and a combining ゛ as が, which Macs write apart. Only what a mark composes: a compatibility ideograph (神) would lose
 * the form that a name is written with.
 */
function composed(character: string): string {
  const [base = '', ...marks] = [...character];
  if (marks.length === 0 || base.normalize('NFC') !== base) return character;
  return character.normalize('NFC');
}

function openFont(file: Uint8Array): OpenFont {
  let found = opened.get(file);
  if (found === undefined) {
    const font = fontkit.create(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
    if (!('createSubset' in font)) {
      throw new SigningError('a font is a collection; name a single font file', { transient: false });
    }
    found = { font, variation: variationLookup(file) };
    opened.set(file, found);
  }
  return found;
}

/** A character that no font has, with its code points for people who cannot see what it is. */
export interface MissingGlyph {
  readonly character: string;
  /** U+845B U+E0100 */
  readonly codePoints: string;
}

/** Finds the characters of a text that none of the fonts can draw, each once. */
export function missingGlyphs(files: FontFiles): (text: string) => MissingGlyph[] {
  const face = typeface(files);
  return (text) =>
    face.missing(text).map((character) => ({ character, codePoints: codePointsOf(character) }));
}
