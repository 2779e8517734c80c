/** The files that attacks start from, and a table of attacks run against them: each is refused with its own verdict. */
import { expect } from 'chai';
import type { Verdict, VerificationReport } from '../../signing/index.ts';
import { octets, text } from './forging.ts';
import { buildPdf, onePage, streamText } from './pdf-build.ts';
import { FIELDS, openSigningWorld, type SigningWorld } from './pdf-signing.ts';

/** Content that shows another price. */
export const FORGED = streamText('', 'BT /F1 24 Tf 72 700 Td (Contract 999999 yen) Tj ET');

export interface Attack {
  readonly what: string;
  /** At B-LTA the executed file, or at B-T the one with the first consent; the executed one unless told. */
  readonly on?: 'executed' | 'first';
  readonly make: (file: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** What the problems have to say. */
  readonly why: RegExp;
  /** `altered` unless told. */
  readonly verdict?: Verdict;
}

export interface AttackedFiles {
  readonly world: SigningWorld;
  readonly prepared: Uint8Array;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly executed: Uint8Array;
  /** Another document with the same length and people, executed as well. */
  readonly other: Uint8Array;
}

/** Two pages, a note on the first, a number that stayed free, and a dead object that shows another price. */
export function attackedUpload(): Buffer {
  const { bytes } = buildPdf({
    ...onePage('/MediaBox [0 0 595 842] /Annots [6 0 R]'),
    2: '<</Type /Pages /Kids [3 0 R 8 0 R] /Count 2 /Resources <</Font <</F1 5 0 R>>>>>>',
    6: '<</Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents (note)>>',
    8: '<</Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 595 842]>>',
  });
  const dead = `4 0 obj\n${FORGED}\nendobj\n`;
  return octets(
    text(bytes)
      .replace('\nxref\n', `\n${dead}xref\n`)
      .replace(/startxref\n(\d+)/, (_, at) => `startxref\n${Number(at) + dead.length}`),
  );
}

/** Call inside describe(): makes the files once, and holds that what is refused is refused for the attack alone. */
export function attackedFiles(): () => AttackedFiles {
  let files: AttackedFiles;
  before(async () => {
    const world = await openSigningWorld();
    const prepared = await world.prepared(attackedUpload());
    const first = await world.sealed(prepared, FIELDS[0]!);
    const second = await world.sealed(first, FIELDS[1]!);
    const executed = await world.concluded(second);
    const twin = text(attackedUpload()).replace('Contract 100 yen', 'Contract 700 yen');
    const other = await world.executed(octets(twin));
    files = { world, prepared, first, second, executed, other };
    for (const file of [first, second]) {
      expect(await world.verified(file, 'B-T')).to.include({ valid: true, verdict: 'valid' });
    }
    for (const file of [executed, other]) {
      expect(await world.verified(file, 'B-LTA')).to.include({ valid: true, verdict: 'valid' });
    }
  });
  after(() => files.world.close());
  return () => files;
}

export function problemsOf(report: VerificationReport): string {
  return [...report.problems, ...report.signatures.flatMap(({ problems }) => problems)].join('\n');
}

/** One test for each row of each group. */
export function itRefuses(
  groups: Readonly<Record<string, readonly Attack[]>>,
  files: () => AttackedFiles,
): void {
  for (const [group, attacks] of Object.entries(groups)) {
    describe(group, () => {
      for (const { what, on = 'executed', make, why, verdict = 'altered' } of attacks) {
        it(what, async () => {
          const { world } = files();
          const forged = await make(files()[on]);
          const report = await world.verified(forged, on === 'executed' ? 'B-LTA' : 'B-T');
          expect(problemsOf(report)).to.match(why);
          expect(report).to.include({ valid: false, verdict });
        });
      }
    });
  }
}
