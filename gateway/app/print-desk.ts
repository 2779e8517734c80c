/** The executed documents and the certificate as one file for printing, made when it is asked for and kept nowhere (R43, R49). */
import type { BlobReader, Blobs } from '../../storage/blobs/blobs.ts';
import type { Contract } from '../contract/contract.ts';
import { certificateHead, head } from '../contract/documents.ts';
import type { LoadedContract } from './contract-store.ts';
import { openCertificate, openDocument } from './documents.ts';

/** Signing's printSet() satisfies it; `detail` says in English why there is no such file. */
export type PrintSetMaker = (
  sources: readonly BlobReader[],
) => Promise<
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly detail: string }
>;

export interface PrintDesk {
  /** Whether documents and certificate are small enough together. */
  allows(contract: Contract): boolean;
  /** Of a concluded contract. */
  make(loaded: Pick<LoadedContract, 'contract' | 'owner'>): ReturnType<PrintSetMaker>;
}

export function printDesk(dependencies: {
  readonly blobs: Blobs;
  readonly settings: { readonly printSetMaxOctets: number; readonly printSetMaxPages: number };
  readonly printSet: PrintSetMaker;
}): PrintDesk {
  const { blobs, settings } = dependencies;
  return {
    allows({ documents, certificate }) {
      const sizes = [...documents.map(head), certificateHead(certificate!)].map(({ size }) => size);
      const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
      // How many pages the certificate has, only the making finds out.
      const pages = sum(documents.map((document) => document.pages));
      return sum(sizes) <= settings.printSetMaxOctets && pages < settings.printSetMaxPages;
    },
    async make({ contract, owner }) {
      const sources: BlobReader[] = [];
      try {
        for (const document of contract.documents) sources.push(await openDocument(blobs, owner, document));
        sources.push(await openCertificate(blobs, owner, contract.certificate!));
        return await dependencies.printSet(sources);
      } finally {
        await Promise.all(sources.map((source) => source.close()));
      }
    },
  };
}
