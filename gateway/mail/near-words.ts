// Guesses which command word somebody had in mind who wrote it otherwise: to name it in the answer, never to obey it (decided 8).

import { normaliseLine } from './text.ts';
import { readWord, type WordName } from './words.ts';

/** Other words for the same, as people write them. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['確認済', '依頼'],
  ['確認済み', '依頼'],
  ['送付', '依頼'],
  ['了承', '承認'],
  ['承諾', '承認'],
  ['同意', '承認'],
  ['戻し', '差戻し'],
  ['取下げ', '中止'],
  ['取り下げ', '中止'],
  ['取りやめ', '中止'],
  ['キャンセル', '中止'],
  ['停止', '中止'],
  ['再送信', '再送'],
  ['差替え', '追加'],
  ['差し替え', '追加'],
  ['テスト送信', 'テスト'],
  ['送信テスト', 'テスト'],
  ['テストメール', 'テスト'],
]);

/** Whoever denies or asks has no word in mind that the answer should put into their mouth. */
const DENIED_OR_ASKED = /ない|ません|せず|不要|不可|\?|でしょうか|ですか|まだ|待/;
const OPENING =
  /^(?:(?:はい|了解(?:です|しました)?|承知(?:しました|いたしました)?|では)[、,。.!\s]+|[・→●■*-]\s*|\(?\d[.)]\s*)/;
const BRACKETS = /^[「『【[("“'](.*)[」』】\])"”']$/;
const NOTE_BEHIND = /\s*\([^()]*\)$/;
const ENDING =
  /(?:を|で|と)?\s*(?:お?願い(?:いたします|致します|します|申し上げます)|願います|(?:いた|致)?します|してください|しました|ます|です)?[\s。.、,!]*$/;

/** Longer than any of these; matching takes time with the square of the length. */
const LENGTH_LIMIT = 100;

/** What was meant by a line that is no command; null where that is anybody's guess. */
export function nearWord(written: string): WordName | null {
  const line = normaliseLine(written);
  if (line.length > LENGTH_LIMIT || DENIED_OR_ASKED.test(line)) return null;
  const bare = line
    .replace(OPENING, '')
    .replace(/[\s。.、,!]+$/, '')
    .replace(BRACKETS, '$1')
    .replace(NOTE_BEHIND, '')
    .replace(ENDING, '')
    .trim();
  const [, head = '', behind = ''] = /^(依頼|承認)[\s、,・「(-]*(確認済み?|\d{4})[」)]?$/.exec(bare) ?? [];
  const { word, argument } = readWord([head === '' ? (MEANT.get(bare) ?? bare) : `${head} ${behind}`]);
  return word === 'unknown' || word === 'empty' || (head === '' && argument !== '') ? null : word;
}
