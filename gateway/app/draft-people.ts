/** Whom a contract mail names: vendors from the registrations in force (R1), staff from the configuration. */
import type { Draft, Person } from '../contract/contract.ts';
import { domainOf, normaliseAddress } from '../mail/address.ts';
import type { Person as NamedPerson } from '../mail/persons.ts';
import { isSharedMailbox, mayDo } from '../mail/rights.ts';
import type {
  DraftDependencies,
  DraftInput,
  DraftMunicipality,
  DraftProblem,
  DraftSettings,
} from './draft-input.ts';
import type { Registered, RegistrationKey } from './registration-types.ts';

type ResolvedStep = Omit<Draft['steps'][number], 'participant'>;

export async function resolveSteps(
  dependencies: DraftDependencies,
  input: DraftInput,
  problems: DraftProblem[],
): Promise<ResolvedStep[]> {
  const { fields } = input;
  const signatories: ResolvedStep[] = [];
  for (const { person } of fields.counterparties) {
    const signatory = await registered(dependencies, input, person, 'signatory', problems);
    if (signatory) signatories.push(signatory);
  }
  const checker =
    fields.checker && (await registered(dependencies, input, fields.checker, 'checker', problems));
  if (fields.counterparties.length === 0) problems.push({ code: 'missing-counterparty', args: {} });
  const addresses = signatories.map(({ person }) => person.address);
  if (checker && addresses.includes(checker.person.address)) {
    problems.push({ code: 'same-address', args: {} });
  }
  // Two consents from one mailbox would not be two parties' consents (R20b).
  if (new Set(addresses).size < addresses.length) problems.push({ code: 'same-counterparty', args: {} });
  const approver = fields.kind === 'acknowledgement' ? null : resolveApprover(dependencies, input, problems);
  return [checker, ...signatories, approver].filter((step) => step !== null);
}

/** R1: a vendor's person comes from a registration in force, never from the mail. */
async function registered(
  dependencies: DraftDependencies,
  { municipality }: DraftInput,
  named: NamedPerson,
  role: 'signatory' | 'checker',
  problems: DraftProblem[],
): Promise<ResolvedStep | null> {
  const value = named.receiptNumber ?? named.address ?? named.company ?? named.name ?? '';
  const key = keyOf(named, value);
  const found = await usable(dependencies, municipality, key, value);
  const people = found.rows.flatMap((row) => personIn(row, role, named) ?? []);
  const addresses = new Set(people.map(({ person }) => person.address));
  if (addresses.size > 1) {
    const choices = people.map(choiceWords).join('、');
    problems.push({ code: 'ambiguous-registration', args: { value, choices } });
    return null;
  }
  const [newest] = people;
  if (!newest) {
    problems.push(found.problem);
    return null;
  }
  return { role, ...newest };
}

/** 整理番号12345 山田太郎 ya…@sample.example.jp */
function choiceWords({ receiptNumber, person: { name, address } }: Omit<ResolvedStep, 'role'>): string {
  const at = address.lastIndexOf('@');
  return `整理番号${receiptNumber} ${name} ${address.slice(0, Math.min(2, at))}…${address.slice(at)}`;
}

/** Whether its holder has answered, where that is asked for (R11), and no mail to it came back. */
export function serves(
  { confirmed_at, unusable_at }: Registered,
  { requireConfirmation }: Pick<DraftSettings, 'requireConfirmation'>,
): boolean {
  return unusable_at === null && (!requireConfirmation || confirmed_at !== null);
}

/** Why a registration in force does not serve; `value` is how it was asked for. */
export function notServing(
  { unusable_at, signatory_address }: Registered,
  value: string,
  formUrl: string | null,
): DraftProblem {
  const code = unusable_at === null ? 'not-confirmed' : 'registration-unreachable';
  return { code, args: { value, formUrl: formUrl ?? '', address: signatory_address } };
}

