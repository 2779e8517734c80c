/** The report of `keiyakubin verify` in Japanese, line by line. */
import { exactDateTime } from './format.ts';

export interface VerifiedSignature {
  readonly kind: 'signature' | 'document-timestamp';
  readonly valid: boolean;
  readonly problems: readonly string[];
  readonly signer: string | null;
  readonly reason: string | null;
  readonly timestamp: Date | null;
  readonly timestampSigner: string | null;
}

export interface VerifiedFile {
  readonly valid: boolean;
  readonly signatures: readonly VerifiedSignature[];
  readonly problems: readonly string[];
  readonly level: string | null;
}

/** What a problem's leading code means to a reader; the problem itself follows in brackets. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^(digest|signature|imprint)-mismatch/, '署名のあとで内容が変えられています。'],
  [/^(changed|stray|revisions|junk-around|hidden|dangling)/, '署名に含まれない変更や付け足しがあります。'],
  [/^(coverage|byte-range|contents|structure)/, '署名の範囲や形が正しくありません。'],
  [/^untrusted/, '信頼する認証局につながりません。'],
  [/^revoked/, '証明書が失効しています。'],
  [/^revocation/, '失効していないことの証拠が足りません。'],
  [/^validity/, '証明書の有効期間の外です。'],
  [/^timestamp-missing/, '署名の時刻を示すタイムスタンプがありません。'],
  [/^timestamp-invalid/, '署名の時刻を示すタイムスタンプを確認できません。'],
  [/^no-signatures/, '電子署名がありません。'],
  [/^no-document-timestamp/, '文書全体を閉じるタイムスタンプがありません。'],
  [/^encrypted/, '暗号化されているため、確認できません。'],
  [/^(unreadable|contradictory-xref)/, 'ファイルが壊れているか、途中で切れています。'],
];
const NOT_AS_REQUIRED = '電子署名の決まりに合わないところがあります。';

export function verificationLines(report: VerifiedFile): string[] {
  const lines = report.signatures.flatMap((signature, index) => [
    `${index + 1} ${heading(signature)}：${signature.valid ? '有効' : '無効'}`,
    ...(signature.reason === null ? [] : [`  理由：${signature.reason}`]),
    ...(signature.signer === null ? [] : [`  証明書：${signature.signer}`]),
    ...(signature.timestamp === null
      ? []
      : [`  時刻：${exactDateTime(signature.timestamp)}（${signature.timestampSigner ?? '発行者不明'}）`]),
    ...signature.problems.map((problem) => `  問題：${explained(problem)}`),
  ]);
  const problems = report.problems.map((problem) => `問題：${explained(problem)}`);
  const level = report.level === null ? '' : `（${report.level}）`;
  const verdict = report.valid
    ? `判定：有効です。すべての署名とタイムスタンプを確認しました${level}。`
    : '判定：有効と確認できません。';
  return [...lines, ...problems, verdict];
}

function heading({ kind }: VerifiedSignature): string {
  return kind === 'signature' ? '電子署名' : '文書タイムスタンプ';
}

function explained(problem: string): string {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(problem))?.[1] ?? NOT_AS_REQUIRED;
  return `${meaning} [${problem}]`;
}

/** Why `file` could not be judged at all. */
export const unjudged = {
  noPdf: (file: string): string => `${file}：PDFではないため、検証できません。`,
  notThere: (file: string, code: string): string => `${file}：開けません（${code}）。`,
  noCertificate: (file: string): string => `${file}：証明書として読めません。`,
  noDate: (at: string): string => `--at ${at}：日時として読めません。`,
};
