/**
 * One document over several revisions: read, decrypted and hashed once, however many are appended (ISO 32000-2 7.5.6).
 */
import { conclude } from './conclude.ts';
import { fill } from './fill.ts';
import { PdfDocument } from './pdf/document.ts';
import type {
  AppendedRevision,
  ByteSource,
  ConcludeOptions,
  FillOptions,
  PrepareOptions,
  SealOptions,
} from './ports.ts';
import { prepare } from './prepare.ts';
import { type RenewOptions, renew } from './renew.ts';
import { seal } from './seal.ts';

/**
 * Each call appends one revision to the document as the calls before it left it, and gives back its octets, as the
 * function of the same name does. A call that rejects leaves the document as it was. One call at a time.
 */
export interface GrowingDocument {
  /** Octets of the whole document, all revisions included. */
  readonly size: number;
  /** SHA-256 of the document as it stands, lower-case hex; hashed once with what the next revisions need of it. */
  sha256(): Promise<string>;
  prepare(options: PrepareOptions): Promise<AppendedRevision>;
  fill(options: FillOptions): Promise<AppendedRevision>;
  seal(options: SealOptions): Promise<AppendedRevision>;
  conclude(options: ConcludeOptions): Promise<AppendedRevision>;
  renew(options: RenewOptions): Promise<AppendedRevision>;
}

/** Rejects with SigningError when the document cannot be read; see PdfRefusalCode. */
export async function openGrowing(source: ByteSource): Promise<GrowingDocument> {
  let document = await PdfDocument.open(source);
  const append =
    <Options>(step: (source: ByteSource, options: Options) => Promise<AppendedRevision>) =>
    async (options: Options): Promise<AppendedRevision> => {
      const revision = await step(document, options);
      document = await document.grown(revision.bytes);
      return revision;
    };
  return {
    get size() {
      return document.size;
    },
    sha256: async () => (await document.runningSha256()).digest('hex'),
    prepare: append(prepare),
    fill: append(fill),
    seal: append(seal),
    conclude: append(conclude),
    renew: append(renew),
  };
}
