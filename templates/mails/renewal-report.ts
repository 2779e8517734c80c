/** Tells staff how a run that renewed the proof of their executed contracts went, and what could not be renewed (R56). */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff, type TablePair } from '../mail-content.ts';
import { sampleBase, sampleNumber } from '../sample.ts';

/** Why a file's proof could not be renewed; `failed` is everything that only the operator can tell. */
export type NotRenewed = 'altered' | 'expired' | 'unproven' | 'not-closed' | 'failed';

export interface RenewalReportParams extends MailBase {
  /** Documents and certificates, each counted as one. */
  renewed: number;
  unchanged: number;
  unextendable: number;
  failed: number;
  /** Contracts that these belong to. */
  contracts: number;
  /** The first of the `failed`. */
  failures: readonly { number: string; file: string; reason: NotRenewed }[];
  /** When the first proof of all runs out after the run; null where none is known. */
  soonestEnd: When | null;
  /** When what could not be extended is tried again; null where the next yearly run is soon enough. */
  againAt: When | null;
}

const REASONS: Record<NotRenewed, string> = {
  altered: '保管しているファイルが、締結時の内容と一致しません。',
  expired: '有効期間が、すでに過ぎています。',
  unproven: '署名者またはタイムスタンプ局の証明書を、確かめられません。',
  'not-closed': '締結時のタイムスタンプが、付いていません。',
  failed: '処理ができませんでした。',
};

export function renewalReport(params: RenewalReportParams): MailContent {
  const { renewed, unchanged, unextendable, failed, contracts, failures, soonestEnd, againAt } = params;
  const total = renewed + unchanged + unextendable + failed;
  return {
    subject: `【有効期間の延長】${headline(total, failed)}`,
    ...signOff(params),
    blocks: [
      lines(`${params.municipality} 電子契約ご担当者様`),
      lines(
        renewed > 0
          ? '締結済みの契約に新しいタイムスタンプを付け、電子署名を検証できる期間を延長しました。'
          : `締結済みの契約の有効期間を確かめました。今回${total === 0 ? '延長が必要な' : '延長した'}ものは、ありませんでした。`,
        renewed > 0 && '契約の内容と締結時の電子署名は、変わっていません。相手方へのご連絡は必要ありません。',
        failed > 0 && 'できなかったものがあります。ファイルには手を加えていません。',
      ),
      {
        kind: 'table',
        rows: [
          [pair('対象', `${count(total)}（契約${count(contracts)}）`)],
          [pair('延長済み', count(renewed))],
          [pair('変更なし', count(unchanged + unextendable))],
          [pair('できなかったもの', count(failed))],
          ...(soonestEnd === null ? [] : [[pair('もっとも早い有効期限', eraDateWithWeekday(soonestEnd))]]),
        ],
      },
      lines(
        total > 0 && '件数は、文書と合意締結証明書を1件ずつ数えています。',
        unextendable > 0 &&
          `変更なしのうち${count(unextendable)}は、タイムスタンプ局の証明書が新しくなってから延長します。`,
        unextendable > 0 &&
          againAt !== null &&
          `有効期限が近いため、${eraDateWithWeekday(againAt)}にやり直します。タイムスタンプ局の証明書の更新予定を、運用者にご確認ください。`,
      ),
      ...(failures.length === 0 ? [] : failureBlocks(failures, failed)),
    ],
  };
}

function failureBlocks(failures: RenewalReportParams['failures'], failed: number): MailContent['blocks'] {
  const rows: TablePair[][] = failures.map(({ number, file, reason }) => [
    pair(`${number} ${file}`, REASONS[reason]),
  ]);
  return [
    {
      kind: 'notice',
      lines: [
        'できなかったものは、次のとおりです。下の「操作」の窓口へお知らせください。',
        '締結時にお渡ししたPDF（完了のメールの添付や、ダウンロードしたもの）を、消さずに保管してください。',
      ],
    },
    { kind: 'table', rows },
    lines(failures.length < failed && `このほかに${count(failed - failures.length)}あります。`),
  ];
}

function headline(total: number, failed: number): string {
  if (failed > 0) return `できなかったものが${count(failed)}あります`;
  return total === 0 ? '今回の対象はありません' : `${count(total)}を確認しました`;
}

/** 1,234件 */
function count(value: number): string {
  return `${String(value).replace(/\B(?=(\d{3})+$)/g, ',')}件`;
}

export const renewalReportSample: RenewalReportParams = {
  ...sampleBase,
  renewed: 1_230,
  unchanged: 3,
  unextendable: 2,
  failed: 2,
  contracts: 410,
  failures: [
    { number: sampleNumber, file: '契約書', reason: 'altered' },
    { number: '2026-0007', file: '合意締結証明書', reason: 'failed' },
  ],
  soonestEnd: '2029-03-31',
  againAt: null,
};
