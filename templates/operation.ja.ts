// What the operator reads of work that was set aside.

import { fullDateTime } from './format.ts';

interface HeldMail {
  readonly id: string;
  readonly municipality: string;
  readonly receivedAt: string;
  readonly from: string;
  readonly subject: string;
  readonly detail: string;
}

export const operationSentences = {
  nothingHeld: '保留しているメールはありません。',
  held: (mail: HeldMail) =>
    `${mail.id}　${fullDateTime(mail.receivedAt)}　${mail.municipality}　${mail.from || '（差出人の記載なし）'}　${mail.subject || '（件名なし）'}　${mail.detail}`,
  howToRelease:
    '差出人は書かれているままです。本人に確かめてから「keiyakubin quarantine --release 番号」で受け付けられます（承認はできません）。',
  released: (id: string) => `${id} を差出人本人のメールとして読み直します。`,
  notHeld: (id: string) => `${id} という番号の、保留しているメールはありません。`,
  nothingParked: '止まっている処理はありません。',
  parked: (key: string, reason: string) => `${key}　${reason}`,
  howToRetry: '原因を直してから「keiyakubin parked --retry」で、すべてやり直せます。',
  retried: (count: number) => `${count}件の処理をやり直します。`,
};
