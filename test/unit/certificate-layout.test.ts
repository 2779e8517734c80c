/** Lines and pages of the certificate: nothing is lost, nothing leaves its page, punctuation keeps its place. */
import { expect } from 'chai';
import fc from 'fast-check';
import { layOut, type Mark, PAGE_HEIGHT, PAGE_WIDTH } from '../../signing/certificate/layout.ts';
import { wrap } from '../../signing/line-breaks.ts';
import { charactersOf } from '../../signing/pdf/typeface.ts';
import type { CertificateContent } from '../../signing/ports.ts';

/** Full-width characters are as wide as they are high, others half of it. */
const width = (text: string): number => [...text].reduce((sum, c) => sum + (c < '\u0100' ? 0.5 : 1), 0);
const measure = (text: string, size: number): number => width(text) * size;
const wide = (text: string, columns: number): string[] => wrap(text, columns, width);

const content = (changes: Partial<CertificateContent> = {}): CertificateContent => ({
  title: '合意締結証明書',
  notice: null,
  lead: [],
  sections: [],
  continued: '（続き）',
  footer: 'ID',
  ...changes,
});

const textsOf = (marks: readonly Mark[]): string[] =>
  marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

describe('breaking lines', () => {
  it('loses and adds nothing but the blanks at a line’s ends', () => {
    const words = fc.string({
      unit: fc.constantFrom('契', '約', '、', '。', '「', '」', 'a', 'b', '1', ' ', '（', '𠮷'),
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 12 }), (text, columns) => {
        const lines = wide(text, columns);
        expect(lines.join('').replaceAll(' ', '')).to.equal(text.replaceAll(' ', ''));
        for (const line of lines)
          expect([...line].length === 1 || width(line) <= columns, line).to.equal(true);
      }),
    );
  });

  it('keeps punctuation with what it belongs to', () => {
    expect(wide('契約を締結した。', 7)).to.deep.equal(['契約を締結し', 'た。']);
    expect(wide('これは「契約」です', 4)).to.deep.equal(['これは', '「契約」', 'です']);
  });

  it('never takes a mark or a selector from what it belongs to, nor half of a character', () => {
    const columns = (text: string): number => charactersOf(text).length;
    const written = '葛\u{E0102}城𠮷か\u3099辻\u{E0102}';
    expect(wrap(written, 1, columns)).to.deep.equal(['葛\u{E0102}', '城', '𠮷', 'か\u3099', '辻\u{E0102}']);
    expect(wrap(`a${written}`, 2, columns).join('')).to.equal(`a${written}`);
  });

  it('keeps words and digests whole where they fit, and breaks them where they do not', () => {
    expect(wide('契約はabcdef', 5)).to.deep.equal(['契約は', 'abcdef']);
    expect(wide('a'.repeat(25), 5)).to.deep.equal(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]);
    expect(wide('', 5)).to.deep.equal(['']);
  });
});

describe('laying out pages', () => {
  const rows = Array.from({ length: 120 }, (_, index) => ({ label: `項目${index}`, value: `値${index}` }));
  const long = content({ sections: [{ heading: '多くの行', rows, paragraphs: ['終わり'] }] });

  it('numbers the pages and repeats the footer', () => {
    const pages = layOut(long, measure);
    expect(pages.length).to.be.greaterThan(3);
    for (const [index, marks] of pages.entries()) {
      expect(textsOf(marks).slice(-2)).to.deep.equal(['ID', `${index + 1}/${pages.length}`]);
    }
  });

  it('draws every row once, within the page', () => {
    const pages = layOut(long, measure);
    const texts = pages.flatMap(textsOf);
    for (const { label, value } of rows) {
      expect(texts.filter((text) => text === label)).to.have.length(1);
      expect(texts.filter((text) => text === value)).to.have.length(1);
    }
    for (const mark of pages.flat()) {
      expect(mark.y).to.be.within(0, PAGE_HEIGHT);
      const right =
        mark.kind === 'text'
          ? mark.x + measure(mark.text, mark.size)
          : mark.kind === 'line'
            ? mark.to
            : mark.x + mark.width;
      expect(right).to.be.at.most(PAGE_WIDTH);
    }
  });

  it('never leaves a heading alone at the foot of a page', () => {
    for (let above = 0; above < 60; above++) {
      const lead = Array.from({ length: above }, () => '行');
      const section = {
        heading: '見出し',
        rows: [{ label: '項目', value: ['一', '二', '三'] }],
        paragraphs: [],
      };
      const pages = layOut(content({ lead, sections: [section] }), measure).map(textsOf);
      expect(pages.findIndex((texts) => texts.includes('見出し'))).to.equal(
        pages.findIndex((texts) => texts.includes('三')),
      );
    }
  });

  it('says on each further page which section goes on there', () => {
    const pages = layOut(long, measure).map(textsOf);
    expect(pages[0]).to.include('多くの行').and.to.not.include('多くの行（続き）');
    for (const texts of pages.slice(1)) expect(texts[0]).to.equal('多くの行（続き）');
  });

  it('breaks a row that is taller than a page', () => {
    const value = Array.from({ length: 90 }, (_, index) => `行${index}`);
    const sections = [{ heading: '長い', rows: [{ label: '項目', value }], paragraphs: [] }];
    const pages = layOut(content({ sections }), measure);
    const texts = pages.flatMap(textsOf);
    for (const line of value) expect(texts.filter((text) => text === line)).to.have.length(1);
    for (const mark of pages.flat()) expect(mark.y).to.be.at.most(PAGE_HEIGHT);
  });
});
