/** What a judgement comes to: each problem leads to one verdict, the worst wins (ETSI EN 319 102-1 5.1.3, R45). */
import type { SignatureVerdict } from './ports.ts';

/**
 * Problems that leave who signed, or when, unproven, though nothing speaks for a change. All others, an unknown code
 * included, mean that the file is not as it was sealed: reject by default.
 */
const UNPROVEN = new Set([
  'untrusted',
  'revoked',
  'revocation-unproven',
  'validity',
  'key-usage',
  'certificate',
  'signer-missing',
  'algorithm',
  'time-order',
  'timestamp-missing',
]);

/** A problem's stable code; that of a signature timestamp's problem stands behind `timestamp-invalid: `. */
export function codeOf(problem: string): string {
  return /^(?:timestamp-invalid: )?([a-z-]+)/.exec(problem)?.[1] ?? '';
}

export function speaksForChange(problem: string): boolean {
  return !UNPROVEN.has(codeOf(problem));
}

/**
 * The verdict on one of our signatures. `heldOnce`: whether it held at the moment of the file's newest timestamp,
 * so that only the time gone by since speaks against it.
 */
export function verdictOn(problems: readonly string[], heldOnce: boolean): SignatureVerdict {
  if (problems.length === 0) return 'valid';
  if (problems.some(speaksForChange)) return 'altered';
  return heldOnce ? 'expired' : 'signer-unproven';
}
