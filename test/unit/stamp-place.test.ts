/** Where the printed ID goes: the bottom left if nothing is there, else the nearest free place, by poppler's own boxes (R41). */
import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { bytesSource, prepare } from '../../signing/index.ts';
import { ContentScanner } from '../../signing/pdf/content.ts';
import { contentOctets } from '../../signing/pdf/content-octets.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { firstPage } from '../../signing/pdf/pages.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { judge, pdfFixture, renderFirstPage, stampFont, textOf } from '../support/pdf-tools.ts';
import { differenceOnPage } from '../support/pictures.ts';

const STAMP = '合意締結証明書ID：ABCD-EFGH-IJKL-MNOP';
const FONTS = [stampFont()];

interface Word {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
  readonly text: string;
}

/** Words of page 1 with their boxes from the bottom left, in points, as poppler finds them. */
function wordsOf(file: Uint8Array): Word[] {
  const said = textOf(file, ['-bbox', '-l', '1']);
  const height = Number(/<page width="[\d.]+" height="([\d.]+)"/.exec(said)![1]);
  const word = /<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<\/word>/g;
  return [...said.matchAll(word)].map(([, left, top, right, bottom, text]) => ({
    left: Number(left),
    bottom: height - Number(bottom),
    right: Number(right),
    top: height - Number(top),
    text: text!,
  }));
}

async function stamped(upload: Uint8Array, stamp = STAMP): Promise<Uint8Array> {
  const revision = await prepare(bytesSource(upload), { stamp, fields: ['keiyakubin-1'], fonts: FONTS });
  return Buffer.concat([upload, revision.bytes]);
}

/** The stamp's own words, and the others that it touches. */
function stampOf(file: Uint8Array): { words: Word[]; touched: string[] } {
  const all = wordsOf(file);
  const words = all.filter(({ text }) => /合意締結|証明書|ABCD|MNOP/.test(text));
  const touched = all.filter(
    (other) =>
      !words.includes(other) &&
      words.some(
        (word) =>
          word.left < other.right &&
          other.left < word.right &&
          word.bottom < other.top &&
          other.bottom < word.top,
      ),
  );
  return { words, touched: touched.map(({ text }) => text) };
}

/** A page with these contents, Helvetica as /F1. */
function pageOf(
  contents: string,
  page = '/MediaBox [0 0 595 842]',
  more: Record<number, string> = {},
): Uint8Array {
  return buildPdf({ ...onePage(page), 4: streamText('', contents), ...more }).bytes;
}

const line = (x: number, y: number, text = 'taken taken taken', size = 10): string =>
  `BT /F1 ${size} Tf ${x} ${y} Td (${text}) Tj ET\n`;
const lines = (from: number, to: number, text?: string): string =>
  Array.from({ length: Math.ceil((to - from) / 12) }, (_, index) => line(14, from + 12 * index, text)).join(
    '',
  );
const WIDE = 'taken '.repeat(22);

