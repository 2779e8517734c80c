/** What a vendor enters on the page besides holding its link (R52): an access code told by another way, or the signing PIN it has chosen. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Database, Tx } from '../../storage/database.ts';
import { ensure } from '../../storage/outbox.ts';
import { beginTry, forgetTries, lockTries } from '../../storage/second-factors.ts';
import type { Contract, Factor, Step } from '../contract/contract.ts';
import type { Effect } from '../contract/effects.ts';
import { addSeconds, jstDate } from '../contract/jst.ts';
import { ACCESS_CODE_BY_US } from '../mail/field-readers.ts';
import { verifyPassword } from '../passwords.ts';
import type { Registry } from './registration-types.ts';
import type { Secrets } from './secrets.ts';

/** Whom a municipality asks for what: those whose contract mail says so for a code; every vendor for one; signatories for their PIN. */
export type FactorPolicy = 'none' | 'code' | 'pin';

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
  const { accessCode = policy === 'none' ? null : ACCESS_CODE_BY_US } = terms;
  return accessCode === ACCESS_CODE_BY_US ? secrets.accessCodeOf(id) : accessCode;
}

/** Whether signatories enter their PIN where they have one: a code that the contract mail names helps those who forgot theirs. */
export function asksForPin({ terms }: Pick<Contract, 'terms'>, policy: FactorPolicy): boolean {
  return policy === 'pin' && terms.accessCode === undefined;
}

export interface FactorCheckDependencies {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly registry: Pick<Registry, 'pinHashOf'>;
  readonly settings: FactorRules;
}

/** What this step's holder has to enter; null: nothing. The municipality's own people are known by their mailbox. */
export async function factorOf(
  { database, registry }: Pick<FactorCheckDependencies, 'database' | 'registry'>,
  contract: Contract,
  step: Step,
  policy: FactorPolicy,
): Promise<Factor | null> {
  if (step.role === 'approver') return null;
  if ((await pinHashOf(database.knex, registry, contract, step, policy)) !== null) return 'pin';
  return accessCodeOf(contract, policy, { accessCodeOf: () => '-' }) === null ? null : 'code';
}

/** Judges what was entered at `now` (ISO UTC); every try counts before it is judged, and the initiator hears of a lock. */
export async function checkFactor(
  { database, secrets, registry, settings }: FactorCheckDependencies,
  contract: Contract,
  step: Step,
  policy: FactorPolicy,
  entered: string,
  now: string,
): Promise<FactorVerdict> {
  if (entered.trim() === '') return 'missing';
  const { participant, generation } = step;
  const holder = { contract: contract.id, participant, generation };
  const pin = await pinHashOf(database.knex, registry, contract, step, policy);
  const lock = async (): Promise<'locked'> => {
    const until = addSeconds(now, settings.secondFactorLockMinutes * 60);
    await database.transaction(async (tx) => {
      if (!(await lockTries(tx, holder, until))) return;
      await tellInitiator(tx, contract, step, { factor: pin === null ? 'code' : 'pin', until }, now);
    });
    return 'locked';
  };
  const count = await database.transaction((tx) => beginTry(tx, holder, now));
  if (count === null) return 'locked';
  // The last try may have been killed before its lock.
  if (count > settings.secondFactorTries) return lock();
  const right =
    pin === null
      ? sameCode(entered, accessCodeOf(contract, policy, secrets) ?? '')
      : await verifyPassword(entered.trim(), pin);
  if (right) {
    await database.transaction((tx) => forgetTries(tx, holder));
    return 'right';
  }
  return count < settings.secondFactorTries ? 'wrong' : lock();
}

async function pinHashOf(
  tx: Tx,
  registry: Pick<Registry, 'pinHashOf'>,
  contract: Contract,
  { role, person }: Step,
  policy: FactorPolicy,
): Promise<string | null> {
  if (role !== 'signatory' || !asksForPin(contract, policy)) return null;
  return registry.pinHashOf(tx, contract.municipality, person.address);
}

/** One mail for a link and a day, however often it locks. */
async function tellInitiator(
  tx: Tx,
  { id, municipality }: Contract,
  { participant, generation }: Step,
  lock: NonNullable<Extract<Effect, { type: 'mail' }>['lock']>,
  now: string,
): Promise<void> {
  const effect: Effect = {
    type: 'mail',
    mail: 'factorLocked',
    recipient: 'initiator',
    about: participant,
    lock,
  };
  const key = `${id}:factor-locked:${participant}:${generation}:${jstDate(now)}`;
  const entry = { key, municipality, contract: id, type: 'mail', payload: JSON.stringify(effect) };
  await ensure(tx, { ...entry, notBefore: now }, now);
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
