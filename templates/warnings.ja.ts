/** The Japanese sentence of every warning: what to look at again before a contract leaves. */

import { filledIn } from './filled-in.ts';

/** With severity `refuse` the same sentence says why a contract is not taken. */
const WARNINGS: Record<string, string> = {
  'title-from-subject':
    '「契約件名」の行がないため、メールの件名から「{value}」としました。違うときは「契約件名：」の行を書いて返信してください。',
  'planned-date-past': '契約締結予定日（{value}）が、過ぎた日付になっています。誤りがないかご確認ください。',
  'planned-date-next-year':
    '契約締結予定日（{value}）は、今年度ではありません。予算の年度と日付に誤りがないかご確認ください。',
  'deadline-day-off':
    '署名の期限（{value}）は、閉庁日です。平日にするときは「期限：」の行を書いて返信してください。',
  'picture-left-out':
    '画像「{value}」は文書に加えていないため、相手方には送りません。契約の文書にするときは、PDFにして「追加」の返信に添付してください。',
  'same-content':
    '文書「{name}」は、文書「{value}」と同じ内容のファイルです。添付の誤りがないかご確認ください。',
  'amendment-without-original':
    '変更契約ですが、元の契約が書かれていません。「元契約：2026-0001」のように、受付番号か名称を書いて返信してください。',
  'original-not-found':
    '元契約の受付番号「{value}」の契約が見つかりません。番号を直すか、紙の契約のときは「元契約：令和7年度 ○○工事請負契約（紙）」のように名称を書いて返信してください。',
  'original-not-concluded':
    '元契約（受付{value}）は、まだ締結されていません。番号に誤りがないかご確認ください。',
  'no-declaration':
    '契約相手方「{value}」から、電子契約によることの同意（電子契約同意書）を得た記録がありません。建設工事の請負契約では、事前の同意が必要です（建設業法第19条第3項）。同意を得て登録してから、お進めください。',
  'free-mail':
    '{value}は、フリーメールか携帯電話会社のアドレスです。締結権限のある方ご本人のものか、登録の理由をご確認ください。',
  'paper-only':
    '契約件名に「{value}」とあります。法令で紙（公正証書など）によることとされている契約は、電子契約にできません。紙の契約でお手続きください。',
  'paper-only-document':
    '文書「{name}」の見出しに「{value}」とあります。法令で紙（公正証書など）によることとされている契約は、電子契約にできません。紙の契約でお手続きください。',
  'long-term':
    '契約期間（保管の期間を含む）が{value}年を超えます。電子契約によることが適当か、ご確認ください。',
  'auto-renewal': '文書「{name}」に、自動更新の条項があります。電子契約によることが適当か、ご確認ください。',
  'price-word': '文書「{name}」に「{value}」の文字があります。金入りや内部の文書でないかご確認ください。',
  'wrong-document':
    '文書「{name}」は「{value}」のようです。契約書と一緒に締結する文書でないときは、外して送り直してください。',
  'company-not-found':
    '契約相手方「{value}」の名称が、どの文書にも見当たりません。文書の取り違えがないかご確認ください。',
  'amount-differs':
    'メールの契約金額（{value}）と、文書「{name}」の金額（{label}）が違います。どちらが正しいかご確認ください。',
  'term-differs': 'メールの履行期間の日付（{value}）が、文書「{name}」の期間と違います。ご確認ください。',
  'rollout-section': '{value}の契約は、まだ電子契約の対象ではありません。紙の契約でお手続きください。',
  'rollout-kind': 'この種別の契約は、まだ電子契約の対象ではありません。紙の契約でお手続きください。',
  'rollout-method': 'この契約方式の契約は、まだ電子契約の対象ではありません。紙の契約でお手続きください。',
  'rollout-method-missing':
    '契約方式によって、電子契約にできるかどうかが決まります。「契約方式：随意契約」のような行を書いてください。',
  'rollout-amount': 'この金額の契約は、まだ電子契約の対象ではありません。紙の契約でお手続きください。',
  'rollout-amount-missing':
    '契約金額によって、電子契約にできるかどうかが決まります。「契約金額：1,100,000円（税込）」のような行を書いてください。',
  'rollout-notice':
    '電子契約にできるのは、公告日・指名日が{value}以後の契約です。紙の契約でお手続きください。',
  'rollout-notice-missing':
    '電子契約にできるのは、公告日・指名日が{value}以後の契約です。「公告日：」か「指名日：」の行（入札でないときは「契約方式：随意契約」の行）を書いてください。',
  'rollout-not-announced':
    '電子契約によることが公告等に記載されているかをご確認のうえ、「公告等への記載：済」の行を書いてください。',
};

/** The sentence for a warning in the receipt; an unknown code still asks to look again. */
export function warningSentence(code: string, args: Readonly<Record<string, string>>): string {
  const sentence = WARNINGS[code];
  return sentence === undefined ? `内容をもう一度ご確認ください（${code}）。` : filledIn(sentence, args);
}

/** Every warning there is, for tests and manuals. */
export const WARNING_CODES = Object.keys(WARNINGS);
