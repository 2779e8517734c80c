/** Which contract a file belongs to, by its SHA-256 alone, and whether it is the newest state of it (R45). */
import type { Database } from '../../storage/database.ts';
import { contractsWithDocument, contractsWithoutHashes } from '../../storage/document-hashes.ts';
import { type Contract, fileHashes } from '../contract/contract.ts';
import { certificateHead, head } from '../contract/documents.ts';
import type { ContractStore } from './contract-store.ts';

export interface KnownFile {
  readonly contract: Contract;
  /** Nothing has been appended since: what `控え` would bring. */
  readonly newest: boolean;
}

/** Every contract of the municipality that has or had this file; those where it is the newest state come first. */
export async function knownFile(
  { database, store }: { readonly database: Database; readonly store: ContractStore },
  municipality: string,
  sha256: string,
): Promise<KnownFile[]> {
  const { knex } = database;
  const noted = new Set(await contractsWithDocument(knex, municipality, sha256));
  const found: KnownFile[] = [];
  for (const id of [...noted, ...(await contractsWithoutHashes(knex, municipality))]) {
    const { contract } = (await store.load(knex, id))!;
    if (noted.has(id) || fileHashes(contract).includes(sha256)) {
      found.push({ contract, newest: newestHashes(contract).includes(sha256) });
    }
  }
  return found.sort((a, b) => Number(b.newest) - Number(a.newest));
}

function newestHashes({ documents, certificate, state }: Contract): string[] {
  if (state !== 'concluded') return [];
  const issued = certificate === null ? [] : [certificateHead(certificate)];
  return [...documents.map(head), ...issued].map(({ sha256 }) => sha256);
}
