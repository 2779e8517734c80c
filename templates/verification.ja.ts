/** A verification in Japanese: the verdicts' words, each signature, and what was asked of which file (R45). */
import { oneLine } from './escape.ts';
import { eraDate, eraDateWithWeekday, exactDateTime, fileSize } from './format.ts';

/** signing's verdicts, which templates may not import. */
export type VerdictCode =
  | 'valid'
  | 'extended'
  | 'altered'
  | 'signer-unproven'
  | 'not-ours'
  | 'expired'
  | 'outdated'
  | 'unjudged';

export interface VerifiedSignature {
  readonly kind: 'signature' | 'document-timestamp';
  readonly verdict: VerdictCode;
  readonly problems: readonly string[];
  readonly signer: string | null;
  readonly reason: string | null;
  readonly timestamp: Date | null;
  readonly timestampSigner: string | null;
}

export interface VerifiedFile {
  readonly verdict: VerdictCode;
  readonly signatures: readonly VerifiedSignature[];
  readonly problems: readonly string[];
  readonly level: string | null;
  readonly provenUntil: Date | null;
}

/** What was verified, and against what. */
export interface VerificationTerms {
  /** `size` in octets, `sha256` as 64 hex digits. */
  readonly file: { readonly name: string; readonly size: number; readonly sha256: string };
  readonly at: Date;
  /** Names of the trust roots, with where each was taken from. */
  readonly roots: readonly { readonly name: string; readonly from: string }[];
}

/** The word, then what it means for the reader. */
const VERDICTS: Record<VerdictCode, readonly [string, string]> = {
  valid: ['有効', '締結時の内容のままです。署名とタイムスタンプをすべて確認しました。'],
  extended: [
    '有効・有効期間を延長済み',
    '締結時の内容のままで、証拠の有効期間が延長されています。署名とタイムスタンプをすべて確認しました。',
  ],
  altered: [
    '改変あり',
    '署名のあとで内容が変えられたか、ファイルが壊れています。契約の証拠としては使えません。',
  ],
  'signer-unproven': [
    '署名者を確認できない',
    '内容が変えられた形跡はありませんが、だれがいつ署名したかを、信頼できる認証局までたどって確かめられません。',
  ],
  'not-ours': ['当システムの文書ではない', '当システムによる電子署名がありません。'],
  expired: [
    '証拠の期限切れ',
    '最後のタイムスタンプの時点ではすべて確認できましたが、その後に証明書の有効期間が過ぎています。',
  ],
  outdated: [
    '旧版',
    '署名されているところまでは正しいものの、手続きの途中のファイルです。最新のファイルは「控え」でお求めください。',
  ],
  unjudged: ['検証できない', 'PDFとして読み取れないか、指定の日時ではまだ署名されていません。'],
};

export function verdictWord(verdict: VerdictCode): string {
  return VERDICTS[verdict][0];
}

/** One or two sentences that stand behind the word. */
export function verdictSentence(verdict: VerdictCode): string {
  return VERDICTS[verdict][1];
}

