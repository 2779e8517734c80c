/** What signs a municipality's mails, once its key is open (S/MIME, RFC 8551). */
import { buildMailSignature, certificatesOfMail } from '../../signing/cms/index.ts';
import type { Credential } from '../../signing/ports.ts';
import type { MailSigner } from '../mail/smime.ts';

/** An ECDSA value is now and then an octet or two longer than another. */
const SPREAD_OCTETS = 8;

/** Rejects with a permanent SigningError where the key cannot sign for its certificate. */
export async function mailSigner(credential: Credential, clock: () => Date): Promise<MailSigner> {
  const expiries = certificatesOfMail(credential).map(({ notAfter }) => notAfter.getTime());
  const first = await buildMailSignature(new Uint8Array(), credential, clock());
  return {
    octets: first.length + SPREAD_OCTETS,
    async sign(part) {
      const now = clock();
      return now.getTime() > Math.min(...expiries) ? null : buildMailSignature(part, credential, now);
    },
  };
}
