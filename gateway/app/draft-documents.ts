/** The documents of a contract mail: ordered, named, inspected, stored. */
import { Readable } from 'node:stream';
import type { Box } from '../contract/boxes.ts';
import type { Draft } from '../contract/contract.ts';
import type { ContractDocument } from '../contract/documents.ts';
import type { ContractFields } from '../mail/contract-fields.ts';
import type { Attachment } from '../mail/parse.ts';
import { type Finding, finding } from './draft-checks.ts';
import type { DraftDependencies, DraftInput, DraftProblem } from './draft-input.ts';

/** PDFs become documents 1…n; one with the file name of a kept document replaces it, and either says so. */
export async function resolveDocuments(
  { blobs, inspect, settings }: DraftDependencies,
  { attachments, fields, kept, owner }: DraftInput,
  problems: DraftProblem[],
): Promise<Draft['documents'][number][]> {
  const files: (Draft['documents'][number] | NewFile)[] = [...kept];
  for (const attachment of attachments.filter(({ kind }) => kind === 'pdf')) {
    const at = files.findIndex(({ fileName }) => sameFile(fileName, attachment.fileName));
    if (at >= 0 && at < kept.length)
      files[at] = { ...attachment, change: { change: 'replaced' }, was: kept[at]!.name };
    else files.push({ ...attachment, change: kept.length > 0 ? { change: 'added' } : {}, was: null });
  }
  const ordered = inNamedOrder(files, fields.documents, problems);
  if (ordered.length > settings.maxDocuments) {
    problems.push({ code: 'too-many-documents', args: { limit: String(settings.maxDocuments) } });
    return [];
  }
  const size = ordered.reduce(
    (sum, { file }) => sum + ('content' in file ? file.content.length : file.upload.size),
    0,
  );
  if (size > settings.maxTotalOctets) {
    problems.push({
      code: 'too-large',
      args: { limit: `${Math.floor(settings.maxTotalOctets / 1_048_576)}MB` },
    });
    return [];
  }
  const documents: Omit<ContractDocument, 'revisions'>[] = [];
  const matchesDecided = decidedDigests(fields, ordered.length, problems);
  for (const [index, { file, name }] of ordered.entries()) {
    const id = `document-${index + 1}`;
    const called = distinct(
      name ?? ('content' in file ? (file.was ?? file.fileName.replace(/\.pdf$/i, '')) : file.name),
      documents,
    );
    if (!('content' in file)) {
      const decided = matchesDecided(index, called, file.upload.sha256) ?? file.decided;
      documents.push({ ...file, id, name: called, decided });
      continue;
    }
    const inspection = await inspect(file.content);
    if (!inspection.ok) {
      problems.push({ code: `pdf-refused:${inspection.code}`, args: { file: file.fileName } });
      continue;
    }
    const stored = await blobs.put(owner, Readable.from([file.content]));
    const upload = { blob: stored.name, size: stored.size, sha256: stored.sha256 };
    const decided = matchesDecided(index, called, upload.sha256) ?? false;
    const { pages } = inspection;
    const boxes = vendorBoxes(inspection.boxes, called, settings.staffBoxPrefix, problems);
    const signed = inspection.signed ? { signed: true as const } : {};
    const { fileName, change } = file;
    documents.push({ id, name: called, fileName, pages, upload, decided, ...signed, ...change, boxes });
  }
  if (documents.flatMap(({ boxes }) => boxes).length > settings.maxBoxes) {
    problems.push({ code: 'too-many-boxes', args: { limit: String(settings.maxBoxes) } });
  }
  return documents;
}

/** Octets: neither a photograph nor a scan is as small, only what decorates a text. */
const DECORATION_OCTETS = 5_000;

/** What its writer may believe to be in the contract, or to be two documents. */
export function fileFindings(
  attachments: readonly Attachment[],
  documents: readonly Pick<ContractDocument, 'name' | 'upload'>[],
): Finding[] {
  const pictures = attachments.filter(
    ({ kind, embedded, content }) => kind === 'image' && !embedded && content.length >= DECORATION_OCTETS,
  );
  return [
    ...pictures.flatMap(({ fileName }) => finding('warn', 'picture-left-out', { value: fileName })),
    ...documents.flatMap(({ name, upload }, index) => {
      const same = documents.slice(0, index).find((earlier) => earlier.upload.sha256 === upload.sha256);
      return same === undefined ? [] : finding('warn', 'same-content', { name, value: same.name });
    }),
  ];
}

interface NewFile extends Attachment {
  readonly change: Pick<ContractDocument, 'change'>;
  /** Name of the document it replaces. */
  readonly was: string | null;
}

/** What the vendor is asked to fill in; the staff's own boxes must be filled already. */
function vendorBoxes(
  boxes: readonly Box[],
  document: string,
  staffPrefix: string,
  problems: DraftProblem[],
): Box[] {
  const isStaffs = ({ name }: Box): boolean => name.split('.').some((part) => part.startsWith(staffPrefix));
  for (const { label, required, value } of boxes.filter(isStaffs)) {
    if (required && value === '') {
      problems.push({ code: 'staff-box-open', args: { file: document, value: label } });
    }
  }
  return boxes.filter((box) => !isStaffs(box));
}

/** Compares documents with the digests recorded at the 決裁; undefined where none was written for one. */
function decidedDigests(
  fields: ContractFields,
  count: number,
  problems: DraftProblem[],
): (index: number, name: string, sha256: string) => boolean | undefined {
  for (const { number } of fields.decidedDigests) {
    if (number > count)
      problems.push({ code: 'document-not-attached', args: { value: String(number), file: '' } });
  }
  return (index, name, sha256) => {
    const recorded = fields.decidedDigests.find(({ number }) => number === index + 1)?.sha256;
    if (recorded === undefined) return undefined;
    if (recorded !== sha256) problems.push({ code: 'decided-digest-differs', args: { value: name } });
    return recorded === sha256;
  };
}

/** 「文書1：名称＝ファイル名」 names and orders; what it does not mention follows in the mail's order. */
function inNamedOrder<T extends { fileName: string }>(
  files: readonly T[],
  named: ContractFields['documents'],
  problems: DraftProblem[],
): { file: T; name: string | null }[] {
  const rest = [...files];
  const first = [...named]
    .sort((a, b) => a.number - b.number)
    .flatMap(({ name, fileName }) => {
      const at = fileName === null ? 0 : rest.findIndex((file) => sameFile(file.fileName, fileName));
      const [file] = at < 0 ? [] : rest.splice(at, 1);
      if (file) return [{ file, name }];
      problems.push({ code: 'document-not-attached', args: { value: name, file: fileName ?? '' } });
      return [];
    });
  return [...first, ...rest.map((file) => ({ file, name: null }))];
}

/** Mail lines are read after NFKC, and Macs send file names decomposed. */
function sameFile(a: string, b: string): boolean {
  return a.normalize('NFKC').trim() === b.normalize('NFKC').trim();
}

function distinct(name: string, documents: readonly { name: string }[]): string {
  const taken = new Set(documents.map((document) => document.name));
  for (let n = 1, candidate = name; ; n++, candidate = `${name}（${n}）`)
    if (!taken.has(candidate)) return candidate;
}
