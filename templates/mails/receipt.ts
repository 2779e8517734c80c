/** 受付: answers a contract mail; shows the initiator what was understood and asks for the go-ahead (R13). */
import { type Amount, afterSeconds, eraDate, eraDateWithWeekday, money, type When } from '../format.ts';
import {
  lines,
  type MailBase,
  type MailBlock,
  type MailContent,
  pair,
  signOff,
  type TablePair,
} from '../mail-content.ts';
import {
  sampleApprover,
  sampleBase,
  sampleChecker,
  sampleDocuments,
  sampleInitiator,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import {
  type Authority,
  announcedWord,
  authorityWord,
  type BoxCount,
  boxCount,
  type ContractKind,
  type ContractMethod,
  contractKind,
  type DocumentFacts,
  documentRowWithSizes,
  methodWord,
  namedPerson,
  numbered,
  openTermWords,
  type ParticipantRole,
  type Person,
  participantRole,
  personWithAddress,
  personWithHonorific,
} from '../words.ts';

export interface ReceiptParticipant {
  role: ParticipantRole;
  person: Person;
  /** How far the address is known: 登録・到達確認済, 登録済, or not registered; null where that does not apply (staff). */
  registration: 'confirmed' | 'registered' | 'unregistered' | null;
}

export interface ReceiptParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  /** 受付番号 of the contract that came in anew as this one. */
  formerNumber: string | null;
  kind: ContractKind;
  /** In the order in which they will be asked; observers last. */
  participants: readonly ReceiptParticipant[];
  amount: Amount | null;
  plannedDate: When | null;
  effectiveDate: When | null;
  deadline: When | null;
  /** Either end may be left to the documents. */
  term: { from: When | null; to: When | null };
  /** 契約方式. */
  method: ContractMethod | null;
  /** 公告日 or 指名日. */
  noticeDate: When | null;
  /** For the vendor's page; null where it asks for none. One that was written by staff is not repeated, since mails are forwarded: then `made` is null. */
  accessCode: {
    made: string | null;
    /** Only of those who have no signing PIN. */
    withoutPin: boolean;
  } | null;
  /** 公告等への記載: whether the notice said that the contract may be electronic; null where nothing was written. */
  announced: boolean | null;
  /** 契約番号. */
  contractNumber: string | null;
  /** 決裁番号. */
  decisionNumber: string | null;
  /** 権限の根拠 of the approver. */
  authority: Authority | null;
  /** 元契約. */
  original: string | null;
  /** 契約保証 as written, e.g. 免除. */
  guarantee: string | null;
  /** 伝言 to the other party. */
  message: string | null;
  documents: readonly DocumentFacts[];
  /** What the correction that this answers did to documents, by their number from 1. */
  changes: readonly { document: number; title: string; change: 'added' | 'replaced' }[];
  /** Documents, by number, whose text could not be looked through. */
  unread: readonly number[];
  /** What the vendor will be asked to fill in: documents with boxes, by their number from 1. */
  boxes: readonly (BoxCount & { document: number })[];
  /** Sentences; any of them makes the go-ahead 「依頼 確認済」. */
  warnings: readonly string[];
  /** Between go-ahead and sending, in seconds. */
  delaySeconds: number;
  /** Without an answer the draft is dropped after so many days. */
  draftExpiresDays: number;
}

const REGISTRATION = {
  confirmed: '（登録・到達確認済）',
  registered: '（登録済・到達未確認）',
  unregistered: '（未登録）',
} as const;

