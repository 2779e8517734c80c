// Who counts as staff, and what each of them may do: a person by address, everybody else by domain (R53, decided 7).

import { domainOf, normaliseAddress } from './address.ts';

/** Mail in contracts; consent for the municipality; agree to a new address (R4); read all its contracts; run the installation for it. */
export type Right = 'initiator' | 'approver' | 'second' | 'auditor' | 'operator';

/** Names an auditor where a participant of a contract is named: takes no part in it. */
export const AUDITOR = 'auditor';

export interface StaffMember {
  readonly address: string;
  readonly name: string;
  readonly section: string;
  readonly phone: string;
  readonly rights: readonly Right[];
  /** Several people read this mailbox: who consented there, nobody could tell. */
  readonly shared: boolean;
}

export interface Staff {
  /** Exact domains; their subdomains are not staff. */
  readonly domains: readonly string[];
  /** Of those whom `members` does not name. */
  readonly domainRights: readonly Right[];
  readonly members: readonly StaffMember[];
}

/** `address` is compared after normalisation. */
export function isStaff(address: string, staff: Staff): boolean {
  const domain = domainOf(address);
  return (
    staff.domains.some((own) => normaliseAddress(own) === domain) || memberWith(address, staff) !== undefined
  );
}

/** Nobody consents or agrees from a shared mailbox, whatever its rights say; who may consent may agree to a new address. */
export function mayDo(address: string, right: Right, staff: Staff): boolean {
  const member = memberWith(address, staff);
  if (member?.shared && (right === 'approver' || right === 'second')) return false;
  const held = member?.rights ?? (isStaff(address, staff) ? staff.domainRights : []);
  return held.includes(right) || (right === 'second' && held.includes('approver'));
}

/** Registrations belong to those who mail in contracts, and to the operator. */
export function mayRegister(address: string, staff: Staff): boolean {
  return mayDo(address, 'initiator', staff) || mayDo(address, 'operator', staff);
}

export function isSharedMailbox(address: string, staff: Staff): boolean {
  return memberWith(address, staff)?.shared ?? false;
}

function memberWith(address: string, { members }: Staff): StaffMember | undefined {
  const normalised = normaliseAddress(address);
  return members.find((own) => normaliseAddress(own.address) === normalised);
}
