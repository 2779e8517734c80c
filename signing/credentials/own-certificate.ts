/** Finds the certificate that belongs to a key and puts those above it in order (RFC 5280 6.1). */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { isKeyStrong } from '../cms/algorithms.ts';
import { type Credential, SigningError } from '../ports.ts';

/** The curves that contracts are signed on; P-521 is believed in others' certificates only. */
const CURVES = ['prime256v1', 'secp384r1'];

/**
 * All of a credential but the signing itself; `certificates` may come in any order.
 * Throws a permanent SigningError when the key is too weak or none of them is its own.
 */
export function ownCertificate(
  publicKey: KeyObject,
  certificates: readonly X509Certificate[],
): Omit<Credential, 'sign'> {
  const algorithm = algorithmOf(publicKey);
  const own = certificates.find((certificate) => certificate.publicKey.equals(publicKey));
  if (own === undefined)
    throw new SigningError('none of the certificates belongs to the private key', { transient: false });
  return { certificate: own.raw, chain: issuersOf(own, certificates).map(({ raw }) => raw), algorithm };
}

/** Every curve signs with SHA-256 here, because the documents' digests are SHA-256 (RFC 5754 3.3). */
function algorithmOf(key: KeyObject): Credential['algorithm'] {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (!isKeyStrong(key) || (curve !== undefined && !CURVES.includes(curve)))
    throw new SigningError('the key is neither RSA of 2,048 bits or more nor on the curve P-256 or P-384', {
      transient: false,
    });
  return key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256';
}

/** Issuer first, as far up as `certificates` reach. */
function issuersOf(own: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const chain = [own];
  for (;;) {
    const last = chain.at(-1)!;
    const issuer = certificates.find(
      (candidate) =>
        !chain.some(({ raw }) => raw.equals(candidate.raw)) &&
        last.checkIssued(candidate) &&
        last.verify(candidate.publicKey),
    );
    if (issuer === undefined) return chain.slice(1);
    chain.push(issuer);
  }
}
