/** What the state pages and the registration's pages say, in English. */

type Row = readonly [japanese: string, english: string];

const STATES: readonly Row[] = [
  ['お手続きは済んでいます', 'Already completed'],
  [
    'このURLでの手続きは、すでに完了しています。していただくことはありません。',
    'The procedure behind this link is complete. There is nothing left to do.',
  ],
  ['このURLは新しいものに替わりました', 'This link has been replaced'],
  [
    'あとからお送りしたメールのURLを開いてください。',
    'Please open the link in the email that we sent later.',
  ],
  [
    'メールが見当たらないときは、下の窓口へご連絡ください。',
    'If you cannot find that email, please contact the desks below.',
  ],
  [
    'メールが見当たらないときは、「新しいリンクを送る」を押してください。登録のアドレスへ新しいURLをお送りします。',
    'If you cannot find that email, press “Send a new link”: it is emailed to the registered address.',
  ],
  ['文書が新しくなりました', 'The documents have changed'],
  [
    '画面を開いたあとに文書が変わったため、同意はまだ行われていません。',
    'The documents changed after you opened the page, so no consent has been given yet.',
  ],
  [
    'メールのURLをもう一度開き、新しい文書を確認してください。',
    'Please open the link in the email again and read the new documents.',
  ],
  ['期限が過ぎました', 'The deadline has passed'],
  [
    '期限までに手続きが終わらなかったため、契約は成立していません。',
    'The procedure was not completed in time, so there is no contract.',
  ],
  [
    'あらためて手続きが必要なときは、下の「契約の内容」の窓口へご連絡ください。',
    'If the contract is still needed, please contact the desk “About the contract” below.',
  ],
  ['依頼は取り消されました', 'The request was withdrawn'],
  [
    'この署名依頼は取り消されました。契約は成立していません。していただくことはありません。',
    'This request was withdrawn. There is no contract. There is nothing for you to do.',
  ],
  [
    'ご不明な点は、下の窓口へお問い合わせください。',
    'If you have questions, please contact the desks below.',
  ],
  ['手続きは終了しました', 'The procedure has ended'],
  [
    '関係者の同意が得られず、手続きは終わりました。契約は成立していません。',
    'Not everyone consented, and the procedure has ended. There is no contract.',
  ],
  [
    '紙の契約のご希望により、電子契約の手続きは終わりました。契約は成立していません。',
    'A contract on paper was requested, so the electronic procedure has ended. There is no contract.',
  ],
  ['承認できる職員の一覧にありません', 'You are not on the list of approvers'],
  [
    '承認は行われていません。承認のできる職員の一覧に、このアドレスがないためです。',
    'Nothing was approved, because this address is not on the list of staff who may approve.',
  ],
  [
    '人事異動などで変わったときは、下の「操作」の窓口へご連絡ください。',
    'If this has changed, please contact the desk “About this site” below.',
  ],
  ['まだ順番ではありません', 'It is not your turn yet'],
  [
    'ほかの方の手続きを待っています。順番が来ましたら、メールでお願いします。',
    'Someone else has to act first. You will receive an email when it is your turn.',
  ],
  ['仕上げの処理をしています', 'Final processing'],
  ['契約は締結されています', 'The contract is concluded'],
  [
    'すべての手続きが完了しています。文書は、「電子署名完了のお知らせ」のメールからダウンロードしてください。',
    'Everything is complete. Please download the documents from the email 「電子署名完了のお知らせ」.',
  ],
  ['同意を取り消せません', 'The consent cannot be taken back'],
  [
    '次の方が同意したため、取り消せなくなりました。',
    'The next person has consented, so it can no longer be taken back.',
  ],
  [
    '事情は、下の「契約の内容」の窓口へご相談ください。',
    'Please talk to the desk “About the contract” below.',
  ],
  ['ダウンロードの有効期間が過ぎました', 'The download has expired'],
  ['契約は有効です。文書は失われていません。', 'The contract is valid and the documents are not lost.'],
  [
    '「新しいリンクを送る」を押すと、登録のアドレスへ新しいURLをお送りします。',
    'Press “Send a new link” and a new link is emailed to the registered address.',
  ],
  ['新しいリンクを送る', 'Send a new link'],
  [
    '新しいURLは、この契約に登録されたメールアドレスだけにお送りします。',
    'It is sent only to the address registered for this contract.',
  ],
  ['新しいリンクを送りました', 'A new link has been sent'],
  ['新しいリンクを送りました：<1>', 'A new link has been sent: <1>'],
  [
    '登録のアドレス（<1>）へ、新しいURLをメールでお送りします。',
    'It is emailed to the registered address (<1>).',
  ],
  [
    '先にお送りしたURLは使えなくなりました。いちばん新しいメールのURLを開いてください。',
    'Earlier links no longer work. Please open the link in the newest email.',
  ],
  [
    '数分待っても届かないときは、迷惑メールのフォルダーを確かめるか、下の窓口へご連絡ください。',
    'If it does not arrive within a few minutes, look into your spam folder or contact the desks below.',
  ],
  ['本日はこれ以上お送りできません', 'No more can be sent today'],
  [
    '新しいURLは、登録のアドレスへすでにお送りしています。届いたメールをご確認ください。',
    'A new link has already been emailed to the registered address. Please look for that email.',
  ],
  [
    '見当たらないときは、下の窓口へご連絡ください。',
    'If you cannot find it, please contact the desks below.',
  ],
  ['しばらく入力できません', 'No more tries for now'],
  [
    'アクセスコードの間違いが続いたため、受け付けを止めています。同意はまだ行われていません。',
    'The access code was entered wrongly too often, so no more tries are taken. Nothing has been agreed to.',
  ],
  [
    'しばらく待ってから、メールのURLをもう一度開いてください。分からないときは、下の「契約の内容」の窓口へお電話ください。',
    'Wait a while, then open the link in the email again. If you do not know the code, call the desk for the contract below.',
  ],
  [
    '署名用暗証番号の間違いが続いたため、受け付けを止めています。同意はまだ行われていません。',
    'The signing PIN was entered wrongly too often, so no more tries are taken. Nothing has been agreed to.',
  ],
  [
    'しばらく待ってから、メールのURLをもう一度開いてください。暗証番号を忘れたときは、下の「契約の内容」の窓口へお電話ください。',
    'Wait a while, then open the link in the email again. If you have forgotten the PIN, call the desk for the contract below.',
  ],
  ['操作が続きすぎています', 'Too many requests'],
  [
    '短い時間に操作が重なったため、受け付けていません。数分待ってから、もう一度お試しください。',
    'There were too many requests in a short time. Please wait a few minutes and try again.',
  ],
  ['送られた内容が大きすぎます', 'What was sent is too large'],
  [
    '内容が大きすぎるため、受け付けていません。何も記録していません。',
    'It was too large to be accepted. Nothing was recorded.',
  ],
  [
    'ブラウザーの「戻る」で前の画面に戻り、文章を短くしてから、もう一度お試しください。',
    'Please go back in your browser, shorten the text and try again.',
  ],
  ['この操作は受け付けていません', 'This was not accepted'],
  [
    '別のサイトの画面から送られた操作のため、受け付けていません。何も記録していません。',
    'It came from a page of another site. Nothing was recorded.',
  ],
  ['お手続きは、メールのURLを開いて行ってください。', 'Please open the link in the email to go on.'],
  ['庁内のネットワークから開いてください', 'Please open this from the municipality’s network'],
  [
    '職員の手続きは、自治体が定めたネットワークの中だけで行えます。いまの接続先からは開けません。',
    'Staff can act only within the networks that the municipality names. This connection is not one of them.',
  ],
  [
    '庁内の端末でメールのURLを開くか、依頼のメールに返信して手続きしてください。',
    'Open the link on an office computer, or reply to the email.',
  ],
  ['ページが見つかりません', 'Page not found'],
  ['URLが途中で切れているか、間違っています。', 'The link is incomplete or wrong.'],
  [
    'メールのURLを、最後の文字までそのまま開いてください。それでも開けないときは、メールに書かれた窓口へお問い合わせください。',
    'Please open the link in the email up to its last character. If it still does not work, contact the desk named in the email.',
  ],
  ['ただいま処理をしています', 'Please wait'],
  ['数分待ってから、画面を読み込み直してください。', 'Please wait a few minutes and reload the page.'],
  ['処理できませんでした', 'Something went wrong'],
  [
    '申し訳ございません。こちらの不具合により、処理できませんでした。',
    'We are sorry: a fault on our side kept us from doing this.',
  ],
  [
    'しばらく待ってから、メールのURLをもう一度開いてください。続くときは、メールに書かれた窓口へお問い合わせください。',
    'Please wait a while and open the link in the email again. If the fault persists, contact the desk named in the email.',
  ],
  ['お使いのブラウザーでは表示できません', 'Your browser cannot show this page'],
  [
    'Internet Explorerには対応していません。お手数ですが、メールのURLを次のどれかで開いてください。',
    'Internet Explorer is not supported. Please open the link in the email with one of these.',
  ],
  ['スマートフォンでも開けます。', 'You can also use a smartphone.'],
  [
    'Microsoft Edgeでこの画面が出るときは、「Internet Explorerモード」になっています。このモードを終了してから開いてください。',
    'If Microsoft Edge shows this page, it is in Internet Explorer mode. Please leave that mode and open the link again.',
  ],
];

