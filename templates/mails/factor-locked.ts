/** 入力を止めています: tells the initiator that a vendor's tries at access code or signing PIN have run out (R52). */
import { shortDateTime, shortDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';

export interface FactorLockedParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  recipient: Person;
  factor: 'code' | 'pin';
  until: When;
  /** Telephone number from the registration, null where none is known. */
  phone: string | null;
  deadline: When;
  /** Working days left until the deadline, today not counted. */
  workingDaysLeft: number;
}

const NAMES = { code: 'アクセスコード', pin: '署名用暗証番号' } as const;
const FORGOTTEN = {
  code: 'アクセスコードは、電話でもう一度お伝えください。メールには書かないでください。',
  pin: '署名用暗証番号は職員には分からず、調べられません。忘れたときは、このメールに「中止」と返信し、契約のメールに「アクセスコード：あり」の行を加えて、もう一度お送りください。',
} as const;

export function factorLocked(params: FactorLockedParams): MailContent {
  const name = NAMES[params.factor];
  const phone = params.phone === null ? '相手方' : `登録の電話番号（${params.phone}）`;
  return {
    subject: `【入力を止めています】${params.title}の${name}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(
        `相手方の画面で${name}の間違いが続いたため、受け付けを止めています。同意はまだ行われていません。`,
        'ご本人の打ち間違いのほか、URLを手に入れた別の人が試していることも考えられます。',
      ),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('相手方', personWithAddress(params.recipient))],
          [pair('停止', `${shortDateTime(params.until)}まで`)],
        ],
      },
      lines(
        `${phone}へお電話のうえ、ご本人が入力したかをお確かめください。`,
        'ご本人のときは、停止の時刻を過ぎれば、同じURLで入力できます。お急ぎのときは、このメールに「再送」と返信してください。新しいURLなら、すぐに入力できます。',
        FORGOTTEN[params.factor],
        'お心当たりがないときは、アドレスがほかの人に使われているおそれがあります。このメールに「中止」と返信し、アドレスの変更をお願いしてください。',
        `期限は${shortDateWithWeekday(params.deadline)}、あと${params.workingDaysLeft}営業日です。`,
      ),
    ],
  };
}

export const factorLockedSample: FactorLockedParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  recipient: sampleSignatory,
  factor: 'code',
  until: '2026-11-21T01:03:00Z',
  phone: '00-0000-0002',
  deadline: '2026-12-01',
  workingDaysLeft: 6,
};
