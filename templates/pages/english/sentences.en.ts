/** The pages' sentences in English, each beside its Japanese; `<1>`, `<2>` stand for whatever is put in. The Japanese one is what holds. */

type Row = readonly [japanese: string, english: string];

const FRAME: readonly Row[] = [
  ['<1>｜<2> 電子契約', '<1> | <2> Electronic contracts'],
  ['<1>｜電子契約', '<1> | Electronic contracts'],
  ['<1> 電子契約', '<1> Electronic contracts'],
  ['電子契約', 'Electronic contracts'],
  ['本文へ移動', 'Skip to main content'],
  ['お問い合わせ', 'Contact'],
  ['契約の内容', 'About the contract'],
  ['操作', 'About this site'],
  ['<1>（平日<2>、土日及び祝日は除きます。）', '<1> (weekdays <2>, closed on weekends and public holidays)'],
  ['試験用・法的効力なし', 'For testing only: no legal effect'],
  [
    'お名前とメールアドレスは、契約の締結・証明・連絡に使い、契約書の電子署名と合意締結証明書に記載します。',
    'Your name and email address are used to conclude and prove the contract and to contact you; they are shown in the electronic signatures and in the certificate of agreement.',
  ],
];

const CONSENT: readonly Row[] = [
  ['<1>から、<2>へ', 'From <1> to <2>'],
  ['契約書の確認と署名をお願いします。', 'Please review and sign the contract.'],
  ['契約書の内容の確認をお願いします。', 'Please review the contract.'],
  ['契約書の確認と承認をお願いします。', 'Please review and approve the contract.'],
  ['開いただけでは契約になりません。', 'Opening this page does not bind you to anything.'],
  ['費用、会員登録、インストールは不要です。', 'No fee, no account and no installation are needed.'],
  [
    '承認されると、<1>名義の契約として確定します。',
    'Your approval makes this a contract in the name of <1>.',
  ],
  ['期限は', 'The deadline is '],
  ['です。', '.'],
  ['担当者からの伝言', 'Message from the person in charge'],
  ['文書の確認', 'Documents'],
  ['文書のダウンロード', 'Download the documents'],
  [
    '文書 {document} ({document}/{documents})　{page}/{pages}ページ',
    'Document {document} ({document}/{documents}), page {page}/{pages}',
  ],
  ['文書 {document} ({document}/{documents})', 'Document {document} ({document}/{documents})'],
  ['{page}ページ', 'Page {page}'],
  ['文書を読み込んでいます。', 'Loading the document.'],
  [
    'ここには表示できませんでした。ダウンロードして、内容を確認してください。',
    'The document could not be shown here. Please download and read it.',
  ],
  [
    'この文書には、ここに表示できない文字があります。ダウンロードして、内容を確認してください。',
    'Some characters of this document cannot be shown here. Please download and read it.',
  ],
  [
    'まだ確認していない文書です。内容を確認してから、もう一度「完了する」を押してください。',
    'You have not read this document yet. Please read it, then press “Complete” again.',
  ],
  ['済', 'Done'],
  ['検索しています（{page}/{pages}ページ）', 'Searching (page {page}/{pages})'],
  ['{hit}/{hits}件', '{hit} of {hits}'],
  ['見つかりません', 'Not found'],
  [
    '検索できる文字がない文書です（画像など）',
    'This document has no text that can be searched (a picture, for example)',
  ],
  ['文書 <1> (<2>)', 'Document <1> (<2>)'],
  ['縮小', 'Zoom out'],
  ['拡大', 'Zoom in'],
  ['幅に合わせる', 'Fit width'],
  ['拡大表示', 'Full view'],
  ['元に戻す', 'Close full view'],
  ['ページ一覧', 'Pages'],
  ['文書内の検索', 'Search in document'],
  ['次へ', 'Next'],
  ['前へ', 'Previous'],
  ['文書の表示', 'Document view'],
  [
    '拡大表示もできます。文書の上では、キーの「＋」で拡大、「－」で縮小、「0」で幅に合わせます。スマートフォンでは、2本の指で拡大できます。',
    'You can enlarge the view. In the document, the keys + and − zoom in and out and 0 fits the width. On a phone, zoom with two fingers.',
  ],
  ['「<1>」をダウンロードする（PDF、<2>枚、<3>）', 'Download “<1>” (PDF, <2> pages, <3>)'],
  ['確認事項', 'Please confirm'],
  ['内容を確かめて、チェックを入れてください。', 'Please check this and tick the box.'],
  ['アクセスコード', 'Access code'],
  [
    '担当職員から電話などでお伝えした番号です。メールには書かれていません。分からないときは、下の「契約の内容」の窓口へお電話ください。',
    'The number that the person in charge has given you, by telephone for example. It is not written in any email. If you do not know it, call the desk for the contract below.',
  ],
  ['アクセスコードを入力してください。', 'Enter the access code.'],
  [
    'アクセスコードが違います。もう一度入力してください。続けて間違えると、しばらく入力できなくなります。',
    'The access code is wrong. Enter it again. After several wrong tries no more are taken for a while.',
  ],
  ['署名用暗証番号', 'Signing PIN'],
  [
    'メールアドレスの登録を確認したときに、ご自身で決めた番号です。職員には分かりません。忘れたときは、下の「契約の内容」の窓口へお電話ください。',
    'The PIN that you chose when you confirmed your email address. The staff do not know it. If you have forgotten it, call the desk for the contract below.',
  ],
  ['署名用暗証番号を入力してください。', 'Enter the signing PIN.'],
  [
    '署名用暗証番号が違います。もう一度入力してください。続けて間違えると、しばらく入力できなくなります。',
    'The signing PIN is wrong. Enter it again. After several wrong tries no more are taken for a while.',
  ],
  ['お名前と役職に間違いはありません', 'My name and title are correct'],
  ['必須', 'Required'],
  ['任意', 'Optional'],
  [
    '違うときは、同意せずに、下の「契約の内容」の窓口へご連絡ください。',
    'If they are not, do not consent; contact the desk “About the contract” below.',
  ],
  [
    '説明を読み、電子契約によることに同意します',
    'I have read the explanation and agree to contract electronically',
  ],
  ['電子契約についての説明（<1>版）', 'About electronic contracts (version <1>)'],
  [
    '契約書は、紙に代えてPDFの電子ファイルで取り交わします。収入印紙は要りません。',
    'The contract is exchanged as PDF files instead of paper. No revenue stamp is needed.',
  ],
  [
    '契約書ができると、このアドレスへURLをメールでお送りします。画面で内容を確認し、同意していただくと、電子署名とタイムスタンプを付けます。',
    'When a contract is ready, a link is emailed to this address. Once you have read it and consented on the page, electronic signatures and timestamps are added.',
  ],
  [
    '締結した契約書は、メールの添付または画面からのダウンロードでお渡しします。PDFを開けるソフトでご覧いただけ、印刷もできます。',
    'You receive the concluded contract attached to an email or as a download. Any PDF software shows and prints it.',
  ],
  [
    '紙の契約を希望されるときは、契約ごとに、同意の前であればいつでもお申し出いただけます。',
    'For each contract you can ask for paper instead at any time before you consent.',
  ],
  [
    '登録されたＥメールアドレスで契約を締結した場合は、代表者が同意した契約とみなしますので予めご了承ください。',
    'A contract concluded with the registered email address is deemed to have been agreed to by your representative.',
  ],
  ['チェックリスト', 'Checklist'],
  ['リストを押すと該当箇所へ移動します。', 'Press an item to go to its place on the page.'],
  ['<1>の表示', 'View of <1>'],
  ['未', 'Open'],
  ['確認', 'Review'],
  ['承認', 'Approval'],
  ['契約の概要', 'Summary'],
  ['契約件名', 'Contract'],
  ['契約金額', 'Amount'],
  ['契約締結予定日', 'Planned date of contract'],
  ['履行期間', 'Term'],
  ['<1>から<2>まで', '<1> to <2>'],
  ['決裁番号', 'Decision number'],
  ['受付番号', 'Reference number'],
  ['必須項目:', 'Required items:'],
  ['完了する', 'Complete'],
  ['手続きの順番', 'Order of consent'],
  ['<1>：あなた', '<1>: you'],
  ['済（<1>）', 'done, <1>'],
  ['手続き中', 'in progress'],
  ['このあと', 'to follow'],
  ['契約相手方：<1>', 'Contractor: <1>'],
  ['契約相手方', 'Contractor'],
  ['相手方確認者：<1>', 'Checker: <1>'],
  ['相手方確認者', 'Checker'],
  ['<1>側署名者：<2>', 'For the municipality: <2>'],
];

