/** One consent's seal: a PAdES baseline signature in one prepared field, nothing else changed (ETSI EN 319 142-1 6.3). */
import { buildSignature } from './cms/index.ts';
import { pdfDate } from './pdf/dates.ts';
import { PdfDocument } from './pdf/document.ts';
import { signatureFields } from './pdf/fields.ts';
import { asciiString, PdfName, textString } from './pdf/objects.ts';
import { appendSignature } from './pdf/signature-revision.ts';
import { type AppendedRevision, type ByteSource, type SealOptions, SigningError } from './ports.ts';

/** Appends the signed revision; rejects with SigningError when the field is missing or filled, or an authority fails. */
export async function seal(source: ByteSource, options: SealOptions): Promise<AppendedRevision> {
  const document = await PdfDocument.open(source);
  const field = (await signatureFields(document)).find(({ name }) => name === options.field);
  if (field === undefined || field.value !== null) {
    const state = field === undefined ? 'does not exist' : 'is already signed';
    throw new SigningError(`the signature field ${options.field} ${state}`, { transient: false });
  }
  return appendSignature({
    document,
    entries: {
      Filter: new PdfName('Adobe.PPKLite'),
      SubFilter: new PdfName('ETSI.CAdES.detached'),
      M: asciiString(pdfDate(options.signingTime)),
      Reason: textString(options.reason),
      Location: textString(options.location),
    },
    async place(writer, signature) {
      await writer.editDict(field.ref, (dict) => dict.with('V', signature));
    },
    sign: (digest) => buildSignature(digest, options.credential, options.timestampAuthority),
  });
}
