/** Decides offline, rejecting by default, whether a file is as it was sealed (R45, ETSI EN 319 102-1, ISO 32000-2 12.8). */
import { type VerifyContext, verifySignature, verifyTimestamp } from './cms/index.ts';
import { strayOctets } from './pdf/account.ts';
import { stepProblems } from './pdf/changes.ts';
import { PdfDocument } from './pdf/document.ts';
import { readDss } from './pdf/dss.ts';
import { PdfRef, sameRef } from './pdf/objects.ts';
import { PdfProblem } from './pdf/problem.ts';
import { type StoredSignature, storedSignatures } from './pdf/signatures.ts';
import { coveredDigests, prefixSource } from './pdf/source.ts';
import type {
  ByteSource,
  SignatureReport,
  ValidationData,
  VerificationProfile,
  VerificationReport,
  VerifyOptions,
} from './ports.ts';

/** One signature with the file as it stood when it was made. */
interface Layer {
  readonly stored: StoredSignature;
  readonly view: PdfDocument;
  readonly digest: Uint8Array;
  readonly problems: string[];
}

/**
 * Resolves to a report, whatever the file holds; rejects only with the source's own errors. Problems of the file begin
 * with a refusal's code (ports.ts), `no-signatures`, `no-document-timestamp`, `dangling`, or with `changed`, `revisions`
 * or `stray` for what was altered; those of a signature may also be `structure`, `byte-range`, `contents`, `coverage`,
 * or the codes of cms/verify.ts.
 */
export async function verify(source: ByteSource, options: VerifyOptions): Promise<VerificationReport> {
  try {
    return await examine(source, options);
  } catch (error) {
    if (error instanceof PdfProblem) return failed(`${error.code}: ${error.message}`);
    throw error;
  }
}

function failed(problem: string): VerificationReport {
  return { valid: false, signatures: [], problems: [problem], level: null };
}

async function examine(source: ByteSource, options: VerifyOptions): Promise<VerificationReport> {
  const document = await PdfDocument.open(source);
  const stored = await storedSignatures(document);
  if (stored.length === 0) return failed('no-signatures: nothing in the file is signed');
  const layers = await layersOf(document, stored);
  const forged = await changesAfter(document, layers);
  const forward = await layers[0]!.view.forwardReference();
  if (forward !== null) forged.push(`dangling: a later revision could supply object ${forward}`);
  const closed = stored.at(-1)!.kind === 'document-timestamp';
  const open = options.profile === 'B-LTA' && !closed;
  const problems = open ? [...forged, 'no-document-timestamp: nothing closes the file'] : forged;
  const dss = await readDss(document);
  const evaluate = async (profile: VerificationProfile): Promise<SignatureReport[]> =>
    judgeLayers(layers, dss, { ...options, profile });
  const signatures = await evaluate(options.profile);
  const other = await evaluate(options.profile === 'B-T' ? 'B-LTA' : 'B-T');
  const [basic, long] = options.profile === 'B-T' ? [signatures, other] : [other, signatures];
  const proven = allValid(long) ? (closed ? 'B-LTA' : 'B-LT') : allValid(basic) ? 'B-T' : null;
  return {
    valid: problems.length === 0 && allValid(signatures),
    signatures,
    problems,
    level: forged.length === 0 ? proven : null,
  };
}

function allValid(reports: readonly SignatureReport[]): boolean {
  return reports.every((report) => report.valid);
}

/** Opens the file as each signature covers it, and judges each step from one to the next. */
async function layersOf(document: PdfDocument, stored: readonly StoredSignature[]): Promise<Layer[]> {
  const digests = await coveredDigests(
    document.source,
    stored.map(({ hole, coveredTo }) => ({ ...hole, coveredTo })),
  );
  const layers: Layer[] = [];
  for (const [index, signature] of stored.entries()) {
    const problems = [...signature.problems];
    const view = await viewOf(document, signature, problems);
    const previous = layers.at(-1);
    if (previous !== undefined) {
      const step = { kind: signature.kind, field: signature.field };
      const changes = await stepProblems(previous.view, view, step);
      changes.push(...(await strayOctets(view, previous.view.source.size)));
      // What came after a signature without leave breaks that signature, and nobody can vouch for the later one.
      previous.problems.push(...changes);
      problems.push(...changes);
    }
    layers.push({ stored: signature, view, digest: digests[index]!, problems });
  }
  return layers;
}

async function viewOf(
  document: PdfDocument,
  { field, hole, coveredTo }: StoredSignature,
  problems: string[],
): Promise<PdfDocument> {
  if (coveredTo === 0) return document;
  try {
    const view = await PdfDocument.open(prefixSource(document.source, coveredTo));
    const value = field.value;
    const newest = view.sections[0]!;
    const entry = value instanceof PdfRef ? newest.entries.get(value.num) : undefined;
    const inPlace = entry?.type === 'plain' && entry.offset < hole.start && hole.end <= newest.offset;
    if (!inPlace || !sameRef((await view.dict(field.ref)).get('V'), value)) {
      problems.push('coverage: the signature is not part of the revision that it covers');
    }
    return view;
  } catch (error) {
    if (!(error instanceof PdfProblem)) throw error;
    problems.push(`coverage: does not end with a revision (${error.message})`);
    return document;
  }
}

async function changesAfter(document: PdfDocument, layers: readonly Layer[]): Promise<string[]> {
  const { view } = layers.at(-1)!;
  if (view.source.size === document.source.size) return [];
  const changes = await stepProblems(view, document, null);
  return [...changes, ...(await strayOctets(document, view.source.size))];
}

/** From the newest to the oldest: each document timestamp fixes the moment at which what it covers has to hold. */
async function judgeLayers(
  layers: readonly Layer[],
  dss: ValidationData,
  options: VerifyOptions,
): Promise<SignatureReport[]> {
  const reports: SignatureReport[] = [];
  let context: VerifyContext = { ...options, data: dss, covered: false };
  for (const layer of [...layers].reverse()) {
    const report = await judge(layer, context);
    reports.unshift(report);
    if (report.kind === 'document-timestamp' && report.valid && report.timestamp !== null) {
      context = { ...context, data: await readDss(layer.view), at: report.timestamp, covered: true };
    }
  }
  return reports;
}

async function judge({ stored, digest, problems }: Layer, context: VerifyContext): Promise<SignatureReport> {
  const isSignature = stored.kind === 'signature';
  const check = isSignature
    ? await verifySignature(stored.der, digest, context)
    : await verifyTimestamp(stored.der, digest, context);
  const timestamp = 'timestamp' in check ? check.timestamp : check;
  const all = [...new Set([...problems, ...check.problems])];
  return {
    kind: stored.kind,
    field: stored.field.name,
    valid: all.length === 0,
    problems: all,
    signer: check.signer,
    reason: stored.reason,
    location: stored.location,
    claimedTime: stored.claimedTime,
    timestamp: timestamp?.time ?? null,
    timestampSigner: timestamp?.signer ?? null,
    coveredTo: stored.coveredTo,
  };
}