const BOXES: readonly Row[] = [
  ['手続きはまだ終わっていません。次の項目をご確認ください。', 'Not finished yet. Please check these items.'],
  ['まだお送りしていません。次の項目をご確認ください。', 'Not sent yet. Please check these items.'],
  ['記入欄', 'Fields to fill in'],
  ['記入欄<1>', 'Field <1>'],
  [
    '「必須」の欄は、必ず記入してください。記入した内容は、署名の前に文書へ書き込まれます。',
    'Fill in every field marked “Required”. What you enter is written into the document before it is signed.',
  ],
  [
    '次の欄は、このあと契約締結権限者（署名をする方）が記入します。',
    'The person entitled to conclude the contract (the signatory) will fill in these fields later.',
  ],
  ['記入された内容', 'What was filled in'],
  [
    '文書に書き込まれています。変更はできません。',
    'It has been written into the documents and can no longer be changed.',
  ],
  ['チェックあり', 'Ticked'],
  ['文書<1> <2>', 'Document <1>: <2>'],
  ['文書の該当箇所を見る', 'Show this place in the document'],
  ['選んでください', 'Please choose'],
  ['選んでください。', 'Please choose.'],
  ['記入してください。', 'Please fill this in.'],
  ['<1>文字まで', 'Up to <1> characters'],
  ['<1>文字以内で記入してください。', 'Please use no more than <1> characters.'],
  ['一覧から選び直してください。', 'Please choose from the list again.'],
  [
    '使えない文字が含まれています。記入し直してください。',
    'This contains characters that cannot be used. Please enter it again.',
  ],
  [
    '「<1>」は、この文書に書き込めない文字です。別の文字で記入してください。',
    '“<1>” cannot be written into this document. Please use another character.',
  ],
  ['文字が多く、欄に入りきりません。短くしてください。', 'The text does not fit. Please shorten it.'],
  [
    'メールのURLを開き直して、もう一度記入してください。',
    'Please open the link in the email again and fill in the fields anew.',
  ],
];

