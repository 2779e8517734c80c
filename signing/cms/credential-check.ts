/** Judges a signing identity before it is put to use, so that a contract never waits for a certificate that cannot be proven. */
import type { Credential } from '../ports.ts';
import { readCertificate } from './certificate.ts';
import { MalformedDer } from './der.ts';
import { findPath, readPool } from './path.ts';
import { problemsOfPurpose } from './purpose.ts';

/**
 * What keeps `credential` from sealing at B-LTA: purpose, validity at `at`, a path to one of `trust` (DER roots), and
 * an OCSP responder or CRL named by every certificate below the root. English, a stable code first; none means fit.
 */
export function problemsOfCredential(
  credential: Credential,
  { trust, at }: { readonly trust: readonly Uint8Array[]; readonly at: Date },
): string[] {
  try {
    const signer = readCertificate(credential.certificate);
    const found = findPath(signer, readPool(credential.chain), trust.map(readCertificate), [at]);
    if ('problem' in found) return [...problemsOfPurpose(signer), found.problem];
    const silent = found.path
      .slice(0, -1)
      .filter(({ ocspUrls, crlUrls }) => ocspUrls.length + crlUrls.length === 0);
    return [
      ...problemsOfPurpose(signer),
      ...silent.map(
        ({ name }) => `revocation-unprovable: "${name}" names neither an OCSP responder nor a CRL`,
      ),
    ];
  } catch (error) {
    if (error instanceof MalformedDer) return [`malformed: ${error.message}`];
    throw error;
  }
}
