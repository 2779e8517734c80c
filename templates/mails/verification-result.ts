/** Answers a mail to the address for verification: the verdict on every PDF in it, or how to ask for one (R45). */
import { fileSize } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleDocuments, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import {
  exactMoment,
  problemSentence,
  type VerdictCode,
  verdictSentence,
  verdictWord,
} from '../verification.ja.ts';
import { type Person, personWithHonorific } from '../words.ts';

export interface VerificationResultParams extends MailBase {
  sender: Person;
  /** Where PDFs are to be mailed. */
  verificationAddress: string;
  /** `size` in octets, `sha256` as 64 hex digits. */
  files: readonly {
    fileName: string;
    size: number;
    sha256: string;
    verdict: VerdictCode;
    /** Whether our own record has the file. */
    recorded: boolean;
    /** Codes first, as signing gives them. */
    problems: readonly string[];
    signatures: readonly {
      kind: 'signature' | 'document-timestamp';
      verdict: VerdictCode;
      reason: string | null;
      /** ISO instant. */
      timestamp: string | null;
      problems: readonly string[];
    }[];
    /** Only for the people of the contract. */
    contract: { number: string; title: string } | null;
  }[];
  /** Attachments that are no PDF, by what they are. */
  notPdf: readonly { fileName: string; kind: string }[];
  /** How many PDFs were one too many. */
  beyond: number;
  /** How many are judged. */
  filesPerMail: number;
}

/** What is said of a file to whoever reads no Japanese. */
const IN_ENGLISH: Record<VerdictCode, string> = {
  valid: 'is as it was concluded',
  extended: 'is as it was concluded, its proof extended',
  altered: 'has been altered or is damaged',
  'signer-unproven': 'is unaltered, but its signer cannot be proven',
  'not-ours': 'was not sealed here',
  expired: 'is past the validity of its proof',
  outdated: 'is not the latest one',
  unjudged: 'cannot be checked',
};

export function verificationResult(params: VerificationResultParams): MailContent {
  const { files, notPdf, beyond } = params;
  const notes = [
    ...notPdf.map(({ fileName, kind }) => `「${fileName}」は確認できませんでした。${whyNot(kind)}`),
    ...(beyond > 0 ? [`PDFが多いため、${beyond}件は確認していません。分けて送ってください。`] : []),
  ];
  return {
    subject: subject(files),
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      ...(files.length === 0
        ? guide(params)
        : [lines(`${params.municipality}の電子契約の記録と照らして、お送りいただいた文書を確認しました。`)]),
      ...files.flatMap((file, index) => fileBlocks(file, index + 1)),
      ...(notes.length === 0 ? [] : [{ kind: 'list', items: notes } as const]),
      ...(files.some(({ verdict }) => verdict === 'outdated')
        ? [
            lines(
              '最新の文書は、登録されたアドレスから「控え」とだけ書いたメールを契約の受付アドレスへ送ると、お手元に届きます。',
            ),
          ]
        : []),
      ...(files.length === 0
        ? []
        : [
            lines(
              'この確認は、お送りいただいたファイルそのものについて、確認した時点での結果です。',
              '契約の成立や効力についてのお問い合わせは、「契約の内容」の窓口へお願いします。',
              `English: ${files.map(({ verdict }, at) => `file ${at + 1} ${IN_ENGLISH[verdict]}`).join('; ')}.`,
            ),
          ]),
    ],
  };
}

function subject(files: VerificationResultParams['files']): string {
  const [first] = files;
  if (first === undefined) return '【文書の確認】PDFを添付してお送りください';
  if (files.length === 1) return `【文書の確認】${verdictWord(first.verdict)}：${first.fileName}`;
  return `【文書の確認】${files.length}件の結果`;
}

function guide({ verificationAddress, municipality, filesPerMail }: VerificationResultParams): MailBlock[] {
  return [
    lines(
      'お送りいただいたメールには、確認できるPDFがありませんでした。',
      `${municipality}の電子契約の文書（PDF）を、そのままメールに添付して、次のアドレスへお送りください。`,
    ),
    { kind: 'form', lines: [verificationAddress] },
    lines(
      '本文は要りません。文書が締結時の内容のままかどうかを、折り返しお知らせします。',
      `一度に${filesPerMail.toLocaleString('ja-JP')}件まで確認できます。印刷してスキャンしたものは、確認できません。`,
      'English: mail the PDF itself to the address above; what became of it is told by return.',
    ),
  ];
}

