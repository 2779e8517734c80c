/** Answers 「中止」: the initiator learns that the contract has ended and who was told (R20). */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';
import { anewBlocks, type FilledForm, filledFormSample } from './contract-form.ts';

export interface WithdrawnAnswerParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  /** Participants who had been asked and are now told; empty when nothing had left. */
  informed: readonly Person[];
  /** What the contract said, to be corrected by reply. */
  form: FilledForm;
}

export function withdrawnAnswer(params: WithdrawnAnswerParams): MailContent {
  const told: MailContent['blocks'] =
    params.informed.length === 0
      ? [lines('まだどなたにも送っていなかったため、取消の連絡もしていません。')]
      : [
          lines('次の方に、取消をメールでお知らせします。'),
          { kind: 'list', items: params.informed.map(personWithAddress) },
        ];
  return {
    subject: `【中止しました】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines('「中止」を受け付けました。この契約の手続きは終わり、契約は成立していません。'),
      { kind: 'table', rows: [[pair('受付', `${params.number} ${params.title}`)]] },
      ...told,
      lines('紙の契約に切り替えることもできます。'),
      ...anewBlocks(params.form, params.municipality),
    ],
  };
}

export const withdrawnAnswerSample: WithdrawnAnswerParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  informed: [sampleSignatory],
  form: filledFormSample,
};
