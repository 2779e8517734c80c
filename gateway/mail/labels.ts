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
  | 'method'
  | 'noticeDate'
  | 'announced'
  | 'accessCode'
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
  title: ['契約件名', '件名', '契約名', '契約名称', '案件名', '工事名', '業務名', '委託業務名', '事業名'],
  kind: ['種別', '契約種別', '契約の種別', '契約の種類', '契約区分'],
  counterparty: [
    '契約相手方',
    '契約の相手方',
    '契約相手',
    '相手方',
    '宛先',
    '締結権限者',
    '契約締結権限者',
    '相手方署名者',
    '受注者',
    '受託者',
    '契約者',
  ],
  checker: ['相手方確認者', '確認者', '事務担当者', '契約事務担当者', '相手方担当者', '相手方事務担当者'],
  approver: [
    ...['村', '町', '市', '区', '県', '府', '都', '道', '組合', '自治体', '発注者'].map(
      (word) => `${word}側署名者`,
    ),
    '自治体署名者',
    '署名者',
    '承認者',
  ],
  observers: ['共有', '共有先', '写し', '写し送付先'],
  contractNumber: ['契約番号'],
  amount: [
    '契約金額',
    '契約額',
    '請負代金額',
    '請負代金',
    '請負金額',
    '委託料',
    '業務委託料',
    '売買代金',
    '代金額',
    '契約単価',
    '単価',
  ],
  plannedDate: ['契約締結予定日', '契約日', '契約予定日', '締結予定日', '契約締結日', '契約年月日'],
  effectiveDate: ['効力発生日', '履行開始日', '効力発生の日'],
  term: ['履行期間', '契約期間', '工期', '委託期間', '業務期間', '賃貸借期間', '納期', '履行期限'],
  deadline: ['期限', '署名期限', '署名の期限', '回答期限'],
  method: ['契約方式', '契約方法', '契約の方法', '入札方式'],
  noticeDate: [
    '公告日',
    '指名日',
    '公告日・指名日',
    '公告・指名日',
    '公告又は指名日',
    '入札公告日',
    '指名通知日',
  ],
  announced: ['公告等への記載', '公告への記載', '電子契約の記載', '公告等の記載'],
  accessCode: ['アクセスコード', 'アクセスキー'],
  approvalNumber: ['決裁番号'],
  authority: ['権限の根拠', '権限'],
  original: ['元契約', '原契約', '当初契約', '変更前の契約', '変更前契約'],
  guarantee: ['契約保証', '契約保証金', '契約の保証'],
  note: ['伝言', 'メッセージ', '相手方への伝言'],
};

const BY_NAME = new Map(
  Object.entries(SYNONYMS).flatMap(([label, names]) =>
    names.map((name) => [name, label as LabelName] as const),
  ),
);

/** 「X：値」, perhaps behind a bullet or a number; a URL (https://) is no label. */
const LABELLED = /^(?:[・●○■□◆◇*]|\(?\d{1,2}[.)])?\s*([^:<>@]{1,24}?)\s*:(?!\/\/)\s*(.*)$/u;
const LABEL_LENGTH = 12;

/** Labels of an answer that people write over several lines. */
const PERSON_LABELS: LabelName[] = ['counterparty', 'checker', 'approver', 'observers'];

export function namesPeople(label: LabelName): boolean {
  return PERSON_LABELS.includes(label);
}

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
