/** The contract mail's form, empty and as an example, for staff to copy. */
import type { MailBlock } from '../mail-content.ts';
import { municipalityWord } from '../words.ts';

/** Every label, with nothing behind it that could be mistaken for an answer. */
export function emptyForm(municipality: string): MailBlock {
  return {
    kind: 'form',
    lines: [
      '契約件名：',
      '種別：契約書',
      '契約相手方：',
      '相手方確認者：',
      `${municipalityWord(municipality)}側署名者：`,
      '契約金額：',
      '契約締結予定日：',
      '履行期間：',
      '決裁番号：',
      '契約保証：',
    ],
  };
}

export function exampleForm(municipality: string): MailBlock {
  return {
    kind: 'form',
    lines: [
      '契約件名：市道1号線舗装工事',
      '種別：契約書',
      '契約相手方：株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>',
      '相手方確認者：',
      `${municipalityWord(municipality)}側署名者：総務課長 鈴木一郎 <suzuki@mihon.example.jp>`,
      '契約金額：1,100,000円（税込）',
      '契約締結予定日：令和8年12月1日',
      '履行期間：令和8年12月1日から令和9年3月26日まで',
      '決裁番号：総管第45号',
      '契約保証：免除',
    ],
  };
}

/** How each line is to be filled in. */
export const FORM_RULES: readonly string[] = [
  '種別は「契約書」「請書」「変更契約」「仮契約」「単価契約」のどれかです。',
  '契約相手方は「会社名 役職 氏名 <メールアドレス>」です。代わりに「整理番号12345」と書くこともできます。',
  '相手方確認者など、当てはまらない行は空けておいてください。',
];
