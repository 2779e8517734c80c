/** The face of signing/: PDF in, sealed PDF out. Imports nothing of ours beyond this folder. */

export { missingGlyphs } from './certificate/font.ts';
export { certificate } from './certificate.ts';
export {
  describeCertificate,
  type HttpRevocationOptions,
  type HttpTimestampOptions,
  httpRevocationProvider,
  httpTimestampAuthority,
} from './cms/index.ts';
export { conclude } from './conclude.ts';
export {
  openTestAuthority,
  type PemCredentialOptions,
  pemCredential,
  pkcs12Credential,
  type TestAuthority,
} from './credentials/index.ts';
export { type InspectLimits, inspect } from './inspect.ts';
export { bytesSource, concatSources, prefixSource, sha256Of } from './pdf/source.ts';
export * from './ports.ts';
export { prepare } from './prepare.ts';
export { seal } from './seal.ts';
export { verify } from './verify.ts';
