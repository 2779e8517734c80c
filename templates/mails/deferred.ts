/** まだ受け取られていません: tells the initiator, once, that a request is still being tried because no mail server takes it (RFC 5321 4.5.4.1). */
import { shortDateTime, shortDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';

export interface DeferredParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  recipient: Person;
  /** When the first attempt failed. */
  since: When;
  /** How long it is tried before it counts as undelivered, hours. */
  giveUpAfterHours: number;
  /** Telephone number from the registration, null where none is known. */
  phone: string | null;
  deadline: When;
}

export function deferred(params: DeferredParams): MailContent {
  const phone = params.phone === null ? '先方' : `登録の電話番号（${params.phone}）`;
  return {
    subject: `【まだ受け取られていません】${params.title}の依頼`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(
        `お送りした依頼を、メールサーバーがまだ受け取っていません。${shortDateTime(params.since)}から繰り返し送っています。`,
        `${params.giveUpAfterHours}時間たっても受け取られないときは、不達としてお知らせします。いまはそのままお待ちください。`,
      ),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('送り先', personWithAddress(params.recipient))],
        ],
      },
      lines(
        `お急ぎのときは、${phone}へお電話ください。「メールを受け取れる状態か、お確かめください」とお伝えください。`,
        'アドレスが違うときは、「宛先変更」に続けて新しいアドレスを書き、このメールに返信してください。',
        `期限は${shortDateWithWeekday(params.deadline)}です。`,
      ),
    ],
  };
}

export const deferredSample: DeferredParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  recipient: sampleSignatory,
  since: '2026-11-21T00:03:00Z',
  giveUpAfterHours: 72,
  phone: '00-0000-0002',
  deadline: '2026-12-01',
};
