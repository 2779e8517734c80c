/** Which mails carry the executed documents, and the documents as files (R37, R38). */
import { type BlobReader, type Blobs, octetsOf } from '../../storage/blobs/blobs.ts';
import type { LoadedContract } from '../app/contract-store.ts';
import { openCertificate, withDocument } from '../app/documents.ts';
import { filingNames, type Naming } from '../app/filing-names.ts';
import type { Contract, ParticipantId } from '../contract/contract.ts';
import { certificateHead, head } from '../contract/documents.ts';
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

/** R37: everything attached, certificate and the mail's own signature included, strictly under the recipient's limit, and not too many documents. */
export function mayAttach(
  { documents, certificate }: Pick<Contract, 'documents' | 'certificate'>,
  address: string,
  rule: AttachmentRule,
  signatureOctets: number,
): boolean {
  const limit = isCarrier(address, rule) ? rule.carrierLimitOctets : rule.limitOctets;
  const start = signatureOctets + (certificate ? certificateHead(certificate).size : 0);
  const octets = documents.reduce((sum, document) => sum + head(document).size, start);
  return documents.length <= rule.maxDocuments && octets < limit;
}

/** The documents as they stand, each named as the contract names it; once concluded as recipients file them, with the certificate. */
export async function documentsAsFiles(
  blobs: Blobs,
  { contract, owner }: LoadedContract,
  recipient: ParticipantId,
  municipality: Naming,
): Promise<OutgoingMail['attachments']> {
  const files: { fileName: string; content: Buffer }[] = [];
  const names = contract.certificate ? filingNames(contract, recipient, municipality) : null;
  for (const [index, document] of contract.documents.entries()) {
    const content = await withDocument(blobs, owner, document, whole);
    files.push({ fileName: names?.documents[index] ?? `${document.name}.pdf`, content });
  }
  if (names && contract.certificate) {
    const reader = await openCertificate(blobs, owner, contract.certificate);
    const content = await whole(reader).finally(() => reader.close());
    files.push({ fileName: names.certificate, content });
  }
  return files;
}

async function whole(reader: BlobReader): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of octetsOf(reader)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
