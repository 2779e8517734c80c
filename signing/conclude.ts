/** Closes a file at PAdES B-LTA: one DSS, then a document timestamp over everything (ETSI EN 319 142-1 5.4, 6.3). */
import { createHash } from 'node:crypto';
import { collectValidationData } from './cms/index.ts';
import { readTimestampToken } from './cms/timestamp-token.ts';
import { PdfDocument } from './pdf/document.ts';
import { extendDss } from './pdf/dss.ts';
import { addSignatureField, signatureFields } from './pdf/fields.ts';
import { type PdfDict, PdfName } from './pdf/objects.ts';
import { appendPlain, appendSignature } from './pdf/signature-revision.ts';
import { storedSignatures } from './pdf/signatures.ts';
import { bytesSource, concatSources } from './pdf/source.ts';
import { RevisionWriter } from './pdf/writer.ts';
import { type AppendedRevision, type ByteSource, type ConcludeOptions, SigningError } from './ports.ts';

/**
 * Appends the DSS and the closing document timestamp. On a file already closed it renews the proof (R56).
 * Rejects transiently while a revocation answer fresh enough cannot be had, permanently when one says revoked.
 */
export async function conclude(source: ByteSource, options: ConcludeOptions): Promise<AppendedRevision> {
  const document = await PdfDocument.open(source);
  const stored = await storedSignatures(document);
  if (stored.length === 0) throw new SigningError('nothing is signed yet', { transient: false });
  // What an earlier document timestamp covers is proven already; only that timestamp needs proof of its own.
  const closed = stored.findLastIndex((signature) => signature.kind === 'document-timestamp');
  const covered = closed < 0 ? [] : [stored[closed]!.der];
  const open = stored.slice(closed + 1).map((signature) => signature.der);
  const data = await collectValidationData(open, [...covered, await closingAuthority(options)], {
    revocation: options.revocation,
    trust: options.trust,
    ...(open.length === 0 ? { notBefore: readTimestampToken(covered[0]!).time } : {}),
  });
  const writer = new RevisionWriter(document);
  await extendDss(document, writer, data);
  const dss = await appendPlain(document, writer);
  const closing = await appendTimestamp(concatSources([source, bytesSource(dss.bytes)]), options);
  return { ...closing, bytes: new Uint8Array(Buffer.concat([dss.bytes, closing.bytes])) };
}

/** A first token, only to learn the certificates of the authority that will close the file (decided 10). */
async function closingAuthority(options: ConcludeOptions): Promise<Uint8Array> {
  const digest = createHash('sha256').update('closing authority').digest();
  return (await options.timestampAuthority.timestamp(new Uint8Array(digest))).der;
}

async function appendTimestamp(source: ByteSource, options: ConcludeOptions): Promise<AppendedRevision> {
  const document = await PdfDocument.open(source);
  const page = await document.firstPage();
  const taken = new Set((await signatureFields(document)).map((field) => field.name));
  let number = 1;
  while (taken.has(`DocumentTimestamp${number}`)) number++;
  return appendSignature({
    document,
    entries: {
      Type: new PdfName('DocTimeStamp'),
      Filter: new PdfName('Adobe.PPKLite'),
      SubFilter: new PdfName('ETSI.RFC3161'),
    },
    async place(writer, signature) {
      const field = await addSignatureField(document, writer, page.ref, `DocumentTimestamp${number}`);
      await writer.edit(field, [], (dict) => (dict as PdfDict).with('V', signature));
    },
    sign: async (digest) => (await options.timestampAuthority.timestamp(digest)).der,
  });
}
