/** 様式: answers an empty mail or 「ヘルプ」 with the form, an example and the words that can be used. */
import { lines, type MailBase, type MailContent, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import { emptyForm, exampleForm, FORM_RULES } from './contract-form.ts';

export interface FormParams extends MailBase {
  sender: Person;
  /** Where contract mails go. */
  intakeAddress: string;
}

export function form(params: FormParams): MailContent {
  return {
    subject: '【様式】契約書の送り方',
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines(
        '契約書のPDFを添付し、本文に次の様式を写して書き入れ、送ってください。',
        `送り先：${params.intakeAddress}`,
        '受け付けると確認のメールが届きます。「依頼」と返信するまで、相手方には何も送りません。',
      ),
      { kind: 'list', items: FORM_RULES },
      emptyForm(params.municipality),
      lines('', '記入例'),
      exampleForm(params.municipality),
      lines('', '届いたメールに返信するとき、1行目に書ける言葉'),
      {
        kind: 'list',
        items: [
          '依頼（相手方へ送ります。注意があるときは「依頼 確認済」）',
          '直す行だけ（例：「契約金額：1,210,000円（税込）」。送る前の内容を直します）',
          '追加（PDFを添付してください。文書を足し、同じファイル名の文書は差し替えます）',
          '中止（取りやめます。続けて理由を書けます）',
          '再送（URLを新しくして、もう一度送ります）',
          '延長 令和8年12月10日（署名の期限を延ばします）',
          '宛先変更 新しいアドレス（相手方のアドレスを替えます）',
          '状況（いまの様子をお知らせします）',
          '控え（文書をお送りします）',
          'ヘルプ（この案内をお送りします）',
        ],
      },
      lines(
        '新しいメールで「検索」または「一覧」と書くと、ご自身の契約の一覧（CSV付き）が届きます。',
        '新しいメールで「テスト」と書き、PDFを添付すると、途中で変わらずに届くかを確かめられます。契約にはなりません。',
      ),
    ],
  };
}

export const formSample: FormParams = {
  ...sampleBase,
  sender: sampleInitiator,
  intakeAddress: 'keiyaku@mihon.example.jp',
};
