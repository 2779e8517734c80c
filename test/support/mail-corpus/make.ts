/** Makes test/fixtures/mail: `node --import tsx test/support/mail-corpus/make.ts`; mails written by hand it leaves alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORPUS, FOLDER } from './corpus.ts';
import { expectationFile, readme } from './written.ts';

for (const fixture of CORPUS) {
  if (fixture.mail !== null) writeFileSync(join(FOLDER, `${fixture.name}.eml`), fixture.mail);
  writeFileSync(join(FOLDER, `${fixture.name}.json`), expectationFile(fixture));
}
writeFileSync(join(FOLDER, 'README.md'), readme(CORPUS));
