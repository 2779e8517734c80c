/** 控え, asked for by a vendor: all its concluded contracts, each with a fresh download link (R36). */
import { eraDate, type When } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleLink, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { ENGLISH_HINT } from '../words.ts';

export interface ContractListParams extends MailBase {
  /** The registered address that asked. */
  address: string;
  contracts: readonly { number: string; title: string; contractDate: When; url: string }[];
  /** How many older contracts there are beyond those listed. */
  more: number;
  downloadDays: number;
}

export function contractList(params: ContractListParams): MailContent {
  const { contracts, more } = params;
  return {
    subject: `【控え】${params.municipality}との電子契約の一覧`,
    ...signOff(params),
    blocks: [
      lines(`${params.address} 様`),
      ...(contracts.length === 0
        ? [lines('このアドレスで締結した電子契約は、まだありません。')]
        : listed(params)),
      lines(
        more > 0 &&
          `このほかに、より古い契約が${more}件あります。必要なときは「契約の内容」の窓口へご連絡ください。`,
        'この一覧は、登録のアドレスだけにお送りしています。URLを転送しないでください。',
        contracts.length > 0 && ENGLISH_HINT,
      ),
    ],
  };
}

function listed({ contracts, downloadDays }: ContractListParams): MailBlock[] {
  return [
    lines(
      'このアドレスで締結した電子契約の一覧です。契約日の新しい順に並べています。',
      `それぞれのURLから、${downloadDays}日間ダウンロードできます。`,
    ),
    {
      kind: 'entries',
      entries: contracts.map(({ number, title, contractDate, url }) => ({
        rows: [pair('封筒', `${number} ${title}`), pair('契約日', eraDate(contractDate))],
        url,
      })),
    },
  ];
}

export const contractListSample: ContractListParams = {
  ...sampleBase,
  address: sampleSignatory.address,
  contracts: [
    {
      number: sampleNumber,
      title: sampleTitle,
      contractDate: '2026-11-30',
      url: sampleLink.replace('/c/', '/d/'),
    },
    {
      number: '2026-0007',
      title: '市庁舎清掃業務委託',
      contractDate: '2026-04-01',
      url: sampleLink.replace('/c/abc', '/d/xyz'),
    },
  ],
  more: 0,
  downloadDays: 14,
};