const OTHER_WAYS: readonly Row[] = [
  ['担当者に質問する', 'Ask a question'],
  [
    '担当職員にメールで届きます。お返事は、担当職員からあなたのアドレスへ直接お送りします。質問しても、手続きは進みも終わりもしません。',
    'Your question is emailed to the person in charge, who answers to your address. Asking neither advances nor ends the procedure.',
  ],
  ['質問（<1>文字まで）', 'Question (up to <1> characters)'],
  ['質問', 'Question'],
  ['質問を送る', 'Send the question'],
  ['質問を書いてください。', 'Please write a question.'],
  [
    '本日はこれ以上お送りできません。この文面はお送りしていません。お急ぎのときは、下の「契約の内容」の窓口へお電話ください。',
    'No more questions can be sent today, and this one was not. If it is urgent, please call the desk “About the contract” below.',
  ],
  ['紙の契約を希望する', 'I prefer a contract on paper'],
  [
    '電子契約の手続きはここで終わり、紙の契約を希望されたことを担当職員に知らせます。このあとのことは、担当職員からご連絡します。',
    'The electronic procedure ends here and the person in charge is told that you prefer paper. They will contact you.',
  ],
  ['同意せずに却下する', 'Decline without consenting'],
  ['承認せずに差し戻す', 'Send back without approving'],
  [
    '内容に問題があるときは、先に下の「契約の内容」の窓口へご相談ください。却下すると手続きは終わり、担当職員に知らせます。',
    'If something is wrong, please first talk to the desk “About the contract” below. Declining ends the procedure, and the person in charge is told.',
  ],
  [
    '差し戻すと手続きは終わり、担当職員に知らせます。',
    'Sending it back ends the procedure, and the person in charge is told.',
  ],
  ['理由（書かなくても構いません。<1>文字まで）', 'Reason (optional, up to <1> characters)'],
  ['理由', 'Reason'],
  [
    '<1>文字以内で書いてください。いまは<2>文字です。',
    'Please use no more than <1> characters. There are <2> now.',
  ],
];

