/** A signing identity from PEM files; node:crypto signs (RFC 7468, RFC 5958). */
import { createPrivateKey, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { isKeyStrong } from '../cms/algorithms.ts';
import { type Credential, SigningError } from '../ports.ts';

export interface PemCredentialOptions {
  /** PKCS#8, PKCS#1 or SEC1 private key. */
  readonly key: string;
  /** Certificates in any order: the one that belongs to the key, and those above it. */
  readonly certificates: string;
  /** Of an encrypted key. */
  readonly passphrase?: string;
}

/** Throws a permanent SigningError when key and certificates do not make a signing identity. */
export function pemCredential({ key, certificates, passphrase }: PemCredentialOptions): Credential {
  const blocks = certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return keyCredential(
    () => createPrivateKey(passphrase === undefined ? key : { key, passphrase }),
    () => blocks.map((block) => new X509Certificate(block)),
  );
}

/** The credential of a private key in memory; `readCertificates` may list certificates in any order. */
export function keyCredential(
  readKey: () => KeyObject,
  readCertificates: () => readonly X509Certificate[],
): Credential {
  const key = readable('private key', readKey);
  const certificates = readable('certificates', readCertificates);
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (own === undefined)
    throw new SigningError('none of the certificates belongs to the private key', { transient: false });
  const signData = promisify(sign);
  return {
    certificate: own.raw,
    chain: issuersOf(own, certificates).map(({ raw }) => raw),
    algorithm: algorithmOf(key),
    sign: (data) => signData('sha256', data, key),
  };
}

function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SigningError(`the ${what} cannot be read (${cause instanceof Error ? cause.message : cause})`, {
      transient: false,
      cause,
    });
  }
}

/** Every curve signs with SHA-256 here, because the documents' digests are SHA-256 (RFC 5754 3.3). */
function algorithmOf(key: KeyObject): Credential['algorithm'] {
  if (!isKeyStrong(createPublicKey(key)))
    throw new SigningError('the key is neither RSA of 2,048 bits or more nor P-256, P-384 or P-521', {
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
