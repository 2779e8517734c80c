/** Objects that lie together in one compressed stream (ISO 32000-2 7.5.7): found by its index, parsed when asked for. */
import { decodeStream } from './filters.ts';
import { isName, type PdfDict, type PdfObject } from './objects.ts';
import { ObjectParser } from './parse.ts';
import { unreadable } from './problem.ts';

/** Octets unfolded, and objects: many times what any writer puts into one, since several are kept. */
const MAX_OCTETS = 32 << 20;
const MAX_OBJECTS = 200_000;

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
    if (count > MAX_OBJECTS) throw unreadable(`an object stream of ${count} objects`);
    this.data = decodeStream(dict, stored, MAX_OCTETS);
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

  /** Octets, unfolded. */
  get size(): number {
    return this.data.length;
  }

  numbers(): Iterable<number> {
    return this.offsets.keys();
  }

  /** With how many octets it takes. */
  object(num: number): { object: PdfObject; octets: number } {
    const offset = this.offsets.get(num);
    if (offset === undefined) throw unreadable(`object ${num} is not in its object stream`);
    const parser = new ObjectParser(this.data, 0, true);
    parser.position = offset;
    return { object: parser.object(), octets: parser.position - offset };
  }
}