export function receipt(params: ReceiptParams): MailContent {
  const goAhead = params.warnings.length > 0 ? '依頼 確認済' : '依頼';
  const warnings: MailBlock[] =
    params.warnings.length > 0 ? [{ kind: 'notice', lines: params.warnings }] : [];
  const message: MailBlock[] =
    params.message === null ? [] : [lines('相手方への伝言：'), { kind: 'quote', text: params.message }];
  return {
    subject: `【まだ送っていません】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines('契約書を受け付けました。相手方にはまだ何も送っていません。'),
      { kind: 'table', rows: receiptRows(params) },
      ...message,
      ...remarks(params),
      ...warnings,
      lines(
        `よろしければ、1行目に「${goAhead}」と書いて返信してください。${afterSeconds(params.delaySeconds)}送ります。`,
        '直すときは直す行だけ、やめるときは「中止」と書いて返信してください。',
        `${params.draftExpiresDays}日間お返事がないときは、破棄してお知らせします。`,
      ),
      { kind: 'digests', documents: numbered(params.documents) },
    ],
  };
}

/** What happened to the documents, and what nobody has looked into. */
function remarks({ changes, unread }: ReceiptParams): MailBlock[] {
  const done = { added: '追加しました', replaced: '同じファイル名の新しいPDFに差し替えました' };
  const changed = changes.map(
    ({ document, title, change }) => `文書${document}「${title}」を${done[change]}。`,
  );
  const numbers = unread.map((document) => `文書${document}`).join('、');
  const passedOver =
    unread.length === 0
      ? []
      : [`${numbers}は文字を読み取れないため（画像など）、内容の点検をしていません。目でご確認ください。`];
  return changed.length + passedOver.length === 0 ? [] : [lines(...changed, ...passedOver)];
}

function receiptRows(params: ReceiptParams): TablePair[][] {
  const row = (label: string, value: string | null): TablePair[] =>
    value === null ? [] : [pair(label, value)];
  const date = (when: When | null): string | null => (when === null ? null : eraDate(when));
  const authority = params.authority === null ? null : authorityWord(params.authority);
  const decision = [...row('権限の根拠', authority), ...row('決裁番号', params.decisionNumber)];
  const participants = params.participants.map((participant, at) =>
    participantPairs(participant, at, params),
  );
  const approverAt = params.participants.findIndex((participant) => participant.role === 'approver');
  const rows = [
    [pair('契約件名', `${params.title}（${contractKind(params.kind)}）`)],
    row('もとの受付', params.formerNumber),
    row('契約番号', params.contractNumber),
    row('元契約', params.original),
    ...participants.map((pairs, at) => (at === approverAt ? [...pairs, ...decision] : pairs)),
    approverAt === -1 ? decision : [],
    [
      ...row('契約金額', params.amount === null ? null : money(params.amount)),
      ...row('契約締結予定日', date(params.plannedDate)),
    ],
    row('効力発生日', date(params.effectiveDate)),
    row('履行期間', openTermWords(params.term)),
    [
      ...row('契約方式', params.method && methodWord(params.method)),
      ...row('公告日・指名日', date(params.noticeDate)),
      ...row('公告等への記載', params.announced === null ? null : announcedWord(params.announced)),
    ],
    row('契約保証', params.guarantee),
    row('アクセスコード', params.accessCode && codeInWords(params.accessCode)),
    row('署名の期限', params.deadline === null ? null : eraDateWithWeekday(params.deadline)),
    [pair('文書', documentRowWithSizes(params.documents))],
    row('相手方の記入欄', params.boxes.length === 0 ? null : boxesInWords(params.boxes)),
  ];
  return rows.filter((pairs) => pairs.length > 0);
}

function codeInWords({ made, withoutPin }: NonNullable<ReceiptParams['accessCode']>): string {
  if (made === null) return '設定あり（お送りいただいたコード）';
  const whom = withoutPin ? '署名用暗証番号を決めていない相手方と、確認者' : '相手方';
  return `${made}（${whom}に、メールでなく電話などで伝えてください）`;
}

/** 文書1に3か所（うち必須2か所）、文書2に1か所（すべて必須） */
function boxesInWords(boxes: ReceiptParams['boxes']): string {
  return boxes.map((count) => `文書${count.document}に${boxCount(count)}`).join('、');
}

function participantPairs(
  { role, person, registration }: ReceiptParticipant,
  at: number,
  { participants, municipality }: ReceiptParams,
): TablePair[] {
  const who = role === 'approver' ? `${namedPerson(person)} ${person.address}` : personWithAddress(person);
  const known = registration === null ? '' : REGISTRATION[registration];
  // Of several counterparties the number says who is asked first.
  const alike = participants.filter((other) => other.role === role).length > 1;
  const number = participants.slice(0, at + 1).filter((other) => other.role === role).length;
  const counted = role === 'signatory' && alike ? String(number) : '';
  return [pair(`${participantRole(role, municipality)}${counted}`, `${who}${known}`)];
}

export const receiptSample: ReceiptParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  formerNumber: null,
  kind: 'contract',
  participants: [
    { role: 'checker', person: sampleChecker, registration: 'registered' },
    { role: 'signatory', person: sampleSignatory, registration: 'confirmed' },
    { role: 'approver', person: sampleApprover, registration: null },
  ],
  amount: { yen: 1_100_000, tax: 'included' },
  plannedDate: '2026-12-01',
  effectiveDate: null,
  deadline: '2026-12-01',
  term: { from: '2026-12-01', to: '2027-03-26' },
  method: null,
  noticeDate: null,
  announced: null,
  contractNumber: null,
  accessCode: null,
  decisionNumber: '総管第45号',
  authority: null,
  original: null,
  guarantee: '免除',
  message: null,
  documents: sampleDocuments,
  changes: [],
  unread: [],
  boxes: [],
  warnings: ['文書2に「設計金額」の文字があります。金入りでないかご確認ください。'],
  delaySeconds: 300,
  draftExpiresDays: 14,
};
