/** The face of signing/: PDF in, sealed PDF out. Imports nothing of ours beyond this folder. */

export { certificate } from './certificate.ts';
export {
  describeCertificate,
  httpRevocationProvider,
  httpTimestampAuthority,
} from './cms/index.ts';
export { conclude } from './conclude.ts';
export { openTestAuthority, type TestAuthority } from './credentials/test-authority.ts';
export { fill, fillingFaults } from './fill.ts';
export { type GrowingDocument, openGrowing } from './growing.ts';
export { type InspectLimits, inspect } from './inspect.ts';
export { consentField } from './pdf/ours.ts';
export { bytesSource, concatSources, prefixSource, sha256Of } from './pdf/source.ts';
export { missingGlyphs } from './pdf/typeface.ts';
export * from './ports.ts';
export { prepare } from './prepare.ts';
export { printSet } from './print-set.ts';
export { NotRenewable, type RenewOptions, renew, renewalDue } from './renew.ts';
export { seal } from './seal.ts';
export { allProblems, verify } from './verify.ts';
