// The labels of a contract mail and what is understood in their place (WORDING, "The contract mail").

export type LabelName =
  | 'title'
  | 'kind'
  | 'counterparty'
  | 'checker'
  | 'approver'
  | 'observers'
  | 'contractNumber'
  | 'amount'
  | 'plannedDate'
  | 'effectiveDate'
  | 'term'
  | 'deadline'
  | 'approvalNumber'
  | 'authority'
  | 'original'
  | 'guarantee'
  | 'document'
  | 'decidedDigest'
  | 'note';

export interface LabelledLine {
  /** Null when the label is none of ours. */
  label: LabelName | null;
  /** The label as written, normalised. */
  written: string;
  value: string;
  /** The N of 文書N, 契約相手方N and 決裁時ハッシュN. */
  number?: number;
}

const SYNONYMS: Record<Exclude<LabelName, 'document' | 'decidedDigest'>, string[]> = {
  title: ['契約件名', '件名', '契約名', '契約名称', '案件名', '工事名'],
  kind: ['種別', '契約種別', '契約の種別'],
  counterparty: ['契約相手方', '契約の相手方', '相手方', '宛先', '締結権限者', '契約締結権限者'],
  checker: ['相手方確認者', '確認者', '事務担当者', '契約事務担当者'],
  approver: [
    '村側署名者',
    '町側署名者',
    '市側署名者',
    '区側署名者',
    '県側署名者',
    '自治体側署名者',
    '承認者',
  ],
  observers: ['共有', '共有先'],
  contractNumber: ['契約番号'],
  amount: ['契約金額', '契約額', '請負代金額'],
  plannedDate: ['契約締結予定日', '契約日', '契約予定日', '締結予定日'],
  effectiveDate: ['効力発生日', '履行開始日'],
  term: ['履行期間', '契約期間', '工期'],
  deadline: ['期限', '署名期限'],
  approvalNumber: ['決裁番号'],
  authority: ['権限の根拠', '権限'],
  original: ['元契約', '原契約', '当初契約', '変更前の契約'],
  guarantee: ['契約保証', '契約保証金'],
  note: ['伝言'],
};

const BY_NAME = new Map(
  Object.entries(SYNONYMS).flatMap(([label, names]) =>
    names.map((name) => [name, label as LabelName] as const),
  ),
);

/** 「X：値」, perhaps behind a bullet or a number; a URL (https://) is no label. */
const LABELLED = /^(?:[・●○■□◆◇*]|\(?\d{1,2}[.)])?\s*([^:<>@]{1,24}?)\s*:(?!\/\/)\s*(.*)$/u;
const LABEL_LENGTH = 12;

/** Reads one normalised line; null when it is not of the shape of a label (more than 12 characters, a clock time). */
export function readLabelledLine(line: string): LabelledLine | null {
  const match = LABELLED.exec(line);
  if (match === null) return null;
  const written = match[1]!.replace(/\s/g, '');
  const value = match[2]!;
  const document = /^文書(\d{1,2})$/.exec(written);
  if (document !== null) return { label: 'document', written, value, number: Number(document[1]) };
  const decided = /^決裁時(?:ハッシュ|sha-?256)(\d{1,2})?$/i.exec(written);
  if (decided !== null) return { label: 'decidedDigest', written, value, number: Number(decided[1] ?? 1) };
  const [, stem = '', digits] = /^(.*?)(\d{1,2})$/.exec(written) ?? [];
  if (digits !== undefined && BY_NAME.get(stem) === 'counterparty') {
    return { label: 'counterparty', written, value, number: Number(digits) };
  }
  const label = BY_NAME.get(written) ?? null;
  const isClock = /\d$/.test(written) && /^\d/.test(value);
  if (label === null && (isClock || [...written].length > LABEL_LENGTH)) return null;
  return { label, written, value };
}

/** A line that opens with one of our labels but forgets the colon. */
export function opensLikeLabel(line: string): boolean {
  const [word = '', ...rest] = line.split(/[\s=]+/);
  return rest.length > 0 && word.length >= 4 && BY_NAME.has(word);
}
