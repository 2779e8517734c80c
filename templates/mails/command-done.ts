/** Says that a command was carried out and what comes next. */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';

/** What was done; each has its own sentences. */
export type DoneCommand =
  | { kind: 'resent'; recipient: Person }
  | { kind: 'extended'; deadline: When }
  | { kind: 'address-changed'; before: Person; after: Person }
  | { kind: 'documents-added'; count: number }
  | { kind: 'corrected' };

export interface CommandDoneParams extends MailBase {
  sender: Person;
  number: string;
  title: string;
  done: DoneCommand;
}

export function commandDone(params: CommandDoneParams): MailContent {
  const { heading, sentences } = report(params.done);
  return {
    subject: `【${heading}】受付${params.number} ${params.title}`,
    desks: params.desks,
    testAuthority: params.testAuthority,
    blocks: [
      lines(personWithHonorific(params.sender)),
      { kind: 'table', rows: [[pair('受付', `${params.number} ${params.title}`)]] },
      lines(...sentences, 'いまの様子は、1行目に「状況」と書いて返信すると分かります。'),
    ],
  };
}

function report(done: DoneCommand): { heading: string; sentences: string[] } {
  switch (done.kind) {
    case 'resent':
      return {
        heading: '再送しました',
        sentences: [
          `${personWithAddress(done.recipient)} へ、もう一度送ります。`,
          '先に送ったURLは使えなくなりました。お手続きをお待ちください。',
        ],
      };
    case 'extended':
      return {
        heading: '期限を延ばしました',
        sentences: [`新しい期限は${eraDateWithWeekday(done.deadline)}です。`, 'お手続きをお待ちください。'],
      };
    case 'address-changed':
      return {
        heading: '宛先を変えました',
        sentences: [
          `変更前：${personWithAddress(done.before)}`,
          `変更後：${personWithAddress(done.after)}`,
          'どちらの方にも、変更をメールでお知らせします。',
        ],
      };
    case 'documents-added':
      return {
        heading: '文書を加えました',
        sentences: [`文書を${done.count}点加えました。確認のメールをあらためてお送りします。`],
      };
    case 'corrected':
      return { heading: '直しました', sentences: ['直した内容で、確認のメールをあらためてお送りします。'] };
  }
}

export const commandDoneSample: CommandDoneParams = {
  ...sampleBase,
  sender: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  done: { kind: 'resent', recipient: sampleSignatory },
};
