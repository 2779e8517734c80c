/**
 * Where objects are (ISO 32000-2 7.5.4), kept in typed arrays: half a million of them take ten megabytes, as objects in
 * a map they would take a hundred.
 */

export type XrefEntry =
  | { readonly type: 'free' }
  | { readonly type: 'plain'; readonly offset: number; readonly gen: number }
  | { readonly type: 'packed'; readonly container: number; readonly index: number };

/** The entries of consecutive object numbers. */
interface Leaf {
  readonly kinds: Uint8Array;
  /** Offset and generation, or container and index, of each entry. */
  readonly numbers: Float64Array;
}

const LEAF = 256;
const ABSENT = 0;
const FREE = 1;
const PLAIN = 2;
const PACKED = 3;

export class XrefEntries {
  private readonly leaves: Map<number, Leaf>;
  /** Leaves that no other XrefEntries reads. */
  private readonly own = new Set<number>();
  /** Highest object number plus one. */
  private end = 0;

  constructor(leaves: ReadonlyMap<number, Leaf> = new Map(), end = 0) {
    this.leaves = new Map(leaves);
    this.end = end;
  }

  /** The same entries, to be changed without changing these; what stays as it is, is shared. */
  copy(): XrefEntries {
    this.own.clear();
    return new XrefEntries(this.leaves, this.end);
  }

  /** Highest object number plus one, free ones included; 0 when there is no entry. */
  get nextNumber(): number {
    return this.end;
  }

  get(num: number): XrefEntry | undefined {
    const leaf = this.leaves.get(Math.floor(num / LEAF));
    return leaf === undefined ? undefined : entryIn(leaf, num % LEAF);
  }

  has(num: number): boolean {
    return this.get(num) !== undefined;
  }

  set(num: number, entry: XrefEntry): void {
    const leaf = this.writable(Math.floor(num / LEAF));
    const at = num % LEAF;
    const plain = entry.type === 'plain';
    leaf.kinds[at] = plain ? PLAIN : entry.type === 'packed' ? PACKED : FREE;
    if (entry.type !== 'free') {
      leaf.numbers[2 * at] = plain ? entry.offset : entry.container;
      leaf.numbers[2 * at + 1] = plain ? entry.gen : entry.index;
    }
    this.end = Math.max(this.end, num + 1);
  }

  /** Entries by ascending object number. */
  *[Symbol.iterator](): Generator<readonly [number, XrefEntry]> {
    for (const index of [...this.leaves.keys()].sort((a, b) => a - b)) {
      const leaf = this.leaves.get(index)!;
      for (let at = 0; at < LEAF; at++) {
        const entry = entryIn(leaf, at);
        if (entry !== undefined) yield [index * LEAF + at, entry];
      }
    }
  }

  *values(): Generator<XrefEntry> {
    for (const [, entry] of this) yield entry;
  }

  private writable(index: number): Leaf {
    const present = this.leaves.get(index);
    if (present !== undefined && this.own.has(index)) return present;
    const leaf: Leaf = {
      kinds: present === undefined ? new Uint8Array(LEAF) : present.kinds.slice(),
      numbers: present === undefined ? new Float64Array(2 * LEAF) : present.numbers.slice(),
    };
    this.leaves.set(index, leaf);
    this.own.add(index);
    return leaf;
  }
}

function entryIn({ kinds, numbers }: Leaf, at: number): XrefEntry | undefined {
  const kind = kinds[at];
  if (kind === ABSENT) return undefined;
  const [first, second] = [numbers[2 * at]!, numbers[2 * at + 1]!];
  if (kind === PLAIN) return { type: 'plain', offset: first, gen: second };
  return kind === PACKED ? { type: 'packed', container: first, index: second } : { type: 'free' };
}
