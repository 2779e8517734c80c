/** 質問: a participant's question from the page, for the initiator to answer by an ordinary reply. */
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

export interface QuestionParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  role: Exclude<ParticipantRole, 'observer'>;
  participant: Person;
  askedAt: When;
  /** The participant's own words. */
  question: string;
}

export function question(params: QuestionParams): MailContent {
  return {
    subject: `【質問】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines('契約の相手方から、画面で質問がありました。手続きの状態は変わっていません。'),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair(participantRole(params.role, params.municipality), personWithAddress(params.participant))],
          [pair('日時', fullDateTime(params.askedAt))],
        ],
      },
      lines('質問：'),
      { kind: 'quote', text: params.question },
      lines(
        'このメールに返信すると、相手方へ直接届きます。契約の手続きにはなりません。',
        '取り消すときは、ほかのメールに「中止」と返信してください。',
      ),
    ],
  };
}

export const questionSample: QuestionParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  role: 'signatory',
  participant: sampleSignatory,
  askedAt: '2026-11-24T01:05:00Z',
  question: '設計書の3ページの数量について教えてください。\nよろしくお願いします。',
};
