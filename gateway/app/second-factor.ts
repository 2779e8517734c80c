/** What a vendor enters on the page besides holding its link (R52): an access code that the initiator tells by another way. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Database } from '../../storage/database.ts';
import { beginTry, forgetTries, lockTries } from '../../storage/second-factors.ts';
import type { Contract, Factor, Step } from '../contract/contract.ts';
import { addSeconds } from '../contract/jst.ts';
import { ACCESS_CODE_BY_US } from '../mail/field-readers.ts';
import type { Secrets } from './secrets.ts';

/** Whom a municipality asks for it: those whose contract mail says so, or every vendor. */
export type FactorPolicy = 'none' | 'code';

/** What came of a try; `locked` takes no more of them for a while, not even a right one. */
export type FactorVerdict = 'right' | 'missing' | 'wrong' | 'locked';

export interface FactorRules {
  /** Wrong tries before the lock. */
  readonly secondFactorTries: number;
  readonly secondFactorLockMinutes: number;
}

/** The contract's access code, the same for all of its vendor's people; null where none is asked for. */
export function accessCodeOf(
  { id, terms }: Pick<Contract, 'id' | 'terms'>,
  policy: FactorPolicy,
  secrets: Pick<Secrets, 'accessCodeOf'>,
): string | null {
  const { accessCode = policy === 'code' ? ACCESS_CODE_BY_US : null } = terms;
  return accessCode === ACCESS_CODE_BY_US ? secrets.accessCodeOf(id) : accessCode;
}

/** What this step's holder has to enter; null: nothing. The municipality's own people are known by their mailbox. */
export function factorOf(contract: Contract, step: Step, policy: FactorPolicy): Factor | null {
  if (step.role === 'approver') return null;
  return accessCodeOf(contract, policy, { accessCodeOf: () => '-' }) === null ? null : 'code';
}

export interface FactorCheckDependencies {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly settings: FactorRules;
}

/** Judges what was entered at `now` (ISO UTC); every try counts before it is judged. */
export async function checkFactor(
  { database, secrets, settings }: FactorCheckDependencies,
  contract: Contract,
  step: Step,
  policy: FactorPolicy,
  entered: string,
  now: string,
): Promise<FactorVerdict> {
  if (entered.trim() === '') return 'missing';
  const holder = { contract: contract.id, participant: step.participant };
  const count = await database.transaction((tx) => beginTry(tx, holder, now));
  if (count === null || count > settings.secondFactorTries) return 'locked';
  if (sameCode(entered, accessCodeOf(contract, policy, secrets) ?? '')) {
    await database.transaction((tx) => forgetTries(tx, holder));
    return 'right';
  }
  if (count < settings.secondFactorTries) return 'wrong';
  const until = addSeconds(now, settings.secondFactorLockMinutes * 60);
  await database.transaction((tx) => lockTries(tx, holder, until));
  return 'locked';
}

/** Width, case, blanks and hyphens are as people hear them on the telephone; compared in constant time. */
function sameCode(entered: string, code: string): boolean {
  const digest = (text: string): Buffer =>
    createHash('sha256')
      .update(
        text
          .normalize('NFKC')
          .toLowerCase()
          .replace(/[\s\-‐-―−ー]/g, ''),
      )
      .digest();
  return timingSafeEqual(digest(entered), digest(code));
}
