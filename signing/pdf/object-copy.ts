/** Copies what a page draws with into another file: only objects the newest cross-references lead to (ISO 32000-2 7.5.4). */
import type { PdfDocument } from './document.ts';
import type { NewFile } from './new-file.ts';
import { isArray, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream } from './objects.ts';

/** What nothing that is drawn needs: ways back to the document, things that run, files. */
const LEFT_BEHIND = new Set([
  ...['Catalog', 'Pages', 'Page', 'Outlines', 'StructTreeRoot', 'StructElem'],
  ...['Annot', 'Action', 'Filespec', 'EmbeddedFile', 'Metadata'],
]);

export class ObjectCopy {
  private readonly document: PdfDocument;
  private readonly file: NewFile;
  private readonly known = new Map<string, PdfRef>();
  private waiting: { from: PdfRef; to: PdfRef }[] = [];

  constructor(document: PdfDocument, file: NewFile) {
    this.document = document;
    this.file = file;
  }

  /** The direct object with the numbers that its references have in the new file; finish() brings what they refer to. */
  object(value: PdfObject): PdfObject {
    if (value instanceof PdfRef) return this.reference(value);
    if (isArray(value)) return value.map((item) => this.object(item));
    if (!(value instanceof PdfDict)) return value;
    const type = value.get('Type');
    if (type instanceof PdfName && LEFT_BEHIND.has(type.value)) return null;
    return new PdfDict([...value.entries].map(([key, entry]) => [key, this.object(entry)] as const));
  }

  /** Where the object that `from` refers to stands in the new file. */
  reference(from: PdfRef): PdfRef {
    const key = `${from.num} ${from.gen}`;
    let to = this.known.get(key);
    if (to === undefined) {
      to = this.file.allocate();
      this.known.set(key, to);
      this.waiting.push({ from, to });
    }
    return to;
  }

  /** Writes everything that was referred to, and what that refers to. */
  async finish(): Promise<void> {
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
      const object = await this.document.get(next.from);
      const dict = object instanceof PdfStream ? this.object(object.dict) : null;
      if (object instanceof PdfStream && dict instanceof PdfDict) {
        this.file.setStream(next.to, dict, await this.document.rawData(object));
      } else {
        this.file.set(next.to, object instanceof PdfStream ? null : this.object(object));
      }
    }
  }
}
