/** 不達: tells the initiator that a mail did not arrive, why, and what to say on the telephone (RFC 3464 reports). */
import { shortDateTime, shortDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';

/** Why a mail did not arrive. */
export type UndeliveredReason =
  | 'carrier-refused'
  | 'no-such-address'
  | 'mailbox-full'
  | 'too-large'
  | 'refused'
  | 'gave-up';

export interface UndeliveredParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  recipient: Person;
  /** One of the municipality's own people. */
  staff: boolean;
  /** Which of our mails it was, by its template's name; unknown ones are called お知らせ. */
  mail: string;
  sentAt: When;
  reason: UndeliveredReason;
  /** The registration of this address serves no other contract until it is confirmed anew. */
  unusable: boolean;
  /** Telephone number from the registration, null where none is known. */
  phone: string | null;
  /** The address our mails come from, which the recipient's filter must let through. */
  fromAddress: string;
  deadline: When;
  /** Working days left until the deadline, today not counted. */
  workingDaysLeft: number;
}

/** Mails on which the contract waits. */
const REQUESTS: ReadonlyMap<string, string> = new Map([
  ['signatureRequest', '署名依頼'],
  ['checkRequest', '内容確認のお願い'],
  ['approvalRequest', '承認のお願い'],
]);

/** On which a change of address waits, not the contract. */
const CHANGE_REQUEST = 'holderChangeRequest';

const NOTICES: ReadonlyMap<string, string> = new Map([
  ['completed', '電子署名完了のお知らせ'],
  ['consentRecorded', '同意の記録'],
  ['cancelled', '署名依頼取消のお知らせ'],
  ['consentTakenBack', '同意取消しのお知らせ'],
  ['holderChanged', '宛先変更のお知らせ'],
  [CHANGE_REQUEST, '宛先変更の確認'],
]);

const REASONS: Record<UndeliveredReason, string> = {
  'carrier-refused': '携帯電話会社に受信を拒否されました。受信設定が原因とみられます。',
  'no-such-address': '先方のメールサーバーが、このアドレスはないと答えました。',
  'mailbox-full': '先方のメールボックスがいっぱいです。',
  'too-large': 'メールが大きすぎるとして、先方のメールサーバーに受信を拒否されました。',
  refused: '先方のメールサーバーに受信を拒否されました。',
  'gave-up': '先方のメールサーバーにつながらず、繰り返し試みましたが届けられませんでした。',
};

/** What people call one of our mails. */
export function mailName(mail: string): string {
  return REQUESTS.get(mail) ?? NOTICES.get(mail) ?? 'お知らせ';
}

export function undelivered(params: UndeliveredParams): MailContent {
  const request = REQUESTS.get(params.mail);
  const mail = mailName(params.mail);
  const consequence =
    params.mail === CHANGE_REQUEST
      ? '確認が済むまで、宛先は前のままです。'
      : request === undefined
        ? 'この不達で、契約の手続きが止まることはありません。'
        : '手続きは止まっていますが、取消しではありません。';
  const to = !params.staff ? '相手方' : params.mail === 'approvalRequest' ? '署名者' : '職員';
  const phone = params.phone === null ? to : `登録の電話番号（${params.phone}）`;
  const done = params.reason === 'carrier-refused' ? '設定' : '先方の対応';
  const requests: Record<UndeliveredReason, string> = {
    'carrier-refused': `「${params.fromAddress}と、URL付きメールの受信を許可してください」とお伝えください。`,
    'no-such-address': '「メールアドレスに誤りがないか、お確かめください」とお伝えください。',
    'too-large':
      '「添付ファイルのあるメールも受け取れるように、受信の設定をお確かめください」とお伝えください。',
    'mailbox-full': '「不要なメールを消して、空きを作ってください」とお伝えください。',
    refused: `「${params.fromAddress}からのメールの受信を許可してください」とお伝えください。`,
    'gave-up': '「メールを受け取れる状態か、お確かめください」とお伝えください。',
  };
  return {
    subject: `【届いていません】${params.title}の${mail}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(`${mail}が${to}に届いていません。${consequence}`, `受付${params.number} ${params.title}`),
      {
        kind: 'table',
        rows: [
          [pair('送り先', `${personWithAddress(params.recipient)}（${shortDateTime(params.sentAt)}）`)],
          [pair('理由', REASONS[params.reason])],
        ],
      },
      lines(
        `${phone}へお電話ください。`,
        requests[params.reason],
        ...afterwards(params, done),
        params.unusable &&
          'このアドレスの登録は、到達確認があらためて済むまで、これからの契約に使えません。「登録 会社名」と書いたメールをお送りいただくと、確認の方法をお知らせします。',
        request !== undefined &&
          `期限は${shortDateWithWeekday(params.deadline)}、あと${params.workingDaysLeft}営業日です。`,
      ),
    ],
  };
}

/** What helps once mail arrives there again, and where the address is wrong. */
function afterwards({ mail, staff }: UndeliveredParams, done: string): string[] {
  if (REQUESTS.has(mail)) {
    return [
      `${done}が済みましたら、このメールに「再送」と返信してください。`,
      staff
        ? 'アドレスが違うときは、「中止」と返信し、届いた様式から署名者の行を写し、直して返信してください。'
        : 'アドレスが違うときは、電子申請で「Eメールアドレス変更申請」をお願いしてください。',
    ];
  }
  if (mail === CHANGE_REQUEST) {
    return [
      `${done}が済みましたら、もう一度「宛先変更」と返信してください。2行目に「確認者：アドレス」と書くと、別の職員に確認をお願いできます。`,
    ];
  }
  return mail === 'completed'
    ? ['このメールに「控え」と返信すると、締結した文書が届きます。必要なときは、お渡しください。']
    : ['送り直す必要はありません。いまの様子は、1行目に「状況」と書いて返信すると分かります。'];
}

export const undeliveredSample: UndeliveredParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  recipient: { ...sampleSignatory, organisation: null, title: null, address: 'yamada@docomo.ne.jp' },
  staff: false,
  mail: 'signatureRequest',
  sentAt: '2026-11-21T00:03:00Z',
  reason: 'carrier-refused',
  unusable: false,
  phone: '00-0000-0002',
  fromAddress: 'keiyaku@mihon.example.jp',
  deadline: '2026-12-01',
  workingDaysLeft: 6,
};
