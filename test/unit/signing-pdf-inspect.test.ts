/** What inspect() takes and what it refuses, over the fixtures and over files broken in one place (ISO 32000-2 7.5). */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { bytesSource, type InspectLimits, inspect } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { firstPage } from '../../signing/pdf/pages.ts';
import { appendRevision, buildHybrid, buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { pdfFixture } from '../support/pdf-tools.ts';

const look = (file: Uint8Array, limits?: InspectLimits) => inspect(bytesSource(file), limits);

describe('signing: inspect takes', () => {
  const expected = {
    libreoffice: { pages: 2, xref: 'table', hybrid: false },
    'pdfa-2-tagged': { pages: 2, xref: 'table', hybrid: false },
    'object-streams': { pages: 2, xref: 'stream', hybrid: false },
    linearized: { pages: 2, xref: 'table', hybrid: false },
    hybrid: { pages: 1, xref: 'table', hybrid: true },
    rotated: { pages: 2, xref: 'table', hybrid: false },
  };
  for (const [name, facts] of Object.entries(expected)) {
    it(`${name}.pdf`, async () => {
      const file = pdfFixture(name);
      const sha256 = createHash('sha256').update(file).digest('hex');
      expect(await look(file)).to.include({ ok: true, size: file.length, sha256, ...facts });
    });
  }

  it('the version the catalog names when it is later', async () => {
    const objects = { ...onePage(), 1: '<</Type /Catalog /Pages 2 0 R /Version /2.0>>' };
    expect(await look(buildPdf(objects, { version: '1.4' }).bytes)).to.include({ version: '2.0' });
    expect(await look(buildPdf(onePage(), { version: '1.4' }).bytes)).to.include({ version: '1.4' });
  });

  it('white space after the end', async () => {
    const file = Buffer.concat([buildPdf(onePage()).bytes, Buffer.from('\r\n \n')]);
    expect(await look(file)).to.include({ ok: true });
  });
});

describe('signing: inspect refuses', () => {
  const cases: Record<string, [Uint8Array, string]> = {
    'nothing at all': [new Uint8Array(0), 'not-a-pdf'],
    'another format': [Buffer.from('PK\x03\x04 word/document.xml'), 'not-a-pdf'],
    'a file cut off': [pdfFixture('truncated'), 'truncated'],
    encryption: [pdfFixture('encrypted'), 'encrypted'],
    'a hybrid that shows two documents': [pdfFixture('hybrid-contradictory'), 'contradictory-xref'],
    'an attachment': [pdfFixture('attachment'), 'attachments'],
    'junk before the header': [
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\n'), pdfFixture('libreoffice')]),
      'junk-around',
    ],
    'junk after the end': [Buffer.concat([pdfFixture('libreoffice'), Buffer.from('<html>')]), 'junk-around'],
  };
  for (const [name, [file, code]] of Object.entries(cases)) {
    it(name, async () => {
      expect(await look(file)).to.include({ ok: false, code });
    });
  }

  const catalog = (entries: string): Uint8Array =>
    buildPdf({ ...onePage(), 1: `<</Type /Catalog /Pages 2 0 R ${entries}>>` }).bytes;
  const signature = (form: string, level: number): Record<number, string> => ({
    ...onePage(),
    1: `<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [6 0 R]>> ${form}>>`,
    6: '<</T (outer) /FT /Sig /Kids [7 0 R]>>',
    7: '<</T (inner) /Parent 6 0 R /V 8 0 R>>',
    8: `<</Type /Sig /Reference [<</TransformMethod /DocMDP /TransformParams <</P ${level}>>>>]>>`,
  });

  it('XFA forms', async () => {
    expect(await look(catalog('/AcroForm <</Fields [] /XFA []>>'))).to.include({ code: 'xfa' });
  });

  it('a signature in a field whose type is inherited', async () => {
    expect(await look(buildPdf(signature('', 2)).bytes)).to.include({ code: 'already-signed' });
  });

  it('certification that allows no change, even where signed files may be appended to', async () => {
    const file = buildPdf(signature('/Perms <</DocMDP 8 0 R>>', 1)).bytes;
    expect(await look(file, { signedUploads: 'append' })).to.include({ code: 'certified' });
  });

  it('a file attachment annotation', async () => {
    const page = '/MediaBox [0 0 595 842] /Annots [<</Type /Annot /Subtype /FileAttachment>>]';
    expect(await look(buildPdf(onePage(page)).bytes)).to.include({ code: 'attachments' });
  });

  const text = Buffer.from(buildPdf(onePage()).bytes).toString('latin1');
  const broken: Record<string, string> = {
    'a startxref that points elsewhere': text.replace(/startxref\n\d+/, 'startxref\n15'),
    'a startxref beyond the file': text.replace(/startxref\n\d+/, 'startxref\n99999999'),
    'cross-references in a loop': text.replace(/\/Root/, `/Prev ${text.indexOf('xref\n')} /Root`),
    'an entry that misses its object': text.replace(/(\d{10}) 00000 n/, '0000000020 00000 n'),
    'no catalog': text.replace('/Root 1 0 R', '/Root 5 0 R'),
    'a page tree in a loop': text.replace('/Kids [3 0 R]', '/Kids [2 0 R]'),
    'a reference to what never was': text.replace('/Contents 4 0 R', '/Contents 9 0 R'),
    'an xref that asks for a billion objects': text.replace('xref\n0 6', 'xref\n0 999999999'),
  };
  for (const [name, content] of Object.entries(broken)) {
    it(name, async () => {
      expect(await look(Buffer.from(content, 'latin1'))).to.include({ ok: false, code: 'unreadable' });
    });
  }

  it('never throws on a file with one octet changed', async () => {
    for (const original of [buildHybrid(), pdfFixture('object-streams').slice(-1200)]) {
      for (let position = 0; position < original.length; position += 7) {
        const file = Buffer.from(original);
        file[position] = (file[position]! + 13) & 255;
        expect((await look(file)).ok).to.be.a('boolean');
      }
    }
  });

  it('but lets an outage of the storage through', async () => {
    const outage = new Error('storage is away');
    const source = { size: 5000, read: () => Promise.reject(outage) };
    expect(await inspect(source).catch((error: unknown) => error)).to.equal(outage);
  });
});

describe('signing/pdf: document', () => {
  it('finds hidden objects of a hybrid through its /XRefStm', async () => {
    const document = await PdfDocument.open(bytesSource(buildHybrid()));
    const tree = await document.dict((await document.catalog()).get('StructTreeRoot'));
    expect(tree.entries.has('K')).to.equal(true);
  });

  it('sees the newest of several revisions', async () => {
    const changed = streamText('', 'BT ET');
    const file = appendRevision(buildPdf(onePage()).bytes, { 4: changed }, { trailer: '/Root 1 0 R' });
    const document = await PdfDocument.open(bytesSource(file));
    const page = await firstPage(document);
    const contents = await document.resolve(page.dict.get('Contents'));
    expect(contents).to.include({ length: 5 });
  });

  it('reads one stretch at a time, never the whole file', async () => {
    const filler = streamText('', 'x'.repeat(3 << 20));
    const file = buildPdf({ ...onePage(), 6: filler }).bytes;
    const whole = bytesSource(file);
    let most = 0;
    const source = {
      size: whole.size,
      read(offset: number, length: number) {
        most = Math.max(most, length);
        return whole.read(offset, length);
      },
    };
    expect(await inspect(source)).to.include({ ok: true });
    expect(most).to.be.lessThanOrEqual(1 << 20);
  });
});