/** What a problem's leading code means to a reader; the problem itself follows in brackets. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /^timestamp-invalid: imprint-mismatch/,
    '署名の時刻を示すタイムスタンプが、ほかの署名のものに替えられています。',
  ],
  [/^timestamp-invalid: validity/, '署名の時刻を示すタイムスタンプの証明書が、有効期間の外です。'],
  [/^timestamp-missing/, '署名の時刻を示すタイムスタンプがありません。'],
  [/^timestamp-invalid/, '署名の時刻を示すタイムスタンプを確認できません。'],
  [/^(digest|signature|imprint)-mismatch/, '署名のあとで内容が変えられています。'],
  [/^ess-mismatch/, '署名の証明書が替えられています。'],
  [/^(changed|stray|revisions|junk-around|hidden|dangling)/, '署名に含まれない変更や付け足しがあります。'],
  [/^(coverage|byte-range|contents|structure)/, '署名の範囲や形が正しくありません。'],
  [/^untrusted/, '信頼する認証局につながりません。'],
  [/^revoked/, '証明書が失効しています。'],
  [/^revocation/, '失効していないことの証拠が足りません。'],
  [/^validity/, '証明書の有効期間の外です。'],
  [/^time-order/, '確認の基準とする日時より後の時刻です。'],
  [/^algorithm/, '電子署名の方式が弱く、証拠になりません。'],
  [/^no-signatures/, '当システムの電子署名がありません。'],
  [/^open-field/, 'まだ署名されていない欄があります。'],
  [/^no-document-timestamp/, '文書全体を閉じるタイムスタンプがありません。'],
  [/^encrypted/, '暗号化されているため、確認できません。'],
  [/^(unreadable|truncated|contradictory-xref)/, 'ファイルが壊れているか、途中で切れています。'],
];
const NOT_AS_REQUIRED = '電子署名の決まりに合わないところがあります。';

/** A sentence for a problem's code, without the technical words. */
export function problemSentence(problem: string): string {
  return MEANINGS.find(([pattern]) => pattern.test(problem))?.[1] ?? NOT_AS_REQUIRED;
}

/** The whole report: the verdict first, then every signature, then the file and the terms. */
export function verificationLines(report: VerifiedFile, terms: VerificationTerms): string[] {
  return [
    `判定：${verdictWord(report.verdict)}。${verdictSentence(report.verdict)}`,
    ...report.problems.map((problem) => `問題：${explained(problem)}`),
    ...report.signatures.flatMap((signature, index) => ['', ...signatureLines(signature, index + 1)]),
    '',
    'ファイル',
    `  名前：${oneLine(terms.file.name)}（${fileSize(terms.file.size)}）`,
    `  SHA-256：${terms.file.sha256}`,
    ...(report.level === null ? [] : [`  証拠の水準：PAdES ${report.level}`]),
    ...(report.provenUntil === null
      ? []
      : [`  証拠の期限：${exactMoment(report.provenUntil)}まで（それまでに延長できます）`]),
    '確認の条件',
    `  基準の日時：${exactMoment(terms.at)}`,
    ...(terms.roots.length === 0
      ? ['  信頼する認証局：なし（--trust でルート証明書のファイルを指定してください）']
      : terms.roots.map(({ name, from }) => `  信頼する認証局：${oneLine(name)}（${oneLine(from)}）`)),
  ];
}

function signatureLines(signature: VerifiedSignature, number: number): string[] {
  const { kind, verdict, reason, signer, timestamp, timestampSigner, problems } = signature;
  const foreign = verdict === 'not-ours';
  const heading = kind === 'signature' ? '電子署名' : '文書タイムスタンプ';
  return [
    foreign
      ? `${number} 当システム以外の${heading}：判定に含めません`
      : `${number} ${heading}：${verdictWord(verdict)}`,
    ...(reason === null ? [] : [`  署名の内容：${oneLine(reason)}`]),
    ...(signer === null ? [] : [`  署名の証明書：${oneLine(signer)}`]),
    ...(timestamp === null
      ? []
      : [`  時刻：${exactMoment(timestamp)}（時刻認証：${oneLine(timestampSigner ?? '発行者不明')}）`]),
    ...problems.map((problem) => `  ${foreign ? '参考' : '問題'}：${explained(problem)}`),
  ];
}

function explained(problem: string): string {
  return `${problemSentence(problem)} [${oneLine(problem)}]`;
}

/** 令和8年11月28日（土）10時15分30秒 */
export function exactMoment(when: Date): string {
  return exactDateTime(when).replace(eraDate(when), eraDateWithWeekday(when));
}

/** Why `file` could not be judged at all. */
export const unjudged = {
  noPdf: (file: string): string => `${file}：PDFではないため、検証できません。`,
  notThere: (file: string, code: string): string => `${file}：開けません（${code}）。`,
  noCertificate: (file: string): string => `${file}：証明書として読めません。`,
  noDate: (at: string): string =>
    `--at ${at}：日時として読めません。「2036-04-01」か「2036-04-01T10:00:00+09:00」のように書いてください。`,
};
