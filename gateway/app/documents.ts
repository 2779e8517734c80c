/** A contract's documents as files: upload and revisions read as one (decided 1). */
import { type BlobOwner, type BlobReader, type Blobs, concatenated } from '../../storage/blobs/blobs.ts';
import type { ContractDocument } from '../contract/contract.ts';

/** Opens the document up to its head, or up to and including revision `upTo`; the caller closes it. */
export async function openDocument(
  blobs: Blobs,
  owner: BlobOwner,
  document: ContractDocument,
  upTo: number = document.revisions.length,
): Promise<BlobReader> {
  const names = [document.upload, ...document.revisions.slice(0, upTo)].map(({ blob }) => blob);
  const parts: BlobReader[] = [];
  try {
    for (const name of names) parts.push(await blobs.open(owner, name));
  } catch (error) {
    await Promise.all(parts.map((part) => part.close()));
    throw error;
  }
  return concatenated(parts);
}

/** Lends the document to `work` and closes it whatever happens. */
export async function withDocument<T>(
  blobs: Blobs,
  owner: BlobOwner,
  document: ContractDocument,
  work: (reader: BlobReader) => Promise<T>,
): Promise<T> {
  const reader = await openDocument(blobs, owner, document);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}