const CONFIRMATION: readonly Row[] = [
  ['同意の確認', 'Confirm your consent'],
  ['同意の確認：<1>', 'Confirm your consent: <1>'],
  [
    '「署名手続きを完了する」を押すと、<1>として次の文書に同意したことを記録し、文書に電子署名を行います。',
    '“Complete signing” records that you consent to these documents as <1>, and signs them electronically.',
  ],
  [
    '「確認を完了する」を押すと、<1>が次の文書の内容を確認し、同意したことを記録します。',
    '“Complete the review” records that <1> has reviewed these documents and agrees.',
  ],
  [
    '「承認を完了する」を押すと、<1>が<2>名義の契約として次の文書を承認したことを記録し、文書に電子署名を行います。',
    '“Complete the approval” records that <1> approves these documents as a contract in the name of <2>, and signs them electronically.',
  ],
  ['<1>（<2>枚）', '<1> (<2> pages)'],
  [
    '次の方が同意するまでは、取り消すことができます。',
    'You can take it back until the next person consents.',
  ],
  [
    '完了すると契約が成立します。あとから取り消せません。',
    'This concludes the contract. It cannot be taken back.',
  ],
  [
    '同意にもとづき、<1>が管理する鍵で電子署名を行います。',
    'Based on your consent, the documents are signed with a key operated by <1>.',
  ],
  ['内容の確認だけです。電子署名は行いません。', 'This is a review only. Nothing is signed.'],
  ['本日完了した場合、契約日は<1>です。', 'If completed today, the date of the contract is <1>.'],
  ['文書には、次のとおり書き込みます。', 'This will be written into the documents.'],
  ['（記入はありません。）', '(Nothing was filled in.)'],
  ['署名手続きを完了する', 'Complete signing'],
  ['確認を完了する', 'Complete the review'],
  ['承認を完了する', 'Complete the approval'],
  ['戻って確認する', 'Go back and check'],
  ['戻って直す', 'Go back and correct'],
];

