// The text of PDFs is read in a process of its own, within bounds; what cannot be read is null and holds up nothing (R19).

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type PdfText, pdfText } from '../../gateway/jobs/pdf-text.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';

const demo = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '../../demo/contract', name));
const BOUNDS = {
  maxPages: 200,
  maxCharacters: 1_000_000,
  milliseconds: 120_000,
  mebibytes: 256,
};

describe('the text of a PDF', () => {
  const opened: PdfText[] = [];
  let givenUp = 0;
  const reader = (bounds: Partial<typeof BOUNDS> = {}): PdfText => {
    const texts = pdfText(
      () => {
        givenUp += 1;
      },
      { ...BOUNDS, ...bounds },
    );
    opened.push(texts);
    return texts;
  };
  after(() => {
    for (const texts of opened) texts.close();
  });

  it('comes page by page, one document after the other, and none of a file that is no PDF', async () => {
    const texts = reader();
    const [contract, broken, sheet, other] = await Promise.all([
      texts.read(await demo('keiyakusho.pdf')),
      texts.read(Buffer.from('%PDF-1.7 broken')),
      texts.read(await demo('kinnuki-sekkeisho.pdf')),
      texts.read(buildPdf(onePage()).bytes),
    ]);
    expect(contract).to.have.length(4);
    expect(contract![0]).to.include('金1,100,000円').and.to.include('株式会社サンプル');
    expect(broken).to.equal(null);
    expect(sheet![0]).to.include('金抜き設計書');
    expect(other).to.deep.equal(['Contract 100 yen']);
  });

  it('ends at the bounds of pages and characters', async () => {
    const pdf = await demo('keiyakusho.pdf');
    expect(await reader({ maxPages: 2 }).read(pdf)).to.have.length(2);
    expect(await reader({ maxCharacters: 10 }).read(pdf)).to.have.length(1);
  });

  it('that takes too long is given up, and the next one is read by a new process', async () => {
    const pdf = await demo('keiyakusho.pdf');
    // A process is never started and through within a millisecond.
    const hurried = reader({ milliseconds: 1 });
    expect(await hurried.read(pdf)).to.equal(null);
    expect(await hurried.read(pdf)).to.equal(null);
    expect(givenUp).to.equal(2);
    const patient = reader();
    expect(await patient.read(pdf)).to.have.length(4);
    patient.close();
    expect(await patient.read(pdf), 'after its process has ended').to.have.length(4);
  });
});
