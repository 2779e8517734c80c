/** The contracts of a list, each with a download link of its own that runs anew (R36). */
import type { Tx } from '../../storage/database.ts';
import { setExpiry } from '../../storage/secrets.ts';
import type { AnswerContent } from '../app/answers.ts';
import type { ContractStore } from '../app/contract-store.ts';
import type { Contract } from '../contract/contract.ts';
import { grantSecrets, type SecretGranting } from './mail-secrets.ts';

export interface ListedContract {
  readonly contract: Contract;
  readonly url: string;
}

type ContractList = Extract<AnswerContent, { type: 'contractList' }>;

/** Each link has a key of its own below the mail's, since one mail carries many. */
const keyOf = (mail: string, contract: string): string => `${mail}:${contract}`;

export async function linkedContracts(
  dependencies: SecretGranting & { readonly store: ContractStore },
  mail: string,
  { contracts }: ContractList,
  now: string,
): Promise<ListedContract[]> {
  const listed: ListedContract[] = [];
  for (const { contract: id, participant } of contracts) {
    const loaded = await dependencies.store.load(dependencies.database.knex, id);
    if (!loaded) throw new Error(`no contract ${id}`);
    const { contract } = loaded;
    const { url } = await grantSecrets(dependencies, keyOf(mail, id), contract, participant, 'download', now);
    listed.push({ contract, url });
  }
  return listed;
}

/** From the relay's acceptance on the links run out at `expiresAt` (ISO UTC). */
export async function startListExpiry(
  tx: Tx,
  mail: string,
  { contracts }: ContractList,
  expiresAt: string,
): Promise<void> {
  for (const { contract } of contracts) await setExpiry(tx, keyOf(mail, contract), 'download', expiresAt);
}
