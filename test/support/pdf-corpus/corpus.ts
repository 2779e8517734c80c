/** The corpus as its README lists it: file and expectation, read from the one table. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../fixtures/pdf');

export interface CorpusFile {
  /** Without .pdf. */
  readonly name: string;
  /** Code of the refusal; null for a file that is taken. */
  readonly refusal: string | null;
  /** Taken where signed uploads are appended to (decided 14). */
  readonly takenByAppending: boolean;
}

/** Every row of the table. */
export function corpus(): CorpusFile[] {
  const rows = readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(
    /^\| (\S+)\.pdf \|.*\| (?:taken|refused: ([a-z-]+)(; taken with `append`)?) \|$/gm,
  );
  return [...rows].map(([, name, refusal, appending]) => ({
    name: name!,
    refusal: refusal ?? null,
    takenByAppending: refusal === undefined || appending !== undefined,
  }));
}

/** Names of the files that lie in the folder, without .pdf. */
export function corpusFolder(): string[] {
  return readdirSync(FOLDER).flatMap((name) => (name.endsWith('.pdf') ? name.slice(0, -4) : []));
}
