/** Mails written to keep the gateway busy: read in time and memory that grow with them and no faster, or not at all. */
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { readAmount } from '../../gateway/mail/amounts.ts';
import { readDate } from '../../gateway/mail/dates.ts';
import { htmlToText } from '../../gateway/mail/html-text.ts';
import { nearWord } from '../../gateway/mail/near-words.ts';
import { parseMessage } from '../../gateway/mail/parse.ts';
import { decodeQuotedPrintable } from '../../gateway/mail/quoted-printable.ts';
import { isRule, ownLines, unquotedLines } from '../../gateway/mail/reply-text.ts';

/** Characters of a line, and lines: as many as take longer than any test may (.mocharc.yml) where each is compared with all others. */
const [MANY, MANY_LINES] = [600_000, 200_000];

describe('a mail that is written to keep us busy', () => {
  it('is read in no time with as many lines like those of a quoted head as it holds', () => {
    expect(ownLines('to:\n'.repeat(MANY_LINES))).to.have.length(MANY_LINES);
    const head = `${'to:\n'.repeat(MANY_LINES)}from:\n依頼`;
    expect(ownLines(head)).to.deep.equal([]);
  });

  it('is read in no time with a line of signs that is no rule', () => {
    const line = `${'-'.repeat(MANY)}${'x'.repeat(30)}`;
    expect(unquotedLines(`${line}\n依頼`)).to.deep.equal([line, '依頼']);
  });

  it('is not decoded where its text is longer than the limit', async () => {
    const head = 'From: a@b.example.jp\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n';
    const kana = Buffer.concat([Buffer.from('\x1b(B'), Buffer.alloc(4_000, 0xb1)]);
    const read = (octets: Buffer) =>
      parseMessage(Readable.from([Buffer.from(head), octets]), { textCharacters: 1_000 });
    // The octets are too many, though what they spell might not be.
    const spelled = Buffer.from(`\x1b(B${'\x1b$B$"\x1b(B'.repeat(400)}`);
    for (const octets of [kana, spelled]) {
      expect(await read(octets)).to.include({ readable: false, reason: 'content-too-large' });
    }
    expect(await read(kana.subarray(0, 1_003))).to.include({ readable: true, text: 'ｱ'.repeat(1_000) });
  });

  it('is not read where its parts together have more text than the limit', async () => {
    const part = ['--b', 'Content-Type: text/plain; charset=koi8-r', '', 'x'.repeat(900)];
    const lines = ['From: a@b.example.jp', 'Content-Type: multipart/mixed; boundary=b', '', ...part, ...part];
    const message = await parseMessage(Readable.from([lines.join('\r\n'), '\r\n--b--\r\n']), {
      textCharacters: 1_000,
    });
    expect(message).to.include({ readable: false, reason: 'content-too-large' });
  });

  it('is decoded in no time with a line of blanks in Quoted-Printable', async () => {
    const head = 'From: a@b.example.jp\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n';
    const message = await parseMessage(Readable.from([head, `${' '.repeat(MANY)}=E4=BE=9D=E9=A0=BC\r\n`]));
    expect(message).to.include({ readable: true, text: `${' '.repeat(MANY)}依頼\n` });
  });

  it('is told at once that endless numerals are no date and no amount', () => {
    expect(readDate('一'.repeat(MANY))).to.equal(null);
    expect(readDate(`${'〇'.repeat(MANY)}年一月一日`)).to.equal(null);
    expect(readAmount('うち'.repeat(MANY))).to.equal(null);
    expect(readAmount(`${'1,'.repeat(MANY)}円`)).to.equal(null);
  });

  it('has no word in mind with a line without end', () => {
    expect(nearWord(`${'。'.repeat(MANY)}x`)).to.equal(null);
    expect(nearWord(`依頼${'。'.repeat(MANY)}`)).to.equal(null);
  });

  it('grows no longer by quotes within quotes', () => {
    const quoted = htmlToText(`${'<blockquote>'.repeat(MANY_LINES)}${'a<br>'.repeat(MANY_LINES)}`);
    expect(quoted.split('\n').every((line) => /^(> ){20}a$/.test(line))).to.equal(true);
    expect(htmlToText(`a${'<blockquote>'.repeat(30)}b${'</blockquote>'.repeat(30)}c`)).to.match(
      /^a\n> .*\nc$/,
    );
  });
});

describe('Quoted-Printable', () => {
  for (const [written, meant] of [
    ['a=20=09b', 'a \tb'],
    ['a  \r\nb \t\nc \t', 'a\r\nb\nc'],
    ['a=\r\nb= \t\r\nc=\nd=', 'abcd'],
    ['=e4=be=9d=E9=A0=BC', '依頼'],
    ['1+1=2 =x =G0 =\ra', '1+1=2 =x =G0 =\ra'],
    ['a  b', 'a  b'],
  ] as const) {
    it(`reads ${JSON.stringify(written)}`, () => {
      expect(decodeQuotedPrintable(Buffer.from(written)).toString()).to.equal(meant);
    });
  }
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
