/**
 * Readings (furigana) of hard words, once a page and only in running text: names of buttons stay what the ear expects
 * (JIS X 8341-3 G3.1.6). They are for the eye: a screen reader reads the word itself.
 */

const READINGS: readonly (readonly [word: string, reading: string])[] = [
  ['却下', 'きゃっか'],
  ['契約締結権限者', 'けいやくていけつけんげんしゃ'],
  ['記名押印', 'きめいおういん'],
  ['収入印紙', 'しゅうにゅういんし'],
  ['原本', 'げんぽん'],
  ['可読性', 'かどくせい'],
  ['担保', 'たんぽ'],
];

/** Text that begins a paragraph or an item of ours. */
const RUNNING_TEXT = /(<(?:p|li)(?: class="hint")?>)([^<]+)/g;

export function withReadings(markup: string): string {
  const left = new Map(READINGS);
  return markup.replace(RUNNING_TEXT, (_, tag: string, text: string) => {
    let shown = text;
    for (const [word, reading] of left) {
      if (!text.includes(word)) continue;
      left.delete(word);
      shown = shown.replace(
        word,
        `<ruby>${word}<rp>（</rp><rt aria-hidden="true">${reading}</rt><rp>）</rp></ruby>`,
      );
    }
    return tag + shown;
  });
}

/** The same markup as it was before. */
export function withoutReadings(markup: string): string {
  return markup.replace(
    /<ruby>([^<]+)<rp>（<\/rp><rt aria-hidden="true">[^<]+<\/rt><rp>）<\/rp><\/ruby>/g,
    '$1',
  );
}