const REGISTRATION: readonly Row[] = [
  ['メールアドレスの登録確認', 'Confirmation of your email address'],
  [
    '<1>の電子契約に使うアドレスとして、次のとおりご登録いただいています。',
    'This address has been registered for electronic contracts with <1>.',
  ],
  ['整理番号', 'Receipt number'],
  ['メールアドレス', 'Email address'],
  [
    '登録されたＥメールアドレスで契約を締結した場合は、代表者が同意した契約とみなしますので予めご了承ください。（了承します）',
    'I accept that a contract concluded with the registered email address is deemed to have been agreed to by our representative.',
  ],
  ['代表者が同意した契約とみなすことの了承', 'Contracts are deemed to have been agreed to'],
  ['確認はまだ済んでいません。次の項目をご確認ください。', 'Not confirmed yet. Please check these items.'],
  ['受信を確認しただけでは契約になりません。', 'Confirming receipt does not bind you to anything.'],
  [
    '契約書に署名するときの、ご本人の確認に使うことがあります。数字か英字で6文字以上20文字以内、大文字と小文字を区別します。職員にも分からない番号ですので、忘れないように保管し、誰にも伝えないでください。',
    'It may be asked for when you sign a contract. 6 to 20 digits or letters; capital and small letters are different. The staff do not know it: keep it safe and tell it to nobody.',
  ],
  ['署名用暗証番号（もう一度）', 'Signing PIN (again)'],
  ['署名用暗証番号を決めて、入力してください。', 'Choose a signing PIN and enter it.'],
  [
    '署名用暗証番号は、数字か英字の6文字以上20文字以内にしてください。',
    'The signing PIN must have 6 to 20 digits or letters.',
  ],
  [
    '2つの署名用暗証番号が違います。両方とも、もう一度入力してください。',
    'The two signing PINs differ. Enter both again.',
  ],
  ['受信を確認する', 'Confirm receipt'],
  [
    'お心当たりのないときは、何も押さずに、この画面を閉じてください。',
    'If you do not know of this, press nothing and close this page.',
  ],
  ['受信を確認しました', 'Receipt confirmed'],
  [
    'ありがとうございました。このアドレスを電子契約に使えるようになりました。',
    'Thank you. This address can now be used for electronic contracts.',
  ],
  [
    '契約書の準備ができましたら、署名のお願いをメールでお送りします。この画面は閉じて構いません。',
    'When a contract is ready you will receive an email. You may close this page.',
  ],
  ['受信の確認は済んでいます', 'Already confirmed'],
  [
    'このアドレスの確認は、すでに済んでいます。していただくことはありません。',
    'This address has already been confirmed. There is nothing left to do.',
  ],
  ['この登録は使われていません', 'This registration is not in use'],
  [
    '登録が取り下げられたか、新しい登録に替わりました。していただくことはありません。',
    'It was withdrawn or replaced by a newer one. There is nothing left to do.',
  ],
  [
    'お心当たりのないときは、下の「契約の内容」の窓口へお問い合わせください。',
    'If you do not know of this, please contact the desk “About the contract” below.',
  ],
  ['URLの期限が過ぎました', 'The link has expired'],
  [
    '「新しいURLを送る」を押すと、登録のアドレスへ新しいURLをお送りします。',
    'Press “Send a new link” and a new link is emailed to the registered address.',
  ],
  ['新しいURLを送る', 'Send a new link'],
  ['新しいURLは、登録のアドレスだけにお送りします。', 'It is sent only to the registered address.'],
  ['新しいURLを送りました', 'A new link has been sent'],
  ['登録のアドレスへ、新しいURLをメールでお送りします。', 'It is emailed to the registered address.'],
  ['契約方法の希望確認', 'Paper or electronic?'],
  [
    '<1>との契約を、電子契約と紙の契約のどちらで結ぶか、お選びください。',
    'Please choose whether to conclude the contract with <1> electronically or on paper. ',
  ],
  ['お返事だけでは契約になりません。', 'Your answer does not bind you to anything.'],
  [
    '電子契約：費用、会員登録、インストールは不要です。収入印紙も要りません。',
    'Electronic: no fee, no account, no installation, no revenue stamp.',
  ],
  [
    '紙の契約：これまでどおり、契約書に記名押印していただきます。',
    'Paper: you sign and seal the contract as before.',
  ],
  ['電子契約を希望する', 'I prefer an electronic contract'],
  ['「電子契約」と承りました', 'You prefer an electronic contract'],
  [
    'ありがとうございました。担当職員に知らせました。契約書の準備ができましたら、メールでお知らせします。',
    'Thank you. The person in charge has been told. You will receive an email when the contract is ready.',
  ],
  [
    'ありがとうございました。担当職員に知らせました。このあとのことは、担当職員からご連絡します。',
    'Thank you. The person in charge has been told and will contact you.',
  ],
  ['お返事はすでに承っています', 'We already have your answer'],
  [
    'お考えが変わったときは、下の「契約の内容」の窓口へご連絡ください。',
    'If you have changed your mind, please contact the desk “About the contract” below.',
  ],
];

export const STATES_IN_ENGLISH: readonly Row[] = [...STATES, ...REGISTRATION];
