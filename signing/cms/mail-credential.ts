/** Judges the key that signs mails before it is put to use, so that no recipient is warned of our own mail (RFC 8550 2.3, 3, 4.4). */
import type { Credential } from '../ports.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { CredentialCertificate } from './credential-check.ts';
import { MalformedDer } from './der.ts';
import { problemsOfMailPurpose } from './purpose.ts';

export interface MailCredentialUse {
  /** The From address that it has to speak for. */
  readonly address: string;
  readonly at: Date;
  /** Credentials that seal documents: their keys sign nothing else. */
  readonly sealing: readonly Credential[];
}

/** What keeps `credential` from signing mails: English, a stable code first; none means fit, or fit until it ran out. */
export function problemsOfMailCredential(
  credential: Credential,
  { address, at, sealing }: MailCredentialUse,
): string[] {
  try {
    const sent = sentCertificates(credential);
    const own = sent[0]!;
    const named = own.mailAddresses.some((one) => one.toLowerCase() === address.toLowerCase());
    const shared = sealing.some((other) =>
      readCertificate(other.certificate).publicKey.equals(own.publicKey),
    );
    return [
      ...(shared ? ['shared-key: the key that seals documents must not sign mails as well'] : []),
      ...problemsOfMailPurpose(own),
      ...(named ? [] : [`mail-address: "${own.name}" is issued to ${addressesIn(own)}, not to ${address}`]),
      ...sent.flatMap((certificate) => problemsAt(certificate, at)),
    ];
  } catch (error) {
    if (error instanceof MalformedDer) return [`malformed: ${error.message}`];
    throw error;
  }
}

/** The certificates that go along with each mail, the key's own first: from the first that runs out on, nothing is proven. */
export function certificatesOfMail(credential: Credential): CredentialCertificate[] {
  return sentCertificates(credential).map(({ fingerprint, name, notAfter }) => ({
    fingerprint,
    name,
    notAfter,
  }));
}

/** Recipients have roots of their own. */
function sentCertificates({ certificate, chain }: Credential): Certificate[] {
  const above = chain.map(readCertificate).filter(({ x509 }) => !x509.checkIssued(x509));
  return [readCertificate(certificate), ...above];
}

function addressesIn({ mailAddresses }: Certificate): string {
  return mailAddresses.length === 0 ? 'no mail address' : mailAddresses.join(', ');
}

/** One that has run out signs nothing, but is no reason to stop: contracts and mails go on without it. */
function problemsAt({ name, weakness, notBefore }: Certificate, at: Date): string[] {
  if (weakness !== null) return [`certificate: "${name}": ${weakness}`];
  if (at >= notBefore) return [];
  return [`validity: "${name}" is valid from ${notBefore.toISOString()}, not at ${at.toISOString()}`];
}
