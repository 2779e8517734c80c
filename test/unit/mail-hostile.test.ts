/** Mails written to keep the gateway busy: read in time and memory that grow with them and no faster, or not at all. */
import { expect } from 'chai';
import { isRule, ownLines, unquotedLines } from '../../gateway/mail/reply-text.ts';

/** As many as take minutes where each is compared with all others. */
const MANY = 60_000;

describe('a mail that is written to keep us busy', () => {
  it('is read in no time with as many lines like those of a quoted head as it holds', () => {
    expect(ownLines('to:\n'.repeat(MANY))).to.have.length(MANY);
    const head = `${'to:\n'.repeat(MANY)}from:\n依頼`;
    expect(ownLines(head)).to.deep.equal([]);
  });

  it('is read in no time with a line of signs that is no rule', () => {
    const line = `${'-'.repeat(MANY)}${'x'.repeat(30)}`;
    expect(unquotedLines(`${line}\n依頼`)).to.deep.equal([line, '依頼']);
  });
});

describe('a rule', () => {
  it('is three signs and more, or four and more around a short word', () => {
    for (const line of [
      '---',
      '＝-*'.normalize('NFKC'),
      '----- 見本市 -----',
      '━━━━a-b━',
      `----${'x'.repeat(20)}-`,
    ]) {
      expect(isRule(line), line).to.equal(true);
    }
    for (const line of ['--', '--- 見本市 ---', '---- 見本市', `----${'x'.repeat(21)}-`, '見本市 ----']) {
      expect(isRule(line), line).to.equal(false);
    }
  });
});
