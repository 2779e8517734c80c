/** Closes a file at PAdES B-LTA: one DSS, then a document timestamp over everything (ETSI EN 319 142-1 5.4, 6.3). */
import { sha256 } from './cms/algorithms.ts';
import { collectValidationData } from './cms/index.ts';
import { readTimestampToken } from './cms/timestamp-token.ts';
import { PdfDocument } from './pdf/document.ts';
import { extendDss } from './pdf/dss.ts';
import { addSignatureField, signatureFields } from './pdf/fields.ts';
import { PdfName } from './pdf/objects.ts';
import { fromOurs } from './pdf/ours.ts';
import { firstPage } from './pdf/pages.ts';
import { appendPlain, appendSignature } from './pdf/signature-revision.ts';
import { storedSignatures } from './pdf/signatures.ts';
import { RevisionWriter } from './pdf/writer.ts';
import {
  type AppendedRevision,
  type ByteSource,
  type ConcludeOptions,
  SigningError,
  type TimestampAuthority,
  type ValidationData,
} from './ports.ts';

/**
 * Appends the DSS and the closing document timestamp. On a file already closed it renews the proof (R56).
 * Rejects transiently while a revocation answer fresh enough cannot be had, permanently when one says revoked.
 */
export async function conclude(source: ByteSource, options: ConcludeOptions): Promise<AppendedRevision> {
  const document = await PdfDocument.open(source);
  const stored = fromOurs(await storedSignatures(document));
  if (stored.length === 0) throw new SigningError('nothing is signed yet', { transient: false });
  // What an earlier document timestamp covers is proven already; only that timestamp needs proof of its own.
  const closed = stored.findLastIndex((signature) => signature.kind === 'document-timestamp');
  const covered = closed < 0 ? [] : [stored[closed]!.der];
  const open = stored.slice(closed + 1).map((signature) => signature.der);
  const collect = (tokens: readonly Uint8Array[]): Promise<ValidationData> =>
    collectValidationData(open, [...covered, ...tokens], {
      revocation: options.revocation,
      trust: options.trust,
      ...(open.length === 0 ? { notBefore: readTimestampToken(covered[0]!).time } : {}),
    });
  // While an answer is missing no timestamp is spent.
  await collect([]);
  // The closing authority is chosen first, only to learn its certificates (decided 10).
  const first = await options.timestampAuthority.timestamp(sha256(Buffer.from('closing authority')));
  const authority = first.from ?? options.timestampAuthority;
  for (let tokens = [first.der]; tokens.length <= UNITS; ) {
    const data = await collect(tokens);
    const writer = new RevisionWriter(document);
    await extendDss(document, writer, data);
    const dss = await appendPlain(document, writer);
    const { closing, token } = await appendTimestamp(await document.grown(dss.bytes), authority);
    if (isFrom(data, token)) {
      return { ...closing, bytes: new Uint8Array(Buffer.concat([dss.bytes, closing.bytes])) };
    }
    // Another unit of the authority answered, with a certificate of its own: its proof has to come along.
    tokens = [...tokens, token];
  }
  throw new SigningError('the timestamp authority answers from ever new units', {
    transient: true,
    awaits: 'timestamp',
  });
}

/** Certificates under which one authority may answer before we give up for now. */
const UNITS = 4;

function isFrom({ certificates }: ValidationData, token: Uint8Array): boolean {
  const { signer } = readTimestampToken(token).signedData;
  return certificates.some((certificate) => Buffer.compare(certificate, signer!.der) === 0);
}

async function appendTimestamp(
  document: PdfDocument,
  authority: TimestampAuthority,
): Promise<{ closing: AppendedRevision; token: Uint8Array }> {
  let token = new Uint8Array();
  const page = await firstPage(document);
  const taken = new Set((await signatureFields(document)).map((field) => field.name));
  let number = 1;
  while (taken.has(`DocumentTimestamp${number}`)) number++;
  const closing = await appendSignature({
    document,
    entries: {
      Type: new PdfName('DocTimeStamp'),
      Filter: new PdfName('Adobe.PPKLite'),
      SubFilter: new PdfName('ETSI.RFC3161'),
    },
    async place(writer, signature) {
      const field = await addSignatureField(document, writer, page.ref, `DocumentTimestamp${number}`);
      await writer.editDict(field, (dict) => dict.with('V', signature));
    },
    async sign(digest) {
      token = new Uint8Array((await authority.timestamp(digest)).der);
      return token;
    },
  });
  return { closing, token };
}
