/**
 * The first revision: certificate ID on page 1, ESIC extension, every signature field created empty (R41,
 * ETSI EN 319 142-1 5.1).
 */
import { PdfDocument } from './pdf/document.ts';
import { addSignatureField, signatureFields } from './pdf/fields.ts';
import { dictOf, PdfName } from './pdf/objects.ts';
import { firstPage } from './pdf/pages.ts';
import { appendPlain } from './pdf/signature-revision.ts';
import { stampPage } from './pdf/stamp.ts';
import { RevisionWriter } from './pdf/writer.ts';
import { type AppendedRevision, type ByteSource, type PrepareOptions, SigningError } from './ports.ts';

/**
 * Appends stamp, extension and fields. A document that already carries signatures gets no stamp, since
 * changing its pages would break them.
 * Rejects with SigningError when a character has no glyph or a field's name is taken.
 */
export async function prepare(source: ByteSource, options: PrepareOptions): Promise<AppendedRevision> {
  const document = await PdfDocument.open(source);
  const existing = await signatureFields(document);
  const writer = new RevisionWriter(document);
  const page = await firstPage(document);
  if (existing.every((field) => field.value === null)) {
    await stampPage(document, writer, page, { text: options.stamp, fonts: options.fonts });
  }
  await writer.edit(
    document.rootRef,
    ['Extensions', 'ESIC'],
    (present) => present ?? dictOf({ BaseVersion: new PdfName('1.7'), ExtensionLevel: 1 }),
  );
  const taken = new Set(existing.map((field) => field.name));
  for (const name of options.fields) {
    if (taken.has(name) || name.includes('.')) {
      throw new SigningError(`the field name ${name} is taken or has a period`, { transient: false });
    }
    taken.add(name);
    await addSignatureField(document, writer, page.ref, name);
  }
  return appendPlain(document, writer);
}
