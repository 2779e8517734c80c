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
  '共同企業体など契約相手方が複数のときは、「契約相手方1：」「契約相手方2：」と、署名する順に書きます。',
  '請書では、契約相手方だけが署名します。自治体側の署名者の行は要りません。',
  '請負・委託などの単価契約の金額は「1t当たり1,200円（税抜）」のように書けます。',
  '変更契約では「元契約：2026-0001」のように、元の契約の受付番号か名称を書けます（紙の契約も書けます）。',
  '署名者の権限は「権限の根拠：専決」のように、「委任」「専決」「代決」のどれかを書けます。',
  '締結後の文書を受け取るだけの方は「共有：氏名 <メールアドレス>」に書きます。',
  'ほかに「契約番号：」「効力発生日：」「期限：」「契約方式：」「公告日：」「指名日：」「伝言：」「文書1：名称＝ファイル名」の行も書けます。',
  '相手方確認者など、当てはまらない行は空けておいてください。',
];
