/** まだ開かれていません: tells the initiator that a request was delivered but its documents were not looked at. */
import { shortDateTime, shortDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';

export interface NotOpenedParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  recipient: Person;
  sentAt: When;
  /** Telephone number from the registration, null where none is known. */
  phone: string | null;
  /** The address our mails come from. */
  fromAddress: string;
  deadline: When;
  /** Working days left until the deadline, today not counted. */
  workingDaysLeft: number;
}

export function notOpened(params: NotOpenedParams): MailContent {
  const phone = params.phone === null ? '相手方' : `登録の電話番号（${params.phone}）`;
  return {
    subject: `【まだ開かれていません】${params.title}の依頼`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(
        'お送りした依頼が、まだ開かれていません。先方のメールサーバーは受け取っています。',
        '迷惑メールに振り分けられたか、携帯電話の受信設定で捨てられたことが考えられます。',
      ),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('送り先', `${personWithAddress(params.recipient)}（${shortDateTime(params.sentAt)}）`)],
        ],
      },
      lines(
        `${phone}へお電話ください。`,
        `「${params.fromAddress}からのメールを、迷惑メールのフォルダーも含めてお探しください」とお伝えください。`,
        '見つからないときは、このメールに「再送」と返信してください。',
        'アドレスが違うときは、電子申請で「Eメールアドレス変更申請」をお願いしてください。',
        `期限は${shortDateWithWeekday(params.deadline)}、あと${params.workingDaysLeft}営業日です。`,
      ),
    ],
  };
}

export const notOpenedSample: NotOpenedParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  recipient: sampleSignatory,
  sentAt: '2026-11-18T00:03:00Z',
  phone: '00-0000-0002',
  fromAddress: 'keiyaku@mihon.example.jp',
  deadline: '2026-12-01',
  workingDaysLeft: 6,
};
