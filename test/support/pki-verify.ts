/** One PKI, one digest, and what verifySignature finds under changed conditions, shared by the tests of verification. */
import { sha256 } from '../../signing/cms/algorithms.ts';
import { verifySignature } from '../../signing/cms/index.ts';
import type { ValidationData, VerificationProfile } from '../../signing/ports.ts';
import { authorityOf, credentialOf, issuePki } from './pki.ts';

export const digest = sha256(Buffer.from('契約書'));
export const pki = issuePki();
export const credential = credentialOf(pki.signer, pki.intermediate, pki.root);
export const authority = authorityOf(pki.tsa);
export const NOTHING: ValidationData = { certificates: [], ocspResponses: [], crls: [] };

interface Change {
  readonly digest?: Uint8Array;
  readonly trust?: readonly Uint8Array[];
  readonly data?: ValidationData;
  readonly at?: Date;
  readonly profile?: VerificationProfile;
  readonly covered?: boolean;
}

export const contextOf = (change: Change) => ({
  trust: [pki.root.certificate],
  data: NOTHING,
  at: new Date(),
  profile: 'B-T' as const,
  ...change,
});

/** The codes of what verifySignature finds. */
export async function codesOf(cms: Uint8Array, change: Change = {}): Promise<string[]> {
  const check = await verifySignature(cms, change.digest ?? digest, contextOf(change));
  return check.problems.map((problem) => problem.replace(/^(timestamp-invalid: [a-z-]+|[a-z-]+):.*$/s, '$1'));
}
