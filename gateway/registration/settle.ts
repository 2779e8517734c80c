// Which registration under one 整理番号 is in force (R4): depends on what was applied for and decided, never on the order of arrival.

/** What is known of one content of a 整理番号. */
export interface Claim {
  /** ISO UTC. */
  readonly appliedAt: string;
  readonly contentHash: string;
  /** False: the form says 取下げ or 却下. */
  readonly stands: boolean;
  /** The content itself needs a staff go-ahead. */
  readonly asks: boolean;
  /** Whom mail would go to; equal where signatory and checker are the same addresses. */
  readonly people: string;
  readonly decision: 'accept' | 'reject' | null;
  readonly decidedAt: string | null;
  readonly confirmed: boolean;
  /** An accepted change of address under another 整理番号 has ended it. */
  readonly replaced: boolean;
}

export type SettledState = 'inForce' | 'pending' | 'superseded' | 'withdrawn' | 'rejected';

/**
 * The state of every claim, in the order given.
 * Another address than the one that applied first, was confirmed or gone ahead with waits until staff decide;
 * between two that applied in the same second nobody guesses: both wait.
 */
export function settle(claims: readonly Claim[]): SettledState[] {
  const withdrawal = newest(claims.filter(({ stands }) => !stands));
  const standing = claims.filter(
    (claim) => claim.stands && (withdrawal === undefined || claim.appliedAt > withdrawal.appliedAt),
  );
  const live = standing.filter(({ decision, replaced }) => decision !== 'reject' && !replaced);
  const ended = new Set(claims.filter(({ replaced }) => replaced).map(({ people }) => people));
  const anchor = newest(accepted(live)) ?? newest(live.filter(({ confirmed }) => confirmed));
  const free = live.filter(
    (claim) => claim.decision === null && !claim.asks && claim !== anchor && !ended.has(claim.people),
  );
  // People that were gone ahead with need no second go-ahead.
  const undecided = live.filter(({ decision }) => decision === null);
  const inForce = anchor ? successor(anchor, undecided) : firstPeople(free);
  return claims.map((claim) => {
    if (!claim.stands) return claim === withdrawal && !inForce ? 'withdrawn' : 'superseded';
    if (claim.decision === 'reject') return 'rejected';
    if (claim === inForce) return 'inForce';
    if (!live.includes(claim)) return 'superseded';
    const waits = claim.decision === null && !(claim.confirmed && claim === anchor);
    return waits && isLatestOfItsKind(claim, live, inForce) ? 'pending' : 'superseded';
  });
}

/** The newest with the very people of the anchor: a corrected telephone number is no change of address. */
function successor(anchor: Claim, undecided: readonly Claim[]): Claim {
  const later = undecided.filter(
    (claim) => claim.people === anchor.people && claim.appliedAt > anchor.appliedAt,
  );
  return newest(later) ?? anchor;
}

/** The newest of those who applied first; of two at once nobody is guessed. */
function firstPeople(free: readonly Claim[]): Claim | undefined {
  const first = free.map(({ appliedAt }) => appliedAt).sort()[0];
  const people = new Set(free.filter(({ appliedAt }) => appliedAt === first).map((claim) => claim.people));
  return people.size === 1 ? newest(free.filter((claim) => people.has(claim.people))) : undefined;
}

/** Staff are asked once for each set of people, and not for what is older than what is in force. */
function isLatestOfItsKind(claim: Claim, live: readonly Claim[], inForce: Claim | undefined): boolean {
  if (inForce && claim.people === inForce.people) {
    // Two contents of one second: nothing in them says which one corrects the other.
    return inForce.decision === null && claim.appliedAt === inForce.appliedAt;
  }
  if (inForce && claim.appliedAt < inForce.appliedAt) return false;
  const rivals = live.filter(
    (other) => other.people === claim.people && other.asks === claim.asks && other.decision === null,
  );
  return newest(rivals) === claim;
}

/** The go-ahead that was given last. */
function accepted(live: readonly Claim[]): Claim[] {
  const all = live.filter(({ decision }) => decision === 'accept');
  const last = all
    .map(({ decidedAt }) => decidedAt ?? '')
    .sort()
    .at(-1);
  return all.filter(({ decidedAt }) => (decidedAt ?? '') === last);
}

function newest(claims: readonly Claim[]): Claim | undefined {
  return claims.reduce<Claim | undefined>(
    (best, claim) => (best === undefined || precedes(best, claim) ? claim : best),
    undefined,
  );
}

/** By the time of the application; within one second by content, so that any order of arrival gives the same. */
function precedes(a: Claim, b: Claim): boolean {
  return a.appliedAt === b.appliedAt ? a.contentHash < b.contentHash : a.appliedAt < b.appliedAt;
}
