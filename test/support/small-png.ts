/** Rewrites a screenshot as a PNG with a palette (ISO/IEC 15948): a third of the octets, and text looks the same. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const [RGB, PALETTE] = [2, 3];
/** Steps between levels where there are more than 256 colours: 6 levels a channel, and 31 greys, in which text is drawn. */
const [COLOUR_STEP, GREY_STEP] = [51, 8.5];

/** `png` has 8 bits a channel, RGB, no interlacing, as Chromium writes screenshots. */
export function smallPng(png: Buffer): Buffer {
  const parts = chunks(png);
  const head = parts.find(({ type }) => type === 'IHDR')!.data;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  if (head[8] !== 8 || head[9] !== RGB || head[12] !== 0)
    throw new Error('not a picture as Chromium writes it');
  const data = Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map((part) => part.data));
  const pixels = unfiltered(inflateSync(data), width * 3, height);
  const colours = new Map<number, number>();
  const exact = new Set<number>();
  for (let at = 0; at < pixels.length; at += 3) exact.add(pixels.readUIntBE(at, 3));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const red = pixels[at]!;
      const green = pixels[at + 1]!;
      const blue = pixels[at + 2]!;
      const coarse = red === green && green === blue ? GREY_STEP : COLOUR_STEP;
      const step = exact.size <= 256 ? 1 : coarse;
      const level = (value: number): number => Math.round(Math.round(value / step) * step);
      const colour = (level(red) << 16) + (level(green) << 8) + level(blue);
      if (!colours.has(colour)) colours.set(colour, colours.size);
      rows[y * (width + 1) + 1 + x] = colours.get(colour)!;
    }
  }
  const palette = Buffer.alloc(colours.size * 3);
  for (const [colour, index] of colours) palette.writeUIntBE(colour, index * 3, 3);
  const newHead = Buffer.from(head);
  newHead[9] = PALETTE;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', newHead),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunks(png: Buffer): { type: string; data: Buffer }[] {
  const found: { type: string; data: Buffer }[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Undoes the five filters of §9.2. */
function unfiltered(filtered: Buffer, stride: number, height: number): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < 3 ? 0 : out[at - 3]!;
      const above = y === 0 ? 0 : out[at - stride]!;
      const corner = x < 3 || y === 0 ? 0 : out[at - stride - 3]!;
      out[at] = filtered[y * (stride + 1) + 1 + x]! + predicted(filter, left, above, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const estimate = left + above - corner;
  const [toLeft, toAbove] = [Math.abs(estimate - left), Math.abs(estimate - above)];
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
