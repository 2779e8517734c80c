/** Cross-reference entries in little memory, tables longer than what is read at once, and lengths that lead in circles (ISO 32000-2 7.5). */
import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource, inspect, prefixSource } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { PdfProblem } from '../../signing/pdf/problem.ts';
import { XrefEntries, type XrefEntry } from '../../signing/pdf/xref-entries.ts';
import { appendRevision, buildPdf, onePage, streamText } from '../support/pdf-build.ts';

const anEntry = fc.oneof(
  fc.constant<XrefEntry>({ type: 'free' }),
  fc.record({ type: fc.constant('plain' as const), offset: fc.nat(2 ** 40), gen: fc.nat(65_535) }),
  fc.record({ type: fc.constant('packed' as const), container: fc.nat(9999), index: fc.nat(9999) }),
);
const someEntries = fc.array(fc.tuple(fc.nat(2000), anEntry), { maxLength: 60 });

describe('signing/pdf: cross-reference entries', () => {
  it('hold what a map would, by ascending number, and copies that change nothing in their origin', () => {
    fc.assert(
      fc.property(someEntries, someEntries, (first, later) => {
        const origin = new XrefEntries();
        for (const [num, entry] of first) origin.set(num, entry);
        const copy = origin.copy();
        for (const [num, entry] of later) copy.set(num, entry);
        const ascending = (entries: Map<number, XrefEntry>) => [...entries].sort(([a], [b]) => a - b);
        expect([...origin]).to.deep.equal(ascending(new Map(first)));
        expect([...copy]).to.deep.equal(ascending(new Map([...first, ...later])));
        expect(copy.nextNumber).to.equal(Math.max(0, ...[...first, ...later].map(([num]) => num + 1)));
        expect(copy.has(2001)).to.equal(false);
      }),
    );
  });

  it('are read from a table of any length', async () => {
    const objects = onePage();
    for (let num = 6; num < 5000; num++) objects[num] = `[${num}]`;
    const { bytes, offsets } = buildPdf(objects);
    const document = await PdfDocument.open(bytesSource(bytes));
    expect(document.nextNumber).to.equal(5000);
    for (const [num, offset] of offsets) {
      expect(document.entries.get(num)).to.deep.equal({ type: 'plain', offset, gen: 0 });
    }
    expect(await inspect(bytesSource(bytes))).to.include({ ok: true, pages: 1 });
  });
});

describe('signing/pdf: a document', () => {
  const { bytes: first } = buildPdf(onePage());
  const second = appendRevision(
    first,
    { 5: '<</Type /Font /Subtype /Type1 /BaseFont /Courier>>' },
    {
      trailer: '/Root 1 0 R',
    },
  );

  it('is itself when it is opened again', async () => {
    const document = await PdfDocument.open(bytesSource(first));
    expect(await PdfDocument.open(document)).to.equal(document);
  });

  it('grows by a revision as if the whole had been opened', async () => {
    const grown = await (await PdfDocument.open(bytesSource(first))).grown(second.subarray(first.length));
    const whole = await PdfDocument.open(bytesSource(second));
    expect([...grown.entries]).to.deep.equal([...whole.entries]);
    expect(grown.sections.map(({ offset }) => offset)).to.deep.equal(
      whole.sections.map(({ offset }) => offset),
    );
    expect((await grown.runningSha256()).digest('hex')).to.equal((await whole.runningSha256()).digest('hex'));
  });

  it('is seen as it stood before a revision', async () => {
    const document = await PdfDocument.open(bytesSource(second));
    const before = await document.before(first.length);
    const fresh = await PdfDocument.open(prefixSource(bytesSource(second), first.length));
    expect(before.size).to.equal(first.length);
    expect([...before.entries]).to.deep.equal([...fresh.entries]);
    expect(before.trailer).to.deep.equal(fresh.trailer);
  });

  it('is not seen before a size in the midst of a section, whatever stands there', async () => {
    const { bytes } = buildPdf(onePage(), { trailer: '/Fake (startxref 0 %%EOF) ' });
    const at = bytes.indexOf('startxref 0');
    // The words that would end the file stand within the trailer that they name.
    const tableAt = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(bytes.toString('latin1'))![1]);
    const forged = Buffer.from(
      bytes.toString('latin1').replace('(startxref 0 %%EOF)', `(startxref ${tableAt} %%EOF)`),
      'latin1',
    );
    const size = forged.indexOf('%%EOF', at) + 5;
    const document = await PdfDocument.open(bytesSource(forged));
    const error = await document.before(size).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(PdfProblem);
  });

  it('refuses stream lengths and filters that lead back to themselves, instead of waiting for ever', async () => {
    const circle = {
      ...onePage(),
      4: '<</Length 6 0 R>>\nstream\n1\nendstream',
      6: '<</Length 4 0 R>>\nstream\n1\nendstream',
    };
    expect(await inspect(bytesSource(buildPdf(circle).bytes))).to.include({ ok: false, code: 'unreadable' });
    const own = {
      ...onePage(),
      6: streamText('/Type /ObjStm /N 1 /First 4 /Filter 7 0 R', '7 0 /FlateDecode'),
    };
    expect(await inspect(bytesSource(withPacked(own)))).to.include({ ok: false, code: 'unreadable' });
  });

  it('refuses an object stream that lacks an object, and a stream whose length is none', async () => {
    const packed = (index: string) =>
      withPacked({ ...onePage(), 6: streamText('/Type /ObjStm /N 1 /First 4', index) });
    expect(await inspect(bytesSource(packed('7 0 true')))).to.include({ ok: true });
    expect(await inspect(bytesSource(packed('5 0 true')))).to.include({ ok: false, code: 'unreadable' });
    for (const length of ['-1', '0.5', '(1)']) {
      const objects = { ...onePage(), 4: `<</Length ${length}>>\nstream\n1\nendstream` };
      expect(await inspect(bytesSource(buildPdf(objects).bytes))).to.include({
        ok: false,
        code: 'unreadable',
      });
    }
  });
});

/** The objects with a cross-reference stream in which object 7 lies in the object stream 6. */
function withPacked(objects: Record<number, string>): Buffer {
  const { bytes, offsets } = buildPdf(objects);
  const body = bytes.subarray(0, bytes.lastIndexOf('xref\n0 '));
  const rows = Buffer.alloc(9 * 4);
  for (let num = 1; num <= 6; num++) {
    rows[4 * num] = 1;
    rows.writeUInt16BE(offsets.get(num)!, 4 * num + 1);
  }
  rows.set([2, 0, 6, 0], 4 * 7);
  rows[4 * 8] = 1;
  rows.writeUInt16BE(body.length, 4 * 8 + 1);
  const dict = '/Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R';
  const xref = `8 0 obj\n${streamText(dict, rows.toString('latin1'))}\nendobj\n`;
  return Buffer.concat([body, Buffer.from(`${xref}startxref\n${body.length}\n%%EOF\n`, 'latin1')]);
}
