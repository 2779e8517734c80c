/** A contract that has come in anew: what that is now, and what a further reply to the notice of its end hears of it (R29). */
import type { Tx } from '../../storage/database.ts';
import { type Contract, mayComeAnew, type ParticipantId, personOf } from '../contract/contract.ts';
import { AUDITOR } from '../mail/rights.ts';
import type { ContractStore } from './contract-store.ts';
import type { Reaction, ReceiveDependencies } from './received-mail.ts';

/** Answers with the newest one's number, where it stands, and what may be written; the answer is replied to as one of its own. */
export function hasComeAnew({ store }: Pick<ReceiveDependencies, 'store'>, ended: Contract): Reaction {
  return async (tx) => {
    const newest = await newestAfter(tx, store, ended.id);
    const args = { former: ended.number, number: newest.number };
    const problems = ['came-anew', standingOf(newest)].map((code) => ({ code, args }));
    return {
      status: 'refused',
      contract: newest.id,
      answer: { type: 'commandRefused', contract: newest.id, participant: 'initiator', problems },
      why: 'came-anew',
    };
  };
}

/** The newest contract that `contract` came in anew as, where `participant` has a part in that, too; null where there is none. */
export async function newestFor(
  tx: Tx,
  store: ContractStore,
  contract: Contract,
  participant: ParticipantId,
): Promise<Contract | null> {
  if (contract.successor === undefined) return null;
  const newest = await newestAfter(tx, store, contract.successor);
  if (participant === 'initiator' || participant === AUDITOR) return newest;
  const { address } = personOf(contract, participant)!;
  const approves = newest.steps.some(({ role, person }) => role === 'approver' && person.address === address);
  return approves ? newest : null;
}

/** What came in anew may have ended, and come in anew itself. */
async function newestAfter(tx: Tx, store: ContractStore, id: string): Promise<Contract> {
  const loaded = await store.load(tx, id);
  if (!loaded) throw new Error(`no contract ${id}`);
  const { contract } = loaded;
  return contract.successor === undefined ? contract : newestAfter(tx, store, contract.successor);
}

function standingOf(contract: Contract): string {
  switch (contract.state) {
    case 'draft':
      return 'anew-draft';
    case 'concluded':
      return 'anew-concluded';
    case 'declined':
    case 'withdrawn':
    case 'expired':
      return mayComeAnew(contract) ? 'anew-ended' : 'anew-over';
    default:
      return 'anew-running';
  }
}
