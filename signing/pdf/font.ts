/** A subset font as a composite font with Identity-H (ISO 32000-2 9.7, 9.8), so that PDF/A's demand for embedding is met. */
import { deflateSync } from 'node:zlib';
import * as fontkit from 'fontkit';
import { SigningError } from '../ports.ts';
import { asciiString, dictOf, PdfDict, PdfName, type PdfRef } from './objects.ts';
import type { RevisionWriter } from './writer.ts';

export interface EmbeddedText {
  readonly font: PdfRef;
  /** Hexadecimal glyph numbers, the operand of Tj. */
  readonly glyphs: string;
  /** Width in units of the font size. */
  readonly width: number;
}

/** fontkit's subset as it is; its published types give includeGlyph a wrong result and hide the rest. */
interface GlyphSubset {
  /** The glyph's number in the subset. */
  includeGlyph(glyph: fontkit.Glyph): number;
  encode(): Uint8Array;
  /** Every glyph taken, components of composites included once encoded. */
  readonly glyphs: readonly number[];
}

const SYMBOLIC = 4;

/** Embeds what `text` needs of `fontFile`; rejects naming the first character the font lacks. */
export function embedText(writer: RevisionWriter, fontFile: Uint8Array, text: string): EmbeddedText {
  const font = openFont(fontFile);
  const chosen = chooseGlyphs(font, text);
  const name = new PdfName(`KEIYKU+${font.postscriptName ?? 'Stamp'}`);
  const outlines = 'cff' in chosen.subset;
  const descendant = dictOf({
    Type: new PdfName('Font'),
    Subtype: new PdfName(outlines ? 'CIDFontType0' : 'CIDFontType2'),
    BaseFont: name,
    CIDSystemInfo: dictOf({
      Registry: asciiString('Adobe'),
      Ordering: asciiString('Identity'),
      Supplement: 0,
    }),
    FontDescriptor: embedProgram(writer, font, chosen.subset, name),
    W: [...chosen.widths].flatMap(([id, width]) => [id, [Math.round(width * 1000)]]),
    ...(outlines ? {} : { CIDToGIDMap: new PdfName('Identity') }),
  });
  const ref = writer.add(
    dictOf({
      Type: new PdfName('Font'),
      Subtype: new PdfName('Type0'),
      BaseFont: name,
      Encoding: new PdfName('Identity-H'),
      DescendantFonts: [writer.add(descendant)],
      ToUnicode: writer.addStream(new PdfDict(), toUnicode(chosen.characters)),
    }),
  );
  return { font: ref, glyphs: chosen.glyphs, width: chosen.width };
}

function chooseGlyphs(font: fontkit.Font, text: string) {
  const subset = font.createSubset() as unknown as GlyphSubset;
  const widths = new Map<number, number>();
  const characters = new Map<number, string>();
  let glyphs = '';
  let width = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    if (!font.hasGlyphForCodePoint(codePoint)) {
      const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
      throw new SigningError(`the stamp font has no glyph for ${character} (${name})`, { transient: false });
    }
    const glyph = font.glyphForCodePoint(codePoint);
    const id = subset.includeGlyph(glyph);
    const advance = glyph.advanceWidth / font.unitsPerEm;
    glyphs += id.toString(16).padStart(4, '0');
    width += advance;
    widths.set(id, advance);
    characters.set(id, character);
  }
  return { subset, glyphs, width, widths, characters };
}

/** The font program and its descriptor. */
function embedProgram(
  writer: RevisionWriter,
  font: fontkit.Font,
  subset: GlyphSubset,
  name: PdfName,
): PdfRef {
  const program = subset.encode();
  const outlines = 'cff' in subset;
  const filter = { Filter: new PdfName('FlateDecode') };
  const kind = outlines ? { Subtype: new PdfName('CIDFontType0C') } : { Length1: program.length };
  const file = writer.addStream(dictOf({ ...filter, ...kind }), deflateSync(program));
  const scale = (value: number): number => Math.round((value * 1000) / font.unitsPerEm);
  const { minX, minY, maxX, maxY } = font.bbox;
  return writer.add(
    dictOf({
      Type: new PdfName('FontDescriptor'),
      FontName: name,
      Flags: SYMBOLIC,
      FontBBox: [minX, minY, maxX, maxY].map(scale),
      ItalicAngle: font.italicAngle,
      Ascent: scale(font.ascent),
      Descent: scale(font.descent),
      CapHeight: scale(font.capHeight || font.ascent),
      StemV: 80,
      [outlines ? 'FontFile3' : 'FontFile2']: file,
      CIDSet: writer.addStream(new PdfDict(), cidSet(subset.glyphs.length - 1)),
    }),
  );
}

function openFont(fontFile: Uint8Array): fontkit.Font {
  const opened = fontkit.create(Buffer.from(fontFile));
  if (!('createSubset' in opened)) {
    throw new SigningError('the stamp font is a collection; name a single font file', { transient: false });
  }
  return opened;
}

/** One bit for each glyph of the subset, the highest bit first (9.8.3.2). */
function cidSet(highest: number): Uint8Array {
  const bits = new Uint8Array((highest >> 3) + 1).fill(255);
  bits[bits.length - 1] = 256 - (1 << (7 - (highest & 7)));
  return bits;
}

/** The CMap that lets readers search and copy the text (9.10.3). */
function toUnicode(characters: ReadonlyMap<number, string>): Uint8Array {
  const pairs = [...characters].map(([id, character]) => {
    const unicode = Buffer.from(character, 'utf16le').swap16().toString('hex');
    return `<${id.toString(16).padStart(4, '0')}> <${unicode}>`;
  });
  const blocks: string[] = [];
  // A block holds at most 100 entries.
  for (let start = 0; start < pairs.length; start += 100) {
    const block = pairs.slice(start, start + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return Buffer.from(
    [
      '/CIDInit /ProcSet findresource begin',
      '12 dict begin',
      'begincmap',
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
      '/CMapName /Adobe-Identity-UCS def',
      '/CMapType 2 def',
      '1 begincodespacerange\n<0000> <ffff>\nendcodespacerange',
      ...blocks,
      'endcmap',
      'CMapName currentdict /CMap defineresource pop',
      'end',
      'end',
    ].join('\n'),
  );
}