describe('the place of the printed ID', () => {
  it('is the bottom left while nothing is there', async () => {
    const { words, touched } = stampOf(await stamped(pageOf(line(72, 700) + line(280, 20, '1'))));
    expect(touched).to.deep.equal([]);
    expect(words[0]!.left).to.be.closeTo(14, 0.5);
    expect(words[0]!.bottom).to.be.within(12, 15);
  });

  for (const [what, upload] of Object.entries<Uint8Array>({
    'a footer at the left': pageOf(line(20, 18)),
    'two lines of footer': pageOf(line(20, 12, WIDE) + line(20, 30, WIDE)),
    'a footer in a form': pageOf('q 1 0 0 1 10 10 cm /X1 Do Q', undefined, {
      2: '<</Type /Pages /Kids [3 0 R] /Count 1 /Resources <</Font <</F1 5 0 R>> /XObject <</X1 6 0 R>>>>>>',
      6: streamText('/Type /XObject /Subtype /Form /BBox [0 0 400 40]', line(5, 8)),
    }),
    'letters one by one': pageOf(
      'BT /F1 10 Tf 1 0 0 1 20 18 Tm [(t)-20(a)-20(k)-20(e)-20(n)] TJ ( taken) Tj ET',
    ),
    'text below a moved and turned space': pageOf(
      `q 0 1 -1 0 595 0 cm ${line(20, 400)} Q q .5 0 0 .5 0 0 cm ${line(40, 36, 'taken', 20)} Q`,
    ),
    'lines by leading': pageOf("BT /F1 10 Tf 12 TL 20 54 Td (taken) Tj T* (taken) Tj (taken) ' (taken) ' ET"),
    'a page full but for its head': pageOf(lines(10, 700, WIDE)),
  })) {
    it(`keeps clear of ${what}`, async () => {
      expect(wordsOf(upload).length).to.be.greaterThan(0);
      const { words, touched } = stampOf(await stamped(upload));
      expect(touched).to.deep.equal([]);
      expect(words.length).to.be.greaterThan(0);
      for (const word of words) expect(word.left).to.be.greaterThan(8);
    });
  }

  it('stays at the left where it need only go up a little, and low where only the left is full', async () => {
    const up = stampOf(await stamped(pageOf(line(20, 18)))).words[0]!;
    expect(up.left).to.be.lessThan(16);
    expect(up.bottom).to.be.within(25, 45);
    const aside = stampOf(await stamped(pageOf(lines(10, 700)))).words[0]!;
    expect(aside.bottom).to.be.lessThan(20);
    expect(aside.left).to.be.greaterThan(90);
  });

  it('keeps clear of boxes to be filled in, lines and pictures', async () => {
    const field = '<</Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [10 10 300 40] /F 4>>';
    const withField = pageOf('', '/MediaBox [0 0 595 842] /Annots [6 0 R]', { 6: field });
    expect(stampOf(await stamped(withField)).words[0]!.bottom).to.be.greaterThan(38);
    const rules = pageOf('0.5 w 14 17 m 580 17 l S 14 22 m 580 22 l S');
    expect(stampOf(await stamped(rules)).words[0]!.bottom).to.be.greaterThan(22);
    const picture = pageOf('q 200 0 0 60 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q');
    const beside = stampOf(await stamped(picture)).words[0]!;
    expect(beside.left > 200 || beside.bottom > 59).to.equal(true);
  });

  it('is not driven away by a white ground, hidden notes, links or blanks', async () => {
    const ground = '1 1 1 rg 0 0 595 842 re f 0 g ';
    const annots = `/Annots [<</Type /Annot /Subtype /Link /Rect [0 0 300 50]>>
      <</Type /Annot /Subtype /Text /Rect [0 0 300 50] /F 2>>]`;
    const upload = pageOf(`${ground}${line(14, 14, '     ')}`, `/MediaBox [0 0 595 842] ${annots}`);
    expect(stampOf(await stamped(upload)).words[0]!.bottom).to.be.within(12, 15);
  });

  it('covers as little as may be where there is no room, and a text less willingly than a line', async () => {
    const full = pageOf(Array.from({ length: 140 }, (_, index) => line(-5, 6 * index, WIDE)).join(''));
    const { words } = stampOf(await stamped(full));
    expect(words.length).to.be.greaterThan(0);
    const ruled = Array.from({ length: 280 }, (_, index) => `0 ${3 * index} m 595 ${3 * index} l S`).join(
      '\n',
    );
    const { touched } = stampOf(await stamped(pageOf(`${ruled}\n${lines(10, 400, WIDE)}`)));
    expect(touched).to.deep.equal([]);
  });

  it('can be read on a dark ground, and leaves no patch on it', async () => {
    const dark = pageOf('0.1 g 0 0 595 842 re f');
    const file = await stamped(dark);
    const { box } = differenceOnPage(1, dark, file);
    expect(box).to.not.equal(null);
    expect(box!.bottom - box!.top).to.be.within(5, 14);
    expect(renderFirstPage(file).hasInk(0, 600, 500, 800)).to.equal(true);
  });

  it('takes a scan for ground, but keeps clear of the text that was recognised on it', async () => {
    const scan = 'q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q\n';
    const bare = stampOf(await stamped(pageOf(scan))).words[0]!;
    expect(bare.bottom).to.be.within(12, 15);
    const recognised = pageOf(`${scan}BT 3 Tr /F1 10 Tf 20 18 Td (taken taken taken) Tj ET`);
    expect(stampOf(await stamped(recognised)).words[0]!.bottom).to.be.greaterThan(25);
  });

  it('is printed in seven points on paper, in more lines rather than smaller', async () => {
    for (const page of [
      '/MediaBox [0 0 595 842]',
      '/MediaBox [0 0 297 421] /UserUnit 2',
      '/MediaBox [0 0 110 160]',
    ]) {
      const file = await stamped(pageOf('', page));
      const { height, hasInk } = renderFirstPage(file);
      const words = stampOf(file).words;
      const unit = page.includes('UserUnit') ? 2 : 1;
      // Poppler's boxes are one em and a half high for this font.
      for (const word of words) expect((word.top - word.bottom) * unit).to.be.greaterThan(7);
      expect(hasInk(8, height - 40, 100, height - 10)).to.equal(true);
    }
    expect(stampOf(await stamped(pageOf('', '/MediaBox [0 0 110 160]'))).words.length).to.be.greaterThan(1);
  });

  it('grows with drawings that are mostly seen reduced', async () => {
    const [word] = stampOf(await stamped(pageOf('', '/MediaBox [0 0 2384 3370]'))).words;
    expect(word!.top - word!.bottom).to.be.greaterThan(19);
  });

  it('fits a label, and leaves a page of any size a file that readers accept', async () => {
    for (const box of ['0 0 60 30', '0 0 20 14400', '0 0 14400 14400']) {
      const file = await stamped(pageOf('', `/MediaBox [${box}]`));
      expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
      expect(wordsOf(file).length).to.be.greaterThan(0);
    }
  });

  it('is the corner where a page has more to read than is worth it', async () => {
    const bulk = deflateSync(Buffer.alloc(100 << 20, `q Q\n${line(14, 14)}`));
    for (const [filter, data] of [
      ['/FlateDecode', bulk.toString('latin1')],
      ['[/ASCIIHexDecode /FlateDecode]', `${bulk.toString('hex')}>`],
    ] as const) {
      const upload = buildPdf({ ...onePage(), 4: streamText(`/Filter ${filter}`, data) }).bytes;
      const revision = await prepare(bytesSource(upload), { stamp: STAMP, fields: [], fonts: FONTS });
      expect(Buffer.from(revision.bytes).toString('latin1')).to.include('1 0 0 1 14 15.75 Tm');
    }
  });

  it('is the corner where a part of the page cannot be read', async () => {
    const tree = '<</Type /Pages /Kids [3 0 R] /Count 1 /Resources <</XObject <</X1 6 0 R>>>>>>';
    const form = '/Type /XObject /Subtype /Form /BBox [0 0 9 9]';
    for (const damaged of [
      streamText(`${form} /Filter /FlateDecode`, 'no deflated data'),
      streamText(`${form} /Filter /JPXDecode`, '…'),
      `<<${form} /Length 4>>\nstream\nmore than four octets\nendstream`,
    ]) {
      const upload = pageOf('q /X1 Do Q', undefined, { 2: tree, 6: damaged });
      const [word] = stampOf(await stamped(upload)).words;
      expect(word!.left).to.be.closeTo(14, 0.5);
      expect(word!.bottom).to.be.within(12, 15);
    }
  });

  it('is an artifact in a tagged file', async () => {
    const { bytes } = await prepare(bytesSource(pdfFixture('pdfa-2-tagged')), {
      stamp: STAMP,
      fields: [],
      fonts: FONTS,
    });
    expect(Buffer.from(bytes).toString('latin1')).to.match(/\/Artifact <<[^>]*>> BDC[\s\S]*EMC/);
  });
});

