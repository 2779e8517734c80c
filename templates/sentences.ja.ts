/** The Japanese sentence of every refusal: what is wrong and what to do next. */

import { filledIn } from './filled-in.ts';
import { warningSentence } from './warnings.ja.ts';

/** Why a contract mail cannot be taken. `pdf-refused:` repeats the codes of signing's PdfRefusalCode, which templates may not import. */
export type DraftRefusalCode =
  | 'missing-counterparty'
  | 'missing-title'
  | 'missing-approver'
  | 'no-pdf'
  | 'pictures-only'
  | 'empty-file'
  | 'pdf-refused:not-a-pdf'
  | 'pdf-refused:unreadable'
  | 'pdf-refused:truncated'
  | 'pdf-refused:encrypted'
  | 'pdf-refused:junk-around'
  | 'pdf-refused:certified'
  | 'pdf-refused:usage-rights'
  | 'pdf-refused:xfa'
  | 'pdf-refused:already-signed'
  | 'pdf-refused:attachments'
  | 'pdf-refused:portfolio'
  | 'pdf-refused:active-content'
  | 'pdf-refused:contradictory-xref'
  | 'word-file'
  | 'encrypted-zip'
  | 'encrypted-on-the-way'
  | 'zip-file'
  | 'unknown-file'
  | 'document-not-attached'
  | 'decided-digest-differs'
  | 'too-many-documents'
  | 'too-many-boxes'
  | 'staff-box-open'
  | 'not-registered'
  | 'not-confirmed'
  | 'registration-pending'
  | 'registration-unreachable'
  | 'ambiguous-registration'
  | 'same-address'
  | 'same-counterparty'
  | 'missing-glyph'
  | 'approver-not-staff'
  | 'approver-is-initiator'
  | 'not-approver'
  | 'shared-mailbox'
  | 'not-initiator'
  | 'not-proven'
  | 'bad-date'
  | 'no-such-date'
  | 'bad-term'
  | 'bad-amount'
  | 'date-without-year'
  | 'weekday-differs'
  | 'bad-access-code'
  | 'form-in-quote'
  | 'unknown-label'
  | 'duplicate-label'
  | 'deadline-past'
  | 'ambiguous-line'
  | 'winmail'
  | 'smime'
  | 'too-large'
  | 'needs-reply'
  | 'bad-search'
  | 'nearly-trial'
  | 'not-understood';

/** Why a reply word or a click cannot be carried out now. */
export type CommandRefusalCode =
  | 'not-your-turn'
  | 'already-consented'
  | 'already-concluded'
  | 'withdrawn'
  | 'declined'
  | 'expired'
  | 'not-yet-sent'
  | 'already-sent'
  | 'being-sealed'
  | 'too-late-to-withdraw'
  | 'head-changed'
  | 'boxes-not-right'
  | 'link-voided'
  | 'wrong-secret'
  | 'wrong-code'
  | 'nothing-to-take-back'
  | 'too-late-to-take-back'
  | 'ahead-of-clock'
  | 'not-later'
  | 'too-many-links'
  | 'unknown-word'
  | 'nearly-word'
  | 'file-with-unknown-word'
  | 'initiators-word'
  | 'approvers-word'
  | 'return-instead'
  | 'registration-word'
  | 'not-for-second'
  | 'add-without-pdf'
  | 'reason-too-long'
  | 'file-with-go-ahead'
  | 'lines-with-go-ahead'
  | 'empty-reply'
  | 'ask-which'
  | 'needs-confirmation'
  | 'not-the-vendors'
  | 'address-in-use'
  | 'holder-consented'
  | 'second-person-needed'
  | 'second-not-staff'
  | 'not-second'
  | 'nothing-proposed'
  | 'correct-the-draft'
  | 'bad-address-change'
  | 'address-not-here'
  | 'came-anew'
  | 'anew-draft'
  | 'anew-running'
  | 'anew-concluded'
  | 'anew-ended'
  | 'anew-over'
  | 'busy';

