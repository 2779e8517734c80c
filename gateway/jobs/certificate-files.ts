/** Certificates as operators keep them: PEM, several in a file, or one in DER (RFC 7468). */
import { X509Certificate } from 'node:crypto';

/** DER of every certificate in a PEM or DER file; throws where there is none. */
export function certificatesIn(file: Buffer): Uint8Array[] {
  const blocks = file
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  return (blocks ?? [file]).map((certificate) => new X509Certificate(certificate).raw);
}
