/** A file as each of its signatures covers it, with what happened from one to the next (ISO 32000-2 12.8.1, 7.5.6). */
import { strayOctets } from './pdf/account.ts';
import { type Step, stepProblems } from './pdf/changes.ts';
import type { PdfDocument } from './pdf/document.ts';
import { signatureFields } from './pdf/fields.ts';
import { ForwardReferences } from './pdf/forward.ts';
import { PdfRef, sameRef } from './pdf/objects.ts';
import { isOurField } from './pdf/ours.ts';
import { PdfProblem } from './pdf/problem.ts';
import type { StoredSignature } from './pdf/signatures.ts';
import { type Bystander, coveredDigests } from './pdf/source.ts';

/** One signature with the file as it stood when it was made. */
export interface Layer {
  readonly stored: StoredSignature;
  /**
   * Made by this system, or a document timestamp over something that was. Signatures of others may stand below the
   * first of ours, which covers them: they were in the upload (decided 14).
   */
  readonly ours: boolean;
  readonly view: PdfDocument;
  /** SHA-256 of what the signature covers; empty where its range is no range. */
  readonly digest: Uint8Array;
  readonly problems: string[];
}

export interface Layers {
  /** Innermost first. */
  readonly layers: readonly Layer[];
  /** An object that the first signature of ours covers a reference to, though nobody had it; null when there is none. */
  readonly forward: number | null;
  /** SHA-256 of the whole file, lower-case hex; null where no signature's range was worth a pass over it. */
  readonly sha256: string | null;
}

/** Opens the file as each signature covers it, and judges each step from one to the next; reads the file once. */
export async function layersOf(document: PdfDocument, stored: readonly StoredSignature[]): Promise<Layers> {
  const first = stored.findIndex(({ field }) => isOurField(field.name));
  const opened: Omit<Layer, 'digest'>[] = [];
  for (const [index, signature] of stored.entries()) {
    const problems = [...signature.problems];
    const view = await viewOf(document, signature, problems);
    // A revision ends in one signature: several would each have to be hashed over the whole file.
    if (stored.some((one) => one !== signature && one.coveredTo === signature.coveredTo)) {
      problems.push('coverage: another signature claims the same revision');
    }
    const ours = first >= 0 && index >= first;
    if (ours && signature.kind === 'signature' && !isOurField(signature.field.name)) {
      problems.push(`changed: ${signature.field.name} was signed by somebody else`);
    }
    opened.push({ stored: signature, ours, view, problems });
  }
  await judgeSteps(opened);
  const innermost = opened.find(({ ours }) => ours);
  const references = innermost ? new ForwardReferences(innermost.view) : null;
  const { layers, whole } = await withDigests(document, opened, (offset, octets) =>
    references?.pass(offset, octets),
  );
  const forward = (await references?.finish()) ?? null;
  return { layers, forward, sha256: whole && Buffer.from(whole).toString('hex') };
}

async function judgeSteps(layers: readonly Omit<Layer, 'digest'>[]): Promise<void> {
  for (const [index, layer] of layers.entries()) {
    const previous = layers[index - 1];
    // How others made their signatures, one above another, is for others to judge.
    if (previous === undefined || !layer.ours) continue;
    const changes = await stepProblems(previous.view, layer.view, await stepTo(layer, previous));
    changes.push(...(await strayOctets(layer.view, previous.view.source.size)));
    // What came after a signature without leave breaks that signature, and nobody can vouch for the later one;
    // but ours vouches for the upload as it was, whatever that had been through.
    previous.problems.push(...changes);
    if (previous.ours) layer.problems.push(...changes);
  }
}

async function stepTo(
  { stored: { kind, field }, view }: Omit<Layer, 'digest'>,
  previous: Omit<Layer, 'digest'>,
): Promise<Step> {
  if (previous.ours) return { kind, field };
  const prepared = (await signatureFields(view)).filter(({ name }) => isOurField(name));
  return { kind: 'preparation', prepared };
}

/** Hashes only what can be a signature's range, so that no crafted file is read more often than it has revisions. */
async function withDigests(
  document: PdfDocument,
  layers: readonly Omit<Layer, 'digest'>[],
  bystander: Bystander,
): Promise<{ layers: Layer[]; whole: Uint8Array | null }> {
  const sound = layers.filter(({ problems }) => !problems.some((one) => /^(byte-range|coverage):/.test(one)));
  const ranges = sound.map(({ stored: { hole, coveredTo } }) => ({ ...hole, coveredTo }));
  const { digests, whole } = await coveredDigests(document.source, ranges, bystander);
  const hashed = layers.map((layer) => ({
    ...layer,
    digest: digests[sound.indexOf(layer)] ?? new Uint8Array(0),
  }));
  return { layers: hashed, whole };
}

async function viewOf(
  document: PdfDocument,
  { field, hole, coveredTo }: StoredSignature,
  problems: string[],
): Promise<PdfDocument> {
  if (coveredTo === 0) return document;
  try {
    const view = await document.before(coveredTo);
    const value = field.value;
    const newest = view.sections[0]!;
    const entry = value instanceof PdfRef ? newest.entries.get(value.num) : undefined;
    const inPlace = entry?.type === 'plain' && entry.offset < hole.start && hole.end <= newest.offset;
    if (!inPlace || !sameRef((await view.dict(field.ref)).get('V'), value)) {
      problems.push('coverage: the signature is not part of the revision that it covers');
    }
    return view;
  } catch (error) {
    if (!(error instanceof PdfProblem)) throw error;
    problems.push(`coverage: does not end with a revision (${error.message})`);
    return document;
  }
}

/** What happened after the last signature without leave. */
export async function changesAfter(document: PdfDocument, layers: readonly Layer[]): Promise<string[]> {
  const { view } = layers.at(-1)!;
  if (view.source.size === document.source.size) return [];
  const changes = await stepProblems(view, document, null);
  return [...changes, ...(await strayOctets(document, view.source.size))];
}
