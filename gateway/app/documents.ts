/** A contract's documents as files: upload and revisions read as one (decided 1). */
import { type BlobOwner, type BlobReader, type Blobs, concatenated } from '../../storage/blobs/blobs.ts';
import type { ContractDocument, IssuedCertificate, StoredPart } from '../contract/documents.ts';

/** Opens the document up to its head, or up to and including revision `upTo`; the caller closes it. */
export async function openDocument(
  blobs: Blobs,
  owner: BlobOwner,
  document: ContractDocument,
  upTo: number = document.revisions.length,
): Promise<BlobReader> {
  return openParts(blobs, owner, [document.upload, ...document.revisions.slice(0, upTo)]);
}

/** Opens the certificate with all its renewals; the caller closes it. */
export function openCertificate(
  blobs: Blobs,
  owner: BlobOwner,
  certificate: IssuedCertificate,
): Promise<BlobReader> {
  return openParts(blobs, owner, [certificate, ...(certificate.renewals ?? [])]);
}

async function openParts(blobs: Blobs, owner: BlobOwner, stored: readonly StoredPart[]): Promise<BlobReader> {
  const parts: BlobReader[] = [];
  try {
    for (const { blob } of stored) parts.push(await blobs.open(owner, blob));
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
