/** Writes a file of its own, object by object, with a cross-reference table (ISO 32000-2 7.5). */
import type { ObjectSink } from './font.ts';
import { dictOf, type PdfDict, type PdfObject, PdfRef, serialize } from './objects.ts';
import { PdfProblem } from './problem.ts';

/** The binary comment tells transfer programs that this is no text (7.5.2). */
const HEADER = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');

export class NewFile implements ObjectSink {
  private readonly most: number;
  private readonly chunks: Buffer[] = [HEADER];
  private size = HEADER.length;
  /** Of each object from number 1 on. */
  private readonly offsets: number[] = [];

  /** Throws PdfProblem as soon as the file has more than `most` octets. */
  constructor(most: number) {
    this.most = most;
  }

  /** The number of an object that is given later, by set() or setStream(). */
  allocate(): PdfRef {
    return new PdfRef(this.offsets.push(0));
  }

  set(ref: PdfRef, object: PdfObject): void {
    this.begin(ref);
    this.put(Buffer.from(`${serialize(object)}\nendobj\n`, 'latin1'));
  }

  /** `data` is stored as it is; the dictionary names its filter. */
  setStream(ref: PdfRef, dict: PdfDict, data: Uint8Array): void {
    this.begin(ref);
    this.put(Buffer.from(`${serialize(dict.with('Length', data.length))}\nstream\n`, 'latin1'));
    this.put(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    this.put(Buffer.from('\nendstream\nendobj\n'));
  }

  add(object: PdfObject): PdfRef {
    const ref = this.allocate();
    this.set(ref, object);
    return ref;
  }

  addStream(dict: PdfDict, data: Uint8Array): PdfRef {
    const ref = this.allocate();
    this.setStream(ref, dict, data);
    return ref;
  }

  /** The whole file; `root` is its catalog. */
  finish(root: PdfRef): Uint8Array {
    const start = this.size;
    const entries = this.offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    const count = entries.length + 1;
    const trailer = serialize(dictOf({ Size: count, Root: root }));
    this.put(Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${entries.join('')}`));
    this.put(Buffer.from(`trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`));
    return Buffer.concat(this.chunks);
  }

  private begin(ref: PdfRef): void {
    this.offsets[ref.num - 1] = this.size;
    this.put(Buffer.from(`${ref.num} 0 obj\n`));
  }

  private put(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.most) throw new PdfProblem('unreadable', `more than ${this.most} octets`);
    this.chunks.push(chunk);
  }
}
