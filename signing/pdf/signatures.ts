/**
 * Filled signature fields as they stand in a file: byte range, hole and the DER in it (ISO 32000-2 12.8.1,
 * ETSI EN 319 142-1 5.3).
 */
import { parsePdfDate } from './dates.ts';
import type { PdfDocument } from './document.ts';
import { type SignatureField, signatureFields } from './fields.ts';
import { isArray, isName, type PdfDict, PdfRef, PdfString, textOf } from './objects.ts';
import { unreadable } from './problem.ts';

export interface StoredSignature {
  readonly field: SignatureField;
  readonly kind: 'signature' | 'document-timestamp';
  readonly reason: string | null;
  readonly location: string | null;
  readonly claimedTime: Date | null;
  /** /Contents without its padding; empty when unreadable. */
  readonly der: Uint8Array;
  /** Octets of the hole, delimiters included. */
  readonly hole: { readonly start: number; readonly end: number };
  readonly coveredTo: number;
  /** Why this cannot be a signature over the file, however its cryptography turns out. */
  readonly problems: readonly string[];
}

/** More than a contract and a century of renewals have; guards against a file crafted to be judged for hours. */
const MAX_SIGNATURES = 400;

const SUBFILTERS: Record<string, StoredSignature['kind']> = {
  'ETSI.CAdES.detached': 'signature',
  'ETSI.RFC3161': 'document-timestamp',
};

/** Every filled signature field, the one that covers least first. */
export async function storedSignatures(document: PdfDocument): Promise<StoredSignature[]> {
  const filled = (await signatureFields(document)).filter((field) => field.value !== null);
  if (filled.length > MAX_SIGNATURES) throw unreadable(`${filled.length} signatures`);
  const stored: StoredSignature[] = [];
  for (const field of filled) stored.push(await readSignature(document, field));
  return stored.sort((a, b) => a.coveredTo - b.coveredTo);
}

async function readSignature(document: PdfDocument, field: SignatureField): Promise<StoredSignature> {
  const problems: string[] = [];
  const { value } = field;
  const entry = value instanceof PdfRef ? document.entries.get(value.num) : undefined;
  if (entry?.type !== 'plain') problems.push('structure: the signature is no plain indirect object');
  const dict = await document.dict(value);
  if (dict.ambiguous) problems.push('structure: a key of the signature stands twice');
  const kind = kindOf(dict);
  if (kind === null) problems.push('structure: no PAdES signature or document timestamp');
  const { hole, coveredTo } = readRange(document, dict, problems);
  const contents = dict.get('Contents');
  const der = contents instanceof PdfString ? withoutPadding(contents.bytes) : null;
  if (der === null) problems.push('contents: no DER followed by zeros');
  const text = (key: string): string | null => textOf(dict.get(key));
  return {
    field,
    kind: kind ?? 'signature',
    reason: text('Reason'),
    location: text('Location'),
    claimedTime: parsePdfDate(text('M') ?? ''),
    der: der ?? new Uint8Array(0),
    hole,
    coveredTo,
    problems,
  };
}

function kindOf(dict: PdfDict): StoredSignature['kind'] | null {
  for (const [name, kind] of Object.entries(SUBFILTERS)) {
    if (!isName(dict.get('SubFilter'), name)) continue;
    const type = kind === 'signature' ? 'Sig' : 'DocTimeStamp';
    return isName(dict.get('Type'), type) ? kind : null;
  }
  return null;
}

/** /ByteRange must be the whole of a file's head but one hole, and the hole this very dictionary's hexadecimal /Contents. */
function readRange(
  document: PdfDocument,
  dict: PdfDict,
  problems: string[],
): { hole: StoredSignature['hole']; coveredTo: number } {
  const range = dict.get('ByteRange');
  const contents = dict.get('Contents');
  const place = contents instanceof PdfString ? contents.place : null;
  const numbers = isArray(range)
    ? range.filter((item) => Number.isSafeInteger(item) && Number(item) >= 0)
    : [];
  if (!isArray(range) || range.length !== 4 || numbers.length !== 4 || place === null) {
    problems.push('byte-range: not four offsets and a string');
    return { hole: { start: 0, end: 0 }, coveredTo: 0 };
  }
  const [from, length, resume, rest] = numbers as [number, number, number, number];
  if (from !== 0 || length !== place.start || resume !== place.end) {
    problems.push('byte-range: leaves out something else than its own /Contents');
  }
  if (!place.pure) problems.push('contents: not pure hexadecimal');
  const coveredTo = resume + rest;
  if (rest === 0 || coveredTo > document.source.size) {
    problems.push('byte-range: does not end within the file');
    return { hole: { start: 0, end: 0 }, coveredTo: 0 };
  }
  return { hole: { start: place.start, end: place.end }, coveredTo };
}

/** The DER SEQUENCE at the start of `bytes`; null unless only zeros follow it. */
function withoutPadding(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] !== 0x30 || bytes.length < 2) return null;
  const first = bytes[1]!;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || more > 4 || bytes.length < 2 + more) return null;
  let length = first < 0x80 ? first : 0;
  for (const octet of bytes.subarray(2, 2 + more)) length = length * 256 + octet;
  const end = 2 + more + length;
  if (end > bytes.length) return null;
  // Compared at once: octet by octet the padding would cost more than the signature.
  const padding = bytes.subarray(end);
  return Buffer.compare(padding, Buffer.alloc(padding.length)) === 0 ? bytes.subarray(0, end) : null;
}
