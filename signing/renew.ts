/** Proof that never runs out: a closed file gets fresh validation data and a new document timestamp (R56, ETSI EN 319 142-1 5.4.3). */
import { readCertificate } from './cms/certificate.ts';
import { MalformedDer } from './cms/der.ts';
import { findPath, readPool } from './cms/path.ts';
import { readTimestampToken } from './cms/timestamp-token.ts';
import { conclude } from './conclude.ts';
import { PdfDocument } from './pdf/document.ts';
import { readDss } from './pdf/dss.ts';
import { fromOurs } from './pdf/ours.ts';
import { PdfProblem } from './pdf/problem.ts';
import { type StoredSignature, storedSignatures } from './pdf/signatures.ts';
import {
  type AppendedRevision,
  type ByteSource,
  type ConcludeOptions,
  SigningError,
  type VerificationReport,
} from './ports.ts';
import { allProblems, verify } from './verify.ts';

export interface RenewOptions extends ConcludeOptions {
  /** The moment at which the file has to hold. */
  readonly at: Date;
}

/**
 * Why a file cannot be renewed: never closed; no longer what was sealed; its proof has run out already; or its chains do
 * not lead to the roots given (a root that was taken out of the configuration, a revoked signer).
 */
export type NotRenewableReason = 'not-closed' | 'altered' | 'expired' | 'unproven';

/** A timestamp upon this file would vouch for something broken. No retry mends it. */
export class NotRenewable extends SigningError {
  override readonly name = 'NotRenewable';
  readonly reason: NotRenewableReason;
  constructor(reason: NotRenewableReason, detail: string, cause?: unknown) {
    super(`${reason}: ${detail}`, { transient: false, cause });
    this.reason = reason;
  }
}

/**
 * Appends the chain and revocation answers of the newest document timestamp, issued after it, and a new document
 * timestamp over the whole file. Rejects with NotRenewable unless the file verifies at `at`; otherwise as conclude().
 */
export async function renew(source: ByteSource, options: RenewOptions): Promise<AppendedRevision> {
  const { document } = await closingTimestamp(source);
  const report = await verify(document, { trust: options.trust, profile: 'B-LTA', at: options.at });
  if (!report.valid) throw notRenewable(report);
  return conclude(document, options);
}

/**
 * The last moment at which a closed file's newest document timestamp can be verified: the earliest end of a
 * certificate in its authority's chain, the root's included. `trust`: DER roots. Reads no more than the file's
 * structure. Rejects with NotRenewable where there is no such moment.
 */
export async function renewalDue(source: ByteSource, trust: readonly Uint8Array[]): Promise<Date> {
  const { document, closing } = await closingTimestamp(source);
  const { signedData, time } = read(() => readTimestampToken(closing.der));
  const { signer } = signedData;
  if (signer === null) throw new NotRenewable('altered', 'the timestamp does not include its signer');
  const stored = await readDss(document);
  const pool = [...signedData.certificates, ...readPool(stored.certificates)];
  const found = findPath(signer, pool, trust.map(readCertificate), [time]);
  if ('problem' in found) throw new NotRenewable('unproven', found.problem);
  return new Date(Math.min(...found.path.map(({ notAfter }) => notAfter.getTime())));
}

async function closingTimestamp(
  source: ByteSource,
): Promise<{ document: PdfDocument; closing: StoredSignature }> {
  try {
    const document = await PdfDocument.open(source);
    const closing = fromOurs(await storedSignatures(document)).at(-1);
    if (closing?.kind !== 'document-timestamp') {
      throw new NotRenewable('not-closed', 'no document timestamp closes the file');
    }
    return { document, closing };
  } catch (error) {
    if (error instanceof PdfProblem) throw new NotRenewable('altered', error.message, error);
    throw error;
  }
}

function read<T>(reader: () => T): T {
  try {
    return reader();
  } catch (error) {
    if (error instanceof MalformedDer) throw new NotRenewable('altered', error.message, error);
    throw error;
  }
}

function notRenewable(report: VerificationReport): NotRenewable {
  return new NotRenewable(REASONS[report.verdict] ?? 'altered', allProblems(report).join('; '));
}

const REASONS: Partial<Record<VerificationReport['verdict'], NotRenewableReason>> = {
  expired: 'expired',
  outdated: 'not-closed',
  'signer-unproven': 'unproven',
};
