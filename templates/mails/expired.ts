/** 期限切れ: tells the initiator that the deadline passed before everyone consented (R24). */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';
import { anewBlocks, type FilledForm, filledFormSample } from './contract-form.ts';

export interface ExpiredParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  deadline: When;
  /** Who had not consented when it ended. */
  pending: readonly Person[];
  /** What the contract said, to be corrected by reply. */
  form: FilledForm;
}

export function expired(params: ExpiredParams): MailContent {
  return {
    subject: `【期限切れ】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines('期限までに全員の同意がそろいませんでした。手続きは終わり、契約は成立していません。'),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('期限', eraDateWithWeekday(params.deadline))],
        ],
      },
      lines('同意がまだだった方：'),
      { kind: 'list', items: params.pending.map(personWithAddress) },
      lines('依頼をお送りした方には、取消をメールでお知らせします。'),
      ...anewBlocks(params.form, params.municipality),
    ],
  };
}

export const expiredSample: ExpiredParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  deadline: '2026-12-01',
  pending: [sampleSignatory],
  form: filledFormSample,
};
