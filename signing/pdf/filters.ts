/** Undoes a stream's filters but those of images, and the PNG predictors (ISO 32000-2 7.4, 7.4.4.4). */
import { inflateSync } from 'node:zlib';
import { isArray, PdfDict, PdfName, type PdfObject } from './objects.ts';
import { ascii85, asciiHex, lzw, runLength } from './old-filters.ts';
import { unreadable } from './problem.ts';

/** Stops a few kilobytes from unfolding into gigabytes. */
export const MAX_DECODED = 256 << 20;
/** No writer puts as many one upon the other. */
const MAX_FILTERS = 8;
/** Octets of a row that may be longer than the data are. */
const LONGEST_ROW = 65_536;

/** Decoded octets of a stream whose filter entries are direct objects; throws PdfProblem as soon as they exceed `limit`. */
export function decodeStream(dict: PdfDict, raw: Uint8Array, limit = MAX_DECODED): Uint8Array {
  const filters = listOf(dict.get('Filter'));
  if (filters.length > MAX_FILTERS) throw unreadable(`${filters.length} filters of one stream`);
  const params = listOf(dict.get('DecodeParms'));
  return filters.reduce((data: Uint8Array, filter, index) => {
    const param = params[index] ?? null;
    return undo(filter, param instanceof PdfDict ? param : new PdfDict(), data, limit);
  }, raw);
}

function undo(filter: PdfObject, params: PdfDict, data: Uint8Array, limit: number): Uint8Array {
  const name = filter instanceof PdfName ? filter.value : '?';
  switch (name) {
    case 'FlateDecode':
    case 'Fl':
      return undoPredictor(inflate(data, limit), params);
    case 'LZWDecode':
      return undoPredictor(lzw(data, params.get('EarlyChange') === 0 ? 0 : 1, limit), params);
    case 'ASCIIHexDecode':
      return asciiHex(data);
    case 'ASCII85Decode':
      return ascii85(data);
    case 'RunLengthDecode':
      return runLength(data, limit);
    default:
      throw unreadable(`filter ${name} where no image is`);
  }
}

function listOf(value: PdfObject): readonly PdfObject[] {
  if (value === null) return [];
  return isArray(value) ? value : [value];
}

function inflate(data: Uint8Array, limit: number): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: limit });
  } catch (error) {
    throw unreadable(`compressed data cannot be read: ${(error as Error).message}`);
  }
}

function undoPredictor(data: Uint8Array, params: PdfDict): Uint8Array {
  const number = (key: string, otherwise: number): number => {
    const value = params.get(key);
    return typeof value === 'number' ? value : otherwise;
  };
  const predictor = number('Predictor', 1);
  if (predictor === 1) return data;
  if (predictor < 10) throw unreadable(`predictor ${predictor}`);
  const bitsPerPixel = number('Colors', 1) * number('BitsPerComponent', 8);
  const pixel = Math.max(1, bitsPerPixel >> 3);
  const width = Math.ceil((bitsPerPixel * number('Columns', 1)) / 8);
  if (!Number.isSafeInteger(width) || width < 1 || width > Math.max(data.length, LONGEST_ROW)) {
    throw unreadable(`rows of ${width} octets`);
  }
  const rows = Math.ceil(data.length / (width + 1));
  const out = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const source = data.subarray(row * (width + 1) + 1, (row + 1) * (width + 1));
    const target = out.subarray(row * width, (row + 1) * width);
    const above = row === 0 ? new Uint8Array(width) : out.subarray((row - 1) * width, row * width);
    undoRow(data[row * (width + 1)]!, source, target, above, pixel);
  }
  return out;
}

/** PNG filter types 0 to 4 (ISO/IEC 15948, 9.2). */
function undoRow(type: number, source: Uint8Array, target: Uint8Array, above: Uint8Array, pixel: number) {
  if (type > 4) throw unreadable(`PNG filter type ${type}`);
  for (let index = 0; index < source.length; index++) {
    const left = index < pixel ? 0 : target[index - pixel]!;
    const up = above[index]!;
    const corner = index < pixel ? 0 : above[index - pixel]!;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][type]!;
    target[index] = source[index]! + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value));
  if (toLeft! <= toUp! && toLeft! <= toCorner!) return left;
  return toUp! <= toCorner! ? up : corner;
}
