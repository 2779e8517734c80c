/** 「宛先変更」 (R4): which of the vendor's people it is about, whether the new address is registered, who is to agree. */
import type { Command } from '../contract/commands.ts';
import type { Contract, NewHolder, Person, Step } from '../contract/contract.ts';
import { isMailAddress, normaliseAddress } from '../mail/address.ts';
import { isSharedMailbox, mayDo } from '../mail/rights.ts';
import type { Problem } from './answers.ts';
import { notServing, personIn, serves, staffPerson } from './draft-people.ts';
import type { ReceiveDependencies, ReceivedMail } from './received-mail.ts';

type ChangeHolder = Extract<Command, { type: 'changeHolder' }>;

const ADDRESS = /[^\s<>()（）「」、,:→]+@[^\s<>()（）「」、,:→]+/g;
/** What people write around the two addresses. */
const AROUND = /[\s<>()「」、,:→]|->|=>|から|より|古いアドレス|新しいアドレス|旧|新|[へに]/g;
const SECOND = /^確認者\s*[:：]\s*(.+)$/;

/** `argument` is what stood behind the word, `lines` what stands below it. */
export async function readAddressChange(
  dependencies: ReceiveDependencies,
  { municipality }: ReceivedMail,
  contract: Contract,
  argument: string,
  lines: readonly string[],
): Promise<ChangeHolder | Problem> {
  // Below its own line only what is labelled counts: a signature block, too, holds an address.
  const line = argument === '' ? (lines[0] ?? '').normalize('NFKC').trim() : argument;
  const unclear: Problem = { code: 'bad-address-change', args: { line: line || '宛先変更' } };
  const addresses = [...line.matchAll(ADDRESS)].map(([found]) => normaliseAddress(found));
  const address = addresses.at(-1);
  if (address === undefined || addresses.length > 2 || !addresses.every(isMailAddress)) return unclear;
  if (line.replace(ADDRESS, '').replace(AROUND, '') !== '') return unclear;
  const step = stepMeant(contract, addresses.length === 2 ? addresses[0]! : null);
  if (!step) {
    return addresses.length === 2
      ? { code: 'address-not-here', args: { address: addresses[0]! } }
      : { code: 'not-the-vendors', args: {} };
  }
  if (step.consent) return { code: 'holder-consented', args: {} };
  const registered = await registeredHolder(dependencies, municipality, step, address);
  if (registered && 'code' in registered) return registered;
  if (registered) {
    return { type: 'changeHolder', participant: step.participant, holder: registered, second: null };
  }
  const second = secondPerson(contract, municipality, lines);
  if ('code' in second) return second;
  const person = { ...step.person, address };
  const holder: NewHolder = { person, receiptNumber: null, phone: step.phone, registration: null };
  return { type: 'changeHolder', participant: step.participant, holder, second };
}

/** By the old address, else whose turn it is. */
function stepMeant({ steps, step }: Contract, old: string | null): Step | undefined {
  const vendors = steps.filter(({ role }) => role !== 'approver');
  if (old !== null) return vendors.find(({ person }) => person.address === old);
  return vendors.find((candidate) => candidate === steps[step]);
}

/**
 * Registered for the same company and role: then the registration says who it is. One that does not serve (R11) is a
 * problem, whoever would agree: its own confirmation is asked for already.
 */
async function registeredHolder(
  { database, registry, settings }: ReceiveDependencies,
  { id, formUrl }: ReceivedMail['municipality'],
  { role, person: { company } }: Step,
  address: string,
): Promise<NewHolder | Problem | undefined> {
  const found = await registry.find(database.knex, id, { address });
  const rows = found.filter((row) => serves(row, settings));
  const [waiting] = found;
  if (waiting && rows.length === 0) return notServing(waiting, address, formUrl);
  return rows
    .filter((row) => row.company === company)
    .flatMap((row) => personIn(row, role === 'checker' ? 'checker' : 'signatory', { address }) ?? [])[0];
}

/** Whom the initiator names, else the contract's approver. */
function secondPerson(
  { steps, initiator }: Contract,
  municipality: ReceivedMail['municipality'],
  lines: readonly string[],
): Person | Problem {
  const named = lines.flatMap((line) => SECOND.exec(line.normalize('NFKC').trim())?.[1] ?? [])[0];
  if (named !== undefined) {
    const [address] = named.match(ADDRESS) ?? [];
    const person = address === undefined ? null : staffPerson(municipality, { address });
    if (!person) return { code: 'second-not-staff', args: { address: named } };
    if (mayDo(person.address, 'second', municipality.staff)) return person;
    // Who agreed there, nobody could tell.
    const shared = isSharedMailbox(person.address, municipality.staff);
    return { code: shared ? 'shared-mailbox' : 'not-second', args: { address: person.address } };
  }
  const approver = steps.find(
    ({ role, person: { address } }) =>
      role === 'approver' && address !== initiator.address && mayDo(address, 'second', municipality.staff),
  );
  return approver?.person ?? { code: 'second-person-needed', args: {} };
}