export type RefusalCode = DraftRefusalCode | CommandRefusalCode;

/** Args are named in braces; each is a word or two as the sender wrote it. */
const SENTENCES: Record<RefusalCode, string> = {
  'missing-counterparty':
    '契約相手方が書かれていません。「契約相手方：会社名 役職 氏名 <メールアドレス>」の行を書いてください。',
  'missing-title': '契約件名が書かれていません。「契約件名：」の行を書いてください。',
  'missing-approver':
    '自治体側の署名者が書かれていません。「承認者：役職 氏名 <メールアドレス>」の行を書いてください。',
  'no-pdf': '契約書のPDFが添付されていません。PDFにして添付してください。',
  'pictures-only':
    '契約書のPDFが添付されていません。画像（{file}）は、契約書としてお受けできません。スキャンしたものや写真は、PDFにして添付してください。',
  'empty-file':
    '「{file}」は、中身のない空のファイルです。お手元で開けることを確かめ、PDFを添付してください。',
  'pdf-refused:not-a-pdf':
    '「{file}」はPDFではありません。ワードやエクセルで「名前を付けて保存」を選び、種類を「PDF」にして保存したものを添付してください。',
  'pdf-refused:unreadable':
    '「{file}」はPDFとしての作りが崩れていて、正しく読み取れません。元のワードやエクセルから「名前を付けて保存」でPDFを作り直して添付してください。元の文書がないときは、PDFを開いて「Microsoft Print to PDF」に印刷したものをお使いください。',
  'pdf-refused:truncated':
    '「{file}」は途中で切れています。保存や送信がまだ終わっていないファイルかもしれません。お手元で最後のページまで開けることを確かめ、もう一度添付してください。',
  'pdf-refused:encrypted':
    '「{file}」には、開くためのパスワードか、印刷や編集の制限がかかっています。パスワードなしで開けても、制限が残っていることがあります。元のワードやエクセルから、パスワードも制限も付けずにPDFを作り直して添付してください。',
  'pdf-refused:junk-around':
    '「{file}」の前か後ろに、PDFではない余分なデータが付いています。Webページからの保存やほかのソフトでの加工で付くことがあります。元の文書からPDFを作り直すか、入手し直して添付してください。',
  'pdf-refused:certified':
    '「{file}」には、あとから署名を加えることを禁じる電子署名が付いています。署名前のPDFを添付してください。',
  'pdf-refused:usage-rights':
    '「{file}」には、Adobe Readerの機能を広げる設定（Reader拡張）が付いていて、署名を加えられません。PDFを開いて「Microsoft Print to PDF」に印刷したものを添付してください。',
  'pdf-refused:xfa':
    '「{file}」は特殊な入力フォーム（XFA）のPDFで、見るソフトによって表示が変わります。必要な欄に記入してから「Microsoft Print to PDF」に印刷したものを添付してください。',
  'pdf-refused:already-signed':
    '「{file}」にはすでに電子署名があります。新しい署名を正しく加えられないため、署名前のPDFを添付してください。締結済みの契約書を参考に付けるときは、「Microsoft Print to PDF」に印刷した写しをお使いください。',
  'pdf-refused:attachments':
    '「{file}」の中に別のファイルが埋め込まれています。埋め込みを外してPDFを作り直してください。契約に必要なファイルは、それぞれPDFにして添付してください。',
  'pdf-refused:portfolio':
    '「{file}」は、いくつものファイルを束ねたPDF（PDFポートフォリオ）です。中の文書を1つずつPDFとして保存し、それぞれ添付してください。',
  'pdf-refused:active-content':
    '「{file}」には、開いたときに動くプログラムや動画が入っていて、あとで表示が変わるおそれがあります。「Microsoft Print to PDF」に印刷したものを添付してください。',
  'pdf-refused:contradictory-xref':
    '「{file}」は、見るソフトによって違う内容が表示されるおそれがあります。元のワードやエクセルからPDFを作り直して添付してください。元の文書がないときは、PDFを開いて「Microsoft Print to PDF」に印刷したものをお使いください。',
  'word-file': '「{file}」はワードまたはエクセルのファイルです。PDFに変換して添付してください。',
  'encrypted-zip': '「{file}」はパスワード付きZIPのため、開けません。PDFのまま添付してください。',
  'encrypted-on-the-way': '「{file}」：添付が暗号化ZIPに変わっています。情報担当へ除外設定をご依頼ください。',
  'zip-file': '「{file}」はZIPファイルです。中のPDFを取り出して、そのまま添付してください。',
  'unknown-file': '「{file}」は扱えない種類のファイルです。PDFにして添付するか、外して送ってください。',
  'decided-digest-differs':
    '文書「{value}」の内容が、決裁時のハッシュ（SHA-256）と違います。決裁済みのファイルを添付するか、行を直してください。',
  'document-not-attached':
    '文書「{value}」のファイル（{file}）が添付されていません。添付するか、行を直してください。',
  'too-many-documents': '文書が多すぎます。1件につき{limit}点までです。まとめるか、分けて送ってください。',
  'too-many-boxes':
    '記入欄（PDFの入力フォーム）が多すぎます。1件につき{limit}か所までです。文書を分けるか、入力フォームを外したPDFを添付してください。',
  'staff-box-open':
    '「{file}」の記入欄「{value}」は担当職員が記入する欄ですが、空いています。記入したPDFを添付してください。',
  'not-registered':
    '契約相手方「{value}」の登録が見つかりません。相手方に、電子申請でのメールアドレス登録をお願いしてください。{formUrl}',
  'not-confirmed':
    '契約相手方「{value}」は登録されていますが、アドレス（{address}）の到達確認が済んでいません。相手方に、登録確認のメールのURLを開いて「受信を確認する」を押すようお願いしてください。メールが見当たらないときは、「登録 会社名」と書いたメールをお送りいただくと、送り直しの方法をお知らせします。アドレスが違うときは、電子申請での変更申請をお願いしてください。{formUrl}',
  'registration-pending':
    '契約相手方「{value}」の登録は、職員の許可を待っています（番号{number}）。「登録 会社名」と書いたメールを送り、その回答に「許可 {number}」と返信してください。登録し直すときは、電子申請での登録を相手方にお願いしてください。{formUrl}',
  'registration-unreachable':
    '契約相手方「{value}」の登録のアドレス（{address}）には、メールが届きませんでした。相手方に、受信の設定を確かめるか、電子申請でアドレスの変更を申請するようお願いしてください。{formUrl}',
  'ambiguous-registration':
    '「{value}」に当てはまる登録が複数あります（{choices}）。契約相手方に「整理番号」で書いてください。',
  'same-address':
    '相手方確認者と契約相手方のメールアドレスが同じです。別のアドレスにするか、相手方確認者の行を空けてください。',
  'same-counterparty':
    '同じメールアドレスの契約相手方が2回書かれています。1人ずつ別のアドレスにするか、重なった行を消してください。',
  'missing-glyph':
    '「{text}」の「{value}」（{codePoints}）は、合意締結証明書に印刷できない文字です。代わりの文字で書いて（登録された名前のときは、相手方に登録の変更をお願いして）送り直すか、字体の追加を「操作」の窓口へご相談ください。',
  'approver-not-staff':
    '署名者のアドレス「{address}」は、職員のアドレスではありません。職員本人のアドレスを書いてください。',
  'not-approver':
    '「{address}」は、承認のできる職員として登録されていません。署名者にできる方を、下の「操作」の窓口へお確かめください。',
  'shared-mailbox':
    '「{address}」は課の共用メールボックスです。承認した方を確かめられないため、職員本人のアドレスを書いてください。',
  'not-proven':
    'ご本人からのメールと確かめられないため、承認をお受けできません。お願いのメールのURLを開いて承認するか、ご自身のアドレスからもう一度返信してください。',
  'not-initiator':
    '「{address}」からは契約書を受け付けていません。送ることのできる職員が、ご自身のアドレスから送ってください。送れるはずの方は、下の「操作」の窓口へご連絡ください。',
  'approver-is-initiator': '署名者が、送信した方と同じです。別の職員を署名者にしてください。',
  'bad-date': '「{label}」の日付「{value}」を読み取れません。「令和8年12月1日」のように書いてください。',
  'no-such-date': '「{label}」の「{value}」は、暦にない日付です。日付を確かめて、直してください。',
  'bad-term':
    '「{label}」の「{value}」を読み取れません。「令和8年12月1日から令和9年3月26日まで」か「契約締結日から令和9年3月26日まで」のように、終わりの日を年から書いてください。',
  'bad-amount':
    '「{label}」の金額「{value}」を読み取れません。「1,100,000円（税込）」のように書いてください。別紙の単価表などで定めるときは、この行を消してください。',
  'date-without-year':
    '「{label}」の日付「{value}」に年がありません。「令和8年12月1日」のように、年から書いてください。',
  'weekday-differs':
    '「{label}」の「{value}」は、日付と曜日が合いません。日付を確かめ、曜日を直すか消してください。',
  'bad-access-code':
    '「{label}」は、「あり」（番号を自動で作ります）か、半角の英数字と「-」4～32文字で書いてください。相手方には、電話などメール以外の方法で伝えてください。',
  'form-in-quote':
    '様式が、引用された元のメールの中に書き込まれています。引用の中は読みません。書き入れた行を、返信のいちばん上に写して送ってください。',
  'unknown-label': '「{line}」の行は様式にありません。項目名を直すか、行を消してください。',
  'duplicate-label': '「{label}」が2回書かれ、内容が違います。どちらか1つにしてください。',
  'deadline-past': '期限が過ぎた日付になっています。これからの日付を書いてください。',
  'ambiguous-line': '「{line}」の行を1通りに読み取れません。様式の書き方に合わせて直してください。',
  winmail:
    '添付ファイルが「winmail.dat」に変わっていて開けません。Outlookの形式を「HTML」か「テキスト」にして送り直してください。',
  smime:
    'メールか添付ファイル「{file}」が、S/MIMEで暗号化されているか、電子署名の中に収められていて、読み取れません。暗号化をせず、署名を付けるときは「クリアテキスト署名」を選んで（Outlookでは「署名されたメッセージを送信する際は、クリアテキストで送信する」）、送り直してください。',
  'too-large': '文書の合計が大きすぎます。合計{limit}までです。小さくするか、分けて送ってください。',
  'bad-search':
    '検索の条件「{line}」を1通りに読み取れません。「取引日：2026/4/1～2027/3/31」「相手方：株式会社サンプル」「金額：100万円～500万円」のように、1つの条件を1行に1回だけ書いてください。「2026/4/1～」のような片方だけの範囲と「空欄」も書けます。',
  'needs-reply':
    '「{line}」は、どの契約のことか分かりませんでした。受付番号のあるメールに返信して、1行目に書いてください。',
  'nearly-trial':
    '「{line}」は、PDFが途中で変わらずに届くかを確かめる「テスト」のことでしょうか。確かめるときは、1行目に「テスト」とだけ書き、PDFを添付して送ってください。契約にはなりません。',
  'not-understood':
    '「{line}」の意味を読み取れませんでした。このアドレスは、契約書の受付専用です。契約書を送るときは様式に書き入れ、PDFを添付してください。お尋ねは、下の「操作」の窓口へお願いします。',
  'not-your-turn': 'まだ順番が来ていません。順番が来ましたらメールでお願いしますので、お待ちください。',
  'already-consented': 'すでに同意をいただいています。していただくことはありません。',
  'already-concluded':
    'この契約はすでに締結されていて、取り消しや変更はできません。変更は、変更契約として新しく送ってください。',
  withdrawn: 'この契約は取りやめになりました。',
  declined: 'この契約は同意が得られず終わりました。',
  expired: 'この契約は期限が過ぎて終わりました。',
  'not-yet-sent': 'この契約はまだ相手方に送っていません。',
  'already-sent':
    'この契約は、すでに「依頼」をいただき、手続きが進んでいます。直すときは、1行目に「中止」と書いて返信し、届いたお知らせに、直す行だけを書いて返信してください。',
  'being-sealed':
    'この契約は、同意をいただき、電子署名の処理をしています。いただいた返信の内容には応じられません。',
  'too-late-to-withdraw':
    '全員の同意がそろったため、中止できません。変更や解除は、契約の担当課で別にお手続きください。',
  'link-voided':
    '返信されたメールのあとに、新しいメールをお送りしています（内容を直したときや、送り直したときなど）。いちばん新しいメールをご確認ください。',
  'nothing-to-take-back': '取り消す同意がありません。いまの状態は、契約の担当課へお尋ねください。',
  'head-changed':
    'お送りしたあとで文書の内容が変わったため、この返信ではお受けできません。いちばん新しいメールで内容を確かめ、そのメールに返信してください。',
  'boxes-not-right':
    '文書の記入欄が埋まっていないか、書けない内容が入っています。メールのURLを開き、画面で記入してください。',
  'wrong-secret':
    '返信されたメールは、ほかの方に宛てたものです。宛先のご本人が、ご自身のアドレスから返信してください。',
  'wrong-code':
    '「承認」に続く4桁の数字が違います。お願いのメールにある数字を書いて、もう一度返信してください。',
  'too-late-to-take-back':
    '次の方が同意したため、同意を取り消せません。事情は、契約の担当課へご相談ください。',
  'ahead-of-clock':
    '送信の時刻が現在より進んでいます。お使いの機器の時計を合わせて、もう一度お試しください。',
  'not-later': 'いまの期限より後の日付を、「延長 令和8年12月10日」のように書いてください。',
  'too-many-links':
    '本日はこれ以上、新しいURLをお送りできません。届いたメールを確かめるか、下の窓口へご連絡ください。',
  'initiators-word': '「{line}」は、契約書を送った担当職員だけが使える言葉です。',
  'approvers-word': '「{line}」は、承認をお願いした方だけが使える言葉です。',
  'return-instead':
    '「{line}」は、登録のメールへの返信で使う言葉です。承認をお願いした契約を戻す言葉は「差戻し」です。続けて理由を書けます。',
  'registration-word':
    '「{line}」は登録についての言葉で、契約のメールへの返信では使えません。「登録」と「希望確認」は新しいメールで、「許可」と「却下」は登録のメールへの返信で送ってください。',
  'not-for-second': '「{line}」は、宛先変更の確認をお願いするメールへの返信では使えません。',
  'add-without-pdf':
    '「追加」のメールにPDFが添付されていません。足すPDFを添付して、もう一度返信してください。',
  'reason-too-long':
    '理由が{value}文字あるため、何も行っていません。{limit}文字以内にして（下に元のメールの文が続いているときは消して）、もう一度返信してください。',
  'file-with-go-ahead':
    '「依頼」の返信に「{file}」が添付されています。文書を替えたり足したりするのか分からないため、何も送っていません。替えるときや足すときは、先に「追加」と書いてファイルを送り、新しい受付のメールに「依頼」と返信してください。そのまま送るときは、添付せずに「依頼」と返信してください。',
  'lines-with-go-ahead':
    '「依頼」の下に、契約の項目が書かれています。直してから送るのか分からないため、何も送っていません。直すときは、先に直す行だけを返信し、新しい受付のメールに「依頼」と返信してください。そのまま送るときは、「依頼」とだけ書いて返信してください。',
  'unknown-word':
    '1行目の「{line}」は、決まった言葉ではありません。決まった言葉だけを1行目に書いてください。',
  'nearly-word':
    '1行目が「{line}」となっています。「{word}」のことでしたら、その言葉だけを1行目に書いて返信してください。かぎかっこ、句読点、ほかの言葉は付けません。',
  'file-with-unknown-word':
    '1行目の「{line}」が決まった言葉ではないため、添付の「{file}」は受け取っていません。足すときも差し替えるときも、1行目に「追加」とだけ書き、ファイルを付け直して返信してください。',
  'empty-reply': '返信に何も書かれていません。決まった言葉を1行目に書いてください。',
  'ask-which':
    '何を取り消すのか分かりませんでした。契約の手続き全体をやめる言葉は「中止」です（担当職員が、全員の同意がそろうまで使えます）。',
  'needs-confirmation':
    '注意をお知らせしています。内容を確かめたうえで、1行目に「依頼 確認済」と書いて返信してください。',
  'not-the-vendors':
    '「宛先変更」で変えられるのは、相手方のアドレスだけです。職員の署名者を替えるときは、いったん「中止」し、届いたお知らせに、署名者の行を書いて返信してください。',
  'address-in-use':
    '新しいアドレスは、この契約のほかの方がすでに使っています。別のアドレスを書いてください。',
  'holder-consented': '宛先を変えようとした方は、すでに同意しています。同意した方の宛先は変えられません。',
  'second-person-needed':
    '登録のないアドレスへの変更には、別の職員の確認が必要です。2行目に「確認者：」に続けて、別の職員のアドレスを書いてください。',
  'second-not-staff':
    '確認者「{address}」は、職員のアドレスではありません。別の職員本人のアドレスを書いてください。',
  'not-second':
    '「{address}」は、宛先変更の確認のできる職員として登録されていません。確認できる方を、下の「操作」の窓口へお確かめください。',
  'nothing-proposed': 'この宛先変更は、すでに確認が済んでいます。していただくことはありません。',
  'correct-the-draft':
    'この契約はまだ相手方に送っていません。「契約相手方：」の行に正しいアドレスを書いて返信してください。',
  'bad-address-change':
    '「{line}」の宛先を1通りに読み取れません。「宛先変更 新しいアドレス」、または「宛先変更 古いアドレス → 新しいアドレス」と書いてください。',
  'address-not-here':
    '「{address}」は、この契約の相手方のアドレスではありません。「状況」でいまのアドレスをお確かめください。',
  'came-anew':
    '受付{former}は、前の返信により、受付{number}としてすでに新しく受け付けています。今回の返信の内容は、受け付けていません。',
  'anew-draft': '受付{number}は、まだ送っていません。',
  'anew-running': '受付{number}は、すでに「依頼」をいただき、手続きが進んでいます。',
  'anew-concluded': '受付{number}は、締結が完了しています。変更は、変更契約として新しく送ってください。',
  'anew-ended': '受付{number}も、締結されずに終わっています。',
  'anew-over': '受付{number}も終わり、返信では受け付けられません。',
  busy: 'ただいま別の処理をしています。数分待ってから、もう一度お試しください。',
};

const UNKNOWN_CODE = 'お受けできませんでした。下の「操作」の窓口へお問い合わせください。';

/**
 * The sentence for one refusal. A problem with a labelled line may bring `label` and `value` instead of `line`;
 * an argument that is missing reads 「（不明）」 rather than a gap, and a code from outside the union gets a general sentence.
 */
export function refusalSentence(
  code: RefusalCode | `check:${string}`,
  args: Readonly<Record<string, string>>,
): string {
  if (isCheck(code)) return warningSentence(code.slice('check:'.length), args);
  const line = [args.label, args.value].filter((part) => part).join('：');
  const given: Record<string, string> = { line, ...args };
  // It stands in 「」 itself.
  given.line = given.line!.replaceAll('「', '『').replaceAll('」', '』');
  const sentence: string | undefined = SENTENCES[code];
  return filledIn(sentence ?? UNKNOWN_CODE, given);
}

function isCheck(code: string): code is `check:${string}` {
  return code.startsWith('check:');
}

/** Every code there is, for tests and manuals. */
export const REFUSAL_CODES = Object.keys(SENTENCES) as readonly RefusalCode[];