const AFTERWARDS: readonly Row[] = [
  ['同意を記録しました：<1>', 'Consent recorded: <1>'],
  ['署名の手続きが完了しました', 'Signing is complete'],
  ['確認の手続きが完了しました', 'The review is complete'],
  ['承認の手続きが完了しました', 'The approval is complete'],
  [
    '同意を記録しました。この画面は閉じて構いません。記録の控えをメールでもお送りします。',
    'Your consent has been recorded. You may close this page. A copy of the record follows by email.',
  ],
  [
    'このあと、次の方へ手続きをお願いします。すべて終わりましたら、「電子署名完了のお知らせ」をメールでお送りします。',
    'The next person will now be asked. When everything is complete, you will receive an email 「電子署名完了のお知らせ」 (electronic signing completed).',
  ],
  [
    '全員の同意がそろいました。仕上げの処理が終わりましたら、「電子署名完了のお知らせ」をメールでお送りします。',
    'Everyone has consented. Once the final processing is complete, you will receive an email 「電子署名完了のお知らせ」 (electronic signing completed).',
  ],
  ['同意した方', 'Consented by'],
  ['日時', 'Date and time'],
  ['同意した文書', 'Documents consented to'],
  [
    'SHA-256は、文書の内容から計算した値です。内容が少しでも変わると、違う値になります。',
    'SHA-256 is a value calculated from the contents of a document. The slightest change gives a different value.',
  ],
  ['記入した内容', 'What you filled in'],
  ['同意を取り消す', 'Take back the consent'],
  [
    '次の方が同意するまでは、この画面でも、メールのURLを開き直しても、取り消すことができます。取り消すと、同意する前の状態に戻ります。',
    'Until the next person consents you can take it back here, or through the link in the email. Everything is then as before your consent.',
  ],
  ['却下しました', 'Declined'],
  ['差し戻しました', 'Sent back'],
  ['却下しました：<1>', 'Declined: <1>'],
  ['差し戻しました：<1>', 'Sent back: <1>'],
  ['同意は行われていません。契約は成立していません。', 'No consent was given. There is no contract.'],
  [
    '電子契約の手続きは終わりました。同意は行われていません。契約は成立していません。',
    'The electronic procedure has ended. No consent was given. There is no contract.',
  ],
  [
    '<1>の担当職員にメールで知らせました。このあとのことは、担当職員からご連絡します。この画面は閉じて構いません。',
    'The person in charge at <1> has been told by email and will contact you. You may close this page.',
  ],
  ['「紙の契約」と承りました', 'You prefer paper'],
  ['「紙の契約」と承りました：<1>', 'You prefer paper: <1>'],
  ['質問をお送りしました', 'Your question has been sent'],
  ['質問をお送りしました：<1>', 'Your question has been sent: <1>'],
  [
    '<1>の担当職員にメールでお送りしました。お返事は、担当職員から<2>へお送りします。',
    'It was emailed to the person in charge at <1>, who will answer to <2>.',
  ],
  [
    '手続きは進んでも終わってもいません。期限も変わりません。',
    'The procedure has neither advanced nor ended, and the deadline is unchanged.',
  ],
  ['お送りした質問', 'Your question'],
  ['手続きの画面に戻る', 'Back to the procedure'],
  ['同意を取り消しました', 'Consent taken back'],
  ['同意を取り消しました：<1>', 'Consent taken back: <1>'],
  [
    '同意する前の状態に戻りました。契約は成立していません。担当職員にはメールで知らせました。',
    'Everything is as before your consent. There is no contract. The person in charge has been told by email.',
  ],
  [
    '問題がなくなりましたら、期限までにあらためてお手続きください。',
    'When the matter is settled, please consent again before the deadline.',
  ],
  ['文書の確認に戻る', 'Back to the documents'],
];

const DOWNLOAD: readonly Row[] = [
  ['署名完了文書ダウンロード', 'Download of the signed documents'],
  ['署名完了文書ダウンロード：<1>', 'Download of the signed documents: <1>'],
  [
    'すべての手続きが完了しました。次の文書をダウンロードしてください。',
    'Everything is complete. Please download these documents.',
  ],
  ['<1>をダウンロード', 'Download <1>'],
  ['ダウンロード', 'Download'],
  ['まとめてダウンロード（ZIP）', 'Download all (ZIP)'],
  ['ダウンロード有効期間：<1>日間（<2>まで）', 'Available for <1> days (until <2>)'],
  [
    '有効期間を過ぎると、ダウンロードができなくなります。必ずダウンロードして保管するようお願いいたします。',
    'After that, downloading is no longer possible. Please be sure to download and keep the documents.',
  ],
  ['保管について', 'Keeping the documents'],
  [
    'PDFが契約書の原本です。印刷したものは「契約書の写し」になります。',
    'The PDF is the original. A printout is a copy of the contract (契約書の写し).',
  ],
  [
    'マーカーを含め内容を編集すると電子署名は無効になります。ファイル名は変えても差し支えありません。',
    'Editing the file, even with a marker, invalidates the signatures. Renaming it does no harm.',
  ],
  [
    '可読性・検索性を担保できる場所で保管してください。',
    'Keep the files where they can be read and searched.',
  ],
];

export const ENGLISH: readonly Row[] = [
  ...FRAME,
  ...CONSENT,
  ...BOXES,
  ...OTHER_WAYS,
  ...CONFIRMATION,
  ...AFTERWARDS,
  ...DOWNLOAD,
];
