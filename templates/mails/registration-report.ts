/** 登録の結果: tells staff what became of a feed's rows, figures first, and what waits for their go-ahead (R1–R5, R11). */
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { type ImportFigures, importSentences } from '../registration.ja.ts';
import { sampleBase } from '../sample.ts';
import { type PendingRegistration, pendingBlocks } from './registration-parts.ts';

export interface ReportedFeed {
  /** File name; for a notification mail its subject. */
  name: string;
  form: string;
  /** False: nothing was taken from it. */
  readable: boolean;
  counts: ImportFigures;
  /** The first refused rows; the CSV that is attached holds more. */
  refused: readonly { line: number; receiptNumber: string | null; reasons: readonly string[] }[];
}

export interface RegistrationReportParams extends MailBase {
  feeds: readonly ReportedFeed[];
  /** Names of attachments that are no feed. */
  passedOver: readonly string[];
  /** What these feeds left waiting. */
  pending: readonly PendingRegistration[];
  /** How many more wait. */
  morePending: number;
  /** Contracts on their way to addresses that these feeds took out of the register. */
  running: readonly { number: string; title: string }[];
  /** Withdrawn rows for which no contracts were looked up. */
  withdrawnUnseen: number;
  /** Whether refused rows are attached as CSV. */
  attached: boolean;
  /** Rows that one CSV holds at most. */
  attachedRows: number;
}

export function registrationReport(params: RegistrationReportParams): MailContent {
  const { municipality, feeds, passedOver, pending, running, attached, attachedRows } = params;
  const total = feeds.map(({ counts }) => counts).reduce(sum);
  const unreadable = feeds.some(({ readable }) => !readable);
  return {
    subject: `【登録の結果】${headline(total, unreadable)}`,
    ...signOff(params),
    blocks: [
      lines(`${municipality} 電子契約ご担当者様`),
      lines(
        unreadable
          ? '電子申請の登録を取り込みましたが、読み取れないものがあります。'
          : '電子申請の登録を取り込みました。',
        total.accepted > 0 && '新しいアドレスには、登録確認のメールをお送りします。',
      ),
      ...feeds.flatMap(feedBlocks),
      lines(
        attached &&
          '登録しなかった行を、理由の列を付けたCSVで添付しました。直した行だけのCSVを添付して、このメールに返信してください。',
        feeds.some(({ counts }) => counts.refused > attachedRows) &&
          `添付したのは、はじめの${attachedRows.toLocaleString('ja-JP')}行までです。多くの行が同じ理由のときは、フォームの設定か元のファイルをご確認のうえ、全体をもう一度取り込んでください。`,
        passedOver.length > 0 &&
          `次の添付は、CSVではないため取り込んでいません：${passedOver.map((name) => `「${name}」`).join('')}`,
      ),
      ...runningBlocks(running),
      lines(
        params.withdrawnUnseen > 0 &&
          `取下げの行が多いため、残りの${params.withdrawnUnseen.toLocaleString('ja-JP')}行については、手続きの途中の契約があるかどうかを調べていません。`,
      ),
      ...pendingBlocks(pending, params.morePending),
    ],
  };
}

function feedBlocks({ name, form, readable, counts, refused }: ReportedFeed): MailBlock[] {
  return [
    {
      kind: 'table',
      rows: [
        [pair('ファイル', name)],
        [pair('フォーム', form)],
        [
          pair(
            '結果',
            readable ? importSentences.figures(counts) : '読み取れないため、1件も登録していません。',
          ),
        ],
      ],
    },
    ...(refused.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            items: refused.map(({ line, receiptNumber, reasons }) =>
              importSentences.refusedRow(line, receiptNumber, reasons),
            ),
          },
        ]),
    lines(
      counts.refused > refused.length &&
        `このほかに、登録しなかった行が${counts.refused - refused.length}件あります。`,
    ),
  ];
}

function runningBlocks(running: RegistrationReportParams['running']): MailBlock[] {
  if (running.length === 0) return [];
  return [
    {
      kind: 'notice',
      lines: [
        '登録が取り下げられた相手方との契約が、手続きの途中です。宛先は自動では変わりません。',
        '取りやめるときは、その契約のメールに「中止」と返信してください。',
      ],
    },
    { kind: 'table', rows: running.map(({ number, title }) => [pair(`受付${number}`, title)]) },
  ];
}

function headline(
  { accepted, superseding, pending, withdrawn, refused }: ImportFigures,
  unreadable: boolean,
): string {
  const parts = [
    unreadable && '読み取れないファイルがあります',
    refused > 0 && `登録しなかった行${refused}件`,
    pending > 0 && `許可待ち${pending}件`,
    accepted > 0 && `新規${accepted}件`,
    superseding > 0 && `更新${superseding}件`,
    withdrawn > 0 && `取下げ${withdrawn}件`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? '変更はありません' : parts.join('、');
}

function sum(a: ImportFigures, b: ImportFigures): ImportFigures {
  return {
    accepted: a.accepted + b.accepted,
    superseding: a.superseding + b.superseding,
    pending: a.pending + b.pending,
    unchanged: a.unchanged + b.unchanged,
    withdrawn: a.withdrawn + b.withdrawn,
    refused: a.refused + b.refused,
  };
}

export const registrationReportSample: RegistrationReportParams = {
  ...sampleBase,
  feeds: [
    {
      name: '登録1121.csv',
      form: '標準',
      readable: true,
      counts: { accepted: 12, superseding: 1, pending: 1, unchanged: 229, withdrawn: 1, refused: 1 },
      refused: [
        {
          line: 14,
          receiptNumber: '12410',
          reasons: ['「電話番号」が空欄です。申請者に確認し、記入して取り込んでください。'],
        },
      ],
    },
  ],
  passedOver: [],
  pending: [
    {
      number: 57,
      receiptNumber: '12411',
      company: '株式会社サンプル',
      person: '代表取締役 山田太郎',
      address: 'yamada@new.example.jp',
      remarks: 'Eメールアドレス変更申請',
      reasons: [
        'アドレスの変更申請です。申請者に電話などでご確認ください。許可すると、これまでのアドレスにもお知らせします。',
      ],
    },
  ],
  morePending: 0,
  running: [{ number: '2026-0012', title: '市道1号線舗装工事' }],
  withdrawnUnseen: 0,
  attached: true,
  attachedRows: 10_000,
};
