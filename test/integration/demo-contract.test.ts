// The sample contracts: sound PDFs whose Japanese text every reader can show and search.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runTool } from '../support/system.ts';

const SAMPLES = [
  {
    file: 'keiyakusho.pdf',
    pages: 4,
    says: ['工事請負契約書', '市道１号線舗装工事', '金1,100,000円', '（電子契約）'],
  },
  {
    file: 'kinnuki-sekkeisho.pdf',
    pages: 2,
    says: ['金抜き設計書', '再生密粒度アスファルト混合物', '工事費計'],
  },
  {
    file: 'tokki-shiyosho.pdf',
    pages: 1,
    says: ['特記仕様書', '市道１号線舗装工事', '有限会社見本建設・株式会社サンプル共同企業体'],
  },
  { file: 'ukesho.pdf', pages: 1, says: ['請書', '道路照明灯修繕', '金330,000円', '有限会社見本建設'] },
];

describe('the sample contracts', () => {
  for (const { file, pages, says } of SAMPLES) {
    const path = fileURLToPath(new URL(`../../demo/contract/${file}`, import.meta.url));

    it(`${file} is sound and small`, async () => {
      expect((await runTool('qpdf', ['--check', path])).code).to.equal(0);
      expect((await runTool('qpdf', ['--show-npages', path])).stdout.toString().trim()).to.equal(
        String(pages),
      );
      expect(statSync(path).size).to.be.below(400 * 1024);
    });

    it(`${file} embeds every font`, async () => {
      const { stdout } = await runTool('pdffonts', [path]);
      const fonts = stdout.toString().trim().split('\n').slice(2);
      expect(fonts).to.not.have.length(0);
      for (const font of fonts) expect(font).to.match(/ yes yes yes +\d+ +\d+$/);
    });

    it(`${file} says what it should and leaks no design price`, async () => {
      const { stdout } = await runTool('pdftotext', ['-layout', path, '-']);
      const text = stdout.toString('utf8');
      for (const sentence of says) expect(text).to.include(sentence);
      expect(text).to.not.match(/設計金額|予定価格|起案/);
    });
  }
});
