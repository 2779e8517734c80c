/** The face of signing/credentials: keys with legal effect. The test authority has a face of its own. */
export { pemCredential } from './pem.ts';
export { type Pkcs11CredentialOptions, pkcs11Credential } from './pkcs11.ts';
export { pkcs12Credential } from './pkcs12.ts';
