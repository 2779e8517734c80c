/** What a certificate may be used for, by KeyUsage and ExtendedKeyUsage (RFC 5280 4.2.1.3, 4.2.1.12, RFC 8550 4.4, RFC 9336). */
import { type Certificate, KEY_USAGE } from './certificate.ts';

/** Purposes under which certificates for signing documents are issued; one without the extension is free. */
const SIGNER_PURPOSES: ReadonlySet<string> = new Set([
  '2.5.29.37.0', // anyExtendedKeyUsage
  '1.3.6.1.5.5.7.3.2', // clientAuth
  '1.3.6.1.5.5.7.3.4', // emailProtection
  '1.3.6.1.5.5.7.3.36', // documentSigning
  '1.2.840.113583.1.1.5', // Adobe authentic documents
  '1.3.6.1.4.1.311.10.3.12', // Microsoft document signing
]);

/** Purposes under which mail programs take a signature (RFC 8550 4.4.4). */
const MAIL_PURPOSES: ReadonlySet<string> = new Set([
  '2.5.29.37.0', // anyExtendedKeyUsage
  '1.3.6.1.5.5.7.3.4', // emailProtection
]);

/** Whether KeyUsage lets the certificate sign anything but certificates and CRLs. */
export function maySign({ keyUsage }: Certificate): boolean {
  return (
    keyUsage === null || keyUsage.has(KEY_USAGE.digitalSignature) || keyUsage.has(KEY_USAGE.nonRepudiation)
  );
}

/** Why a certificate is not one for signing documents. */
export function problemsOfPurpose(signer: Certificate): string[] {
  return problemsOf(signer, SIGNER_PURPOSES);
}

/** Why a certificate is not one for signing mails. */
export function problemsOfMailPurpose(signer: Certificate): string[] {
  return problemsOf(signer, MAIL_PURPOSES);
}

function problemsOf(signer: Certificate, fit: ReadonlySet<string>): string[] {
  const { name, purposes } = signer;
  return [
    ...(maySign(signer) ? [] : [`key-usage: "${name}" may not sign`]),
    ...(purposes === null || purposes.oids.some((id) => fit.has(id))
      ? []
      : [`key-usage: "${name}" is issued for other purposes`]),
  ];
}
