/** 保留したメール: tells the operator which mails were held back, and how to let one through (R53). */
import { eraDateWithWeekday, shortDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase } from '../sample.ts';

export interface QuarantineListParams extends MailBase {
  /** The day they were held back on. */
  day: When;
  held: readonly {
    id: string;
    receivedAt: When;
    /** What the mail claims; '' where it names no single author. */
    from: string;
    subject: string;
    why: 'unproven' | 'unreadable';
    /** English, for whoever looks into it. */
    detail: string;
  }[];
  /** Beyond those listed. */
  more: number;
}

const REASONS = {
  unproven: '差出人を確かめられません（なりすましのおそれがあります）',
  unreadable: 'メールの作りが壊れていて、読み取れません',
};

export function quarantineList({ day, held, more, ...base }: QuarantineListParams): MailContent {
  return {
    subject: `【保留したメール】${held.length + more}件（${base.municipality}）`,
    ...signOff(base),
    blocks: [
      lines('契約便 運用ご担当者様'),
      lines(
        `${eraDateWithWeekday(day)}に届いた次のメールを、実行せずに保留しています。`,
        '差出人は書かれているままで、本人とは限りません。差出人には何も返信していません。',
      ),
      {
        kind: 'table',
        rows: held.map(({ id, receivedAt, from, subject, why, detail }) => [
          pair(id, [
            `${shortDateTime(receivedAt)} ${from || '（差出人の記載なし）'}`,
            `件名：${subject || '（なし）'}`,
            `理由：${REASONS[why]}${detail === '' ? '' : `。詳細：${detail}`}`,
          ]),
        ]),
      },
      lines(
        more > 0 && `このほかに${more}件あります。「keiyakubin quarantine」で見られます。`,
        '身に覚えのないものは、そのままで構いません。',
        '職員や相手方のメールが含まれるときは、まずその方に電話などでお確かめください。',
        '本人のものと分かったら「keiyakubin quarantine --release 番号」で受け付けられます。ただし、承認だけはできません。',
        '同じ方のメールが何度も保留されるときは、送信側のSPF・DKIM・DMARCの設定をご確認ください。',
      ),
    ],
  };
}

export const quarantineListSample: QuarantineListParams = {
  ...sampleBase,
  day: '2026-11-20',
  held: [
    {
      id: 'k3x7q2m5n4p6r7s2',
      receivedAt: '2026-11-20T01:20:00Z',
      from: 'suzuki@mihon.example.jp',
      subject: 'Re: 【承認のお願い】村道1号線舗装工事',
      why: 'unproven',
      detail: 'dmarc=fail spf=fail dkim=none',
    },
  ],
  more: 0,
};
