/** 検索, 一覧: the contracts that were found, in the text and, all of them, in a CSV (R50). */
import { type Amount, eraDate, money, type When } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleTitle } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import type { StatusState } from './standing.ts';

export interface FoundContract {
  /** Contract date, ISO; null before it is settled. */
  date: string | null;
  number: string;
  title: string;
  /** Companies, or names of people without one; empty where none is known. */
  counterparties: readonly string[];
  amount: Amount | null;
  state: StatusState;
}

/** Ends count, null is open; 'blank' where nothing is written. */
export interface FoundConditions {
  date: { from: When | null; to: When | null } | 'blank' | null;
  counterparty: { contains: string } | 'blank' | null;
  amount: { from: number | null; to: number | null } | 'blank' | null;
}

export interface FoundContractsParams extends MailBase {
  sender: Person;
  conditions: FoundConditions;
  /** All contracts of the municipality were searched, not only the sender's own. */
  whole: boolean;
  /** Newest first: those that the text lists. */
  contracts: readonly FoundContract[];
  /** All that were found. */
  count: number;
  /** Contracts were left unsearched: no more than so many are looked into; null where all were. */
  cutAt: number | null;
  /** Name of the CSV with all that were found; null where nothing was. */
  fileName: string | null;
}

const STATES: Record<StatusState, string> = {
  draft: '依頼前',
  preparing: '送信の準備中',
  awaiting: '署名・承認待ち',
  sealing: '署名の処理中',
  concluding: '締結の処理中',
  concluded: '締結済み',
  declined: '却下',
  paperWished: '紙の契約を希望',
  sentBack: '差戻し',
  withdrawn: '中止',
  expired: '期限切れ',
};

const NONE = '空欄';

/** Header of the CSV; `foundRow` follows its order. */
export const foundHeader = [
  '取引日',
  '受付番号',
  '契約件名',
  '契約相手方',
  '契約金額（円）',
  '契約金額',
  '状態',
] as const;

/** One contract for a spreadsheet: dates as ISO, the amount once as a bare number. */
export function foundRow({ date, number, title, counterparties, amount, state }: FoundContract): string[] {
  return [
    date ?? '',
    number,
    title,
    counterparties.join('、'),
    amount === null ? '' : String(amount.yen),
    amount === null ? '' : money(amount),
    STATES[state],
  ];
}

export function foundContracts(params: FoundContractsParams): MailContent {
  const { contracts, count, cutAt, fileName, whole } = params;
  return {
    subject: `【検索の結果】${count}件`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines(
        count === 0 ? '条件に合う契約は、見つかりませんでした。' : `条件に合う契約は、${count}件です。`,
        whole
          ? `範囲：${params.municipality}のすべての契約`
          : '範囲：ご自身が担当または承認する契約（監査の権限のある職員は、すべての契約を検索できます）',
        ...conditionLines(params.conditions),
      ),
      ...(cutAt === null
        ? []
        : [
            {
              kind: 'notice',
              lines: [
                `受付番号の新しい${cutAt}件までを調べました。より古い契約は調べていません。「取引日」の条件を付けると、その期間の契約だけを調べます。`,
              ],
            } as const,
          ]),
      ...listed(contracts),
      lines(
        contracts.length < count &&
          `本文には新しい${contracts.length}件を載せました。このほかの${count - contracts.length}件は、CSVでご覧ください。`,
        fileName !== null && `${count}件すべてを、添付の「${fileName}」（Excelで開けます）に載せています。`,
      ),
      lines('検索するときは、1行目に「検索」、2行目から次のような条件を書いてください。組み合わせられます。'),
      {
        kind: 'form',
        lines: ['検索', '取引日：2026/4/1～2027/3/31', '相手方：株式会社サンプル', '金額：100万円～500万円'],
      },
      lines(
        '「2026/4/1～」「～500万円」のように片方だけ、「令和8年度」、「空欄」（書かれていないもの）とも書けます。',
        '取引日は、契約日です。締結前の契約は空欄です。',
      ),
    ],
  };
}

function listed(contracts: readonly FoundContract[]): MailBlock[] {
  if (contracts.length === 0) return [];
  const rows = contracts.map(({ date, number, title, counterparties, amount, state }) => [
    pair(number, [
      title,
      `取引日：${date === null ? NONE : eraDate(date)}／状態：${STATES[state]}`,
      `相手方：${counterparties.join('、') || NONE}／金額：${amount === null ? NONE : money(amount)}`,
    ]),
  ]);
  return [{ kind: 'table', rows }];
}

function conditionLines({ date, counterparty, amount }: FoundConditions): string[] {
  const asked = [
    date && `取引日：${date === 'blank' ? NONE : span(date, eraDate)}`,
    counterparty && `相手方：${counterparty === 'blank' ? NONE : `「${counterparty.contains}」を含む`}`,
    amount && `金額：${amount === 'blank' ? NONE : span(amount, yenWords)}`,
  ].filter((line) => line !== null);
  return asked.length === 0 ? ['条件：なし'] : asked.map((line) => `条件：${line}`);
}

function yenWords(yen: number): string {
  return money({ yen, tax: null });
}

function span<Value>(
  { from, to }: { from: Value | null; to: Value | null },
  words: (value: Value) => string,
): string {
  const [first, last] = [from === null ? '' : words(from), to === null ? '' : words(to)];
  return first === last ? first : `${first}～${last}`;
}

export const foundContractsSample: FoundContractsParams = {
  ...sampleBase,
  sender: sampleInitiator,
  conditions: {
    date: { from: '2026-04-01', to: '2027-03-31' },
    counterparty: { contains: '株式会社サンプル' },
    amount: { from: 1_000_000, to: null },
  },
  whole: true,
  contracts: [
    {
      date: '2026-11-30',
      number: sampleNumber,
      title: sampleTitle,
      counterparties: ['株式会社サンプル'],
      amount: { yen: 1_100_000, tax: 'included' },
      state: 'concluded',
    },
    {
      date: '2026-04-01',
      number: '2026-0007',
      title: '市庁舎清掃業務委託',
      counterparties: ['株式会社サンプル'],
      amount: { yen: 2_640_000, tax: 'included' },
      state: 'concluded',
    },
  ],
  count: 2,
  cutAt: null,
  fileName: '検索の結果.csv',
};
