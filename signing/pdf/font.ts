/** Subset fonts as composite fonts with Identity-H (ISO 32000-2 9.7, 9.8), so that PDF/A's demand for embedding is met. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type * as fontkit from 'fontkit';
import { asciiString, dictOf, PdfDict, PdfName, type PdfObject, type PdfRef } from './objects.ts';
import { type FontFiles, type OpenFont, type SetGlyph, typeface } from './typeface.ts';

/** Where the font's objects go: a revision, or a file that is being made. */
export interface ObjectSink {
  add(object: PdfObject): PdfRef;
  /** `data` is stored as it is; the dictionary names its filter. */
  addStream(dict: PdfDict, data: Uint8Array): PdfRef;
}

/** Neighbouring glyphs of one font. */
export interface Run {
  /** The font's place in what embed() gives back. */
  readonly font: number;
  /** Hexadecimal glyph numbers, the operand of Tj. */
  readonly glyphs: string;
  /** Width in units of the font size. */
  readonly width: number;
}

/** Text to be set in the fonts of one file: collects the glyphs it takes, then embeds just those. */
export interface TextSetter {
  /** In units of the font size. Throws SigningError naming a character that no font has. */
  width(text: string): number;
  /** One line's runs, from left to right. Throws as width() does. */
  set(text: string): Run[];
  /** References to the fonts that were taken. */
  embed(sink: ObjectSink): PdfRef[];
}

/** fontkit's subset as it is; its published types hide the list that its encoder walks. */
interface GlyphSubset {
  /** Original glyph numbers in the order of the subset's; components of composites join when encoded. */
  readonly glyphs: number[];
  encode(): Uint8Array;
}

interface TakenFont {
  readonly font: fontkit.Font;
  readonly subset: GlyphSubset;
  /** The subset's number of each character. */
  readonly numbers: Map<string, number>;
  readonly advances: Map<number, number>;
}

const SYMBOLIC = 4;

export function textSetter(files: FontFiles): TextSetter {
  const face = typeface(files);
  const taken = new Map<OpenFont, TakenFont>();
  return {
    width: (text) => face.glyphs(text).reduce((sum, { advance }) => sum + advance, 0),
    set(text) {
      const runs: Run[] = [];
      for (const glyph of face.glyphs(text)) {
        const font = takenFont(taken, glyph.from);
        const place = [...taken.values()].indexOf(font);
        const hex = numberOf(font, glyph).toString(16).padStart(4, '0');
        const last = runs.at(-1);
        if (last?.font !== place) runs.push({ font: place, glyphs: hex, width: glyph.advance });
        else {
          runs[runs.length - 1] = {
            font: place,
            glyphs: last.glyphs + hex,
            width: last.width + glyph.advance,
          };
        }
      }
      return runs;
    },
    embed: (sink) => [...taken.values()].map((font) => embedFont(sink, font)),
  };
}

function takenFont(taken: Map<OpenFont, TakenFont>, from: OpenFont): TakenFont {
  let found = taken.get(from);
  if (found === undefined) {
    const subset = from.font.createSubset() as unknown as GlyphSubset;
    found = { font: from.font, subset, numbers: new Map(), advances: new Map() };
    taken.set(from, found);
  }
  return found;
}

/** A number for each character, though two may share a glyph (葛 with and without a selector): readers copy what was written. */
function numberOf({ subset, numbers, advances }: TakenFont, { character, id, advance }: SetGlyph): number {
  let number = numbers.get(character);
  if (number === undefined) {
    number = subset.glyphs.push(id) - 1;
    numbers.set(character, number);
    advances.set(number, advance);
  }
  return number;
}

function embedFont(sink: ObjectSink, taken: TakenFont): PdfRef {
  const { font, subset, numbers, advances } = taken;
  const outlines = 'cff' in subset;
  const program = subset.encode();
  const name = new PdfName(`${subsetTag(program)}+${font.postscriptName ?? 'Embedded'}`);
  const descendant = dictOf({
    Type: new PdfName('Font'),
    Subtype: new PdfName(outlines ? 'CIDFontType0' : 'CIDFontType2'),
    BaseFont: name,
    CIDSystemInfo: dictOf({
      Registry: asciiString('Adobe'),
      Ordering: asciiString('Identity'),
      Supplement: 0,
    }),
    FontDescriptor: embedProgram(sink, taken, program, name),
    W: [...advances].flatMap(([number, advance]) => [number, [Math.round(advance * 1000)]]),
    ...(outlines ? {} : { CIDToGIDMap: new PdfName('Identity') }),
  });
  return sink.add(
    dictOf({
      Type: new PdfName('Font'),
      Subtype: new PdfName('Type0'),
      BaseFont: name,
      Encoding: new PdfName('Identity-H'),
      DescendantFonts: [sink.add(descendant)],
      ToUnicode: sink.addStream(dictOf(DEFLATED), deflateSync(toUnicode(numbers))),
    }),
  );
}

const DEFLATED = { Filter: new PdfName('FlateDecode') };

/** The font program and its descriptor. */
function embedProgram(
  sink: ObjectSink,
  { font, subset }: TakenFont,
  program: Uint8Array,
  name: PdfName,
): PdfRef {
  const outlines = 'cff' in subset;
  const kind = outlines ? { Subtype: new PdfName('CIDFontType0C') } : { Length1: program.length };
  const file = sink.addStream(dictOf({ ...DEFLATED, ...kind }), deflateSync(program));
  const scale = (value: number): number => Math.round((value * 1000) / font.unitsPerEm);
  const { minX, minY, maxX, maxY } = font.bbox;
  return sink.add(
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
      CIDSet: sink.addStream(new PdfDict(), cidSet(subset.glyphs.length - 1)),
    }),
  );
}

/** Six letters before the font's name; different subsets of one font in a file differ in them (9.9.2). */
function subsetTag(program: Uint8Array): string {
  const digest = createHash('sha256').update(program).digest();
  return String.fromCharCode(...digest.subarray(0, 6).map((octet) => 65 + (octet % 26)));
}

/** One bit for each glyph of the subset, the highest bit first (9.8.3.2). */
function cidSet(highest: number): Uint8Array {
  const bits = new Uint8Array((highest >> 3) + 1).fill(255);
  bits[bits.length - 1] = 256 - (1 << (7 - (highest & 7)));
  return bits;
}

/** The CMap that lets readers search and copy the text (9.10.3). */
function toUnicode(numbers: ReadonlyMap<string, number>): Uint8Array {
  const pairs = [...numbers].map(([character, number]) => {
    const unicode = Buffer.from(character, 'utf16le').swap16().toString('hex');
    return `<${number.toString(16).padStart(4, '0')}> <${unicode}>`;
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
