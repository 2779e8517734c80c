/** What a judgement comes to: each problem leads to one verdict, the worst wins (ETSI EN 319 102-1 5.1.3, R45). */
import type { SignatureVerdict, Verdict } from './ports.ts';

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
function codeOf(problem: string): string {
  return /^(?:timestamp-invalid: )?([a-z-]+)/.exec(problem)?.[1] ?? '';
}

function speaksForChange(problem: string): boolean {
  return !UNPROVEN.has(codeOf(problem));
}

/** Whether a signature would have been made after the moment that is asked about. */
export function isAhead(problems: readonly string[]): boolean {
  return problems.some((problem) => codeOf(problem) === 'time-order');
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

/** What a file of ours comes to. */
export interface Findings {
  /** The structure or what was appended is not as we leave it. */
  readonly forged: boolean;
  /** A consent or the closing timestamp is still to come. */
  readonly unfinished: boolean;
  /** Problems of each of our signatures and document timestamps. */
  readonly problems: readonly (readonly string[])[];
  /** As in verdictOn. */
  readonly heldOnce: boolean;
  /** How many document timestamps of ours there are. */
  readonly timestamps: number;
}

export function verdictOnFile({ forged, unfinished, problems, heldOnce, timestamps }: Findings): Verdict {
  if (forged || problems.flat().some(speaksForChange)) return 'altered';
  if (problems.flat().length === 0) {
    if (unfinished) return 'outdated';
    return timestamps > 1 ? 'extended' : 'valid';
  }
  if (problems.some(isAhead)) return 'unjudged';
  return heldOnce ? 'expired' : 'signer-unproven';
}
