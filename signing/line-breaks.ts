/** Where a line of Japanese and Latin words may be broken (JIS X 4051). */
import { charactersOf } from './pdf/typeface.ts';

/** Latin words, digests and addresses stay whole; punctuation neither opens nor leaves a line it must not. */
const PIECE =
  /[「『（［｛〈《【(]*(?:[A-Za-z0-9@._+:/%#=&?~-]+|.)\p{M}*[、。，．・：；？！」』）］｝〉》】ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ)!?,]*/gu;

/** Breaks a line's words into lines no wider than `width`; a piece that is wider is broken anywhere. */
export function wrap(words: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of words.match(PIECE) ?? []) {
    if (line !== '' && measure(line + piece) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line = line === '' ? piece.trimStart() : line + piece;
    while (measure(line) > width) {
      const cut = fitting(line, width, measure);
      lines.push(cut);
      line = line.slice(cut.length);
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line.trimEnd()];
}

/** As much of the line's beginning as fits, one character at the least. */
function fitting(line: string, width: number, measure: (text: string) => number): string {
  let cut = '';
  for (const character of charactersOf(line)) {
    if (cut !== '' && measure(cut + character) > width) break;
    cut += character;
  }
  return cut;
}
