// What staff read when a row of the registration feed was not taken: what is wrong, then what to do.

const CSV_FORM = '「登録用CSVの様式」をご覧ください。';

const SENTENCES = {
  'unknown-encoding': () =>
    'ファイルの文字コードを判別できません。「CSV UTF-8」または「CSV（Shift_JIS）」で保存し直してください。',
  workbook: () =>
    'Excelのブックは取り込めません。「CSV UTF-8」または「CSV（Shift_JIS）」で保存し直してください。',
  'feed-too-large': ({ limit }) =>
    `ファイルが大きすぎます（上限${megabytes(limit)}MB）。この行から先は取り込んでいません。分けて取り込んでください。`,
  'too-many-rows': ({ limit }) =>
    `行が多すぎます（上限${Number(limit).toLocaleString('ja-JP')}行）。この行から先は取り込んでいません。分けて取り込んでください。`,
  'row-too-long': ({ limit }) =>
    `この行が長すぎます（上限${Number(limit).toLocaleString('ja-JP')}文字）。この行から先は取り込んでいません。引用符（"）や改行をご確認ください。`,
  'unreadable-characters': ({ column }) =>
    `「${column}」に読み取れない文字（文字化けまたは外字）があります。申請者にご確認のうえ、書き換えて取り込んでください。`,
  'broken-csv': () => 'この行から先は取り込んでいません。引用符（"）の閉じ忘れがないかご確認ください。',
  'no-header': () => `ファイルに見出し行がありません。${CSV_FORM}`,
  'missing-columns': ({ columns }) =>
    `次の列がありません：${columns}。見出し行に加えて、もう一度取り込んでください。${CSV_FORM}`,
  'repeated-column': ({ column }) =>
    `「${column}」の列が2つあります。1つにして、もう一度取り込んでください。`,
  'wrong-cell-count': ({ found, expected }) =>
    `値が${found}個あり、見出しの${expected}個と合いません。カンマを含む値は引用符（"）で囲んでください。`,
  'missing-value': ({ column }) => `「${column}」が空欄です。申請者に確認し、記入して取り込んでください。`,
  'bad-applied-at': ({ column, value }) =>
    `「${column}」の「${value}」を日時として読み取れません。「2026/11/21 9:03」の形で記入してください。`,
  'bad-address': ({ column, value }) =>
    `「${column}」の「${value}」はメールアドレスとして使えません。申請者に正しいアドレスをご確認ください。`,
  'incomplete-checker': ({ column }) =>
    `「${column}」が空欄です。事務担当者は氏名とメールアドレスの両方を記入するか、両方を空欄にしてください。`,
  'same-address': ({ address }) =>
    `事務担当者と締結権限者のメールアドレスが同じです（${address}）。別のアドレスを申請者にご確認ください。`,
  'no-declaration': ({ column, value }) =>
    `「${column}」が${value ? `「${value}」` : '空欄'}で、同意が確認できません。電子契約を希望しない場合は紙の契約となります。`,
  'unknown-status': ({ column, value }) =>
    `「${column}」の「${value}」がどういう状態か、設定にありません。登録してよいかご確認のうえ、設定に加えるか、書き換えて取り込んでください。`,
  'not-accepted-yet': ({ value }) =>
    `処理状況が「${value}」です。受理されたあとの一覧を取り込むと登録します。`,
  'mistyped-address': ({ column, value, meant }) =>
    `「${column}」の「${value}」は打ち間違いのようです。「${meant}」ではありませんか。申請者にご確認ください。このアドレスで正しいときは、備考にアドレスをもう一度記入して取り込んでください。`,
  'free-mail': ({ column, value }) =>
    `「${column}」の「${value}」はフリーメールです。会社のアドレスをご登録いただくか、使う理由を備考に記入するようお願いしてください。`,
  'carrier-mail': ({ column, value }) =>
    `「${column}」の「${value}」は携帯電話会社のアドレスです。会社のアドレスをご登録いただくか、使う理由を備考に記入するようお願いしてください。`,
} satisfies Record<string, (args: Record<string, string>) => string>;

function megabytes(octets: string | undefined): string {
  return Math.floor(Number(octets) / 1_048_576).toLocaleString('ja-JP');
}

/** The codes that have a sentence. */
export type RegistrationSentenceCode = keyof typeof SENTENCES;

/** The sentence for one refused row, without its line number. */
export function registrationSentence(
  code: RegistrationSentenceCode,
  args: Readonly<Record<string, string>>,
): string {
  return SENTENCES[code]({ ...args });
}

const ASKS = {
  'free-mail': 'フリーメールのアドレスです。備考の理由をご確認ください。',
  'carrier-mail': '携帯電話会社のアドレスです。備考の理由をご確認ください。',
  'unusual-domain': '打ち間違いに見えるアドレスですが、備考に同じものが記入されています。',
  'change-of-address':
    'アドレスの変更申請です。申請者に電話などでご確認ください。許可すると、これまでのアドレスにもお知らせします。',
  contested:
    '同じ整理番号で、別のアドレスまたは同じ日時の別の内容が申し込まれています。どちらが正しいかご確認ください。',
} satisfies Record<string, string>;

/** The codes of what waits for staff. */
export type AskSentenceCode = keyof typeof ASKS;

/** Why a registration waits for a go-ahead. */
export function askSentence(code: AskSentenceCode): string {
  return ASKS[code];
}

/** What staff should know of a row beyond its fate. */
export const rowSentences = {
  late: 'より新しい申込みがあるため、この内容は使いません。',
  withdrawn:
    '取り下げられたため、この整理番号の登録は使えなくなりました。進行中の契約の宛先は変わりません。取りやめるときは、その契約のメールに「中止」と返信してください。',
};

/** What became of the rows, as figures. */
export interface ImportFigures {
  readonly accepted: number;
  readonly superseding: number;
  readonly pending: number;
  readonly unchanged: number;
  readonly withdrawn: number;
  readonly refused: number;
}

/** What the operator reads after an import, and what stands in its way. */
export const importSentences = {
  taken: (file: string, municipality: string, form: string) =>
    `${file}を${municipality}の登録（フォーム：${form}）に取り込みました。`,
  notTaken: (file: string) => `${file}を読み取れません。1件も登録していません。`,
  figures: (counts: ImportFigures) =>
    `新規${counts.accepted}件、更新${counts.superseding}件、許可待ち${counts.pending}件、取下げ${counts.withdrawn}件、変更なし${counts.unchanged}件、登録しなかった行${counts.refused}件`,
  refusedRow: (line: number, receiptNumber: string | null, reasons: readonly string[]) =>
    `${line}行目${receiptNumber === null ? '' : `（整理番号${receiptNumber}）`}：${reasons.join('')}`,
  noFile: (file: string) => `ファイルを開けません：${file}`,
  progress: (rows: number) => `${rows.toLocaleString('ja-JP')}行まで取り込みました。`,
  noForm: (name: string, known: readonly string[]) =>
    `設定にフォーム「${name}」がありません。次のいずれかを指定してください：${known.join('、')}`,
  noMunicipality: (id: string, known: readonly string[]) =>
    `設定に自治体「${id}」がありません。次のいずれかを指定してください：${known.join('、')}`,
  whichMunicipality: (known: readonly string[]) =>
    `自治体が複数あります。次のいずれかを指定してください：${known.join('、')}`,
};
