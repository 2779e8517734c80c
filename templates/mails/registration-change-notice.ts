/** アドレス変更のお知らせ: tells the address that was registered until now that another one took its place (R4). */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleSignatory } from '../sample.ts';
import { worded } from '../wording.ts';
import { type Person, personWithHonorific } from '../words.ts';

export interface RegistrationChangeNoticeParams extends MailBase {
  /** As registered until now. */
  recipient: Person;
  /** 整理番号 of the application that changes it. */
  receiptNumber: string;
  /** The new address, masked: this mailbox may no longer be the company's. */
  maskedAddress: string;
  effectiveAt: When;
}

export function registrationChangeNotice(params: RegistrationChangeNoticeParams): MailContent {
  return {
    subject: `${params.municipality}の電子契約に使うメールアドレスの変更を受け付けました`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines(
        '電子申請による届出を受け、電子契約に使うメールアドレスを変更しました。',
        'このメールは、これまでのアドレスにお送りしています。',
      ),
      {
        kind: 'table',
        rows: [
          [pair('整理番号', params.receiptNumber)],
          [pair('これまでのアドレス', params.recipient.address)],
          [pair('新しいアドレス', params.maskedAddress)],
          [pair('変更の日時', fullDateTime(params.effectiveAt))],
        ],
      },
      lines(
        'これから始める契約のメールは、新しいアドレスへお送りします。',
        '手続きの途中の契約は、担当職員からご連絡するまで、これまでのアドレスのままです。',
        `お心当たりのないときは、至急、${worded('knownNumber', params)}へお電話ください。`,
        'English: your registered mail address has been changed. If you did not ask for this, call the first number below.',
      ),
    ],
  };
}

export const registrationChangeNoticeSample: RegistrationChangeNoticeParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  receiptNumber: '12399',
  maskedAddress: 't***@sample.example.jp',
  effectiveAt: '2026-11-24T01:15:00Z',
};
