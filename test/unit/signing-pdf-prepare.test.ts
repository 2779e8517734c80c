/** The first revision: where the stamp lands on paper, and what the fields and cross-references look like (R41). */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { bytesSource, prepare, SigningError } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { signatureFields } from '../../signing/pdf/fields.ts';
import { firstPage } from '../../signing/pdf/pages.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { judge, pdfFixture, renderFirstPage, stampFont } from '../support/pdf-tools.ts';

const STAMP = '契約ID 2026-0123-ABCD 髙﨑𠮷';

async function prepared(upload: Uint8Array, options: { stamp?: string; fields?: string[] } = {}) {
  const revision = await prepare(bytesSource(upload), {
    stamp: options.stamp ?? STAMP,
    fields: options.fields ?? ['signatory', 'approver'],
    fonts: [stampFont()],
  });
  return { file: Buffer.concat([upload, revision.bytes]), revision };
}

/** Ink in the strip along the bottom where the stamp belongs, left half only. */
function stamped(file: Uint8Array): boolean {
  const { width, height, hasInk } = renderFirstPage(file);
  return hasInk(10, height - 24, Math.floor(width / 2), height - 10);
}

describe('signing: prepare', () => {
  for (const turn of [0, 90, 180, 270, -90]) {
    it(`stamps the bottom left as seen on a page rotated by ${turn}`, async () => {
      const upload = buildPdf(onePage(`/MediaBox [0 0 595 842] /Rotate ${turn}`)).bytes;
      const { file } = await prepared(upload);
      expect(stamped(upload)).to.equal(false);
      expect(stamped(file)).to.equal(true);
    });
  }

  it('stamps within a crop box that starts elsewhere', async () => {
    const page = '/MediaBox [-50 -50 595 842] /CropBox [50 300 450 800]';
    expect(stamped((await prepared(buildPdf(onePage(page)).bytes)).file)).to.equal(true);
  });

  it('inherits the box and resources of the page tree, and leaves what the page shows', async () => {
    const objects = {
      ...onePage(''),
      2: '<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] /Resources 6 0 R>>',
      6: '<</Font 7 0 R>>',
      7: '<</F1 5 0 R>>',
    };
    const { file } = await prepared(buildPdf(objects).bytes);
    expect(stamped(file)).to.equal(true);
    expect(renderFirstPage(file).hasInk(140, 70, 300, 150)).to.equal(true);
  });

  it('is not displaced by contents that forget to restore the state', async () => {
    const scaled = streamText('', 'q 0.1 0 0 0.1 300 300 cm q BT /F1 24 Tf (far) Tj ET');
    expect(stamped((await prepared(buildPdf({ ...onePage(), 4: scaled }).bytes)).file)).to.equal(true);
  });

  it('does not change how contents are drawn that restore a state never saved', async () => {
    const moved = streamText('', '1 0 0 1 72 400 cm BT /F1 24 Tf (kept) Tj ET Q');
    const upload = buildPdf({ ...onePage(), 4: moved }).bytes;
    const { file } = await prepared(upload);
    expect(stamped(file)).to.equal(true);
    for (const pdf of [upload, file]) expect(renderFirstPage(pdf).hasInk(70, 420, 200, 445)).to.equal(true);
  });

  it('stamps a page without contents, and one whose contents are a list', async () => {
    const blank = { ...onePage(), 3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>' };
    const list = { ...onePage(), 3: onePage()[3]!.replace('4 0 R', '6 0 R'), 6: '[4 0 R]' };
    for (const objects of [blank, list]) {
      expect(stamped((await prepared(buildPdf(objects).bytes)).file)).to.equal(true);
    }
  });

  it('shrinks a stamp that is wider than the page', async () => {
    const upload = buildPdf(onePage('/MediaBox [0 0 120 200]')).bytes;
    const { file } = await prepared(upload, { stamp: '契約ID '.repeat(12) });
    const { height, hasInk } = renderFirstPage(file);
    expect(hasInk(14, height - 22, 106, height - 12)).to.equal(true);
    expect(hasInk(108, 0, 120, height)).to.equal(false);
  });

  it('embeds a font from which the stamp can be searched', async () => {
    const { file } = await prepared(pdfFixture('libreoffice'));
    expect(judge('pdffonts', [], file)).to.match(
      /[A-Z]{6}\+NotoSansJP\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/,
    );
  });

  it('names the character that the font lacks', async () => {
    const error = await prepared(pdfFixture('libreoffice'), { stamp: '契約\u{10ffff}' }).catch(
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(SigningError);
    expect(error).to.include({ transient: false });
    expect((error as Error).message).to.include('U+10FFFF');
  });

  it('creates every field empty, invisible and on page 1', async () => {
    const { file } = await prepared(pdfFixture('libreoffice'), { fields: ['相手方', '自治体'] });
    const document = await PdfDocument.open(bytesSource(file));
    const fields = await signatureFields(document);
    const page = await firstPage(document);
    expect(fields.map(({ name, value }) => [name, value])).to.deep.equal([
      ['相手方', null],
      ['自治体', null],
    ]);
    for (const { dict } of fields) {
      expect(dict.get('Rect')).to.deep.equal([0, 0, 0, 0]);
      expect(dict.get('F')).to.equal(132);
      expect(dict.get('P')).to.deep.equal(page.ref);
    }
    const form = await document.dict((await document.catalog()).get('AcroForm'));
    expect(form.get('SigFlags')).to.equal(3);
  });

  it('keeps form fields that are there, direct or indirect', async () => {
    const text = '<</T (amount) /FT /Tx /V (100) /Type /Annot /Subtype /Widget /Rect [0 0 9 9]>>';
    for (const form of ['<</Fields [6 0 R]>>', '7 0 R']) {
      const catalog = `<</Type /Catalog /Pages 2 0 R /AcroForm ${form}>>`;
      const objects = { ...onePage(), 1: catalog, 6: text, 7: '<</Fields 8 0 R>>', 8: '[6 0 R]' };
      const { file } = await prepared(buildPdf(objects).bytes);
      const document = await PdfDocument.open(bytesSource(file));
      const fields = (await document.dict((await document.catalog()).get('AcroForm'))).get('Fields');
      expect(await document.array(fields)).to.have.length(3);
    }
  });

  it('refuses a field name that is taken', async () => {
    const { file } = await prepared(pdfFixture('libreoffice'), { fields: ['one'] });
    const error = await prepared(file, { fields: ['one'] }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(SigningError);
  });

  it('writes cross-reference entries of exactly 20 octets, keeps /ID and names the whole', async () => {
    const upload = buildPdf(onePage(), { trailer: '/ID [<0a0b> <0a0b>]' }).bytes;
    const { file, revision } = await prepared(upload);
    const added = Buffer.from(revision.bytes).toString('latin1');
    const lines = added.slice(added.lastIndexOf('\nxref\n') + 6, added.indexOf('trailer')).split(/(?<=\n)/);
    for (const line of lines) expect(line).to.match(/^(\d+ \d+\n|\d{10} \d{5} n \n)$/);
    expect(added).to.match(/\/ID \[<0a0b> <[0-9a-f]{32}>\]/);
    expect(revision.size).to.equal(file.length);
    expect(revision.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
  });
});
