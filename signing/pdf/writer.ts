/** Appends one revision to a document, in the cross-reference style of the one before it (ISO 32000-2 7.5.6). */
import { createHash } from 'node:crypto';
import type { PdfDocument } from './document.ts';
import { isArray, PdfDict, PdfName, type PdfObject, PdfRef, PdfString, serialize } from './objects.ts';
import { unreadable } from './problem.ts';

interface Pending {
  readonly ref: PdfRef;
  readonly object: PdfObject;
  /** Stream data; `object` is then the stream's dictionary. */
  readonly data: Uint8Array | null;
}

export class RevisionWriter {
  private readonly document: PdfDocument;
  private readonly pending = new Map<number, Pending>();
  private next: number;

  constructor(document: PdfDocument) {
    this.document = document;
    this.next = document.nextNumber;
  }

  allocate(): PdfRef {
    return new PdfRef(this.next++);
  }

  set(ref: PdfRef, object: PdfObject): void {
    this.pending.set(ref.num, { ref, object, data: null });
  }

  add(object: PdfObject): PdfRef {
    const ref = this.allocate();
    this.set(ref, object);
    return ref;
  }

  addStream(dict: PdfDict, data: Uint8Array): PdfRef {
    const ref = this.allocate();
    this.pending.set(ref.num, { ref, object: dict.with('Length', data.length), data });
    return ref;
  }

  /** The object as this revision leaves it. */
  async current(ref: PdfRef): Promise<PdfObject> {
    const pending = this.pending.get(ref.num);
    return pending === undefined ? this.document.get(ref) : pending.object;
  }

  /** Changes the dictionary at `ref`; rejects where something else stands there. */
  async editDict(ref: PdfRef, change: (dict: PdfDict) => PdfDict): Promise<void> {
    const dict = await this.current(ref);
    if (!(dict instanceof PdfDict)) throw unreadable(`object ${ref.num} is not a dictionary`);
    this.set(ref, change(dict));
  }

  /**
   * Changes the value found from `ref` along `path` (dictionary keys; absent ones are made),
   * rewriting only the innermost indirect object that holds it.
   */
  async edit(ref: PdfRef, path: readonly string[], change: (value: PdfObject) => PdfObject): Promise<void> {
    let holder = ref;
    let inside: string[] = [];
    let value = await this.current(ref);
    for (const key of path) {
      value = value instanceof PdfDict ? value.get(key) : null;
      inside.push(key);
      if (value instanceof PdfRef) {
        holder = value;
        inside = [];
        value = await this.current(value);
      }
    }
    this.set(holder, replaced(await this.current(holder), inside, change(value)));
  }

  /** The revision's octets, to be appended to the document as it was opened. */
  finish(): { bytes: Buffer; offsets: ReadonlyMap<number, number> } {
    const base = this.document.source.size;
    const style = this.document.sections[0]!.kind;
    const chunks: Buffer[] = [Buffer.from('\n')];
    const offsets = new Map<number, number>();
    let size = 1;
    const put = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
    };
    for (const { ref, object, data } of [...this.pending.values()].sort((a, b) => a.ref.num - b.ref.num)) {
      offsets.set(ref.num, base + size);
      put(Buffer.from(`${ref.num} ${ref.gen} obj\n${serialize(object)}\n`, 'latin1'));
      if (data !== null) {
        put(Buffer.from('stream\n'));
        put(Buffer.from(data));
        put(Buffer.from('\nendstream\n'));
      }
      put(Buffer.from('endobj\n'));
    }
    const start = base + size;
    put(Buffer.from(style === 'table' ? this.table(offsets) : this.xrefStream(offsets, start), 'latin1'));
    put(Buffer.from(`startxref\n${start}\n%%EOF\n`));
    return { bytes: Buffer.concat(chunks), offsets };
  }

  private table(offsets: ReadonlyMap<number, number>): string {
    const lines = ['xref\n'];
    for (const [first, nums] of runsOf(offsets)) {
      lines.push(`${first} ${nums.length}\n`);
      for (const num of nums) {
        const gen = this.pending.get(num)!.ref.gen;
        lines.push(`${pad(offsets.get(num)!, 10)} ${pad(gen, 5)} n \n`);
      }
    }
    return `${lines.join('')}trailer\n${serialize(this.trailer())}\n`;
  }

  private xrefStream(offsets: ReadonlyMap<number, number>, start: number): string {
    const own = this.allocate();
    const all = new Map([...offsets, [own.num, start]]);
    const index: number[] = [];
    let hex = '';
    for (const [first, nums] of runsOf(all)) {
      index.push(first, nums.length);
      for (const num of nums) {
        const gen = this.pending.get(num)?.ref.gen ?? 0;
        hex += `01${all.get(num)!.toString(16).padStart(10, '0')}${gen.toString(16).padStart(4, '0')}`;
      }
    }
    const data = Buffer.from(hex, 'hex');
    const dict = this.trailer()
      .with('Type', new PdfName('XRef'))
      .with('W', [1, 5, 2])
      .with('Index', index)
      .with('Length', data.length);
    return `${own.num} 0 obj\n${serialize(dict)}\nstream\n${data.toString('latin1')}\nendstream\nendobj\n`;
  }

  /** /XRefStm is left behind on purpose: it describes the objects of the section it stood in. */
  private trailer(): PdfDict {
    const { trailer, sections } = this.document;
    let next = new PdfDict([
      ['Size', this.next],
      ['Root', this.document.rootRef],
      ['Prev', sections[0]!.offset],
    ]);
    const info = trailer.get('Info');
    if (info !== null) next = next.with('Info', info);
    const id = trailer.get('ID');
    return isArray(id) && id.length === 2 ? next.with('ID', [id[0]!, this.changedId(id[1]!)]) : next;
  }

  /** The second part of /ID changes with each revision (14.4). */
  private changedId(previous: PdfObject): PdfString {
    const before = previous instanceof PdfString ? previous.bytes : new Uint8Array(0);
    const digest = createHash('sha256').update(before).update(String(this.document.source.size)).digest();
    return new PdfString(new Uint8Array(digest.subarray(0, 16)));
  }
}

function replaced(value: PdfObject, path: readonly string[], leaf: PdfObject): PdfObject {
  const [key, ...rest] = path;
  if (key === undefined) return leaf;
  const dict = value instanceof PdfDict ? value : new PdfDict();
  return dict.with(key, replaced(dict.get(key), rest, leaf));
}

/** Runs of consecutive object numbers: the subsections of a cross-reference section. */
function runsOf(offsets: ReadonlyMap<number, number>): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  let run: number[] = [];
  for (const num of [...offsets.keys()].sort((a, b) => a - b)) {
    if (run.at(-1) !== num - 1) {
      run = [];
      runs.set(num, run);
    }
    run.push(num);
  }
  return runs;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
