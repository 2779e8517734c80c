/** Every mail of the corpus, from its octets to what it asks for (parse, authenticate, interpret). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  CORPUS,
  expectationOf,
  FOLDER,
  fixtureNames,
  mailFixture,
  outcomeOf,
} from '../support/mail-corpus/corpus.ts';
import { expectationFile, readme } from '../support/mail-corpus/written.ts';

describe('the corpus of mails', () => {
  it('holds what its script makes, an expectation beside every mail', () => {
    const names = CORPUS.map(({ name }) => name).sort();
    expect(names).to.have.length.greaterThanOrEqual(120);
    expect(fixtureNames('eml').sort()).to.deep.equal(names);
    expect(fixtureNames('json').sort()).to.deep.equal(names);
    for (const fixture of CORPUS) {
      const { name, mail } = fixture;
      if (mail !== null) expect(mailFixture(name).equals(mail), name).to.equal(true);
      expect(readFileSync(join(FOLDER, `${name}.json`), 'utf8'), name).to.equal(expectationFile(fixture));
    }
    expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).to.equal(readme(CORPUS));
  });

  for (const { name, shows } of CORPUS) {
    it(`${name}: ${shows}`, async () => {
      const { when, expected } = expectationOf(name);
      expect(await outcomeOf(mailFixture(name), when)).to.deep.include(expected);
    });
  }
});
