/** The pages in English: every sentence of ours has one, and what people wrote stays as they wrote it, marked as Japanese. */
import { expect } from 'chai';
import {
  consentPage,
  consentPageSample,
  donePage,
  donePageSample,
  inEnglish,
  pageSamples,
} from '../../templates/index.ts';

const JAPANESE = /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u;
/** Names, titles and what was written: the samples' own words, not ours. */
const SAMPLE_WORDS = [
  '見本市',
  '市道1号線舗装工事',
  '契約書',
  '金抜き設計書',
  '合意締結証明書',
  '電子署名完了のお知らせ',
  '写し',
  '株式会社サンプル',
  '総務課',
  'ヘルプデスク',
  '総管第45号',
  '住所',
  '法人番号',
  '税事業者',
  '設計図書を受け取りました',
  '備考',
  '金額の内訳は設計書の2ページにあります。',
  '一行目',
  '二行目',
  'あああ',
  '設計書の3ページの数量について教えてください',
  '日本語',
];

/** Text and wording attributes that are still Japanese. */
function leftInJapanese(html: string): string[] {
  return html
    .split(/(<[^>]*>)/)
    .flatMap((part) =>
      part.startsWith('<')
        ? [...part.matchAll(/ (?:aria-label|placeholder|data-[a-z-]+)="([^"]*)"/g)].map((match) => match[1]!)
        : [part],
    )
    .filter((text) => JAPANESE.test(text))
    .filter((text) => !SAMPLE_WORDS.some((words) => text.includes(words)));
}

describe('pages in English', () => {
  for (const [name, html] of Object.entries(pageSamples())) {
    it(`${name}: leaves no sentence of ours in Japanese`, () => {
      const page = inEnglish(html);
      expect(page).to.include('<html lang="en">').and.include('hreflang="ja" lang="ja">日本語</a>');
      expect(leftInJapanese(page)).to.deep.equal([]);
    });
  }

  const english = inEnglish(consentPage(consentPageSample));

  it('tells dates and amounts in English', () => {
    expect(english).to.include('<strong>Tuesday, 1 December 2026</strong>');
    expect(english)
      .to.include('1,100,000 yen (tax included)')
      .and.include('1 December 2026 to 26 March 2027');
    const done = inEnglish(donePage(donePageSample));
    expect(done).to.include('Saturday, 28 November 2026, 10:15 (Japan time)');
    expect(done).to.include('(weekdays 10:00～18:00, closed on weekends and public holidays)');
  });

  it('marks what stays Japanese', () => {
    expect(english).to.include('<h1><span lang="ja">市道1号線舗装工事</span></h1>');
    expect(english).to.include(
      'From <span lang="ja">見本市総務課の佐藤</span> to <span lang="ja">株式会社サンプル 代表取締役 山田太郎様</span>',
    );
  });

  it('carries the language through links and forms, and leaves documents alone', () => {
    const base = consentPageSample.base;
    for (const act of ['confirm', 'decline', 'question', 'paper']) {
      expect(english).to.include(`action="${base}/${act}?lang=en"`);
    }
    expect(english).to.include(`formaction="${base}/consent?lang=en"`);
    expect(english).to.include(`href="${base}/documents/1"`);
    expect(inEnglish(pageSamples().download!)).to.include('href="/d/abcdefghijklmnopqrstuvwxyz/all.zip"');
  });

  it('leaves what people wrote as it is, even where it reads like one of our sentences', () => {
    const page = inEnglish(consentPage({ ...consentPageSample, message: '期限が過ぎました' }));
    expect(page).to.include('期限が過ぎました').and.not.include('The deadline has passed');
  });
});
