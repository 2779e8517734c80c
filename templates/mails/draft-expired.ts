/** 破棄: tells the initiator that a draft without a go-ahead was dropped. */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleTitle } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';

export interface DraftExpiredParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  /** How long the draft waited. */
  days: number;
}

export function draftExpired(params: DraftExpiredParams): MailContent {
  return {
    subject: `【破棄しました】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(
        `${params.days}日間お返事がなかったため、お預かりした契約書を破棄しました。`,
        '相手方には何も送っていません。',
      ),
      { kind: 'table', rows: [[pair('受付', `${params.number} ${params.title}`)]] },
      lines('必要なときは、契約書をもう一度メールで送ってください。'),
    ],
  };
}

export const draftExpiredSample: DraftExpiredParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  days: 14,
};
