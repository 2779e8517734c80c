/** Objects that lie together in one compressed stream (ISO 32000-2 7.5.7): found by its index, parsed when asked for. */
import { decodeStream } from './filters.ts';
import { isName, type PdfDict, type PdfObject } from './objects.ts';
import { ObjectParser } from './parse.ts';
import { unreadable } from './problem.ts';

export class ObjectStream {
  private readonly data: Uint8Array;
  /** Where in `data` each object begins. */
  private readonly offsets = new Map<number, number>();

  /**
   * `stored`: the stream's octets as they stand in the file. Throws PdfProblem when they cannot be read. The filters
   * stand in `dict` directly: one that lay within the stream could not be read without them.
   */
  constructor(dict: PdfDict, stored: Uint8Array) {
    const first = dict.get('First');
    const count = dict.get('N');
    if (!isName(dict.get('Type'), 'ObjStm') || typeof first !== 'number' || typeof count !== 'number') {
      throw unreadable('no object stream where one should be');
    }
    this.data = decodeStream(dict, stored);
    const index = new ObjectParser(this.data, 0, true);
    for (let item = 0; item < count; item++) {
      const num = index.integer();
      const offset = index.integer();
      if (num === null || offset === null || this.offsets.has(num)) {
        throw unreadable('the index of an object stream is broken');
      }
      this.offsets.set(num, first + offset);
    }
  }

  numbers(): Iterable<number> {
    return this.offsets.keys();
  }

  object(num: number): PdfObject {
    const offset = this.offsets.get(num);
    if (offset === undefined) throw unreadable(`object ${num} is not in its object stream`);
    const parser = new ObjectParser(this.data, 0, true);
    parser.position = offset;
    return parser.object();
  }
}
