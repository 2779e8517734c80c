/** A vendor's address that its own mail server does not know (RFC 3463 X.1.1): the registration serves no more until it is confirmed anew (R11). */
import type { Tx } from '../../storage/database.ts';
import type { Registered, Registry } from '../app/registration-types.ts';
import type { Contract } from '../contract/contract.ts';
import { bounceReason } from '../mail/bounce-reason.ts';

/** The registrations in force that the failed mail (by its outbox key) shows to be out of reach; none for any other failure. */
export async function unreachableBy(
  tx: Tx,
  registry: Registry,
  contract: Contract,
  failedMail: string | null,
  isCarrier: (address: string) => boolean,
): Promise<readonly Registered[]> {
  const failed = contract.deliveries.find(({ mail }) => mail === failedMail);
  const step = contract.steps.find(({ participant }) => participant === failed?.recipient);
  if (!failed || !step || step.role === 'approver') return [];
  // The report may be about the address that held the step before.
  if (contract.holderChanges.some(({ participant }) => participant === failed.recipient)) return [];
  const { address } = step.person;
  if (bounceReason(failed.response, isCarrier(address)) !== 'no-such-address') return [];
  const found = await registry.find(tx, contract.municipality, { address });
  // What is confirmed and goes out of use is the signatory's address; a checker's only stands beside it.
  return found.filter(({ signatory_address }) => signatory_address === address);
}
