/** The report of `keiyakubin verify` in Japanese, line by line. */
import { fullDateTime } from './format.ts';

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

/** What a problem's leading code means to a reader; others are shown as they stand. */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^(digest-mismatch|signature-invalid)/, '署名のあとで内容が変えられています。'],
  [/^(coverage|hole|byte-range|change|trailing|revision)/, '署名に含まれない変更があります。'],
  [/^(untrusted|no-path|path)/, '信頼する認証局につながりません。'],
  [/^revoked/, '証明書が失効しています。'],
  [/^(expired|not-yet-valid|validity)/, '証明書の有効期間の外です。'],
  [/^revocation/, '失効していないことの証拠が足りません。'],
  [/^no-signature/, '電子署名がありません。'],
];

export function verificationLines(report: VerifiedFile): string[] {
  const lines = report.signatures.flatMap((signature, index) => [
    `${index + 1} ${heading(signature)}：${signature.valid ? '有効' : '無効'}`,
    ...(signature.reason === null ? [] : [`  理由：${signature.reason}`]),
    ...(signature.signer === null ? [] : [`  証明書：${signature.signer}`]),
    ...(signature.timestamp === null
      ? []
      : [`  時刻：${fullDateTime(signature.timestamp)}（${signature.timestampSigner ?? '発行者不明'}）`]),
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
  const meaning = PROBLEMS.find(([pattern]) => pattern.test(problem))?.[1];
  return meaning === undefined ? problem : `${meaning} [${problem}]`;
}
