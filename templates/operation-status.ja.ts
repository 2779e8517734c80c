// What `keiyakubin status` says to the operator: one line for each thing.
import { eraDate, eraDateWithWeekday, fullDateTime, shortDateTime, type When } from './format.ts';
import type { AwaitedFrom } from './waiting.ts';

const STATES: ReadonlyMap<string, string> = new Map([
  ['draft', '受付'],
  ['preparing', '送る準備中'],
  ['awaiting', '同意待ち'],
  ['sealing', '電子署名中'],
  ['concluding', '仕上げ中'],
  ['concluded', '締結'],
  ['declined', '却下'],
  ['withdrawn', '中止'],
  ['expired', '期限切れ'],
]);

const WORK: ReadonlyMap<string, string> = new Map([
  ['receive', '届いたメールの読取り'],
  ['prepare', '送る準備'],
  ['seal', '電子署名'],
  ['conclude', '仕上げ'],
  ['certify', '合意締結証明書'],
  ['mail', 'メールの送信'],
  ['answer', '返信の送信'],
  ['daily-root', '日ごとの記録'],
  ['renew', '有効期間の延長'],
  ['yearly-renewal', '有効期間の延長の開始'],
  ['renewal-step', '有効期間の延長の開始'],
  ['renewal-report', '有効期間の延長の集計'],
  ['renewal-mail', '有効期間の延長のお知らせ'],
]);

const AWAITED: Record<Exclude<AwaitedFrom, null>, string> = {
  timestamp: 'タイムスタンプ局',
  revocation: '認証局の失効情報',
  key: '署名の鍵か証明書',
};

export interface WaitingLine {
  /** 受付番号, null for work that belongs to no contract. */
  number: string | null;
  work: string;
  /** How many of the same: documents of one step. */
  entries: number;
  awaits: AwaitedFrom;
  since: When;
  until: When | null;
  failures: number;
  nextTry: When;
}

const STORES = {
  database: { sqlite: 'SQLite', postgres: 'PostgreSQL' },
  blobs: { files: 'ファイル', s3: 'S3互換の保管先' },
  queue: { embedded: '1つのプロセス', redis: 'Redis' },
} as const;

export const statusSentences = {
  /** In the order of a contract's life. */
  states: [...STATES.keys()],
  notThere: (file: string) => `データベースがありません：${file}`,
  title: (at: When) => `契約便の状況（${fullDateTime(at)}）`,
  stores: (
    database: keyof typeof STORES.database,
    blobs: keyof typeof STORES.blobs,
    queue: keyof typeof STORES.queue,
  ) => `保管：${STORES.database[database]}、${STORES.blobs[blobs]}　処理の受渡し：${STORES.queue[queue]}`,
  municipality: (name: string, id: string, counts: readonly { state: string; contracts: number }[]) => {
    const words = counts.map(({ state, contracts }) => `${STATES.get(state) ?? state}${contracts}件`);
    return `${name}（${id}）：${words.length === 0 ? '契約はありません。' : words.join('、')}`;
  },
  queue: ({ due, inHand, later }: { due: number; inHand: number; later: number }) =>
    `処理：順番待ち${due - inHand}件、処理中${inHand}件、期日待ち${later}件`,
  nothingWaits: '応答を待っている処理：ありません。',
  waiting: (entries: number) => `応答を待っている処理：${entries}件`,
  waitingLine: (line: WaitingLine) =>
    [
      `　${line.number ?? '（契約以外）'} ${WORK.get(line.work) ?? line.work}${line.entries > 1 ? `（${line.entries}件）` : ''}`,
      `待ち先：${line.awaits === null ? 'そのほか' : AWAITED[line.awaits]}`,
      `${shortDateTime(line.since)}から`,
      `${line.failures}回失敗`,
      `次は${shortDateTime(line.nextTry)}`,
      ...(line.until === null ? [] : [`見込みは${shortDateTime(line.until)}まで`]),
    ].join('　'),
  more: (lines: number) => `　ほか${lines}行（「--json」ですべて表示します。）`,
  parked: (entries: number) =>
    entries === 0
      ? '止まっている処理：ありません。'
      : `止まっている処理：${entries}件（「keiyakubin parked」で確かめられます。）`,
  noCertificates: '署名の証明書：試験用のほかはありません。',
  certificate: (use: 'contracts' | 'mails', name: string, notAfter: When, daysLeft: number) =>
    `${use === 'mails' ? 'メールの署名' : '署名'}の証明書：${name}　${eraDateWithWeekday(notAfter)}まで（あと${daysLeft}日）`,
  authority: (host: string, serves: boolean | null, failingSince: When | null) => {
    const failing = failingSince === null ? '' : `（${shortDateTime(failingSince)}から）`;
    return `タイムスタンプ局：${host}　${serves === null ? 'まだ使っていません。' : serves ? '応じています。' : `応じていません${failing}。`}`;
  },
  dailyRoot: (day: When | null) =>
    day === null ? '日ごとの記録：まだありません。' : `日ごとの記録：${eraDate(day)}分まで`,
};
