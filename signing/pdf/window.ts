/** Parses at an offset of a file, reading a larger window whenever the object runs past the one at hand. */
import type { ByteSource } from '../ports.ts';
import { ObjectParser, WindowEnd } from './parse.ts';
import { unreadable } from './problem.ts';
import { readWhole } from './source.ts';

const FIRST_WINDOW = 2048;

export async function parseAt<T>(
  source: ByteSource,
  offset: number,
  parse: (parser: ObjectParser) => T,
  firstWindow = FIRST_WINDOW,
): Promise<T> {
  if (offset < 0 || offset >= source.size) throw unreadable(`offset ${offset} lies outside the file`);
  for (let length = firstWindow; ; length *= 4) {
    const available = Math.min(length, source.size - offset);
    const window = await readWhole(source, offset, available);
    try {
      return parse(new ObjectParser(window, offset, offset + available === source.size));
    } catch (error) {
      if (!(error instanceof WindowEnd)) throw error;
    }
  }
}
