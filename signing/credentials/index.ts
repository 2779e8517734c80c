/** The face of signing/credentials: where signing identities come from. */
export { type PemCredentialOptions, pemCredential } from './pem.ts';
export { type HsmCredential, type Pkcs11CredentialOptions, pkcs11Credential } from './pkcs11.ts';
export { pkcs12Credential } from './pkcs12.ts';
export { openTestAuthority, type TestAuthority } from './test-authority.ts';
