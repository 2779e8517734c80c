/** Signs our mails in the name of a municipality's domain (RFC 6376), so that DMARC holds wherever they are passed on. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { domainOf } from './address.ts';

export interface DkimSettings {
  /** The domain of the sender's address or one above it (d=). */
  readonly domain: string;
  /** The key is published at `<selector>._domainkey.<domain>` (s=). */
  readonly selector: string;
  /** PEM. */
  readonly keyFile: string;
}

/** What nodemailer signs with. */
export interface DkimSigner {
  readonly domainName: string;
  readonly keySelector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** RFC 8301 §3.2: receivers may take anything below for unsigned. */
const LEAST_BITS = 2048;

/** Signers by sender address. Throws where a key file cannot be read. */
export function dkimSigners(
  municipalities: readonly { readonly address: string; readonly dkim: DkimSettings | null }[],
): ReadonlyMap<string, DkimSigner> {
  return new Map(
    municipalities.flatMap(({ address, dkim }) =>
      dkim === null
        ? []
        : [
            [
              address,
              {
                domainName: dkim.domain,
                keySelector: dkim.selector,
                privateKey: readFileSync(dkim.keyFile, 'utf8'),
              },
            ] as const,
          ],
    ),
  );
}

/** Why signatures would not count, in English; null where they would. The file is there and readable. */
export function dkimProblem(address: string, { domain, keyFile }: DkimSettings): string | null {
  const sender = domainOf(address);
  // RFC 7489 §3.1.1: another domain's signature proves nothing about the sender.
  if (sender !== domain && !sender.endsWith(`.${domain}`)) return `${domain} is not the domain of ${address}`;
  try {
    const key = createPrivateKey(readFileSync(keyFile));
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType === 'rsa' && modulusLength >= LEAST_BITS) return null;
  } catch {
    // Said below: what OpenSSL says of a broken key helps nobody.
  }
  return `not an RSA private key of at least ${LEAST_BITS} bits in PEM: ${keyFile}`;
}
