/** 同意の取消: tells the initiator, and the next participant who had been asked, that a consent was taken back (R29). */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import {
  type ParticipantRole,
  type Person,
  participantRole,
  personWithAddress,
  personWithHonorific,
} from '../words.ts';

export interface ConsentTakenBackParams extends MailBase {
  recipient: Person;
  /** The initiator, or the next participant, whose link no longer works: another vendor's or the approver. */
  recipientIs: 'initiator' | 'vendor' | 'approver';
  /** Shown to the initiator only. */
  number: string;
  title: string;
  role: Exclude<ParticipantRole, 'observer'>;
  participant: Person;
  takenBackAt: When;
}

export function consentTakenBack(params: ConsentTakenBackParams): MailContent {
  const forInitiator = params.recipientIs === 'initiator';
  const advice = forInitiator
    ? lines(
        '手続きは、この方の同意を待つところへ戻りました。次の方への依頼は取り消しました。',
        '事情は、この方へ直接お確かめください。やめるときは、1行目に「中止」と書いて返信してください。',
      )
    : lines(
        '先にお送りした依頼のURLと返信は使えなくなりました。していただくことはありません。',
        'あらためて同意がありましたら、新しいメールでお願いします。',
        params.recipientIs === 'vendor' &&
          'English: the earlier request to you no longer counts. You need not do anything for now.',
      );
  return {
    subject: forInitiator
      ? `【同意が取り消されました】受付${params.number} ${params.title}`
      : `【同意が取り消されました】${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines('次の方が、同意を取り消しました。'),
      {
        kind: 'table',
        rows: [
          [forInitiator ? pair('受付', `${params.number} ${params.title}`) : pair('契約件名', params.title)],
          [pair(participantRole(params.role, params.municipality), personWithAddress(params.participant))],
          [pair('日時', fullDateTime(params.takenBackAt))],
        ],
      },
      advice,
    ],
  };
}

export const consentTakenBackSample: ConsentTakenBackParams = {
  ...sampleBase,
  recipient: sampleInitiator,
  recipientIs: 'initiator',
  number: sampleNumber,
  title: sampleTitle,
  role: 'signatory',
  participant: sampleSignatory,
  takenBackAt: '2026-11-28T02:40:00Z',
};