/** Registrations in force whose address is confirmed (R11), and what is wrong where none of them serves. */
async function usable(
  { tx, registry, settings }: DraftDependencies,
  { id, formUrl }: DraftMunicipality,
  key: RegistrationKey,
  value: string,
): Promise<{ rows: readonly Registered[]; problem: DraftProblem }> {
  const { inForce, pending } = await registry.standing(tx, id, key);
  const rows = inForce.filter((row) => serves(row, settings));
  const [waiting] = inForce.filter((row) => !rows.includes(row));
  const [asked] = pending;
  const args = { value, formUrl: formUrl ?? '' };
  // A registration that serves, but not for the person named, is as good as none.
  if (rows.length > 0) return { rows, problem: { code: 'not-registered', args } };
  if (waiting) return { rows, problem: notServing(waiting, value, formUrl) };
  if (asked)
    return { rows, problem: { code: 'registration-pending', args: { ...args, number: String(asked.id) } } };
  return { rows, problem: { code: 'not-registered', args } };
}

function keyOf(named: NamedPerson, value: string): RegistrationKey {
  if (named.receiptNumber !== undefined) return { receiptNumber: named.receiptNumber };
  if (named.address !== undefined) return { address: normaliseAddress(named.address) };
  return { company: value };
}

export function personIn(
  row: Registered,
  role: 'signatory' | 'checker',
  named: NamedPerson,
): Omit<ResolvedStep, 'role'> | null {
  const person: Person | null =
    role === 'signatory'
      ? {
          name: row.signatory_name,
          address: row.signatory_address,
          title: row.signatory_title,
          company: row.company,
        }
      : row.checker_address === null
        ? null
        : { name: row.checker_name ?? '', address: row.checker_address, title: null, company: row.company };
  if (!person) return null;
  if (named.address !== undefined && person.address !== normaliseAddress(named.address)) return null;
  return {
    person,
    receiptNumber: row.receipt_number,
    phone: row.phone,
    registration: row.confirmed_at === null ? 'registered' : 'confirmed',
  };
}

function resolveApprover(
  { settings }: DraftDependencies,
  { fields, municipality, initiator }: DraftInput,
  problems: DraftProblem[],
): ResolvedStep | null {
  const named = fields.approver;
  if (named === null) {
    problems.push({ code: 'missing-approver', args: {} });
    return null;
  }
  const person = staffPerson(municipality, named);
  if (!person) {
    problems.push({ code: 'approver-not-staff', args: { address: named.address ?? named.name ?? '' } });
    return null;
  }
  if (!mayDo(person.address, 'approver', municipality.staff)) {
    const shared = isSharedMailbox(person.address, municipality.staff);
    problems.push({ code: shared ? 'shared-mailbox' : 'not-approver', args: { address: person.address } });
  }
  if (settings.approverMustDiffer && person.address === initiator.address) {
    problems.push({ code: 'approver-is-initiator', args: {} });
  }
  return { role: 'approver', person, receiptNumber: null, phone: null, registration: null };
}

/** A staff member by address, or by a name that only one of the known members has. */
export function staffPerson({ staff }: DraftMunicipality, named: NamedPerson): Person | null {
  const address = named.address === undefined ? undefined : normaliseAddress(named.address);
  const byName = staff.members.filter(({ name }) => name === named.name);
  const member =
    staff.members.find((known) => known.address === address) ??
    (address === undefined && byName.length === 1 ? byName[0] : undefined);
  const domain = address && domainOf(address);
  if (!member && (domain === undefined || !staff.domains.includes(domain))) return null;
  return {
    name: named.name ?? member?.name ?? '',
    address: member?.address ?? address!,
    title: named.title ?? null,
    company: null,
  };
}

/** Observers receive the executed contract: only staff and registered addresses may. */
export async function resolveObservers(
  dependencies: DraftDependencies,
  { fields, municipality }: DraftInput,
  problems: DraftProblem[],
): Promise<Person[]> {
  const observers: Person[] = [];
  for (const named of fields.observers) {
    const staff = staffPerson(municipality, named);
    const value = named.address ?? named.name ?? '';
    const found =
      staff || named.address === undefined
        ? null
        : await usable(dependencies, municipality, { address: normaliseAddress(named.address) }, value);
    const row = found?.rows[0];
    if (staff) observers.push(staff);
    else if (row)
      observers.push({
        name: named.name ?? '',
        address: normaliseAddress(value),
        title: named.title ?? null,
        company: row.company,
      });
    else {
      const args = { value, formUrl: municipality.formUrl ?? '' };
      problems.push(found?.problem ?? { code: 'not-registered', args });
    }
  }
  return observers;
}
