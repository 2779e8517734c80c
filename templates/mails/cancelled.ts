/** 署名依頼取消: tells participants who had been asked that nothing is wanted of them any more (R20, R29). */
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleSignatory, sampleTitle } from '../sample.ts';
import { worded } from '../wording.ts';
import { type Initiator, type Person, personWithHonorific } from '../words.ts';
import { introduction } from './signature-request.ts';

/** Why it ended: the municipality withdrew it, the deadline passed, or another participant did not consent. */
export type CancelCause = 'withdrawn' | 'expired' | 'declined' | 'paperWished';

export interface CancelledParams extends MailBase {
  recipient: Person;
  initiator: Initiator;
  title: string;
  cause: CancelCause;
  /** What the municipality wants the recipient to know, null for nothing. */
  message: string | null;
}

export function cancelled(params: CancelledParams): MailContent {
  const causes: Record<CancelCause, string> = {
    withdrawn: `${params.municipality}の都合により、署名の依頼を取り消しました。`,
    expired: '期限までに手続きが終わらなかったため、署名の依頼を取り消しました。',
    declined: '関係者の同意が得られなかったため、署名の依頼を取り消しました。',
    paperWished: '紙の契約のご希望があったため、署名の依頼を取り消しました。',
  };
  const message: MailBlock[] =
    params.message === null ? [] : [lines('担当者からの伝言：'), { kind: 'quote', text: params.message }];
  return {
    subject: `【署名依頼取消のお知らせ】${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines(introduction(params), causes[params.cause]),
      { kind: 'table', rows: [[pair('契約件名', params.title)]] },
      ...message,
      lines(
        'お送りしたURLは使えなくなりました。していただくことはありません。',
        'すでに同意いただいていた場合も、契約は成立していません。',
        worded('apology', params),
        'English: this request has been cancelled. You need not do anything.',
      ),
    ],
  };
}

export const cancelledSample: CancelledParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  initiator: { organisation: '総務課', name: sampleInitiator.name },
  title: sampleTitle,
  cause: 'withdrawn',
  message: null,
};
