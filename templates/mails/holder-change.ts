/** 宛先変更 (R4): asks a second staff member, tells everybody concerned, or tells that it was not agreed to. */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff, type TablePair } from '../mail-content.ts';
import {
  sampleApprover,
  sampleBase,
  sampleInitiator,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import {
  type ParticipantRole,
  type Person,
  participantRole,
  personWithAddress,
  personWithHonorific,
} from '../words.ts';

interface HolderChangeFacts extends MailBase {
  recipient: Person;
  number: string;
  title: string;
  role: Exclude<ParticipantRole, 'observer'>;
  former: Person;
  holder: Person;
}

export interface HolderChangeRequestParams extends HolderChangeFacts {
  initiator: Person;
  /** 電話番号 known for the former holder, null where none is. */
  phone: string | null;
  /** Four digits to be typed beside 「承認」, null where none are asked. */
  code: string | null;
}

/** To the second staff member. */
export function holderChangeRequest(params: HolderChangeRequestParams): MailContent {
  const word = params.code === null ? '承認' : `承認 ${params.code}`;
  const phone = params.phone === null ? '' : `（${params.phone}）`;
  return {
    subject: `【宛先変更の確認】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines(
        `${personWithHonorific(params.initiator)}から、相手方の宛先を登録のないアドレスへ変える申し出がありました。`,
        'まだ変えていません。別の職員として、ご確認をお願いします。',
      ),
      { kind: 'table', rows: [[pair('受付', `${params.number} ${params.title}`)], ...changeRows(params)] },
      lines(
        `相手方へ電話${phone}で、ご本人のアドレスに間違いないことをお確かめください。`,
        `間違いなければ、1行目に「${word}」と書いて返信してください。この返信は宛先についてだけのもので、契約の承認ではありません。`,
        'ご本人のものと確かめられないときは、「差戻し」に続けて理由を書いてください。',
      ),
    ],
  };
}

export interface HolderChangedParams extends HolderChangeFacts {
  recipientIs: 'initiator' | 'former' | 'holder' | 'approver' | 'vendor';
  changedAt: When;
  /** The second staff member who agreed; null where the new address was registered. */
  confirmedBy: Person | null;
  /** Whether the new holder is asked to act now. */
  asked: boolean;
}

/** To every old and new address, checker and approver, and to the initiator. */
export function holderChanged(params: HolderChangedParams): MailContent {
  const forStaff = params.recipientIs === 'initiator' || params.recipientIs === 'approver';
  const why =
    params.confirmedBy === null
      ? '電子申請で登録されたアドレスです。'
      : `${personWithHonorific(params.confirmedBy)}が確認しました。`;
  const advice: Record<HolderChangedParams['recipientIs'], string[]> = {
    initiator: [
      params.asked
        ? '新しいアドレスへ、あらためて依頼を送ります。先に送ったURLは使えなくなりました。'
        : '順番が来ましたら、新しいアドレスへ依頼を送ります。',
    ],
    approver: ['していただくことはありません。お心当たりのない変更のときは、担当職員へお確かめください。'],
    former: [
      'このアドレスにお送りしたURLは使えなくなりました。していただくことはありません。',
      'お心当たりのない変更のときは、至急、下の「契約の内容」の窓口へお電話ください。',
    ],
    holder: [
      params.asked
        ? '依頼のメールを、このアドレスへ別にお送りします。'
        : '順番が来ましたら、依頼のメールをこのアドレスへお送りします。',
      'お心当たりのない変更のときは、至急、下の「契約の内容」の窓口へお電話ください。',
    ],
    vendor: ['お心当たりのない変更のときは、至急、下の「契約の内容」の窓口へお電話ください。'],
  };
  return {
    subject: forStaff
      ? `【宛先を変更しました】受付${params.number} ${params.title}`
      : `【宛先変更のお知らせ】${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines('契約の手続きのメールをお送りする宛先を、次のとおり変更しました。'),
      {
        kind: 'table',
        rows: [
          [forStaff ? pair('受付', `${params.number} ${params.title}`) : pair('契約件名', params.title)],
          ...changeRows(params),
          [pair('日時', fullDateTime(params.changedAt))],
          ...(forStaff ? [[pair('確認', why)]] : []),
        ],
      },
      lines(
        ...advice[params.recipientIs],
        !forStaff &&
          'English: the mail address for this contract has been changed. If you did not expect this, call the first number below.',
      ),
    ],
  };
}

export interface HolderChangeRejectedParams extends HolderChangeFacts {
  second: Person;
  reason: string | null;
}

/** To the initiator. */
export function holderChangeRejected(params: HolderChangeRejectedParams): MailContent {
  return {
    subject: `【宛先は変えていません】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines(`${personWithHonorific(params.second)}が、宛先変更を差し戻しました。宛先は元のままです。`),
      { kind: 'table', rows: [[pair('受付', `${params.number} ${params.title}`)], ...changeRows(params)] },
      ...(params.reason === null
        ? [lines('理由は書かれていませんでした。')]
        : [lines('理由：'), { kind: 'quote', text: params.reason } as const]),
      lines(
        '相手方に電子申請での「Eメールアドレス変更申請」をお願いするか、正しいアドレスで「宛先変更」と書いて返信してください。',
      ),
    ],
  };
}

function changeRows({ role, former, holder, municipality }: HolderChangeFacts): TablePair[][] {
  const word = participantRole(role, municipality);
  return [
    [pair(`いままでの${word}`, personWithAddress(former))],
    [pair(`新しい${word}`, personWithAddress(holder))],
  ];
}

const sampleFacts: HolderChangeFacts = {
  ...sampleBase,
  recipient: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  role: 'signatory',
  former: { ...sampleSignatory, address: 'yamada@docomo.ne.jp' },
  holder: sampleSignatory,
};

export const holderChangeRequestSample: HolderChangeRequestParams = {
  ...sampleFacts,
  recipient: sampleApprover,
  initiator: sampleInitiator,
  phone: '00-0000-0002',
  code: null,
};

export const holderChangedSample: HolderChangedParams = {
  ...sampleFacts,
  recipientIs: 'initiator',
  changedAt: '2026-11-28T02:40:00Z',
  confirmedBy: sampleApprover,
  asked: true,
};

export const holderChangeRejectedSample: HolderChangeRejectedParams = {
  ...sampleFacts,
  second: sampleApprover,
  reason: '電話がつながらず、確かめられませんでした。',
};
