/** The file for printing: what is seen, marked as a copy, and nothing else (R43, R49), judged by qpdf and poppler. */
import { expect } from 'chai';
import { bytesSource, fill, printSet } from '../../signing/index.ts';
import { appendRevision, buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { formPdf, states, unicode, widget } from '../support/pdf-forms.ts';
import { judge, pageTexts, pdfFixture, renderFirstPage, stampFont } from '../support/pdf-tools.ts';
import { differenceOnPage } from '../support/pictures.ts';

const MARK = '契約書の写し';
const FONTS = [stampFont()];
const OPTIONS = { mark: MARK, fonts: FONTS, maxOctets: 50 << 20, maxPages: 500 };
/** Of all structures and page shapes that a reader has to follow. */
const FIXTURES = [
  ...[
    'hybrid',
    'hybrid-excel',
    'hybrid-updated',
    'object-streams',
    'linearized-object-streams',
    'revisions-three',
  ],
  ...[
    'rotated',
    'rotated-180',
    'rotated-inherited',
    'cropped-user-unit',
    'negative-origin',
    'box-corners-swapped',
  ],
  ...['a3-landscape', 'contents-absent', 'contents-array', 'contents-unbalanced', 'contents-indirect-array'],
  ...['resources-absent', 'page-tree-deep', 'layers', 'scan-ccitt', 'scan-jbig2', 'libreoffice-vertical'],
  ...[
    'libreoffice-form',
    'pdf-lib-form',
    'chromium',
    'ghostscript-images',
    'inline-image',
    'form-empty-signature',
  ],
  ...['annotations-direct', 'revision-with-freed-objects', 'stream-index'],
];

async function printed(...files: Uint8Array[]): Promise<Uint8Array> {
  const set = await printSet(files.map(bytesSource), OPTIONS);
  if (!set.ok) throw new Error(set.detail);
  expect(judge('qpdf', ['--check'], set.bytes)).to.include('No syntax or stream encoding errors');
  return set.bytes;
}

async function refusal(file: Uint8Array, limits: Partial<typeof OPTIONS> = {}): Promise<string> {
  const set = await printSet([bytesSource(file)], { ...OPTIONS, ...limits });
  return set.ok ? 'made' : set.detail;
}

describe('the file for printing', () => {
  for (const name of FIXTURES) {
    it(`shows ${name}.pdf as it is, with the mark at its top right`, async () => {
      const file = pdfFixture(name);
      const copy = await printed(file);
      const { width, height, box } = differenceOnPage(1, file, copy);
      expect(box).not.to.equal(null);
      expect(box!.left, 'left').to.be.at.least(width / 2);
      expect(box!.right, 'right').to.be.at.most(width - 1);
      expect(box!.top, 'top').to.be.at.least(1);
      expect(box!.bottom, 'bottom').to.be.at.most(Math.max(45, height / 8));
      for (const text of pageTexts(copy)) expect(text).to.include(MARK);
    });
  }

  it('holds the pages of all documents in their order, without form, signature, script, link or action', async () => {
    const form = formPdf([widget(700, '/FT /Tx /T (a) /AA <</F <</S /JavaScript /JS (alert)>>>>')], {
      page: '/AA <</O <</S /URI /URI (https://sample.example.jp/)>>>> /Metadata 4 0 R',
    });
    const copy = await printed(
      buildPdf(onePage()).bytes,
      pdfFixture('form-empty-signature'),
      form,
      pdfFixture('rotated'),
    );
    const texts = pageTexts(copy);
    expect(texts).to.have.length(5);
    expect(texts[0]).to.include('Contract 100 yen');
    for (const text of texts) expect(text).to.include(MARK);
    expect(Buffer.from(copy).toString('latin1')).not.to.match(
      /\/(AcroForm|Annots|AA|JavaScript|JS|OpenAction|URI|Perms|Sig|ByteRange|Metadata|StructTreeRoot)\b/,
    );
  });

  it('shows what was filled in and ticked, with no box left to be filled', async () => {
    const upload = formPdf([
      widget(700, '/FT /Tx /T (a)'),
      widget(600, `/FT /Btn /T (t) /AS /Off ${states('Yes')}`, [12, 12]),
      widget(500, `/FT /Btn /T (u) /AS /Off ${states('Yes')}`, [12, 12]),
    ]);
    const values = [
      { name: 'a', value: '見本銀行' },
      { name: 't', value: 'Yes' },
    ];
    const filled = Buffer.concat([upload, (await fill(bytesSource(upload), { values, fonts: FONTS })).bytes]);
    const copy = await printed(filled);
    const picture = renderFirstPage(copy);
    expect(picture.hasInk(102, 842 - 722, 298, 842 - 702), 'text').to.equal(true);
    expect(picture.hasInk(102, 842 - 610, 110, 842 - 602), 'ticked').to.equal(true);
    expect(picture.hasInk(98, 842 - 514, 114, 842 - 498), 'not ticked').to.equal(false);
    expect(pageTexts(copy)[0]).to.include('見本銀行');
    expect(differenceOnPage(1, filled, copy).box!.bottom).to.be.at.most(45);
  });

  it('draws the texts of boxes that a document leaves to viewers, as they are turned, and hides what a layer hides', async () => {
    const upload = formPdf(
      [
        widget(700, `/FT /Tx /T (a) /V ${unicode('見本銀行')}`),
        widget(600, `/FT /Ch /T (l) /Opt [[(1) ${unicode('普通預金')}] [(2) (other)]] /V (1)`),
        widget(400, `/FT /Tx /T (r) /MK <</R 90>> /V ${unicode('縦の欄')}`, [24, 120]),
        widget(300, `/FT /Tx /T (h) /V ${unicode('隠れた欄')} /OC 60 0 R`),
        widget(200, '/FT /Tx /T (e) /V ()'),
      ],
      {
        form: '/NeedAppearances true',
        others: { 60: '/Type /OCMD /OCGs [61 0 R]', 61: '/Type /OCG /Name (L)' },
        catalog: '/OCProperties <</OCGs [61 0 R] /D <</OFF [61 0 R]>>>>',
      },
    );
    const copy = await printed(upload);
    const [text] = pageTexts(copy);
    for (const shown of ['見本銀行', '普通預金', '縦の欄'])
      expect(text!.replace(/\s/g, '')).to.include(shown);
    const picture = renderFirstPage(copy);
    expect(picture.hasInk(102, 842 - 722, 298, 842 - 702), 'text').to.equal(true);
    expect(picture.hasInk(102, 842 - 622, 298, 842 - 602), 'choice').to.equal(true);
    expect(picture.hasInk(102, 842 - 518, 122, 842 - 402), 'turned').to.equal(true);
    expect(picture.hasInk(98, 842 - 326, 302, 842 - 298), 'hidden').to.equal(false);
    expect(picture.hasInk(98, 842 - 226, 302, 842 - 198), 'empty').to.equal(false);
    expect(pageTexts(await printed(pdfFixture('form-field-tree')))[0]).to.include(MARK);
  });

  it('shows the newest revision only, whatever dead objects lie in the file', async () => {
    const file = buildPdf(onePage()).bytes;
    const changed = streamText('', '1 0 0 1 72 700 cm BT /F1 24 Tf (Contract 200 yen) Tj ET');
    const revised = appendRevision(file, { 4: changed }, { trailer: '/Root 1 0 R' });
    const shadow = streamText('', '1 0 0 1 72 700 cm BT /F1 24 Tf (Contract 999 yen) Tj ET');
    // An object with the page contents' number that no cross-reference leads to, behind all that one does.
    const text = revised.toString('latin1');
    const at = text.lastIndexOf('xref\n', text.lastIndexOf('startxref') - 1);
    const dead = `4 0 obj\n${shadow}\nendobj\n`;
    const planted = Buffer.from(
      `${text.slice(0, at)}${dead}${text.slice(at).replace(/startxref\n\d+/, `startxref\n${at + dead.length}`)}`,
      'latin1',
    );
    const copy = await printed(planted);
    expect(pageTexts(copy)[0]).to.include('Contract 200 yen');
    expect(Buffer.from(copy).toString('latin1')).not.to.match(/100 yen|999 yen/);
  });

  it('hides what a layer hides, contents and annotations alike', async () => {
    const layered = (base: string): Uint8Array =>
      buildPdf({
        1: `<</Type /Catalog /Pages 2 0 R /OCProperties <</OCGs [7 0 R] /D <<${base}>>>>>>`,
        2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
        3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Properties <</L 7 0 R>>>>
/Annots [<</Subtype /Stamp /F 4 /Rect [100 300 200 400] /AP <</N 6 0 R>> /OC 7 0 R>>]>>`,
        4: streamText('', '/OC /L BDC 100 500 100 100 re f EMC'),
        6: streamText('/Type /XObject /Subtype /Form /BBox [0 0 10 10]', '0 0 10 10 re f'),
        7: '<</Type /OCG /Name (L)>>',
      }).bytes;
    for (const [base, shown] of [
      ['', true],
      ['/OFF [7 0 R]', false],
      ['/BaseState /OFF', false],
      ['/BaseState /OFF /ON [7 0 R]', true],
    ] as const) {
      const picture = renderFirstPage(await printed(layered(base)));
      expect(picture.hasInk(110, 250, 190, 330), `contents ${base}`).to.equal(shown);
      expect(picture.hasInk(110, 450, 190, 530), `annotation ${base}`).to.equal(shown);
    }
  });

  it('is not made beyond the limits, nor where viewers would draw what the file does not hold', async () => {
    const file = buildPdf(onePage()).bytes;
    expect(await refusal(file, { maxOctets: 2000 })).to.equal('more than 2000 octets');
    expect(await refusal(file, { maxPages: 0 })).to.equal('more than 0 pages');
    const undrawn = (more: string, size?: [number, number]): Promise<string> =>
      refusal(formPdf([widget(700, `/FT /Tx /T (a) ${more}`, size)]));
    expect(await undrawn('/Ff 8192 /V (secret)')).to.equal('a box with text that has no appearance');
    expect(await undrawn('/V (Sample) /DA (/Helv 12 Tf 0 g)', [5, 5])).to.equal(
      'a box without an appearance that is too small for its text',
    );
    expect(await undrawn(`/V ${unicode('\u{10fffd}')}`)).to.include('U+10FFFD');
    const free = buildPdf(
      onePage('/MediaBox [0 0 595 842] /Annots [<</Subtype /FreeText /Rect [9 9 90 90]>>]'),
    );
    expect(await refusal(free.bytes)).to.equal('an annotation that viewers draw by themselves');
    expect(await refusal(pdfFixture('encrypted'))).to.equal('the trailer has /Encrypt');
  });
});
