/** What staff are told of registrations: facts for mails, and the whole list as CSV (R4, R5, R11). */
import type { Tx } from '../../storage/database.ts';
import { lastWish } from '../../storage/registration-mails.ts';
import {
  numericDateTime,
  type PendingRegistration,
  type Person,
  type RegistrationFact,
  reachedWords,
  registrationListHeader,
  registrationListState,
} from '../../templates/index.ts';
import { askSentence } from '../../templates/registration.ja.ts';
import { csvOf } from '../registration/write.ts';
import type { Registered, Registry } from './registration-types.ts';

export async function registrationFact(tx: Tx, registration: Registered): Promise<RegistrationFact> {
  const wish = await lastWish(tx, [registration.id]);
  const { checker_name, checker_address } = registration;
  return {
    ...whose(registration),
    checker: checker_address === null ? null : { name: checker_name ?? '', address: checker_address },
    title: registration.model === 'standing' ? null : registration.title,
    section: registration.section,
    appliedAt: registration.applied_at,
    reached: reachedOf(registration),
    wish: wish ? { kind: wish.wish, at: wish.used_at } : null,
  };
}

export function pendingFact(registration: Registered): PendingRegistration {
  return {
    ...whose(registration),
    remarks: registration.remarks,
    reasons: registration.asks.map(askSentence),
  };
}

/** Everything in force and pending, for a spreadsheet; cells that would run as formulas are neutralised. */
export async function registrationList(
  tx: Tx,
  registry: Registry,
  municipality: string,
): Promise<{ csv: Buffer; registrations: Registered[] }> {
  const registrations = await registry.list(tx, municipality);
  const rows = registrations.map((one) => [
    String(one.id),
    registrationListState(one.state),
    reachedWords(reachedOf(one)),
    one.receipt_number,
    numericDateTime(one.applied_at),
    one.company,
    one.place,
    one.signatory_title ?? '',
    one.signatory_name,
    one.signatory_address,
    one.checker_name ?? '',
    one.checker_address ?? '',
    one.phone ?? '',
    one.title ?? '',
    one.section ?? '',
    one.form,
    one.remarks ?? '',
  ]);
  return { csv: Buffer.from(csvOf([registrationListHeader, ...rows])), registrations };
}

/** The registered signatory as mails and pages address them. */
export function signatoryOf(registration: Registered): Person {
  return {
    organisation: registration.company,
    title: registration.signatory_title,
    name: registration.signatory_name,
    address: registration.signatory_address,
  };
}

/** Which registration it is, and of whom. */
function whose(registration: Registered) {
  const { id, receipt_number, company, signatory_title, signatory_name, signatory_address } = registration;
  const person = [signatory_title, signatory_name].filter(Boolean).join(' ');
  return { number: id, receiptNumber: receipt_number, company, person, address: signatory_address };
}

function reachedOf({ confirmed_at, unusable_at }: Registered): RegistrationFact['reached'] {
  if (unusable_at !== null) return { kind: 'unreachable', at: unusable_at };
  return confirmed_at === null ? { kind: 'waiting' } : { kind: 'confirmed', at: confirmed_at };
}
