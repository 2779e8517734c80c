/** What an attacker does to a signed PDF: octets replaced, objects rewritten, signatures of his own put in. */

import { bytesSource } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { addSignatureField, signatureFields } from '../../signing/pdf/fields.ts';
import { type PdfDict, PdfName, type PdfObject, type PdfRef } from '../../signing/pdf/objects.ts';
import { firstPage } from '../../signing/pdf/pages.ts';
import { appendSignature } from '../../signing/pdf/signature-revision.ts';
import type { RevisionWriter } from '../../signing/pdf/writer.ts';

export const ROOT = '/Root 1 0 R';

export function text(file: Uint8Array): string {
  return Buffer.from(file).toString('latin1');
}

export function octets(content: string): Buffer {
  return Buffer.from(content, 'latin1');
}

/** `file` with the last `before` become `after`; throws where there is none, so that no attack misses its target. */
export function replaced(file: Uint8Array, before: string, after: string): Buffer {
  const content = text(file);
  const at = content.lastIndexOf(before);
  if (at < 0) throw new Error(`the file has no ${before}`);
  return octets(content.slice(0, at) + after + content.slice(at + before.length));
}

/** The number in the last match of `pattern`'s first group. */
export function numberOf(file: Uint8Array, pattern: RegExp): number {
  return Number([...text(file).matchAll(pattern)].at(-1)![1]);
}

/** The newest text of object `num`, between obj and endobj. */
export function objectOf(file: Uint8Array, num: number): string {
  return text(file).split(`\n${num} 0 obj\n`).at(-1)!.split('\nendobj')[0]!;
}

/** Offset of the last cross-reference section. */
export function startxref(file: Uint8Array): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text(file))![1]);
}

/** Octets up to and including the `count`th end-of-file mark from the end (1 is the last). */
export function cutBack(file: Uint8Array, count: number): Uint8Array {
  const ends = [...text(file).matchAll(/%%EOF\r?\n/g)];
  const { index, 0: mark } = ends.at(-count)!;
  return file.subarray(0, index + mark.length);
}

/** DER for /Contents over the SHA-256 of the range. */
type Sign = (digest: Uint8Array) => Promise<Uint8Array> | Uint8Array;

const DICTIONARY = {
  signature: { Filter: new PdfName('Adobe.PPKLite'), SubFilter: new PdfName('ETSI.CAdES.detached') },
  'document-timestamp': {
    Type: new PdfName('DocTimeStamp'),
    Filter: new PdfName('Adobe.PPKLite'),
    SubFilter: new PdfName('ETSI.RFC3161'),
  },
};

/** Fills the prepared field `name` with whatever `sign` makes; `entries` go into the signature dictionary. */
export async function signedBy(
  file: Uint8Array,
  name: string,
  sign: Sign,
  entries: Record<string, PdfObject> = {},
): Promise<Buffer> {
  const document = await PdfDocument.open(bytesSource(file));
  const field = (await signatureFields(document)).find((one) => one.name === name)!;
  const revision = await appendSignature({
    document,
    entries: { ...DICTIONARY.signature, ...entries },
    place: (writer, signature) =>
      writer.edit(field.ref, [], (dict) => (dict as PdfDict).with('V', signature)),
    sign: async (digest) => sign(digest),
  });
  return Buffer.concat([file, revision.bytes]);
}

export interface AddedSignature {
  readonly name: string;
  readonly kind?: keyof typeof DICTIONARY;
  /** Entries of the new field that replace ours. */
  readonly field?: (writer: RevisionWriter) => Record<string, PdfObject>;
  readonly sign: Sign;
  /** Whatever else the revision is to change. */
  readonly also?: (writer: RevisionWriter, page: PdfRef) => Promise<void> | void;
}

/** Appends a revision with a field of its own and its signature. */
export async function addedSignature(
  file: Uint8Array,
  { name, kind = 'signature', field: replacing = () => ({}), sign, also }: AddedSignature,
): Promise<Buffer> {
  const document = await PdfDocument.open(bytesSource(file));
  const page = await firstPage(document);
  const revision = await appendSignature({
    document,
    entries: DICTIONARY[kind],
    async place(writer, signature) {
      const field = await addSignatureField(document, writer, page.ref, name);
      await writer.edit(field, [], (dict) =>
        Object.entries({ V: signature, ...replacing(writer) }).reduce(
          (grown, [key, value]) => grown.with(key, value),
          dict as PdfDict,
        ),
      );
      await also?.(writer, page.ref);
    },
    sign: async (digest) => sign(digest),
  });
  return Buffer.concat([file, revision.bytes]);
}
