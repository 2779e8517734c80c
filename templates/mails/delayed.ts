/** 処理を待っています: tells the initiator, once for each wait, what waits for whom, and that nothing is lost. */
import { eraDateWithWeekday, fullDateTime, shortDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { expectedBy, type Waiting, waitingReason, waitingWork } from '../waiting.ts';
import { type Person, personWithHonorific } from '../words.ts';

export interface DelayedParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  waiting: Waiting;
  /** The consents on record. */
  consents: readonly { person: Person; at: When }[];
  /** The deadline while it can still end the contract, null after the last consent. */
  deadline: When | null;
}

export function delayed(params: DelayedParams): MailContent {
  const { waiting, consents, deadline } = params;
  const kept = consents.length === 0 ? 'お預かりした文書' : 'いただいた同意';
  const recorded = consents.map(
    ({ person, at }) => `${personWithHonorific(person)}（${shortDateTime(at)}に同意）`,
  );
  return {
    subject: `【処理を待っています】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(
        `${waitingWork(waiting)}が、まだ終わっていません。`,
        `${kept}は記録済みで、失われることはありません。`,
      ),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('理由', waitingReason(waiting))],
          [pair('待ち始め', fullDateTime(waiting.since))],
          ...(waiting.until === null ? [] : [[pair('見込み', expectedBy(waiting.until))]]),
          ...(recorded.length === 0 ? [] : [[pair('記録済みの同意', recorded)]]),
          ...(deadline === null ? [] : [[pair('期限', eraDateWithWeekday(deadline))]]),
        ],
      },
      lines(
        '自動でやり直しています。何もしていただく必要はありません。',
        '終わりしだい、次の手続きへ進みます。この待ちについて、あらためてのお知らせはしません。',
        'いまの様子は、1行目に「状況」と書いて返信すると確かめられます。',
        deadline !== null &&
          '期限に間に合わないおそれがあるときは、「延長 令和○年○月○日」と返信してください。',
      ),
    ],
  };
}

export const delayedSample: DelayedParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  waiting: { work: 'seal', awaits: 'timestamp', since: '2026-11-28T01:15:00Z', until: null },
  consents: [{ person: sampleSignatory, at: '2026-11-28T01:15:00Z' }],
  deadline: '2026-12-01',
};
