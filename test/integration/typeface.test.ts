/** Characters as they are written: the first font that has one draws it, selectors choose the form, nothing is dropped (R42; UTS #37). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { drawCertificate } from '../../signing/certificate/draw.ts';
import { charactersOf, missingGlyphs } from '../../signing/pdf/typeface.ts';
import { variationLookup } from '../../signing/pdf/variation.ts';
import { judge, stampFont, textOf } from '../support/pdf-tools.ts';
import { differenceOnPage, pixelsOfPage } from '../support/pictures.ts';

/** IPAmj明朝 as Debian's fonts-ipamj-mincho brings it: every form of a name that the 戸籍 knows. */
const IPAMJ = new Uint8Array(
  readFileSync(execFileSync('fc-list', ['--format', '%{file}', ':family=IPAmjMincho'], { encoding: 'utf8' })),
);
const NOTO = stampFont();
const BOTH = [NOTO, IPAMJ];
const ONLY_IPAMJ = [IPAMJ];

/** With a selector of the Moji_Joho collection: what people write who mean just this form. */
const KATSU = '葛\u{E0102}';
const TSUJI = '辻\u{E0102}';
const WATANABE = '邉\u{E0110}';

const draw = (text: string, fonts: readonly Uint8Array[] = BOTH): Promise<Buffer> =>
  drawCertificate(
    { title: '証', notice: null, lead: [text], sections: [], continued: '', footer: '証' },
    { fonts, reason: '証', location: '日本', signingTime: new Date('2026-11-21T00:25:23Z') },
    512,
  );

/** The pixels of the lead, the one line between title and foot. */
function lead(file: Uint8Array): string {
  return pixelsOfPage(1, file, { from: 80, to: 200 });
}

describe('characters as they are written', () => {
  for (const name of [KATSU, TSUJI, WATANABE]) {
    const base = String.fromCodePoint(name.codePointAt(0)!);

    it(`draws ${base} in the form its selector asks for, and lets it be copied with the selector`, async () => {
      const shown = await draw(name);
      expect(lead(shown)).to.equal(lead(await draw(name, ONLY_IPAMJ)));
      for (const other of ['　', base]) {
        expect(lead(shown)).to.not.equal(lead(await draw(other, ONLY_IPAMJ)));
      }
      expect(textOf(shown)).to.include(name);
    });
  }

  it('draws each of a character’s forms', async () => {
    const forms = ['葛', ...['\u{E0102}', '\u{E0104}', '\u{E0105}'].map((selector) => `葛${selector}`)];
    const drawn = await Promise.all(forms.map(async (form) => lead(await draw(form, ONLY_IPAMJ))));
    expect(new Set(drawn).size).to.equal(forms.length);
    // The built-in font has some forms too, of another collection.
    expect(lead(await draw('葛\u{E0100}', [NOTO]))).to.not.equal(lead(await draw('葛', [NOTO])));
  });

  it('copies the usual form with its selector, and without where none was written', async () => {
    const lookup = variationLookup(NOTO);
    expect(lookup('邉'.codePointAt(0)!, 0xe0100)).to.equal('default');
    const text = textOf(await draw('邉\u{E0100}と邉', [NOTO]));
    expect(text).to.include('邉\u{E0100}と邉\n');
  });

  it('names a sequence that no font has instead of dropping its selector', () => {
    const missing = missingGlyphs([NOTO]);
    expect(missing(`${KATSU}城`)).to.deep.equal([{ character: KATSU, codePoints: 'U+845B U+E0102' }]);
    expect(missingGlyphs(BOTH)(`${KATSU}城${TSUJI}${WATANABE}`)).to.deep.equal([]);
  });

  it('draws what the built-in font has', () => {
    const missing = missingGlyphs([NOTO]);
    expect(missing('髙﨑𠮷神神福塚彅 ｱﾝﾌﾟﾗｸﾞ①②㈱㈲№℡㎡Ⅲ～−–—・ヴゔ々〆ヶ')).to.deep.equal([]);
  });

  it('takes a sound mark written apart for what it composes, and copies it as it was written', async () => {
    const apart = 'か\u3099き\u309aハ\u309a';
    expect(missingGlyphs([NOTO])('か\u3099ハ\u309a')).to.deep.equal([]);
    expect(missingGlyphs([NOTO])(apart).map(({ codePoints }) => codePoints)).to.deep.equal(['U+304D U+309A']);
    expect(differenceOnPage(1, await draw('が'), await draw('か\u3099')).box).to.equal(null);
  });

  it('never takes a compatibility ideograph for the character it resembles', async () => {
    expect(differenceOnPage(1, await draw('神'), await draw('\uFA19')).box).to.not.equal(null);
    expect(textOf(await draw('\uFA19'))).to.include('\uFA19');
  });

  it('names emoji and what nobody can see', () => {
    const codes = missingGlyphs(BOTH)('祭\u{1F3EE}り\u200b\u{1F468}\u200d\u{1F469}').map(
      ({ codePoints }) => codePoints,
    );
    expect(codes).to.deep.equal(['U+1F3EE', 'U+200B', 'U+1F468', 'U+200D', 'U+1F469']);
  });

  it('sets a line in several fonts, each embedded as a subset of its own', async () => {
    const file = await draw(`山田${KATSU}郎と髙橋${WATANABE}`);
    const fonts = judge('pdffonts', [], file);
    expect(fonts).to.match(/[A-Z]{6}\+NotoSansJP\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/);
    expect(fonts).to.match(/[A-Z]{6}\+IPAmj\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/);
    expect(textOf(file)).to.include(`山田${KATSU}郎と髙橋${WATANABE}`);
    expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
    expect(file.length).to.be.lessThan(60_000);
  });

  it('keeps a base and what follows it together', () => {
    expect(charactersOf(`a${KATSU}か\u3099𠮷`)).to.deep.equal(['a', KATSU, 'か\u3099', '𠮷']);
    expect(charactersOf('\u3099か')).to.deep.equal(['\u3099', 'か']);
  });
});
