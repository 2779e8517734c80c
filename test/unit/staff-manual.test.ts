// docs/shokuin-tebiki.md promises staff labels, an example and words: each of them is understood as it stands there.

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readContractMail } from '../../gateway/mail/contract-mail.ts';
import { readLabelledLine } from '../../gateway/mail/labels.ts';
import { normaliseLine } from '../../gateway/mail/text.ts';
import { readWord } from '../../gateway/mail/words.ts';

const manual = readFileSync(new URL('../../docs/shokuin-tebiki.md', import.meta.url), 'utf8');
const [labels = '', words = ''] = manual.split('## 返信で使う言葉');
const rows = (table: string): string[][] =>
  [...table.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row]) => row!.split(' | ').map((cell) => cell.trim()))
    .filter(([first]) => !/^(項目|言葉|-+)/.test(first!));

describe('the manual for staff', () => {
  it('shows a contract mail that is read without a question', () => {
    const example = /```\n([^`]+)```/.exec(manual)![1]!;
    const { problems, isContractMail, fields } = readContractMail('', example);
    expect(problems).to.deep.equal([]);
    expect(isContractMail).to.equal(true);
    expect(fields.documents).to.have.length(2);
  });

  it('names labels that are understood, and synonyms that mean the same', () => {
    expect(rows(labels)).to.have.length.greaterThan(20);
    for (const [names = '', , synonyms = ''] of rows(labels)) {
      const understood = names
        .replace('…', '')
        .split('、')
        .map((name) => readLabelledLine(normaliseLine(`${name}：x`))?.label);
      expect(understood, names).to.not.include(null).and.not.include(undefined);
      const same = synonyms
        .split('、')
        .filter((name) => name !== '')
        .flatMap((name) =>
          name.includes('・') && name.endsWith('側署名者')
            ? name.split('・').map((one) => one.replace(/(側)?(署名者)?$/, '側署名者'))
            : [name],
        )
        .map((name) => name.replace(/ など$/, ''));
      for (const name of same) {
        expect(readLabelledLine(normaliseLine(`${name}：x`))?.label, `${name} for ${names}`).to.equal(
          understood[0],
        );
      }
    }
  });

  it('names words that are understood', () => {
    expect(rows(words)).to.have.length.greaterThan(7);
    for (const [cell = ''] of rows(words)) {
      if (cell.startsWith('直す行')) continue;
      for (const word of cell.replace(/（.*$/, '').split('、')) {
        expect(readWord([word]).word, word).to.not.equal('unknown');
      }
    }
  });
});
