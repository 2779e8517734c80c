/** Contracts on their way that go to an address whose registration has ended: told to staff, never redirected (R4). */
import { openContracts } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import type { ContractStore } from './contract-store.ts';

export interface RunningContract {
  readonly number: string;
  readonly title: string;
}

export async function runningWith(
  tx: Tx,
  store: ContractStore,
  municipality: string,
  addresses: readonly string[],
): Promise<RunningContract[]> {
  const running: RunningContract[] = [];
  for (const id of addresses.length === 0 ? [] : await openContracts(tx, municipality)) {
    const { number, title, steps } = (await store.load(tx, id))!.contract;
    if (steps.some(({ person }) => addresses.includes(person.address))) running.push({ number, title });
  }
  return running;
}
