/**
 * Writes a revision with a hole in its signature dictionary and fills the hole with what covers the rest
 * (ISO 32000-2 12.8.1).
 */
import type { Hash } from 'node:crypto';
import { type AppendedRevision, SigningError } from '../ports.ts';
import type { PdfDocument } from './document.ts';
import { PdfDict, PdfName, type PdfObject, type PdfRef, PdfString } from './objects.ts';
import { RevisionWriter } from './writer.ts';

/** Octets kept free for a signature or timestamp: chains of three certificates and a timestamp take about a third. */
export const FIRST_HOLE = 32_768;
/** Larger than any signature is; guards against growing it for ever. */
const MAX_HOLE = 4 << 20;
/** Wide enough for any offset; replaced once the offsets are known. */
const PLACEHOLDER = 9_999_999_999;

export interface SignatureRevisionPlan {
  readonly document: PdfDocument;
  /** The signature dictionary's entries but /ByteRange and /Contents. */
  readonly entries: Record<string, PdfObject>;
  /** Points a field's /V at the signature dictionary and makes whatever else the revision changes. */
  place(writer: RevisionWriter, signature: PdfRef): Promise<void>;
  /** DER that goes into /Contents, over the SHA-256 of /ByteRange. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
  /** Octets of the first hole; {@link FIRST_HOLE} when absent. */
  readonly hole?: number;
}

/** The revision, made anew with a larger hole when the signature does not fit. */
export async function appendSignature(plan: SignatureRevisionPlan): Promise<AppendedRevision> {
  const prefix = await plan.document.runningSha256();
  for (let hole = plan.hole ?? FIRST_HOLE; hole <= MAX_HOLE; ) {
    const { bytes, start, end } = await layOut(plan, hole);
    const before = prefix.copy().update(bytes.subarray(0, start));
    const digest = before.copy().update(bytes.subarray(end)).digest();
    const der = await plan.sign(new Uint8Array(digest));
    if (der.length <= hole) {
      bytes.write(Buffer.from(der).toString('hex'), start + 1, 'latin1');
      return revisionOf(plan.document, bytes, before.update(bytes.subarray(start)));
    }
    hole = Math.max(der.length + 4096, hole * 2);
  }
  throw new SigningError(`a signature larger than ${MAX_HOLE} octets`, { transient: false });
}

/** A revision without a signature. */
export async function appendPlain(document: PdfDocument, writer: RevisionWriter): Promise<AppendedRevision> {
  const { bytes } = writer.finish();
  return revisionOf(document, bytes, (await document.runningSha256()).update(bytes));
}

function revisionOf(document: PdfDocument, bytes: Buffer, hash: Hash): AppendedRevision {
  const size = document.source.size + bytes.length;
  return { bytes, size, sha256: hash.digest('hex') };
}

/** The revision with /ByteRange filled in; `start` and `end` bound /Contents, delimiters included, within its octets. */
async function layOut(
  plan: SignatureRevisionPlan,
  hole: number,
): Promise<{ bytes: Buffer; start: number; end: number }> {
  const writer = new RevisionWriter(plan.document);
  const signature = writer.allocate();
  const dict = new PdfDict([
    ['Type', new PdfName('Sig')],
    ['ByteRange', [0, PLACEHOLDER, PLACEHOLDER, PLACEHOLDER]],
    ['Contents', new PdfString(new Uint8Array(hole))],
    ...Object.entries(plan.entries),
  ]);
  writer.set(signature, dict);
  await plan.place(writer, signature);
  const { bytes, offsets } = writer.finish();
  const base = plan.document.source.size;
  const object = offsets.get(signature.num)! - base;
  const start = bytes.indexOf('/Contents <', object) + '/Contents '.length;
  const end = start + 2 * hole + 2;
  const rangeStart = bytes.indexOf('/ByteRange [', object) + '/ByteRange '.length;
  const rangeEnd = bytes.indexOf(']', rangeStart);
  const range = `[0 ${base + start} ${base + end} ${bytes.length - end}`;
  bytes.write(range.padEnd(rangeEnd - rangeStart), rangeStart, 'latin1');
  return { bytes, start, end };
}
