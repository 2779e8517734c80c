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

/** A certificate that a credential depends on. */
export interface CredentialCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Common name of the subject. */
  readonly name: string;
  readonly notAfter: Date;
}

/** The credential's own certificate first, then those above it up to the root, expired ones included. */
export function certificatesBehind(
  credential: Credential,
  trust: readonly Uint8Array[],
): CredentialCertificate[] {
  const signer = readCertificate(credential.certificate);
  const found = findPath(signer, readPool(credential.chain), trust.map(readCertificate), []);
  const path = 'problem' in found ? [signer] : found.path;
  return path.map(({ fingerprint, name, notAfter }) => ({ fingerprint, name, notAfter }));
}
