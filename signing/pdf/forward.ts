/**
 * Looks for references to objects that no revision ever had: a later revision could supply them and so change what is
 * shown (shadow attacks; ISO 32000-2 7.3.10). Every object is read, but nothing of the streams' data.
 */
import type { PdfDocument } from './document.ts';
import { type PdfObject, PdfRef, referencesIn } from './objects.ts';
import { ObjectParser, WindowEnd } from './parse.ts';
import { PdfProblem, unreadable } from './problem.ts';

interface Place {
  readonly ref: PdfRef;
  readonly offset: number;
}

/** One search. What passes by while somebody hashes the file need not be read again. */
export class ForwardReferences {
  private readonly document: PdfDocument;
  private readonly nextNumber: number;
  /** Objects with an offset of their own, in the file's order. */
  private readonly places: readonly Place[];
  /** How many entries lie in each object stream. */
  private readonly packed = new Map<number, number>();
  /** Of `places` the first that has not passed by. */
  private next = 0;
  private readonly missed: Place[] = [];
  private found: number | null = null;
  /** Octets looked at as they passed by. */
  private passed = 0;

  constructor(document: PdfDocument) {
    this.document = document;
    this.nextNumber = document.nextNumber;
    const places: Place[] = [];
    for (const [num, entry] of document.entries) {
      if (entry.type === 'plain') places.push({ ref: new PdfRef(num, entry.gen), offset: entry.offset });
      if (entry.type === 'packed')
        this.packed.set(entry.container, (this.packed.get(entry.container) ?? 0) + 1);
    }
    this.places = places.sort((one, other) => one.offset - other.offset);
  }

  /** Takes what it can from the file's octets at `offset`, in ascending order; they may be overwritten afterwards. */
  pass(offset: number, octets: Uint8Array): void {
    const window = octets.subarray(0, Math.max(0, this.document.size - offset));
    const parser = new ObjectParser(window, offset, false);
    for (; this.next < this.places.length; this.next++) {
      const place = this.places[this.next]!;
      if (place.offset >= offset + window.length) return;
      if (place.offset < offset || !this.sees(parser, place)) this.missed.push(place);
    }
  }

  /** The number of such an object; null when there is none. Rejects with PdfProblem where an object cannot be read. */
  async finish(): Promise<number | null> {
    for (const { ref, offset } of [...this.missed, ...this.places.slice(this.next)]) {
      if (this.found !== null) break;
      this.look((await this.document.objectAt(ref, offset)).object);
    }
    for (const [container, expected] of this.packed) {
      if (this.found !== null) break;
      await this.lookInto(container, expected);
    }
    return this.found;
  }

  /** False where the object has to be read in its own right: it runs past the window, or is not what it should be. */
  private sees(parser: ObjectParser, { ref, offset }: Place): boolean {
    // Objects within objects are read as others are, which is counted.
    if (this.passed > 2 * this.document.size) return false;
    const start = offset - parser.base;
    parser.position = start;
    try {
      this.look(parser.indirect(ref).object);
      return true;
    } catch (error) {
      if (error instanceof WindowEnd || error instanceof PdfProblem) return false;
      throw error;
    } finally {
      this.passed += parser.position - start;
    }
  }

  private look(object: PdfObject): void {
    this.found ??= referencesIn(object).find((ref) => ref.num >= this.nextNumber)?.num ?? null;
  }

  private async lookInto(container: number, expected: number): Promise<void> {
    const stream = await this.document.container(container);
    let there = 0;
    for (const num of stream.numbers()) {
      const entry = this.document.entries.get(num);
      if (entry?.type !== 'packed' || entry.container !== container) continue;
      there++;
      this.look(await this.document.packed(container, num));
    }
    if (there !== expected) throw unreadable(`object stream ${container} lacks objects`);
  }
}
