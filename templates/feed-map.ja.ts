// What `keiyakubin feed map` says about a form's real export, beside the settings it proposes.

const REASONS = {
  name: '',
  similar: '（見出しが似ています。ご確認ください）',
  content: '（値の内容から判断しました。ご確認ください）',
} as const;

const ENCODINGS = {
  'utf-8': 'UTF-8',
  cp932: 'CP932',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
} as const;
const DELIMITERS = { comma: 'カンマ', tab: 'タブ', semicolon: 'セミコロン' } as const;

export const feedMapSentences = {
  title: (file: string) => `${file}の読み取り案です。実際の内容と合っているかご確認ください。`,
  shape: (encoding: keyof typeof ENCODINGS, delimiter: keyof typeof DELIMITERS, columns: number) =>
    `文字コード：${ENCODINGS[encoding]}、区切り：${DELIMITERS[delimiter]}、${columns}列`,
  matches: '見出しの対応',
  match: (column: string, header: string, reason: keyof typeof REASONS) =>
    `${column} ← ${header}${REASONS[reason]}`,
  missing: (columns: readonly string[]) =>
    `見つからない項目：${columns.join('、')}。見出しを fields に書き加えてください。フォームにない項目は [] と書きます。`,
  unknown: (headers: readonly string[]) =>
    `使わない列：${headers.join('、')}。登録とともに残すものは keep に書き加えてください。`,
  rows: (count: number) => `初めの${count}件の読み取り`,
  noRows: '見出しのほかに行がありません。1件でも申請のあるファイルでお試しください。',
  row: (line: number) => `${line}行目`,
  value: (name: string, value: string) => `${name}：${value}`,
  unreadableRow: (line: number, reasons: readonly string[]) => `${line}行目：${reasons.join('')}`,
  settings: '設定（municipalities[].forms）に次のように書きます。',
  badRowCount: (value: string) => `--rows は1から100までの整数で指定してください：${value}`,
};
