/** 止まっています: tells the initiator, once for each phase, that work was set aside, that nothing is lost, and what comes next. */
import { eraDateWithWeekday, shortDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Stopped, stopReason, waitingWork } from '../waiting.ts';
import { type Person, personWithHonorific } from '../words.ts';

export interface StoppedParams extends MailBase, Stopped {
  initiator: Person;
  number: string;
  title: string;
  /** The consents on record. */
  consents: readonly { person: Person; at: When }[];
  /** The deadline while it can still end the contract, null after the last consent. */
  deadline: When | null;
}

const NEXT: Record<Stopped['cause'], readonly string[]> = {
  key: ['システムの運用担当者が新しい証明書に替えると、続きから進みます。'],
  certificate: [
    'システムの運用担当者が、認証局に確かめます。続けられるときは、続きから進みます。',
    '続けられないときは、あらためて契約をお送りいただくことになります。運用担当者の連絡をお待ちください。',
  ],
  fault: ['システムの運用担当者が原因を直すと、続きから進みます。'],
};

export function stopped(params: StoppedParams): MailContent {
  const { cause, consents, deadline } = params;
  const kept = consents.length === 0 ? 'お預かりした文書' : 'いただいた同意';
  const recorded = consents.map(
    ({ person, at }) => `${personWithHonorific(person)}（${shortDateTime(at)}に同意）`,
  );
  return {
    subject: `【止まっています】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines(
        `${waitingWork(params)}が、途中で止まっています。取消しではありません。`,
        `${kept}は記録済みで、失われることはありません。`,
      ),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('理由', stopReason(params))],
          ...(recorded.length === 0 ? [] : [[pair('記録済みの同意', recorded)]]),
          ...(deadline === null ? [] : [[pair('期限', eraDateWithWeekday(deadline))]]),
        ],
      },
      lines(
        ...NEXT[cause],
        '相手方へは、このことをお知らせしていません。お急ぎのときは、下の「操作」の窓口へご連絡ください。',
        'いまの様子は、1行目に「状況」と書いて返信すると確かめられます。',
        deadline !== null &&
          '期限に間に合わないおそれがあるときは、「延長 令和○年○月○日」と返信してください。',
      ),
    ],
  };
}

export const stoppedSample: StoppedParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  work: 'conclude',
  cause: 'certificate',
  consents: [{ person: sampleSignatory, at: '2026-11-28T01:15:00Z' }],
  deadline: null,
};
