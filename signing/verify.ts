/** Decides offline, rejecting by default, whether a file is as it was sealed (R45, ETSI EN 319 102-1, ISO 32000-2 12.8). */
import { type VerifyContext, verifySignature, verifyTimestamp } from './cms/index.ts';
import { changesAfter, type Layer, layersOf } from './layers.ts';
import { PdfDocument } from './pdf/document.ts';
import { readDss } from './pdf/dss.ts';
import { signatureFields } from './pdf/fields.ts';
import { carriesOurMark, isOurField } from './pdf/ours.ts';
import { PdfProblem } from './pdf/problem.ts';
import { storedSignatures } from './pdf/signatures.ts';
import type {
  ByteSource,
  SignatureReport,
  ValidationData,
  Verdict,
  VerificationProfile,
  VerificationReport,
  VerifyOptions,
} from './ports.ts';
import { isAhead, verdictOn, verdictOnFile } from './verdict.ts';

/**
 * Resolves to a report, whatever the file holds; rejects only with the source's own errors. Problems of the file begin
 * with a refusal's code (ports.ts), `no-signatures`, `no-document-timestamp`, `open-field`, `dangling`, or with
 * `changed`, `revisions` or `stray` for what was altered; those of a signature may also be `structure`, `byte-range`,
 * `contents`, `coverage`, or the codes of cms/verify.ts. An intermediate state (`outdated`) has its signatures judged
 * at B-T, since no more can be asked of them.
 */
export async function verify(source: ByteSource, options: VerifyOptions): Promise<VerificationReport> {
  try {
    return await examine(source, options);
  } catch (error) {
    if (!(error instanceof PdfProblem)) throw error;
    // A file of ours that can no longer be read was cut or written over.
    const broken = error.code !== 'not-a-pdf' && (await carriesOurMark(source));
    return without(`${error.code}: ${error.message}`, broken ? 'altered' : 'unjudged');
  }
}

/** Everything that a report has against a file, its signatures included. */
export function allProblems({ problems, signatures }: VerificationReport): string[] {
  return [...problems, ...signatures.flatMap((signature) => signature.problems)];
}

function without(problem: string, verdict: Verdict): VerificationReport {
  return {
    valid: false,
    verdict,
    signatures: [],
    problems: [problem],
    level: null,
    provenUntil: null,
    sha256: null,
  };
}

/** A signature's report with the end of the proof that it gives, which only a document timestamp has. */
interface Judged extends Omit<SignatureReport, 'verdict'> {
  readonly ours: boolean;
  readonly until: Date | null;
}

/** What a file is judged by, whatever the moment and the level asked for. */
interface Evidence {
  readonly layers: readonly Layer[];
  readonly dss: ValidationData;
  readonly options: VerifyOptions;
}

async function examine(source: ByteSource, options: VerifyOptions): Promise<VerificationReport> {
  const document = await PdfDocument.open(source);
  const stored = await storedSignatures(document);
  if (stored.length === 0) return without('no-signatures: nothing in the file is signed', 'not-ours');
  const { layers, forward, sha256 } = await layersOf(document, stored);
  const evidence = { layers, dss: await readDss(document), options };
  if (!layers.some(({ ours }) => ours)) {
    const signatures = (await judgeLayers(evidence, 'B-T')).map((one) => reported(one, false));
    return { ...without('no-signatures: none of the signatures is ours', 'not-ours'), signatures, sha256 };
  }
  const forged = await changesAfter(document, layers);
  if (forward !== null) forged.push(`dangling: a later revision could supply object ${forward}`);
  const timestamps = layers.filter(
    ({ ours, stored: { kind } }) => ours && kind === 'document-timestamp',
  ).length;
  const closed = layers.at(-1)!.stored.kind === 'document-timestamp';
  const unfinished = options.profile === 'B-T' ? [] : await incompleteness(document, closed);
  const { judged, profile, level } = await judgedWithLevel(evidence, closed, unfinished.length > 0);
  const heldOnce = await hasHeld(evidence, judged, profile);
  const verdict = verdictOnFile({
    forged: forged.length > 0,
    unfinished: unfinished.length > 0,
    problems: judged.filter(({ ours }) => ours).map(({ problems }) => problems),
    heldOnce,
    timestamps,
  });
  return {
    valid: verdict === 'valid' || verdict === 'extended',
    verdict,
    signatures: judged.map((one) => reported(one, heldOnce)),
    problems: [...forged, ...unfinished],
    level: forged.length === 0 ? level : null,
    provenUntil: judged.at(-1)!.until,
    sha256,
  };
}

