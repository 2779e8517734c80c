/** Why a mail about registrations is not taken, as a sentence. */
import { filledIn } from '../filled-in.ts';

/** Why a word, or a mail to the address for registrations, could not be carried out. */
export type RegistrationTrouble =
  | 'no-right'
  | 'no-feed'
  | 'which-form'
  | 'unknown-word'
  | 'smime'
  | 'needs-reply'
  | 'no-number'
  | 'unknown-number'
  | 'reason-too-long'
  | 'not-pending'
  | 'not-in-force'
  | 'already-confirmed'
  | 'nobody-found'
  | 'several-found'
  | 'too-many-links';

const TROUBLES: Record<RegistrationTrouble, string> = {
  'no-right':
    '「{address}」からの登録のメールは、受け付けていません。契約を送ることのできる職員が、ご自身のアドレスから送ってください。',
  'no-feed':
    '登録のCSVが添付されていません。CSVを添付して送り直してください。登録を調べるときは、1行目に「登録 会社名」と書いてください。',
  'which-form':
    'どの電子申請フォームの登録か分かりません（{forms}）。件名にフォームの名前を書いて送り直してください。',
  'unknown-word':
    '1行目の「{line}」を読み取れません。「登録 会社名」「許可 番号」「却下 番号 理由」「再送 番号」「希望確認 会社名」「一覧」のいずれかを書いてください。',
  smime:
    'メール（「{file}」）がS/MIMEで暗号化されているか、電子署名の中に収められていて、読み取れません。暗号化をせず、署名を付けるときは「クリアテキスト署名」を選んで送り直してください。',
  'needs-reply':
    '「{line}」は、登録の結果のメールか、「登録 会社名」への回答のメールに返信して書いてください。',
  'no-number':
    '番号を「{word} 57」のように書いてください。番号は、お知らせのメールの「番号」の欄にあります。',
  'unknown-number': '番号{number}の登録はありません。お知らせのメールの「番号」の欄をお確かめください。',
  'reason-too-long':
    '理由が{value}文字あるため、何も行っていません。{limit}文字以内にして（下に元のメールの文が続いているときは消して）、もう一度返信してください。',
  'not-pending':
    '番号{number}の登録は、許可を待っていません。すでに許可または却下されたか、取り下げられています。',
  'not-in-force': '番号{number}の登録は、いま使われていません。',
  'already-confirmed': '番号{number}の登録は、到達確認が済んでいます。',
  'nobody-found':
    '「{asked}」に当てはまる登録がありません。相手方に、電子申請でのメールアドレス登録をお願いしてください。{formUrl}',
  'several-found': '「{asked}」に当てはまる登録が複数あります。整理番号で書いてください：{choices}',
  'too-many-links':
    '番号{number}の相手方には、本日はこれ以上お送りできません。届いたメールの確認をお願いしてください。',
};

/** What is missing among `args` reads 「（不明）」. */
export function troubleSentence(code: RegistrationTrouble, args: Readonly<Record<string, string>>): string {
  return filledIn(TROUBLES[code], args);
}