describe('reading a content stream', () => {
  const operatorsOf = (contents: string): string[] => {
    const scanner = new ContentScanner(Buffer.from(contents, 'latin1'));
    const found: string[] = [];
    for (let next = scanner.next(); next !== null; next = scanner.next()) found.push(next);
    return found;
  };

  it('is not misled by strings, dictionaries, comments or inline images', () => {
    const contents =
      'q q (Q \\) (Q)) Tj Q BI /W 1 /H 1 ID Q Q\x00\xff EI q [(Q)<51>] TJ <</A <</B (Q)>>>> BDC %Q\nQ';
    expect(operatorsOf(contents)).to.deep.equal(['q', 'q', 'Tj', 'Q', 'BI', 'ID', 'q', 'TJ', 'BDC', 'Q']);
  });

  it('goes on after damage', () => {
    expect(operatorsOf('q ) > ] } Q [1 2 (a')).to.deep.equal(['q', 'Q']);
    expect(operatorsOf('/Name1true q 1 0 0 1 5-3 .5 cm')).to.deep.equal(['q', 'cm']);
  });

  it('reads numbers as they are written', () => {
    const scanner = new ContentScanner(Buffer.from('-1.5 +2 .25 -.5 7. 00012 re'));
    expect(scanner.next()).to.equal('re');
    expect(scanner.operands).to.deep.equal([-1.5, 2, 0.25, -0.5, 7, 12]);
  });

  for (const name of [
    'ghostscript-lzw',
    'ghostscript-ascii85',
    'contents-ascii85-lzw',
    'contents-run-length',
    'contents-ascii-hex',
  ]) {
    it(`undoes the filters of ${name}`, async () => {
      const document = await PdfDocument.open(bytesSource(pdfFixture(name)));
      const contents = (await firstPage(document)).dict.get('Contents');
      const { octets, complete } = await contentOctets(document, contents, 1 << 20);
      expect(complete).to.equal(true);
      expect(operatorsOf(Buffer.from(octets).toString('latin1'))).to.include.members(['q', 'BT', 'Tf', 'ET']);
    });
  }
});
