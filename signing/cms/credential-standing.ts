/** Whether a signing identity may still sign at this moment: in force, and its whole chain lately proven not revoked (RFC 5280 6.1, 6.3). */
import { type Credential, type RevocationProvider, SigningError, type ValidationData } from '../ports.ts';
import { readCertificate } from './certificate.ts';
import { findPath, readPool } from './path.ts';
import { problemsOfRevocation } from './revocation-check.ts';
import { mergeValidationData } from './validation-data.ts';

/** The credential or an authority above it is revoked: it must never sign again. */
export class RevokedCredential extends SigningError {
  override readonly name: string = 'RevokedCredential';
  constructor(message: string, cause: unknown) {
    super(message, { transient: false, cause });
  }
}

export interface StandingOptions {
  /** DER roots. */
  readonly trust: readonly Uint8Array[];
  readonly revocation: RevocationProvider;
  /** A good answer issued so long ago still counts, milliseconds. */
  readonly maxAgeMs: number;
}

/**
 * The check to make before each signature; its answers are kept and asked for anew once they are too old, or once the
 * provider has heard elsewhere that one of these certificates is revoked.
 * It rejects with RevokedCredential, or transiently: before and after the validity of a certificate (a new one may be put
 * in its place) and while no answer young enough can be had.
 */
export function credentialStanding(
  credential: Credential,
  { trust, revocation, maxAgeMs }: StandingOptions,
): (at: Date) => Promise<void> {
  const signer = readCertificate(credential.certificate);
  const pool = readPool(credential.chain);
  const roots = trust.map(readCertificate);
  let kept: ValidationData | null = null;

  return async (at) => {
    const found = findPath(signer, pool, roots, [at]);
    if ('problem' in found) {
      const transient = found.problem.startsWith('validity:');
      throw new SigningError(found.problem, { transient, awaits: 'key' });
    }
    const { path } = found;
    const since = new Date(at.getTime() - maxAgeMs);
    // What somebody else has learnt since, such as whoever closes a file, counts for more than what is kept.
    const told = path.some(({ der }) => revocation.saidRevoked?.(der));
    if (kept !== null && !told && problemsOfRevocation(path, kept, at, since).length === 0) return;
    kept = null;
    try {
      const proofs = await Promise.all(
        path.slice(0, -1).map(({ der }, above) => revocation.prove(der, path[above + 1]!.der, since)),
      );
      kept = mergeValidationData(proofs);
    } catch (error) {
      if (error instanceof SigningError && !error.transient)
        throw new RevokedCredential(error.message, error);
      throw error;
    }
  };
}
