/** What a vendor reads and accepts when it confirms its address (R7, R7b: 建設業法19条3項, 建設業法施行令5条の5). */

/** Stored with each acceptance; grows with every change of the sentences below. */
export const DECLARATION_VERSION = '2026-11';

/** R7, in the words of the municipalities. */
export const DEEMED_CONSENT =
  '登録されたＥメールアドレスで契約を締結した場合は、代表者が同意した契約とみなしますので予めご了承ください。';

/** R7b: kind and content of the means, said before the vendor agrees to it. */
export const ELECTRONIC_MEANS: readonly string[] = [
  '契約書は、紙に代えてPDFの電子ファイルで取り交わします。収入印紙は要りません。',
  '契約書ができると、このアドレスへURLをメールでお送りします。画面で内容を確認し、同意していただくと、電子署名とタイムスタンプを付けます。',
  '締結した契約書は、メールの添付または画面からのダウンロードでお渡しします。PDFを開けるソフトでご覧いただけ、印刷もできます。',
  '紙の契約を希望されるときは、契約ごとに、同意の前であればいつでもお申し出いただけます。',
];
