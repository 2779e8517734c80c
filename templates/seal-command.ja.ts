/** What `keiyakubin seal` prints into the file, and what it says on the terminal. */
import { exactDateTime } from './format.ts';
import { TEST_NOTICE } from './mail-content.ts';

/** Bottom left of page 1: nothing sealed from the command line may pass for a contract. `sha256`: of the file given. */
export function trialStamp(sha256: string): string {
  return `${TEST_NOTICE} 元の文書のSHA-256：${sha256.slice(0, 16)}…`;
}

export const sealCommand = {
  missing: (option: string): string => `${option} を指定してください。`,
  noConsent:
    '同意を1つ以上、--consent "氏名;役割;メールアドレス;2026-11-01T10:00:00+09:00" のように指定してください。',
  badConsent: (consent: string): string =>
    `--consent "${consent}"：「氏名;役割;メールアドレス;日時」の4つを「;」で区切って書いてください。`,
  badAddress: (address: string): string => `--consent：「${address}」はメールアドレスとして読めません。`,
  badTime: (time: string): string =>
    `--consent：日時「${time}」を読めません。「2026-11-01T10:00:00+09:00」のように、時差まで書いてください。`,
  aheadOfClock: (at: Date): string =>
    `--consent：${exactDateTime(at)}は、現在より5分以上先です。同意した日時を書いてください。`,
  outExists: (file: string): string =>
    `${file}：すでにあるため、書き込みません。別の名前を指定するか、先に移してください。`,
  notReadable: (file: string, code: string): string => `${file}：読み込めません（${code}）。`,
  notWritable: (file: string, code: string): string => `${file}：書き込めません（${code}）。`,
  badAuthority: (directory: string, reason: string): string =>
    `${directory}：試験用の認証局を使えません（${reason}）。別の空のフォルダを --authority に指定してください。`,
  done: (file: string, root: string): string =>
    `${file} に署名しました（${TEST_NOTICE}）。確認：keiyakubin verify ${file} --trust ${root}`,
};
