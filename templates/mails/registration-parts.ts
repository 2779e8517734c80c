/** What the mails to staff about registrations say alike: one registration as a table, and those that wait for a go-ahead (R4, R5). */
import { eraDate, type When } from '../format.ts';
import { lines, type MailBlock, pair, type TablePair } from '../mail-content.ts';

/** A registration that waits for 「許可」 or 「却下」. */
export interface PendingRegistration {
  /** What staff write behind the word. */
  number: number;
  receiptNumber: string;
  company: string;
  /** Title and name. */
  person: string;
  address: string;
  remarks: string | null;
  /** Why it waits, one sentence each. */
  reasons: readonly string[];
}

/** `more` wait beside those that are listed. */
export function pendingBlocks(pending: readonly PendingRegistration[], more = 0): MailBlock[] {
  const [first] = pending;
  if (!first) return [];
  return [
    {
      kind: 'notice',
      lines: [
        `職員の許可を待っている登録が${pending.length + more}件あります。許可するまで契約には使えません。`,
        `許可するときは、1行目に「許可 ${first.number}」のように書いて、このメールに返信してください。`,
        `登録しないときは、「却下 ${first.number} 理由」と書いて返信してください。`,
      ],
    },
    ...pending.map(
      (one): MailBlock => ({
        kind: 'table',
        rows: [
          [pair('番号', String(one.number)), pair('整理番号', one.receiptNumber)],
          [pair('商号又は名称', one.company)],
          [pair('締結権限者', `${one.person} ${one.address}`)],
          ...(one.remarks === null ? [] : [[pair('備考', one.remarks)]]),
          [pair('許可が要る理由', one.reasons.join(''))],
        ],
      }),
    ),
    lines(
      more > 0 &&
        `このほかに、許可を待っている登録が${more}件あります。「一覧」でお返しするCSVに、すべて載っています。`,
    ),
  ];
}

/** Whether a vendor's address answered. */
export type Reached =
  | { kind: 'confirmed'; at: When }
  | { kind: 'waiting' }
  | { kind: 'unreachable'; at: When };

export interface RegistrationFact {
  /** What staff write behind a word. */
  number: number;
  receiptNumber: string;
  company: string;
  /** Title and name. */
  person: string;
  address: string;
  checker: { name: string; address: string } | null;
  title: string | null;
  section: string | null;
  appliedAt: When;
  reached: Reached;
  /** The last answer to 希望確認. */
  wish: { kind: 'electronic' | 'paper'; at: When } | null;
}

export function reachedWords(reached: Reached): string {
  switch (reached.kind) {
    case 'confirmed':
      return `済（${eraDate(reached.at)}）`;
    case 'waiting':
      return '未';
    case 'unreachable':
      return `不達（${eraDate(reached.at)}）`;
  }
}

function wishWords({ kind, at }: NonNullable<RegistrationFact['wish']>): string {
  return `${kind === 'electronic' ? '電子契約' : '紙の契約'}（${eraDate(at)}）`;
}

export function factRows(fact: RegistrationFact): TablePair[][] {
  return [
    [pair('番号', String(fact.number)), pair('整理番号', fact.receiptNumber)],
    [pair('商号又は名称', fact.company)],
    [pair('締結権限者', `${fact.person} ${fact.address}`)],
    ...(fact.checker === null ? [] : [[pair('事務担当者', `${fact.checker.name} ${fact.checker.address}`)]]),
    ...(fact.title === null ? [] : [[pair('契約件名', fact.title)]]),
    ...(fact.section === null ? [] : [[pair('提出先', fact.section)]]),
    [pair('申込日', eraDate(fact.appliedAt)), pair('到達確認', reachedWords(fact.reached))],
    ...(fact.wish === null ? [] : [[pair('希望確認', wishWords(fact.wish))]]),
  ];
}

/** Header of the CSV of 「一覧」; its rows follow this order. */
export const registrationListHeader: readonly string[] = [
  '番号',
  '状態',
  '到達確認',
  '整理番号',
  '申込日時',
  '商号又は名称',
  '所在地',
  '締結権限者役職',
  '締結権限者氏名',
  '締結権限者メールアドレス',
  '事務担当者氏名',
  '事務担当者メールアドレス',
  '電話番号',
  '契約件名',
  '提出先',
  'フォーム',
  '備考',
];

export function registrationListState(state: string): string {
  return state === 'pending' ? '許可待ち' : '有効';
}
