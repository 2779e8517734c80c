/** A signing identity from PEM files; node:crypto signs (RFC 7468, RFC 5958). */
import { createPrivateKey, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { type Credential, SigningError } from '../ports.ts';
import { ownCertificate } from './own-certificate.ts';

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
  return keyCredential(
    () => createPrivateKey(passphrase === undefined ? key : { key, passphrase }),
    () => pemCertificates(certificates),
  );
}

/** Every certificate of a PEM text. */
export function pemCertificates(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** The credential of a private key in memory; `readCertificates` may list certificates in any order. */
export function keyCredential(
  readKey: () => KeyObject,
  readCertificates: () => readonly X509Certificate[],
): Credential {
  const key = readable('private key', readKey);
  const certificates = readable('certificates', readCertificates);
  const signData = promisify(sign);
  return {
    ...ownCertificate(createPublicKey(key), certificates),
    sign: (data) => signData('sha256', data, key),
  };
}

/** What `read` returns; its errors become permanent SigningErrors that name `what`. */
export function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SigningError(`the ${what} cannot be read (${cause instanceof Error ? cause.message : cause})`, {
      transient: false,
      cause,
    });
  }
}
