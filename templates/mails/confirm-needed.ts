/** Asks to repeat a word in reply to this mail, because the first one came without its reply secret (decided 8). */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleApprover, sampleBase, sampleDocuments, sampleTitle } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import { type Approvable, approvableBlocks } from './approvable.ts';

export interface ConfirmNeededParams extends MailBase, Approvable {
  recipient: Person;
  title: string;
  /** What line 1 of the reply must say, e.g. 承認 4821. */
  word: string;
}

export function confirmNeeded(params: ConfirmNeededParams): MailContent {
  return {
    subject: `【確認のお願い】${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines(
        'いただいたメールは、まだ実行していません。',
        'こちらからお送りしたメールへの返信であることを確かめられませんでした。',
      ),
      {
        kind: 'table',
        rows: [[pair('契約件名', params.title)], [pair('いただいた言葉', params.word)]],
      },
      lines(
        `間違いなければ、このメールの1行目に「${params.word}」と書いて返信してください。`,
        'お心当たりがないときは、返信せず、下の「操作」の窓口へご連絡ください。',
      ),
      ...approvableBlocks(params),
    ],
  };
}

export const confirmNeededSample: ConfirmNeededParams = {
  ...sampleBase,
  recipient: sampleApprover,
  title: sampleTitle,
  word: '承認 4821',
  approvable: sampleDocuments,
};
