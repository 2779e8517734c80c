/** Answers 「テスト」: which files arrived as they were sent, with their hashes, and how the sender was proven (R53). */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleDocuments, sampleInitiator } from '../sample.ts';
import {
  type DocumentFacts,
  documentRowWithSizes,
  numbered,
  type Person,
  personWithHonorific,
} from '../words.ts';

export interface TrialParams extends MailBase {
  sender: Person;
  /** PDFs that could be sent out as a contract, by their file names. */
  documents: readonly DocumentFacts[];
  /** Sentences from refusalSentence(), for the other files. */
  problems: readonly string[];
  /** How the sender was proven, as the log says it: the means, a colon, what was found. */
  proof: string;
}

const BECAUSE: Readonly<Record<string, string>> = {
  'submission-relay': '職員だけが使うメールサーバーから届いたため',
  'smtp-auth': '職員のアカウントで送られたため',
  'authentication-results': '受信用のメールサーバーが差出人を確かめたため',
  direct: '差出人のドメインからのメールと確かめたため',
  released: '運用者が内容を確かめて受け付けたため',
};

export function trial(params: TrialParams): MailContent {
  const { documents, problems } = params;
  const nothing = documents.length === 0 && problems.length === 0;
  const well = documents.length > 0 && problems.length === 0;
  return {
    subject: well ? '【テスト】問題なく届きました' : '【テスト】添付ファイルをご確認ください',
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines('テストのメールが届きました。契約としては扱わず、どなたにも送っていません。'),
      {
        kind: 'table',
        rows: [
          [
            pair('差出人の確認', [
              `${params.sender.address} 職員のアドレスと確かめました${because(params.proof)}`,
              `（情報担当向けの記録：${params.proof}）`,
            ]),
          ],
          ...(documents.length > 0 ? [[pair('届いたPDF', documentRowWithSizes(documents))]] : []),
        ],
      },
      ...(documents.length > 0
        ? [
            lines(
              '届いたPDFのハッシュ（SHA-256）は次のとおりです。お手元のファイルと同じなら、途中で変わっていません。',
            ),
            { kind: 'digests', documents: numbered(documents) } as const,
          ]
        : []),
      ...(problems.length > 0 ? [{ kind: 'list', items: problems } as const] : []),
      ...(nothing
        ? [
            lines(
              '添付ファイルは届いていません。PDFを付けて送ったときは、途中で外されています。',
              '情報担当へ、このアドレス宛ての添付ファイルの除外設定をご依頼ください。',
            ),
          ]
        : []),
    ],
  };
}

function because(proof: string): string {
  const reason = BECAUSE[proof.split(':')[0]!];
  return reason === undefined ? '' : `（${reason}）`;
}

export const trialSample: TrialParams = {
  ...sampleBase,
  sender: sampleInitiator,
  documents: [{ ...sampleDocuments[0], title: '契約書.pdf' }],
  problems: ['「設計書.zip」：添付が暗号化ZIPに変わっています。情報担当へ除外設定をご依頼ください。'],
  proof: 'authentication-results: dmarc=pass by mx.mihon.example.jp',
};
