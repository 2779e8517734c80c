/** The face of signing/cms: signatures, timestamps, validation data and their verification (ETSI EN 319 122-1, RFC 3161). */
export { describeCertificate } from './certificate.ts';
export { type CredentialCertificate, certificatesBehind, problemsOfCredential } from './credential-check.ts';
export { credentialStanding, RevokedCredential } from './credential-standing.ts';
export { certificatesOfMail, problemsOfMailCredential } from './mail-credential.ts';
export { httpRevocationProvider, RevokedCertificate } from './revocation.ts';
export { buildMailSignature, buildSignature } from './signed-data.ts';
export {
  type HttpTimestampAuthority,
  httpTimestampAuthority,
  type TimestampTls,
} from './timestamp.ts';
export { firstAvailableAuthority, type TimestampAuthorities } from './timestamp-failover.ts';
export { collectValidationData } from './validation-data.ts';
export { type VerifyContext, verifySignature, verifyTimestamp } from './verify.ts';