function fileBlocks(file: VerificationResultParams['files'][number], number: number): MailBlock[] {
  const { fileName, size, verdict, recorded, problems, signatures, contract, sha256 } = file;
  const unknown = verdict === 'not-ours' && !recorded && signatures.some((one) => one.verdict !== 'not-ours');
  // Nothing of ours is left open or unproven, and yet we have a newer one: the proof was renewed upon it.
  const superseded =
    verdict === 'outdated' && problems.length === 0 && signatures.at(-1)?.kind === 'document-timestamp';
  const reasons = [
    ...problems.map(problemSentence),
    ...signatures
      .filter((one) => one.verdict !== 'not-ours')
      .flatMap((one) => one.problems.map(problemSentence)),
  ];
  return [
    {
      kind: 'table',
      rows: [
        [pair('文書', `${number} ${fileName}（${fileSize(size)}）`)],
        [pair('判定', verdictWord(verdict))],
        ...(contract === null ? [] : [[pair('契約', `${contract.number} ${contract.title}`)]]),
        ...(signatures.length === 0 ? [] : [[pair('署名', ['', ...signatures.map(signatureLine)])]]),
      ],
    },
    lines(
      unknown
        ? '当システムの形の電子署名がありますが、当システムの記録にない文書です。'
        : verdict === 'outdated' && signatures.length === 0
          ? '当システムで受け付けた文書ですが、署名される前のものです。'
          : superseded
            ? 'このファイルも有効で、内容は締結時のままです。そのあとに証拠の有効期間を延長した、新しいファイルがあります。'
            : verdictSentence(verdict),
    ),
    ...(reasons.length === 0 || verdict === 'valid' || verdict === 'extended'
      ? []
      : [{ kind: 'list', items: [...new Set(reasons)] } as const]),
    { kind: 'digests', documents: [{ title: `${number} ${fileName}`, sha256 }] },
  ];
}

function signatureLine(signature: VerificationResultParams['files'][number]['signatures'][number]): string {
  const { kind, verdict, reason, timestamp } = signature;
  const what = kind === 'signature' ? '電子署名' : '文書タイムスタンプ';
  const word = verdict === 'not-ours' ? '当システム以外の署名（判定に含めません）' : verdictWord(verdict);
  return [
    `${what}：${word}`,
    ...(timestamp === null ? [] : [exactMoment(new Date(timestamp))]),
    ...(reason === null ? [] : [reason]),
  ].join(' ');
}

/** Why an attachment of this kind cannot be judged, and what to do. */
function whyNot(kind: string): string {
  switch (kind) {
    case 'zip-encrypted':
      return 'パスワード付きZIPのため、開けません。PDFのまま添付してください。';
    case 'zip':
      return 'ZIPファイルです。中のPDFを取り出して、そのまま添付してください。';
    case 'winmail':
      return 'Outlookの形式に包まれていて、開けません。形式を「HTML」か「テキスト」にして送り直してください。';
    case 'smime':
      return 'S/MIMEで暗号化されているか、電子署名の中に収められていて、開けません。暗号化をせずに、PDFのまま添付してください。';
    default:
      return 'PDFではありません。電子契約の文書は、PDFのまま添付してください。';
  }
}

export const verificationResultSample: VerificationResultParams = {
  ...sampleBase,
  sender: sampleSignatory,
  verificationAddress: 'kensho@mihon.example.jp',
  files: [
    {
      fileName: '契約書.pdf',
      size: sampleDocuments[0].size,
      sha256: sampleDocuments[0].sha256,
      verdict: 'valid',
      recorded: true,
      problems: [],
      signatures: [
        {
          kind: 'signature',
          verdict: 'valid',
          reason: '山田太郎様 yamada@sample.example.jp が2026-11-28 10:15:00 +09:00 JSTに承認しました',
          timestamp: '2026-11-28T01:15:04Z',
          problems: [],
        },
        {
          kind: 'document-timestamp',
          verdict: 'valid',
          reason: null,
          timestamp: '2026-11-30T00:02:10Z',
          problems: [],
        },
      ],
      contract: { number: sampleNumber, title: sampleTitle },
    },
    {
      fileName: '設計書（控え）.pdf',
      size: sampleDocuments[1].size,
      sha256: sampleDocuments[1].sha256,
      verdict: 'altered',
      recorded: false,
      problems: ['changed: objects 4'],
      signatures: [],
      contract: null,
    },
  ],
  notPdf: [{ fileName: '一式.zip', kind: 'zip-encrypted' }],
  beyond: 0,
  filesPerMail: 20,
};

export const verificationGuideSample: VerificationResultParams = {
  ...verificationResultSample,
  files: [],
  notPdf: [],
};
