/** 同意を記録しました: confirms a consent to the participant who gave it, with the document digests (R59). */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleDocuments, sampleLink, sampleSignatory, sampleTitle } from '../sample.ts';
import { worded } from '../wording.ts';
import {
  type DocumentFacts,
  ENGLISH_HINT,
  type FilledFact,
  filledLines,
  numbered,
  type ParticipantRole,
  type Person,
  participantRole,
  personWithAddress,
  personWithHonorific,
} from '../words.ts';

/** How a consent reached us. */
export type ConsentMeans = 'page' | 'mail-reply';

export interface ConsentRecordedParams extends MailBase {
  participant: Person;
  role: Exclude<ParticipantRole, 'observer'>;
  title: string;
  consentedAt: When;
  means: ConsentMeans;
  documents: readonly DocumentFacts[];
  /** What was put into the documents' boxes with this consent. */
  filled: readonly FilledFact[];
  /** Who operates the signing key, e.g. 契約便 電子署名（見本市） (R59). */
  keyOperator: string;
  /** Where the consent can be taken back; null once it cannot. */
  takeBackUrl: string | null;
}

const MEANS: Record<ConsentMeans, string> = {
  page: '確認ページでの操作',
  'mail-reply': 'メールへの返信',
};

export function consentRecorded(params: ConsentRecordedParams): MailContent {
  const seal =
    params.role === 'checker'
      ? '内容の確認だけの記録です。電子署名は行いません。'
      : `この同意にもとづき、${params.keyOperator}が管理する鍵で電子署名を行います。`;
  const takeBack: MailBlock[] =
    params.takeBackUrl === null
      ? []
      : [
          lines('次の方が同意するまでは、「同意を取り消す」または次のURLから取り消せます。'),
          { kind: 'link', label: '同意を取り消す', url: params.takeBackUrl },
        ];
  return {
    subject: `【同意を記録しました】${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.participant)),
      lines(`同意を記録しました。${worded('thanks', params)}`),
      {
        kind: 'table',
        rows: [
          [pair('契約件名', params.title)],
          [pair('立場', participantRole(params.role, params.municipality))],
          [pair('同意した方', personWithAddress(params.participant))],
          [pair('日時', fullDateTime(params.consentedAt))],
          [pair('方法', MEANS[params.means])],
          ...(params.filled.length === 0
            ? []
            : [[pair('記入した内容', filledLines(params.filled, params.documents))]]),
        ],
      },
      lines(seal, '手続きがすべて終わりましたら、あらためてメールでお知らせします。'),
      ...takeBack,
      lines(
        'お心当たりがないときは、至急、下の「契約の内容」の窓口へご連絡ください。',
        params.role !== 'approver' &&
          (params.takeBackUrl === null ? 'English: your consent has been recorded.' : ENGLISH_HINT),
      ),
      { kind: 'digests', documents: numbered(params.documents) },
    ],
  };
}

export const consentRecordedSample: ConsentRecordedParams = {
  ...sampleBase,
  participant: sampleSignatory,
  role: 'signatory',
  title: sampleTitle,
  consentedAt: '2026-11-28T01:15:00Z',
  means: 'page',
  documents: sampleDocuments,
  filled: [],
  keyOperator: '株式会社サンプル認証',
  takeBackUrl: sampleLink,
};
