/** Which mails carry the executed documents, and the documents as files (R37, R38). */
import { type Blobs, octetsOf } from '../../storage/blobs/blobs.ts';
import type { LoadedContract } from '../app/contract-store.ts';
import { withDocument } from '../app/documents.ts';
import type { OutgoingMail } from '../mail/deliver.ts';

export interface AttachmentRule {
  readonly limitOctets: number;
  readonly carrierLimitOctets: number;
  readonly carrierDomains: readonly string[];
  readonly maxDocuments: number;
}

/** Carrier domains count with their subdomains (R37). */
export function isCarrier(address: string, { carrierDomains }: AttachmentRule): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return carrierDomains.some((carrier) => domain === carrier || domain.endsWith(`.${carrier}`));
}

/** R37: everything attached together strictly under the recipient's limit, and not too many documents. */
export function mayAttach(sizes: readonly number[], address: string, rule: AttachmentRule): boolean {
  const limit = isCarrier(address, rule) ? rule.carrierLimitOctets : rule.limitOctets;
  return sizes.length <= rule.maxDocuments && sizes.reduce((sum, size) => sum + size, 0) < limit;
}

/** The documents as they stand, each named as the contract names it. */
export async function documentsAsFiles(
  blobs: Blobs,
  { contract, owner }: LoadedContract,
): Promise<OutgoingMail['attachments']> {
  const files: { fileName: string; content: Buffer }[] = [];
  for (const document of contract.documents) {
    const content = await withDocument(blobs, owner, document, async (reader) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of octetsOf(reader)) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
    files.push({ fileName: `${document.name}.pdf`, content });
  }
  return files;
}
