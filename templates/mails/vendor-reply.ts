/** A vendor's reply to one of our mails: passed on to the initiator, and its sender told whom to call. */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Initiator, type Person, personWithAddress, personWithHonorific } from '../words.ts';
import { vendorWords } from './vendor-words.ts';

export interface VendorReplyParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  from: Person;
  receivedAt: When;
  /** Subject and text as the vendor wrote them, without what was quoted. */
  subject: string;
  text: string;
  /** There is more of it. */
  cut: boolean;
  /** The text is encrypted: nobody here can read it. */
  sealed: boolean;
  /** Names of the files that hang on this mail, and of those too large for it. */
  attached: readonly string[];
  left: readonly string[];
}

export function vendorReply(params: VendorReplyParams): MailContent {
  const { attached, left } = params;
  const files: MailContent['blocks'] = [
    ...(attached.length === 0
      ? []
      : [
          lines('添付ファイル（相手方から届いたままです。開く前にお確かめください）：'),
          { kind: 'list', items: attached } as const,
        ]),
    ...(left.length === 0
      ? []
      : [
          lines('次のファイルは大きいため、添付していません。差出人へ直接お求めください。'),
          { kind: 'list', items: left } as const,
        ]),
  ];
  return {
    subject: `【相手方からの返信】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines('契約の相手方が、電子契約のメールに返信しました。契約の状態は変わっていません。'),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('差出人', personWithAddress(params.from))],
          [pair('受信日時', fullDateTime(params.receivedAt))],
          [pair('件名', params.subject || '（なし）')],
        ],
      },
      ...vendorWords(params),
      ...files,
      lines(
        `お返事は、差出人のアドレス（${params.from.address}）へ直接お送りください。`,
        'このメールに返信すると、「状況」「再送」「中止」などの手続きになります。',
      ),
    ],
  };
}

export interface ReplyPassedOnParams extends MailBase {
  recipient: Person;
  title: string;
  initiator: Initiator;
  /** The initiator's telephone, null where none is known. */
  phone: string | null;
}

/** To the vendor, once a contract. */
export function replyPassedOn(params: ReplyPassedOnParams): MailContent {
  const phone = params.phone === null ? '下の「契約の内容」の窓口' : params.phone;
  return {
    subject: `【担当へお伝えしました】${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines(
        `いただいたメールは、${params.municipality}の担当（${personWithHonorific({ ...params.initiator, title: null })}）へお伝えしました。`,
        'このアドレスは電子契約の専用で、職員は直接見ていません。',
      ),
      { kind: 'table', rows: [[pair('契約件名', params.title)], [pair('お問い合わせ', phone)]] },
      lines(
        '署名は、メールへの返信ではできません。お届けしたメールのURLを開いてお手続きください。',
        'この契約について続けてメールをいただいたときも、担当へお伝えします。このお知らせは1回だけお送りします。',
        'English: your mail has been passed on to the person in charge. To sign, open the link in our mail.',
      ),
    ],
  };
}

export const vendorReplySample: VendorReplyParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  from: sampleSignatory,
  receivedAt: '2026-11-24T01:05:00Z',
  subject: 'Re: 見本市様より市道1号線舗装工事への署名依頼が届いています',
  text: '設計書の3ページの数量について教えてください。\n山田',
  cut: false,
  sealed: false,
  attached: ['数量表.xlsx'],
  left: ['現場写真.zip'],
};

export const replyPassedOnSample: ReplyPassedOnParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  title: sampleTitle,
  initiator: sampleInitiator,
  phone: '00-0000-0001',
};
