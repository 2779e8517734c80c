/** Where the printed ID lands on pages of all kinds, and that it is all that changes on them (R41). */
import { expect } from 'chai';
import { bytesSource, prepare } from '../../signing/index.ts';
import { FIELDS, STAMP } from '../support/pdf-signing.ts';
import { pdfFixture, stampFont } from '../support/pdf-tools.ts';
import { differenceOnPage } from '../support/pictures.ts';

/** Of every kind that could displace a stamp: turned, cropped, scaled, unbalanced, tagged, packed, scanned. */
const PAGES = [
  ...['rotated', 'rotated-180', 'rotated-inherited', 'cropped-user-unit', 'negative-origin'],
  ...['box-corners-swapped', 'a3-landscape', 'libreoffice-vertical', 'libreoffice-pdfa-1b', 'pdfa-2-tagged'],
  ...['contents-absent', 'contents-array', 'contents-unbalanced', 'contents-ascii-hex', 'inline-image'],
  ...['contents-ascii85-lzw', 'contents-run-length', 'resources-absent', 'page-tree-deep', 'hybrid-excel'],
  ...['catalog-packed', 'scan-ccitt', 'scan-jbig2', 'chromium', 'ghostscript-ascii85', 'mutool-ascii'],
];
/** Points from the page's edges within which the ID has to stand, a frame there included. */
const EDGE = 45;

async function prepared(upload: Uint8Array): Promise<Uint8Array> {
  const options = { stamp: STAMP, fields: FIELDS, fonts: [stampFont()] };
  return Buffer.concat([upload, (await prepare(bytesSource(upload), options)).bytes]);
}

describe('the printed ID', () => {
  for (const name of PAGES) {
    it(`stands at the bottom left of ${name}.pdf as a reader sees it, and nothing else changes`, async () => {
      const upload = pdfFixture(name);
      const { width, height, box } = differenceOnPage(1, upload, await prepared(upload));
      expect(box).not.to.equal(null);
      expect(box!.left).to.be.within(1, EDGE);
      expect(box!.right).to.be.at.most(width / 2);
      expect(box!.top).to.be.at.least(height - EDGE);
      expect(box!.bottom).to.be.at.most(height - 1);
    });
  }

  for (const name of ['signed-by-other', 'signed-certified', 'signed-one-field-locked']) {
    it(`is not printed on ${name}.pdf, whose page stays as it was`, async () => {
      const upload = pdfFixture(name);
      expect(differenceOnPage(1, upload, await prepared(upload)).box).to.equal(null);
    });
  }
});
