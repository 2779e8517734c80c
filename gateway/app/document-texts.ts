/** The stored documents of a draft as text, within bounds: what is too large or unreadable is said to be so (R19). */
import { type BlobOwner, type Blobs, storedOctets } from '../../storage/blobs/blobs.ts';
import type { Draft } from '../contract/contract.ts';
import type { ReadDocument } from './document-checks.ts';

/** Text of each page of a PDF, as far as the reader's own bounds reach; null when there is none to read. */
export type ReadPdfText = (content: Uint8Array) => Promise<readonly string[] | null>;

/** A file larger than `largestOctets` is pictures; reading it into memory would serve nobody. */
export async function readTexts(
  blobs: Blobs,
  owner: BlobOwner,
  documents: Draft['documents'],
  readPdfText: ReadPdfText,
  largestOctets: number,
): Promise<ReadDocument[]> {
  const read: ReadDocument[] = [];
  for (const { name, fileName, upload } of documents) {
    const pages =
      upload.size > largestOctets
        ? null
        : await readPdfText(await whole(storedOctets(blobs, owner, upload.blob)));
    const hasText = pages?.some((page) => page.trim() !== '') ?? false;
    read.push({ name, fileName, pages: hasText ? pages : null });
  }
  return read;
}

async function whole(octets: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of octets) parts.push(part);
  return Buffer.concat(parts);
}
