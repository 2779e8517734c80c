/** Compares a text with its golden file; UPDATE_GOLDEN=1 writes the file instead. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const GOLDEN = new URL('../golden/', import.meta.url);

/** `name` is a path below test/golden. */
export function expectGolden(name: string, actual: string): void {
  const path = fileURLToPath(new URL(name, GOLDEN));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(existsSync(path), `${name} is missing; write it with UPDATE_GOLDEN=1`).to.equal(true);
  expect(actual).to.equal(readFileSync(path, 'utf8'));
}
