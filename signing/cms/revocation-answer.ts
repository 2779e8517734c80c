/** What an OCSP response or CRL says of one certificate (RFC 6960 2.2, RFC 5280 5.1). */
import type { Certificate } from './certificate.ts';

export interface RevocationAnswer {
  readonly kind: 'ocsp' | 'crl';
  readonly der: Uint8Array;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revokedAt: Date | null;
  /** The moment the status is known to be right for. */
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** The appointed responder, null when the issuer itself answers. */
  readonly responder: Certificate | null;
  /** Why the answer counts for nothing, null when it is authentic. */
  readonly problem: string | null;
}

/**
 * Whether the answer shows that the certificate had not been revoked by `moment`: a revocation that came later does so
 * as well as none (ETSI EN 319 102-1 5.6).
 */
export function showsInForce({ status, revokedAt }: RevocationAnswer, moment: Date): boolean {
  return status === 'good' || (status === 'revoked' && revokedAt !== null && revokedAt > moment);
}

/** Answers carry whole seconds, so they are compared with the second in which `moment` lies. */
export function isIssuedSince(answer: RevocationAnswer, moment: Date): boolean {
  return answer.thisUpdate.getTime() >= Math.floor(moment.getTime() / 1000) * 1000;
}
