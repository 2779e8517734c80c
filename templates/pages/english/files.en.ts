/** The English of the executed files' pages: how to check them and how to keep them. */

export const FILES_IN_ENGLISH: readonly (readonly [japanese: string, english: string])[] = [
  ['電子署名の確かめ方', 'How to check the signatures'],
  [
    '無料のAdobe Acrobat Readerで、締結した内容のままであることを確かめられます。ブラウザーで開いた画面では確かめられません。',
    'With Adobe Acrobat Reader, which is free, you can check that the contract is as it was concluded. A browser does not show this.',
  ],
  [
    'ダウンロードしたPDFを、パソコンのAdobe Acrobat Readerで開きます。',
    'Open the downloaded PDF in Adobe Acrobat Reader on a computer.',
  ],
  [
    '文書の上に帯が出ます。「署名済みであり、すべての署名が有効です。」とあれば、締結したときから変わっていません。',
    'A bar appears above the document. “Signed and all signatures are valid.” means that nothing has changed since the contract was concluded.',
  ],
  [
    '帯の「署名パネル」を押すと、電子署名の一覧が出ます。左の印を押して開くと、同意した人と日時、タイムスタンプ（その時刻に文書があったことの証明）が分かります。',
    '“Signature Panel” on the bar shows a list of the signatures. Open one by the sign on its left to see who consented, when, and the timestamp (proof that the document existed at that time).',
  ],
  [
    'Acrobatの帯の図：緑の印と、すべての署名が有効であるという文、右の下に署名パネルのボタン',
    'Drawing of the bar in Acrobat: a green sign, the sentence that all signatures are valid, and below at the right the button of the signature panel',
  ],
  ['署名済みであり、すべての署名が有効です。', 'Signed and all signatures are valid.'],
  ['署名パネル', 'Signature Panel'],
  [
    '署名パネルの図：電子署名が1行ずつ並び、開いた1行に同意した人と日時、タイムスタンプが出ている',
    'Drawing of the signature panel: one line for each signature; an open line shows who consented, when, and the timestamp',
  ],
  ['署名', 'Signature'],
  ['バージョン 1：電子署名が有効です', 'Rev. 1: signature is valid'],
  ['バージョン 2：電子署名が有効です', 'Rev. 2: signature is valid'],
  ['理由：○○様が○年○月○日に承認しました', 'Reason: approved by … on …'],
  ['署名にはタイムスタンプが埋め込まれています', 'Signature includes an embedded timestamp'],
  [
    '印影はありませんが、印影のある署名（可視署名）と同様に契約締結でき、電子文書の証拠や安全性も確保できます。',
    'There is no image of a seal. The contract is concluded just as with a visible signature, and is equally sound as evidence.',
  ],
  ['違う表示が出たときは', 'When something else appears'],
  ['「少なくとも1つの署名に問題があります。」', '“At least one signature has problems.”'],
  [
    '書き込みや編集をしたファイルかもしれません。もう一度ダウンロードして、何も書き込まずに開いてください。それでも出るときは、お問い合わせください。',
    'The file may have been written to or edited. Please download it again and open it without writing to it. If it still appears, please ask us.',
  ],
  ['「検証が必要な署名があります。」', '“At least one signature requires validating.”'],
  [
    'インターネットにつながっていることを確かめ、署名パネルで「すべてを検証」を押してください。',
    'Please make sure that you are connected to the Internet and press “Validate All” in the signature panel.',
  ],
  ['帯が出ない', 'No bar appears'],
  [
    'ほかのソフトで開いているか、印刷などで作り直したファイルです。ダウンロードしたままのファイルを開いてください。',
    'The file was opened in other software, or is one made anew, by printing for example. Please open the file as it was downloaded.',
  ],
  ['メールでも確かめられます', 'Checking by email'],
  [
    'PDFを添付して、次のアドレスへメールでお送りください。結果をメールでお返しします。',
    'Please send the PDF by email to this address. The result comes back by email (in Japanese).',
  ],
  ['ダウンロードの画面に戻る', 'Back to the downloads'],
  ['印刷用（契約書の写し）をダウンロードする', 'Download for printing (copy of the contract)'],
  [
    'すべての文書を1つにまとめ、各ページに「契約書の写し」と入れたファイルです。電子署名が付かないため、原本の代わりになりません。',
    'One file of all documents, each page marked 「契約書の写し」 (copy of the contract). It has no signatures and does not replace the originals.',
  ],
  ['印刷用のファイルは作れませんでした。', 'The file for printing could not be made.'],
  [
    'この契約の文書は、印刷用の1つのファイルにまとめられません。印刷するときは、上の文書を1つずつ開いて印刷してください。',
    'The documents of this contract cannot be put together as one file for printing. To print them, please open and print the documents above one by one.',
  ],
  [
    '電子署名とタイムスタンプが付いているため、内容が変わればそれと分かります。',
    'With its signatures and timestamps a file shows whether it has been changed.',
  ],
  [
    '電子データで受け取った契約書は、電子データのまま保存します（電子帳簿保存法第7条）。日付・取引先・金額で検索できるようにしてください。ファイル名に3つとも入れておくと、それで検索できます。',
    'A contract received as electronic data must be kept as electronic data (Article 7 of the Electronic Books Preservation Act). Please make sure that it can be searched by date, counterparty and amount; a file name with all three is enough.',
  ],
  [
    '保存場所は、必要なときにすぐ画面に出し、印刷もできる社内の共有フォルダーなどにし、控えも別の場所に置いてください。メールやこの画面は、保存場所の代わりになりません。',
    'Keep the files where they can be displayed and printed at any time, such as a shared folder of your company, and keep a copy elsewhere. Emails and this page do not replace such a place.',
  ],
];
