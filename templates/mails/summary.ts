/** けさのまとめ: what is in one member of staff's hands this morning. */
import { shortDate, shortDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, signOff } from '../mail-content.ts';
import {
  sampleApprover,
  sampleBase,
  sampleInitiator,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';

export type SummarySection = 'toApprove' | 'undelivered' | 'due' | 'drafts' | 'waiting' | 'concluded';

export interface SummaryItem {
  number: string;
  title: string;
  /** The last day: of the contract, or of a draft. */
  deadline: When;
  /** Whose turn it is; null where it is nobody's. */
  awaited: Person | null;
}

export interface SummaryParams extends MailBase {
  recipient: Person;
  /** yyyy-mm-dd. */
  day: string;
  /** Beyond this many a section only says how many more there are. */
  listed: number;
  /** In the order they are shown; none is empty. */
  sections: readonly { section: SummarySection; items: readonly SummaryItem[] }[];
}

const HEADINGS: Record<SummarySection, { short: string; heading: string }> = {
  toApprove: {
    short: '承認待ち',
    heading: 'あなたの承認をお待ちしています。お願いのメールに返信してください。',
  },
  undelivered: {
    short: '不達',
    heading: '依頼のメールが届いていません。【届いていません】のメールをご覧ください。',
  },
  due: {
    short: '期限間近',
    heading: '期限が近づいています。延ばすときは「延長」と日付を書いて返信してください。',
  },
  drafts: { short: '依頼待ち', heading: 'まだ送っていません。よろしければ「依頼」と返信してください。' },
  waiting: { short: '返事待ち', heading: 'お返事を待っています。していただくことはありません。' },
  concluded: { short: '締結', heading: '前の開庁日からけさまでに締結しました。' },
};

export function summary(params: SummaryParams): MailContent {
  const counts = params.sections.map(({ section, items }) => `${HEADINGS[section].short}${items.length}件`);
  return {
    subject: `【けさのまとめ】${shortDateWithWeekday(params.day)} ${counts.join('・')}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      lines('電子契約のけさの様子をお知らせします。'),
      ...params.sections.flatMap(({ section, items }): MailContent['blocks'] => [
        lines(`■${HEADINGS[section].short}（${items.length}件） ${HEADINGS[section].heading}`),
        { kind: 'list', items: items.slice(0, params.listed).map((item) => itemLine(section, item)) },
        ...(items.length > params.listed ? [lines(`ほか${items.length - params.listed}件`)] : []),
      ]),
      lines('くわしくは、それぞれの契約のメールに、1行目に「状況」と書いて返信してください。'),
    ],
  };
}

function itemLine(section: SummarySection, { number, title, deadline, awaited }: SummaryItem): string {
  const name = `受付${number} ${title}`;
  if (section === 'concluded') return name;
  if (section === 'drafts') return `${name}（${shortDate(deadline)}に破棄します）`;
  const who = awaited === null || section === 'toApprove' ? '' : `${personWithHonorific(awaited)}、`;
  return `${name}（${who}期限${shortDateWithWeekday(deadline)}）`;
}

const item: SummaryItem = {
  number: sampleNumber,
  title: sampleTitle,
  deadline: '2026-12-01',
  awaited: sampleSignatory,
};

export const summarySample: SummaryParams = {
  ...sampleBase,
  recipient: sampleInitiator,
  day: '2026-11-24',
  listed: 30,
  sections: [
    {
      section: 'toApprove',
      items: [{ ...item, number: '2026-0119', title: '庁舎清掃業務委託', awaited: sampleApprover }],
    },
    { section: 'undelivered', items: [item] },
    {
      section: 'due',
      items: [{ ...item, number: '2026-0120', title: '公園遊具更新工事', deadline: '2026-11-26' }],
    },
    { section: 'drafts', items: [{ ...item, number: '2026-0124', title: '防犯灯設置工事', awaited: null }] },
    { section: 'waiting', items: [{ ...item, number: '2026-0122', title: '樹木剪定業務委託' }] },
    {
      section: 'concluded',
      items: [{ ...item, number: '2026-0101', title: '水道管更新工事', awaited: null }],
    },
  ],
};
