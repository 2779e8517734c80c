/** A further reply to the notice of a contract's end: told of the contract that it has come in anew as (R29). */
import type { Tx } from '../../storage/database.ts';
import { type Contract, mayComeAnew } from '../contract/contract.ts';
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
