/**
 * Makes the corpus of test/fixtures/pdf: `node --import tsx test/support/pdf-corpus/make.ts [NAME …]`.
 * Needs LibreOffice, qpdf, Ghostscript, mutool, poppler and Chromium; the tests only read what it leaves.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSED } from './refused.ts';
import { SHAPES } from './shapes.ts';
import { byTools } from './tools.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/pdf');
const wanted = process.argv.slice(2);
const asked = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

for (const [name, make] of Object.entries({ ...SHAPES, ...REFUSED })) {
  if (asked(name)) writeFileSync(join(FOLDER, `${name}.pdf`), make());
}
await byTools(FOLDER, asked);
