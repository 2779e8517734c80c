/** Gathers what a verifier will need once certificates have run out: chains and revocation answers (ETSI EN 319 142-1 5.4.2). */
import { createHash } from 'node:crypto';
import { type RevocationProvider, SigningError, type ValidationData } from '../ports.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { MalformedDer } from './der.ts';
import { findPath } from './path.ts';
import { readSignedData, type SignedData } from './signer.ts';
import { readTimestampToken, signatureTimestampOf, type TimestampTokenInfo } from './timestamp-token.ts';

export const NO_VALIDATION_DATA: ValidationData = { certificates: [], ocspResponses: [], crls: [] };

export interface CollectOptions {
  readonly revocation: RevocationProvider;
  /** DER roots that end every chain. */
  readonly trust: readonly Uint8Array[];
  /**
   * Age that revocation answers may have at most; the newest signature timestamp among `cms` unless told.
   * A renewal, which has no new signatures, gives the time of the newest document timestamp to be covered.
   */
  readonly notBefore?: Date;
}

/**
 * Chains and revocation answers for every signer of `cms` (DER, zero padding allowed), its signature timestamp, and
 * the authorities of `tokens`; the answers are issued after the signature timestamps, and none appears twice.
 * Rejects with the provider's SigningError, permanently when a chain does not lead to a trust root.
 */
export async function collectValidationData(
  cms: readonly Uint8Array[],
  tokens: readonly Uint8Array[],
  { revocation, trust, notBefore }: CollectOptions,
): Promise<ValidationData> {
  const roots = trust.map(readCertificate);
  const signatures = cms.map((der) => {
    const signedData = read(() => readSignedData(der));
    const timestamp = read(() => signatureTimestampOf(signedData));
    if (timestamp === null) throw new SigningError('the signature has no timestamp', { transient: false });
    return { signedData, timestamp };
  });
  const standalone = tokens.map((der) => read(() => readTimestampToken(der)));
  const timestamps = [...signatures.map(({ timestamp }) => timestamp), ...standalone];
  const pool = [...signatures, ...timestamps].flatMap(({ signedData }) => signedData.certificates);
  const signatureTimes = signatures.map(({ timestamp }) => timestamp.time.getTime());
  // A signature is proven to have existed by its timestamp; a timestamp by nothing older than the one that will cover it.
  const paths = [
    ...signatures.map(({ signedData, timestamp: { time } }) => ({
      path: pathOf(signedData, time, pool, roots),
      usedAt: time,
    })),
    ...timestamps.map(({ signedData, time }) => ({
      path: pathOf(signedData, time, pool, roots),
      usedAt: null,
    })),
  ];
  const since =
    notBefore ?? new Date(Math.max(...(signatureTimes.length > 0 ? signatureTimes : timesOf(standalone))));
  const links = new Map<string, { certificate: Certificate; issuer: Certificate; usedAt: Date | null }>();
  for (const { path, usedAt } of paths) {
    for (const [at, certificate] of path.slice(0, -1).entries()) {
      const known = links.get(certificate.fingerprint)?.usedAt;
      const latest = known === undefined ? usedAt : later(known, usedAt);
      links.set(certificate.fingerprint, { certificate, issuer: path[at + 1]!, usedAt: latest });
    }
  }
  const proofs = await allOf(
    [...links.values()].map(({ certificate, issuer, usedAt }) =>
      revocation.prove(certificate.der, issuer.der, since, usedAt),
    ),
  );
  const chains = {
    ...NO_VALIDATION_DATA,
    certificates: paths.flatMap(({ path }) => path.map(({ der }) => der)),
  };
  return mergeValidationData([chains, ...proofs]);
}

/** All of them, or the worst that is wrong: what no retry mends, else everything that is waited for, until the last is due. */
async function allOf(proofs: readonly Promise<ValidationData>[]): Promise<ValidationData[]> {
  const settled = await Promise.allSettled(proofs);
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const final = failures.find((error) => !(error instanceof SigningError && error.transient));
  if (final !== undefined) throw final;
  if (failures.length > 0) {
    const due = failures.map(({ retryAt }: SigningError) => retryAt?.getTime() ?? Number.NaN);
    const last = Math.max(...due);
    throw new SigningError([...new Set(failures.map(({ message }) => message))].join('; '), {
      transient: true,
      awaits: 'revocation',
      retryAt: Number.isNaN(last) ? undefined : new Date(last),
    });
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** The later of two uses; null, which still goes on, is later than any. */
function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return null;
  return one > other ? one : other;
}

const timesOf = (tokens: readonly TimestampTokenInfo[]) => tokens.map(({ time }) => time.getTime());

function read<T>(reader: () => T): T {
  try {
    return reader();
  } catch (error) {
    if (error instanceof MalformedDer)
      throw new SigningError(error.message, { transient: false, cause: error });
    throw error;
  }
}

function pathOf(
  { signer }: SignedData,
  time: Date,
  pool: readonly Certificate[],
  roots: readonly Certificate[],
): readonly Certificate[] {
  if (signer === null)
    throw new SigningError('the signing certificate is not included', { transient: false });
  const found = findPath(signer, pool, roots, [time]);
  if ('problem' in found) throw new SigningError(found.problem, { transient: false });
  return found.path;
}

/** All of `parts` in their order, each item once. */
export function mergeValidationData(parts: readonly ValidationData[]): ValidationData {
  return {
    certificates: distinct(parts.flatMap(({ certificates }) => certificates)),
    ocspResponses: distinct(parts.flatMap(({ ocspResponses }) => ocspResponses)),
    crls: distinct(parts.flatMap(({ crls }) => crls)),
  };
}

function distinct(ders: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(ders.map((der) => [createHash('sha256').update(der).digest('hex'), der])).values()];
}
