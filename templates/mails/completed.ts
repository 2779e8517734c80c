/** 電子署名完了のお知らせ: to everyone, once all have consented and the file is closed (R33 to R37, R43). */
import { eraDate, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import {
  sampleBase,
  sampleDocuments,
  sampleLink,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import { type DocumentFacts, ENGLISH_HINT, numbered, type Person } from '../words.ts';

export interface CompletedParams extends MailBase {
  recipient: Person;
  number: string;
  title: string;
  url: string;
  /** Executed documents. */
  documents: readonly DocumentFacts[];
  contractDate: When;
  /** Whether the executed documents hang on this mail, or are too large for it (R37). */
  attached: boolean;
  downloadDays: number;
  /** A fresh link that the recipient has asked for (R36). */
  again: boolean;
  /** Whether the proof has been renewed since the conclusion: the files are then longer than what was concluded (R44). */
  extended: boolean;
}

export function completed(params: CompletedParams): MailContent {
  const attachments = params.attached
    ? '同じ文書と合意締結証明書を、このメールにも添付しています。'
    : '容量が大きいため、文書はこのメールに添付していません。URLからダウンロードしてください。';
  return {
    subject: '電子署名完了のお知らせ',
    ...signOff(params),
    blocks: [
      lines(...addressee(params.recipient)),
      ...(params.again ? [lines('お求めにより、ダウンロードのURLをあらためてお送りします。')] : []),
      lines('すべての手続きが完了しました。', '署名完了文書ダウンロード画面より、ダウンロードして下さい。'),
      { kind: 'link', label: 'ダウンロード', url: params.url },
      { kind: 'table', rows: [[pair('封筒', `${params.number} ${params.title}`)]] },
      lines('文書：'),
      { kind: 'list', items: params.documents.map((document) => document.title) },
      {
        kind: 'table',
        rows: [
          [pair('ダウンロード有効期間', `${params.downloadDays}日間`)],
          [pair('契約日', eraDate(params.contractDate))],
        ],
      },
      lines(
        attachments,
        '有効期間を過ぎると、ダウンロードができなくなります。必ずダウンロードして保管するようお願いいたします。',
        'PDFが契約書の原本です。印刷したものは「契約書の写し」になります。',
        'マーカーを含め内容を編集すると電子署名は無効になります。ファイル名は変えても差し支えありません。',
        '可読性・検索性を担保できる場所で保管してください。',
        ENGLISH_HINT,
      ),
      { kind: 'digests', documents: numbered(params.documents) },
      ...(params.extended
        ? [
            lines(
              '締結のあと、電子署名を検証できる期間を延長しています。内容は締結時のままです。',
              '延長のための証明を末尾に加えたため、いまのファイルのSHA-256は、上にある締結時の値とは異なります。',
            ),
          ]
        : []),
    ],
  };
}

/** Organisation (with title) and name on two lines, as R34 has it. */
function addressee({ organisation, title, name }: Person): string[] {
  const first = organisation ?? title;
  const person = `${name ?? 'ご担当者'}様`;
  return first === null ? [person] : [first, person];
}

export const completedSample: CompletedParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  number: sampleNumber,
  title: sampleTitle,
  url: sampleLink.replace('/c/', '/d/'),
  documents: sampleDocuments,
  contractDate: '2026-11-30',
  attached: true,
  downloadDays: 14,
  again: false,
  extended: false,
};
