/** Answers a reply word that is not possible now: why not, and what can be written instead. */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleTitle } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import { type Approvable, approvableBlocks } from './approvable.ts';
import { convertedBlocks } from './converted.ts';
import { cameAnewRows, possibleBlocks, type Standing, standingSample } from './standing.ts';

export interface CommandRefusedParams extends MailBase, Approvable, Standing {
  sender: Person;
  title: string;
  /** Null for readers outside the section: the number stands in staff mails only. */
  number: string | null;
  /** Sentences from refusalSentence(). */
  reasons: readonly string[];
  /** Names of the PDFs attached, made from Word and Excel files. */
  converted: readonly string[];
}

export function commandRefused(params: CommandRefusedParams): MailContent {
  const contract =
    params.number === null
      ? pair('契約件名', params.title)
      : pair('受付', `${params.number} ${params.title}`);
  return {
    subject: `【お受けできません】${params.number === null ? '' : `受付${params.number} `}${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines('いただいた返信は、お受けできませんでした。契約の状態は変わっていません。'),
      {
        kind: 'table',
        rows: [[contract], ...cameAnewRows(params)],
      },
      { kind: 'list', items: params.reasons },
      ...convertedBlocks(
        params.converted,
        '差し支えなければ、このPDFを添付して、このメールに返信してください。直す行を書いたときは、もう一度書いてください。',
      ),
      ...possibleBlocks(params),
      ...approvableBlocks(params),
    ],
  };
}

export const commandRefusedSample: CommandRefusedParams = {
  ...sampleBase,
  sender: sampleInitiator,
  title: sampleTitle,
  number: sampleNumber,
  reasons: [
    '1行目の「送ってください」は、決まった言葉ではありません。決まった言葉だけを1行目に書いてください。',
  ],
  converted: [],
  ...standingSample,
  possibleWords: ['依頼', '中止', '状況'],
  beyond: 'correct',
  approvable: [],
};
