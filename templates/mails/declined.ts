/** 却下: tells the initiator that a participant did not consent, and why (R29). */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import {
  type ParticipantRole,
  type Person,
  participantRole,
  personWithAddress,
  personWithHonorific,
} from '../words.ts';
import { anewBlocks, type FilledForm, filledFormSample } from './contract-form.ts';

export interface DeclinedParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  role: Exclude<ParticipantRole, 'observer'>;
  participant: Person;
  declinedAt: When;
  /** The participant's own words, null where none were given. */
  reason: string | null;
  /** A contract on paper is wished for (R0). */
  paper: boolean;
  /** What the contract said, to be corrected by reply. */
  form: FilledForm;
}

export function declined(params: DeclinedParams): MailContent {
  const word = params.role === 'approver' ? '差し戻されました' : '却下されました';
  const happened = params.paper
    ? '相手方が、紙の契約を希望しました。電子契約の手続きは終わり、契約は成立していません。'
    : `契約が${word}。手続きは終わり、契約は成立していません。`;
  const reason: MailBlock[] =
    params.reason === null
      ? [lines(params.paper ? '理由：紙の契約を希望' : '理由：書かれていません。')]
      : [lines('理由：'), { kind: 'quote', text: params.reason }];
  return {
    subject: `【${params.paper ? '紙の契約を希望' : word}】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(happened),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair(participantRole(params.role, params.municipality), personWithAddress(params.participant))],
          [pair('日時', fullDateTime(params.declinedAt))],
        ],
      },
      ...reason,
      lines('まだ依頼を受け取っていない方には、何も知らせていません。'),
      ...(params.paper
        ? [lines('紙の契約書の準備をお願いします。課税文書には収入印紙が要ります。')]
        : anewBlocks(params.form, params.municipality)),
    ],
  };
}

export const declinedSample: DeclinedParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  role: 'signatory',
  participant: sampleSignatory,
  declinedAt: '2026-11-28T01:15:00Z',
  reason: '第5条の工期が打合せと異なります。\nご確認をお願いします。',
  paper: false,
  form: filledFormSample,
};