/** What was found at the level asked for, or at B-T where no more can be asked of an intermediate state. */
async function judgedWithLevel(
  evidence: Evidence,
  closed: boolean,
  unfinished: boolean,
): Promise<{ judged: Judged[]; profile: VerificationProfile; level: VerificationReport['level'] }> {
  const { options, dss } = evidence;
  // Without any answer in the file nothing beyond B-T can be proven: a fresh consent is judged once.
  const mayBeLong = options.profile === 'B-LTA' || dss.ocspResponses.length + dss.crls.length > 0;
  const long = mayBeLong ? await judgeLayers(evidence, 'B-LTA') : null;
  if (long !== null && allValid(long)) {
    const level = closed ? 'B-LTA' : 'B-LT';
    return { judged: long, profile: 'B-LTA', level };
  }
  const basic = await judgeLayers(evidence, 'B-T');
  const level = allValid(basic) ? 'B-T' : null;
  return long === null || options.profile === 'B-T' || unfinished
    ? { judged: basic, profile: 'B-T', level }
    : { judged: long, profile: 'B-LTA', level };
}

/** Whether what no longer holds did so at the time of the newest timestamp. */
async function hasHeld(
  evidence: Evidence,
  judged: readonly Judged[],
  profile: VerificationProfile,
): Promise<boolean> {
  const newest = new Date(Math.max(...judged.map(({ timestamp }) => timestamp?.getTime() ?? 0)));
  if (allValid(judged) || judged.some(({ problems }) => isAhead(problems))) return false;
  return newest < evidence.options.at && allValid(await judgeLayers(evidence, profile, newest));
}

/** What a concluded file of ours may not lack: all consents, and a document timestamp over everything. */
async function incompleteness(document: PdfDocument, closed: boolean): Promise<string[]> {
  const fields = await signatureFields(document);
  const empty = fields.filter(({ name, value }) => isOurField(name) && value === null);
  return [
    ...empty.map(({ name }) => `open-field: ${name} waits for its signature`),
    ...(closed ? [] : ['no-document-timestamp: nothing closes the file']),
  ];
}

/** Signatures of others are reported, but it is not for us to let the file fail for them. */
function allValid(reports: readonly Judged[]): boolean {
  return reports.every((report) => !report.ours || report.valid);
}

function reported({ ours, until: _until, ...report }: Judged, heldOnce: boolean): SignatureReport {
  return { ...report, verdict: ours ? verdictOn(report.problems, heldOnce) : 'not-ours' };
}

/**
 * From the newest to the oldest: each document timestamp fixes the moment at which what it covers has to hold
 * (ETSI EN 319 102-1 5.6.3).
 */
async function judgeLayers(
  { layers, dss, options }: Evidence,
  profile: VerificationProfile,
  at = options.at,
): Promise<Judged[]> {
  const reports: Judged[] = [];
  let context: VerifyContext = { trust: options.trust, profile, at, data: dss, covered: false };
  for (const layer of [...layers].reverse()) {
    const report = await judge(layer, layer.ours ? context : { ...context, profile: 'B-T' });
    reports.unshift(report);
    if (report.kind === 'document-timestamp' && report.valid && report.timestamp !== null) {
      context = { ...context, data: await readDss(layer.view), at: report.timestamp, covered: true };
    }
  }
  return reports;
}

async function judge({ stored, ours, digest, problems }: Layer, context: VerifyContext): Promise<Judged> {
  const isSignature = stored.kind === 'signature';
  const check = isSignature
    ? await verifySignature(stored.der, digest, context)
    : await verifyTimestamp(stored.der, digest, context);
  const timestamp = 'timestamp' in check ? check.timestamp : check;
  const all = [...new Set([...problems, ...check.problems])];
  return {
    kind: stored.kind,
    field: stored.field.name,
    ours,
    valid: all.length === 0,
    problems: all,
    signer: check.signer,
    reason: stored.reason,
    location: stored.location,
    claimedTime: stored.claimedTime,
    timestamp: timestamp?.time ?? null,
    timestampSigner: timestamp?.signer ?? null,
    coveredTo: stored.coveredTo,
    until: isSignature ? null : (timestamp?.until ?? null),
  };
}
