/** 依頼 was accepted: tells the initiator when the request leaves and that 「中止」 still stops it (R13). */
import { shortDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';

export interface GoAheadAcceptedParams extends MailBase {
  initiator: Person;
  number: string;
  title: string;
  /** When the first request leaves. */
  leavesAt: When;
  /** Who is asked first. */
  recipient: Person;
}

export function goAheadAccepted(params: GoAheadAcceptedParams): MailContent {
  const leaves = shortDateTime(params.leavesAt);
  return {
    subject: `【${leaves}に送ります】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.initiator)),
      lines('「依頼」を受け付けました。', `${leaves}に、次の方へ送ります。`),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          [pair('送り先', personWithAddress(params.recipient))],
        ],
      },
      lines(
        'それまでは、1行目に「中止」と書いて返信すると、送らずに止まります。',
        '送ったあとの様子は、1行目に「状況」と書いて返信すると分かります。',
      ),
    ],
  };
}

export const goAheadAcceptedSample: GoAheadAcceptedParams = {
  ...sampleBase,
  initiator: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  leavesAt: '2026-11-21T00:03:00Z',
  recipient: sampleSignatory,
};
