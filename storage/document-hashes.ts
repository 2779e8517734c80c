/** The SHA-256 of every state of every document, so that a file that comes in can be told whose it is (R45). */
import type { Tx } from './database.ts';

/** `hashes`: lower-case hex; one that is known already stays as it is. */
export async function noteDocumentHashes(
  tx: Tx,
  { id, municipality }: { readonly id: string; readonly municipality: string },
  hashes: readonly string[],
): Promise<void> {
  if (hashes.length === 0) return;
  const rows = hashes.map((sha256) => ({ municipality, sha256, contract: id }));
  await tx('document_hashes').insert(rows).onConflict(['municipality', 'sha256', 'contract']).ignore();
}

/** Ids of the contracts that have or had a file with this SHA-256; the same upload may serve several. */
export async function contractsWithDocument(tx: Tx, municipality: string, sha256: string): Promise<string[]> {
  const rows: { contract: string }[] = await tx('document_hashes')
    .where({ municipality, sha256 })
    .orderBy('contract')
    .select('contract');
  return rows.map(({ contract }) => contract);
}

/** Contracts from before hashes were noted: only their own record tells what files they have. */
export async function contractsWithoutHashes(tx: Tx, municipality: string): Promise<string[]> {
  const rows: { id: string }[] = await tx('contracts as c')
    .where('c.municipality', municipality)
    .whereNotExists(tx('document_hashes as h').whereRaw('h.contract = c.id'))
    .orderBy('c.id')
    .select('c.id');
  return rows.map(({ id }) => id);
}
