/** 承認のお願い: asks the municipality's approver, after the vendor, to consent by link or by reply (decided 8). */
import { type Amount, eraDate, money, shortDate, shortDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff, type TablePair } from '../mail-content.ts';
import {
  sampleApprover,
  sampleBase,
  sampleDocuments,
  sampleLink,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import {
  type Authority,
  authorityWord,
  type DocumentFacts,
  documentRow,
  type FilledFact,
  filledLines,
  numbered,
  type Person,
  personWithHonorific,
} from '../words.ts';
import { occasionLine, occasionMark, type RequestOccasion } from './signature-request.ts';

export interface ApprovalRequestParams extends MailBase {
  approver: Person;
  title: string;
  deadline: When;
  counterparties: readonly { person: Person; signedAt: When }[];
  amount: Amount | null;
  decisionNumber: string | null;
  /** 権限の根拠 on which the approver consents. */
  authority: Authority | null;
  /** With the SHA-256 of the head revision that this approval is about. */
  documents: readonly DocumentFacts[];
  /** What the vendor has put into the documents' boxes. */
  filled: readonly FilledFact[];
  /** True only where digests were recorded with the 決裁; otherwise the mail vouches for the time since 受付. */
  sameAsDecided: boolean;
  url: string;
  /** 名義人, e.g. 見本市長. */
  nameHolder: string;
  /** The contract's date if the approval comes on the day of this mail. */
  contractDateIfToday: When;
  /** Four digits to be typed behind 承認, where the municipality asks for them. */
  code: string | null;
  occasion: RequestOccasion;
}

export function approvalRequest(params: ApprovalRequestParams): MailContent {
  const reply = params.code === null ? '承認' : `承認 ${params.code}`;
  return {
    subject: `${occasionMark(params.occasion)}【承認のお願い】${params.title}（${shortDate(params.deadline)}まで）`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.approver)),
      lines(
        '相手方が署名しました。決裁済みの契約書と相違ないか、ご確認をお願いします。',
        occasionLine(params.occasion),
      ),
      { kind: 'table', rows: approvalRows(params) },
      { kind: 'link', label: '文書を確認する', url: params.url },
      lines(
        '（開けないときは「控え」と返信してください）',
        `承認されると、${params.nameHolder}名義の契約として確定します。取り消せません。`,
        `本日承認された場合、契約日は${eraDate(params.contractDateIfToday)}です。`,
        `承認するときは、1行目に「${reply}」と書いて返信してください。`,
        '戻すときは「差戻し」に続けて理由を書いてください。',
      ),
      { kind: 'digests', documents: numbered(params.documents) },
    ],
  };
}

function approvalRows(params: ApprovalRequestParams): TablePair[][] {
  const every = params.documents.length > 1 ? 'いずれも' : '';
  const but = params.filled.length > 0 ? '相手方の記入のほかは、' : '';
  const unchanged = `${but}${every}${params.sameAsDecided ? '決裁時' : '受付時'}と同じ内容です。`;
  const documents = documentRow(params.documents);
  const terms = [
    ...(params.amount === null ? [] : [pair('契約金額', money(params.amount))]),
    ...(params.authority === null ? [] : [pair('権限の根拠', authorityWord(params.authority))]),
    ...(params.decisionNumber === null ? [] : [pair('決裁番号', params.decisionNumber)]),
  ];
  return [
    ...params.counterparties.map(({ person, signedAt }) => [
      pair('契約相手方', `${personWithHonorific(person)}（${shortDateTime(signedAt)}署名）`),
    ]),
    terms,
    [pair('文書', typeof documents === 'string' ? `${documents} ${unchanged}` : [...documents, unchanged])],
    params.filled.length === 0 ? [] : [pair('相手方の記入', filledLines(params.filled, params.documents))],
  ].filter((pairs) => pairs.length > 0);
}

export const approvalRequestSample: ApprovalRequestParams = {
  ...sampleBase,
  approver: sampleApprover,
  title: sampleTitle,
  deadline: '2026-12-01',
  counterparties: [{ person: sampleSignatory, signedAt: '2026-11-28T01:15:00Z' }],
  amount: { yen: 1_100_000, tax: 'included' },
  authority: null,
  decisionNumber: '総管第45号',
  documents: sampleDocuments,
  filled: [],
  sameAsDecided: true,
  url: sampleLink,
  nameHolder: '見本市長',
  contractDateIfToday: '2026-11-30',
  code: '4821',
  occasion: 'first',
};
