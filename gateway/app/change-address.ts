/** 「宛先変更」 (R4): which of the vendor's people it is about, whether the new address is registered, who is to agree. */
import type { Command } from '../contract/commands.ts';
import type { Contract, NewHolder, Person, Step } from '../contract/contract.ts';
import { isMailAddress, normaliseAddress } from '../mail/address.ts';
import { isSharedMailbox } from '../mail/rights.ts';
import type { Problem } from './answers.ts';
import { personIn, serves, staffPerson } from './draft-people.ts';
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
  const unclear: Problem = { code: 'bad-address-change', args: { line } };
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
  const registered = await registeredHolder(dependencies, municipality.id, step, address);
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

/** Registered for the same company and role, and confirmed: then the registration says who it is. */
async function registeredHolder(
  { database, registry, settings }: ReceiveDependencies,
  municipality: string,
  { role, person: { company } }: Step,
  address: string,
): Promise<NewHolder | undefined> {
  const rows = await registry.find(database.knex, municipality, { address });
  return rows
    .filter((row) => row.company === company && serves(row, settings))
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
    // Who agreed there, nobody could tell.
    return isSharedMailbox(person.address, municipality.staff)
      ? { code: 'shared-mailbox', args: { address: person.address } }
      : person;
  }
  const approver = steps.find(
    ({ role, person }) => role === 'approver' && person.address !== initiator.address,
  );
  return approver?.person ?? { code: 'second-person-needed', args: {} };
}
