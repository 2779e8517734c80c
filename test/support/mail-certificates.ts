/** Certificates for signing mails, right and wrong in one thing each (RFC 8550 4.4). */
import { OID } from '../../signing/cms/algorithms.ts';
import { contextPrimitive, sequence } from '../../signing/cms/der.ts';
import {
  authorityExtensions,
  type CertificateTemplate,
  extension,
  type Identity,
  purposeExtension,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import { issue, issueRoot } from './pki.ts';

export const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';

/** KeyUsage, purpose and rfc822Names as an S/MIME authority issues them. */
export const mailExtensions = (addresses: readonly string[], purpose = EMAIL_PROTECTION): Uint8Array[] => [
  signingKeyUsage(false),
  purposeExtension(purpose, false),
  extension(
    OID.subjectAltName,
    sequence(...addresses.map((address) => contextPrimitive(1, Buffer.from(address, 'latin1')))),
  ),
];

/** Root, an authority below it, and who signs `address`'s mails. */
export function issueMailPki(address: string) {
  const root = issueRoot('メール試験ルート');
  const authority = issue(root, { name: 'メール試験中間局', extensions: authorityExtensions() });
  const signer = (template: Partial<CertificateTemplate> = {}, key?: Identity['key']): Identity =>
    issue(authority, { name: '見本市 電子契約', extensions: mailExtensions([address]), ...template }, key);
  return { root, authority, signer };
}
