/** The object parser and writer: what is written is read back, what is broken is refused (ISO 32000-2 7.3). */
import { expect } from 'chai';
import fc from 'fast-check';
import { parsePdfDate, pdfDate } from '../../signing/pdf/dates.ts';
import { decodeStream } from '../../signing/pdf/filters.ts';
import {
  dictOf,
  equalObjects,
  isArray,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfString,
  serialize,
  textOf,
  textString,
} from '../../signing/pdf/objects.ts';
import { ObjectParser, WindowEnd } from '../../signing/pdf/parse.ts';
import { PdfProblem } from '../../signing/pdf/problem.ts';

const parse = (text: string): PdfObject =>
  new ObjectParser(Buffer.from(`${text} `, 'latin1'), 0, true).object();

const leaf = fc.oneof(
  fc.constantFrom<PdfObject>(true, false, null),
  fc.integer(),
  fc.double({ noNaN: true, min: -1e9, max: 1e9 }).filter((value) => value === 0 || Math.abs(value) > 1e-30),
  fc
    .string({ unit: 'binary', minLength: 1 })
    .map((text) => new PdfName(Buffer.from(text).toString('latin1'))),
  fc.uint8Array().map((bytes) => new PdfString(bytes)),
  fc.nat().map((num) => new PdfRef(num)),
);
const { tree } = fc.letrec<{ tree: PdfObject }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('tree')),
    fc
      .dictionary(fc.string({ minLength: 1 }), tie('tree'))
      .map((entries) => new PdfDict(Object.entries(entries).filter(([, value]) => value !== null))),
  ),
}));

describe('signing/pdf: objects', () => {
  it('reads back whatever it writes', () => {
    fc.assert(fc.property(tree, (object) => equalObjects(parse(serialize(object)), object)));
  });

  it('reads literal strings with nesting, escapes and line ends', () => {
    const read = parse('(a(b)\\)\\n\\101\\\r\nc\r\nd\\7)');
    expect(Buffer.from((read as PdfString).bytes).toString('latin1')).to.equal('a(b))\nAc\nd\x07');
  });

  it('tells references from numbers', () => {
    const read = parse('[1 0 R 1 0 7 -.5 +3. 00012]');
    expect(isArray(read) && read.slice(1)).to.deep.equal([1, 0, 7, -0.5, 3, 12]);
    expect(isArray(read) && read[0]).to.deep.equal(new PdfRef(1, 0));
  });

  it('reads names with number signs and skips comments', () => {
    expect(parse('% comment\n<</A#20B % more\n /C>>')).to.deep.equal(dictOf({ 'A B': new PdfName('C') }));
  });

  it('marks a dictionary that names a key twice', () => {
    expect((parse('<</A 1 /A 2>>') as PdfDict).ambiguous).to.equal(true);
    expect((parse('<</A 1 /B 2>>') as PdfDict).ambiguous).to.equal(false);
  });

  for (const broken of ['<</A', '[1 2', '(abc', '<4', '<4g>', '<<1 2>>', '--1', '1.2.3', 'nulls', '', ']']) {
    it(`refuses ${broken || 'nothing'}`, () => {
      expect(() => parse(broken)).to.throw(PdfProblem);
    });
  }

  it('refuses nesting without end instead of overflowing the stack', () => {
    expect(() => parse('['.repeat(100_000))).to.throw(PdfProblem, /nested too deeply/);
  });

  it('asks for a larger window rather than believing a cut object', () => {
    const window = Buffer.from('<</Length 12');
    expect(() => new ObjectParser(window, 0, false).object()).to.throw(WindowEnd);
    expect(() => new ObjectParser(Buffer.from('12'), 0, false).object()).to.throw(WindowEnd);
  });

  it('writes and reads Japanese text strings, beyond the basic plane too', () => {
    for (const text of ['見本村長 𠮷野', '']) expect(textOf(textString(text))).to.equal(text);
    expect(textOf(new PdfString(Buffer.from('\ufeff見本')))).to.equal('見本');
  });
});

describe('signing/pdf: dates, filters, contents', () => {
  it('writes dates in Japan Standard Time and reads them back', () => {
    const time = new Date('2026-11-21T15:04:05Z');
    expect(pdfDate(time)).to.equal("D:20261122000405+09'00'");
    expect(parsePdfDate(pdfDate(time))).to.deep.equal(time);
    expect(parsePdfDate('D:2026')).to.deep.equal(new Date('2026-01-01T00:00:00Z'));
    expect(parsePdfDate("D:20260101000000-05'30")).to.deep.equal(new Date('2026-01-01T05:30:00Z'));
    expect(parsePdfDate('yesterday')).to.equal(null);
    expect(parsePdfDate('D:20269999')).to.equal(null);
  });

  it('refuses compressed data that cannot be read, and unknown filters', () => {
    const flate = dictOf({ Filter: new PdfName('FlateDecode') });
    expect(() => decodeStream(flate, Buffer.from('no zlib'))).to.throw(PdfProblem);
    expect(() => decodeStream(dictOf({ Filter: new PdfName('JPXDecode') }), Buffer.of(1))).to.throw(
      PdfProblem,
    );
  });
});
