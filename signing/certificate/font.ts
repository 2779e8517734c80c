/** fontkit 2 in the shape pdf-lib expects of a font engine: its own older one drops Japanese glyphs when it makes a subset. */
import * as fontkit from 'fontkit';
import type { PDFDocument } from 'pdf-lib';
import { SigningError } from '../ports.ts';

type Fontkit = Parameters<PDFDocument['registerFontkit']>[0];

/** pdf-lib reads a subset as a stream of one chunk. */
interface SubsetStream {
  on(event: string, listener: (bytes: Uint8Array) => void): SubsetStream;
}

export interface OpenedFont {
  readonly engine: Fontkit;
  /** /BaseFont of the subset: a tag, then the font's own name (ISO 32000-2 9.9.2). */
  readonly subsetName: string;
}

/** One glyph a character, in order; no ligatures or alternates, so that what is written is what stands there. */
export function openForDrawing(file: Uint8Array): OpenedFont {
  const font = openFont(file);
  const shaped = Object.assign(Object.create(font), {
    layout: (text: string) => ({ glyphs: [...text].map((character) => glyphOf(font, character)) }),
    createSubset: () => streaming(font.createSubset()),
  });
  const engine = { create: () => shaped } as unknown as Fontkit;
  return { engine, subsetName: `KEIYKU+${font.postscriptName ?? 'Certificate'}` };
}

function streaming(subset: fontkit.Subset): fontkit.Subset & { encodeStream(): SubsetStream } {
  return Object.assign(subset, {
    encodeStream(): SubsetStream {
      const stream: SubsetStream = {
        on(event, listener) {
          if (event === 'data') listener(subset.encode());
          if (event === 'end') listener(new Uint8Array(0));
          return stream;
        },
      };
      return stream;
    },
  });
}

/** The characters of `text` that the font cannot draw, each once. */
export function missingGlyphs(file: Uint8Array): (text: string) => string[] {
  const font = openFont(file);
  return (text) =>
    [...new Set(text)].filter((character) => !font.hasGlyphForCodePoint(character.codePointAt(0)!));
}

function glyphOf(font: fontkit.Font, character: string): fontkit.Glyph {
  const codePoint = character.codePointAt(0)!;
  if (font.hasGlyphForCodePoint(codePoint)) return font.glyphForCodePoint(codePoint);
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  throw new SigningError(`the certificate's font has no glyph for ${character} (${name})`, {
    transient: false,
  });
}

function openFont(file: Uint8Array): fontkit.Font {
  const opened = fontkit.create(Buffer.from(file));
  if ('createSubset' in opened) return opened;
  throw new SigningError("the certificate's font is a collection; name a single font file", {
    transient: false,
  });
}
