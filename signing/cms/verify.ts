/** Verifies our signatures and timestamps, offline and rejecting by default (ETSI EN 319 102-1 5.5, 5.6; EN 319 142-1 6.3). */
import type { ValidationData, VerificationProfile } from '../ports.ts';
import { OID, sha256 } from './algorithms.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { CLOCK_TOLERANCE_MS } from './clocks.ts';
import { MalformedDer } from './der.ts';
import { findPath, readPool } from './path.ts';
import { problemsOfPurpose } from './purpose.ts';
import { problemsOfRevocation } from './revocation-check.ts';
import { problemsOfSigner, readSignedData, type SignedData } from './signer.ts';
import {
  checkTimestampToken,
  readTimestampToken,
  signatureTimestampOf,
  type TimestampTokenInfo,
} from './timestamp-token.ts';

export interface VerifyContext {
  /** DER roots. */
  readonly trust: readonly Uint8Array[];
  /** The file's own certificates and revocation answers; nothing is fetched. */
  readonly data: ValidationData;
  /** When timestamps have to hold: the next newer document timestamp's time, else the moment of the check. */
  readonly at: Date;
  readonly profile: VerificationProfile;
  /**
   * For verifyTimestamp at B-LTA: a newer document timestamp covers this one, so answers issued after it must be
   * there. The newest one's own proof only comes with the renewal; false unless told.
   */
  readonly covered?: boolean;
}

/** Problems are English, a stable code first ("digest-mismatch: …"); none means valid. */
export interface TimestampCheck {
  readonly problems: string[];
  /** genTime. */
  readonly time: Date | null;
  readonly signer: string | null;
  /** When the first certificate of the authority's path runs out; null without a path to a root. */
  readonly until: Date | null;
}

export interface CmsCheck {
  readonly problems: string[];
  readonly signer: string | null;
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array | null;
  readonly timestamp: TimestampCheck | null;
}

/** A VerifyContext whose certificates have been read. */
interface Grounds extends Omit<VerifyContext, 'trust'> {
  readonly trust: readonly Certificate[];
  readonly pool: readonly Certificate[];
}

function groundsOf(ctx: VerifyContext): Grounds {
  return { ...ctx, trust: ctx.trust.map(readCertificate), pool: readPool(ctx.data.certificates) };
}

/**
 * Checks a detached signature (`cms` DER, zero padding allowed) over `digest`, and its signature timestamp, which
 * has to be there. At B-LTA every certificate's revocation answer has to be in `ctx.data`, issued after the timestamp.
 * Throws MalformedDer only when `ctx.trust` cannot be read.
 */
export async function verifySignature(
  cms: Uint8Array,
  digest: Uint8Array,
  ctx: VerifyContext,
): Promise<CmsCheck> {
  const grounds = groundsOf(ctx);
  try {
    return checkSignature(readSignedData(cms), digest, grounds);
  } catch (error) {
    return { problems: [malformed(error)], signer: null, certificate: null, timestamp: null };
  }
}

/** Checks an RFC 3161 token (DER, zero padding allowed) over `digest`; throws as verifySignature does. */
export async function verifyTimestamp(
  token: Uint8Array,
  digest: Uint8Array,
  ctx: VerifyContext,
): Promise<TimestampCheck> {
  const grounds = groundsOf(ctx);
  try {
    return checkTimestamp(readTimestampToken(token), digest, grounds, ctx.covered ?? false);
  } catch (error) {
    return { problems: [malformed(error)], time: null, signer: null, until: null };
  }
}

function malformed(error: unknown): string {
  if (error instanceof MalformedDer) return `malformed: ${error.message}`;
  throw error;
}

function checkSignature(signedData: SignedData, digest: Uint8Array, grounds: Grounds): CmsCheck {
  const { signer, signedAttributes, unsignedAttributes } = signedData;
  const problems = problemsOfSigner(signedData, { contentType: OID.data, digest });
  if (signedData.content !== null) problems.push('content: the signature is not detached');
  if (signedAttributes.has(OID.signingTime)) problems.push('signing-time: PAdES forbids the attribute');
  if (!signedAttributes.has(OID.signingCertificateV2))
    problems.push('ess-mismatch: signing-certificate-v2 is missing');
  for (const id of unsignedAttributes.keys())
    if (id !== OID.signatureTimestamp) problems.push(`unexpected-attribute: unsigned attribute ${id}`);
  const token = signatureTimestampOf(signedData);
  const timestamp =
    token === null ? null : checkTimestamp(token, sha256(signedData.signature), grounds, true);
  if (timestamp === null) problems.push('timestamp-missing: nothing proves when the signature existed');
  else problems.push(...timestamp.problems.map((problem) => `timestamp-invalid: ${problem}`));
  if (signer !== null)
    problems.push(...problemsOfSignerCertificate(signer, signedData, token?.time ?? grounds.at, grounds));
  return { problems, signer: signer?.name ?? null, certificate: signer?.der ?? null, timestamp };
}

/** The signer's standing at `time`, the moment that the signature timestamp proves. */
function problemsOfSignerCertificate(
  signer: Certificate,
  signedData: SignedData,
  time: Date,
  { trust, pool, data, profile }: Grounds,
): string[] {
  const problems = problemsOfPurpose(signer);
  const found = findPath(signer, [...signedData.certificates, ...pool], trust, [time]);
  if ('problem' in found) return [...problems, found.problem];
  if (profile === 'B-T') return problems;
  return [...problems, ...problemsOfRevocation(found.path, data, time, time)];
}

function checkTimestamp(
  token: TimestampTokenInfo,
  digest: Uint8Array,
  { trust, pool, data, at, profile }: Grounds,
  covered: boolean,
): TimestampCheck {
  const { time, signedData } = token;
  const { problems, path } = checkTimestampToken(token, digest, { trust, pool, alsoValidAt: [at] });
  if (time.getTime() > at.getTime() + CLOCK_TOLERANCE_MS)
    problems.push(`time-order: the timestamp of ${time.toISOString()} is later than ${at.toISOString()}`);
  if (profile === 'B-LTA' && path !== null)
    problems.push(...problemsOfRevocation(path, data, at, covered ? time : null));
  const ends = path?.map(({ notAfter }) => notAfter.getTime());
  const until = ends === undefined ? null : new Date(Math.min(...ends));
  return { problems, time, signer: signedData.signer?.name ?? null, until };
}
