/** PDFs that Japanese offices make and whose fonts are left to the reader, put together by hand (ISO 32000-2 9.7.5). */
import encoding from 'encoding-japanese';
import { streamText } from '../support/pdf-build.ts';
import { tableFile } from '../support/pdf-corpus/raw.ts';

/** A character of a test page and where it stands: left and top of its cell of 48 points, from the page's top left corner. */
export interface Cell {
  readonly character: string;
  readonly left: number;
  readonly top: number;
}

export interface FontlessPdf {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly file: Buffer;
}

export const CELL = 48;
const [WIDTH, HEIGHT] = [595, 842];
/** From nearly nothing to nearly full, with a blank between them, so that boxes instead of letters are told apart. */
const LINE = [...'一鬱　口契'];

const shiftJis = (text: string): string =>
  Buffer.from(encoding.convert(encoding.stringToCode(text), { from: 'UNICODE', to: 'SJIS' })).toString('hex');
const utf16 = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');

/** One line in a font that is named and not embedded, its characters coded for a predefined CMap. */
function fontless(
  name: string,
  baseFont: string,
  cmap: string,
  code: (text: string) => string,
  vertical = false,
): FontlessPdf {
  const cells = LINE.map((character, index) => ({
    character,
    left: vertical ? 300 : 100 + index * CELL,
    top: vertical ? 100 + index * CELL : 100,
  }));
  const { left, top } = cells[0]!;
  // Upright, text begins at its baseline; vertically, at the middle of its upper edge (9.7.4.3).
  const [x, y] = vertical ? [left + CELL / 2, HEIGHT - top] : [left, HEIGHT - top - 0.86 * CELL];
  const file = tableFile({
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>`,
    4: streamText('', `BT /F ${CELL} Tf ${x} ${y} Td <${code(LINE.join(''))}> Tj ET`),
    5: `<</Type /Font /Subtype /Type0 /BaseFont /${baseFont}-${cmap} /Encoding /${cmap} /DescendantFonts [6 0 R]>>`,
    6: `<</Type /Font /Subtype /CIDFontType2 /BaseFont /${baseFont} /CIDSystemInfo <</Registry (Adobe) /Ordering (Japan1) /Supplement 2>> /DW 1000 /FontDescriptor 7 0 R>>`,
    7: `<</Type /FontDescriptor /FontName /${baseFont} /Flags 6 /FontBBox [0 -137 1000 859] /ItalicAngle 0 /Ascent 859 /Descent -137 /CapHeight 709 /StemV 80>>`,
  });
  return { name, cells, file };
}

export const FONTLESS: readonly FontlessPdf[] = [
  fontless('埋込なし明朝', 'MS-Mincho', '90ms-RKSJ-H', shiftJis),
  fontless('埋込なしゴシック', 'MS-Gothic', '90ms-RKSJ-H', shiftJis),
  fontless('埋込なしUTF16', 'HeiseiMin-W3', 'UniJIS-UTF16-H', utf16),
  fontless('埋込なし縦書き', 'MS-Mincho', '90ms-RKSJ-V', shiftJis, true),
  fontless('埋込なしUTF16縦書き', 'HeiseiMin-W3', 'UniJIS-UTF16-V', utf16, true),
];
