/** 処理が止まりました: tells the operator which contract's work was set aside and why, and how it goes on. */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleNumber } from '../sample.ts';
import { type Stopped, type WaitingWork, waitingWork } from '../waiting.ts';

type OtherCause = Exclude<Stopped['cause'], 'key'>;

export interface StopNoticeParams extends MailBase {
  work: WaitingWork;
  /** Of a key that is revoked there is a notice of its own. */
  cause: OtherCause;
  number: string;
  /** The outbox key, by which the log and `keiyakubin parked` name it. */
  entry: string;
  /** As it stands in the log. */
  error: string;
}

const RETRY = '「keiyakubin parked --retry」で、続きから進みます。';

const NEXT: Record<OtherCause, readonly string[]> = {
  certificate: [
    '署名かタイムスタンプの時点より前（同じ秒を含む）に、証明書が失効したと、認証局が答えています。',
    '失効の理由と時点を、認証局にお確かめください。心当たりがないときは、鍵が漏れたおそれがあります。',
    `認証局の答えが誤りで、訂正されたときは、${RETRY}`,
    '誤りでないときは、この文書は有効な契約書になりません。新しい証明書に替えてから、担当者に契約をあらためて送っていただいてください。',
  ],
  fault: [`原因は記録（ログ）で確かめられます。原因を直してから、${RETRY}`],
};

export function stopNotice(params: StopNoticeParams): MailContent {
  return {
    subject: `【処理が止まりました】受付${params.number}`,
    ...signOff(params),
    blocks: [
      lines('契約便 運用ご担当者様'),
      lines('契約の処理が止まりました。契約と同意の記録は失われていません。'),
      {
        kind: 'table',
        rows: [
          [pair('自治体', params.municipality)],
          [pair('受付', params.number)],
          [pair('処理', waitingWork(params))],
          [pair('記録の番号', params.entry)],
          [pair('理由（記録のまま）', params.error)],
        ],
      },
      lines(...NEXT[params.cause], '担当者にも、止まっていることをメールでお知らせしました。'),
    ],
  };
}

export const stopNoticeSample: StopNoticeParams = {
  ...sampleBase,
  number: sampleNumber,
  work: 'conclude',
  cause: 'certificate',
  entry: '01JD0000000000000000000000:12:conclude:d1',
  error: 'certificate "見本市 電子契約" was revoked at 2026-11-28T00:00:00.000Z',
};
