// Reads the command word of a reply by equality, never by search: 「承認しません」 is not 承認 (WORDING, "Words for commands").

import { normaliseLine } from './text.ts';

export type WordName =
  | 'goAhead'
  | 'approve'
  | 'return'
  | 'withdraw'
  | 'resend'
  | 'extend'
  | 'changeAddress'
  | 'add'
  | 'status'
  | 'copies'
  | 'list'
  | 'search'
  | 'register'
  | 'askPreference'
  | 'permit'
  | 'reject'
  | 'test'
  | 'help'
  | 'form'
  | 'askWhich'
  | 'empty'
  | 'unknown';

export interface Word {
  word: WordName;
  /** What stood behind the word on its line, normalised; the whole line when the word is unknown. */
  argument: string;
  /** The lines below. */
  rest: string[];
}

const WORDS: Record<string, WordName> = {
  依頼: 'goAhead',
  送信: 'goAhead',
  発送: 'goAhead',
  OK: 'goAhead',
  承認: 'approve',
  差戻し: 'return',
  差し戻し: 'return',
  差戻: 'return',
  中止: 'withdraw',
  再送: 'resend',
  延長: 'extend',
  宛先変更: 'changeAddress',
  追加: 'add',
  状況: 'status',
  控え: 'copies',
  一覧: 'list',
  検索: 'search',
  登録: 'register',
  希望確認: 'askPreference',
  許可: 'permit',
  却下: 'reject',
  テスト: 'test',
  ヘルプ: 'help',
  HELP: 'help',
  様式: 'form',
  取消: 'askWhich',
  取消し: 'askWhich',
  取り消し: 'askWhich',
};

/** Reasons that begin as a particle does: 「中止 もう不要です」 gives one, 「中止 は不要です」 and 「中止 もう少し待って」 take the word back. */
const LIKE_PARTICLES =
  '(?:もう(?!少し|すこし|しばらく|ちょっと)|もっと|もと(?!に戻)|もれ|もの|もらい|はんこ|はじめ|はっきり|はがき|はみ出|がけ|がれき)';
/** Of what stands behind the word nothing is asked but that it does not take the word back. */
const notTakenBack = (particle: string): RegExp =>
  new RegExp(`^(?!(?:もう|まだ)?(?:し(?:ない|ません)|せず)|ではな|不要|${particle})`);
const NAME_OR_DATE = notTakenBack('[はをがも]');
const REASON = notTakenBack(`(?!${LIKE_PARTICLES})[はをがも]`);

/** What may stand behind a word that acts: 「承認 しません」, 「依頼 中止」 and 「中止 は不要」 stay unknown. */
const ARGUMENT_FORMS: Partial<Record<WordName, RegExp>> = {
  goAhead: /^(確認済み?)?$/,
  approve: /^(\d{4})?$/,
  return: REASON,
  withdraw: REASON,
  resend: NAME_OR_DATE,
  extend: NAME_OR_DATE,
  changeAddress: NAME_OR_DATE,
  // 「テスト：…」 may be a line of a contract mail.
  test: /^$/,
  permit: /^(\d+)?$/,
  reject: /^(\d+(\s.*)?)?$/su,
};

/** Words about registrations, wherever they are mailed to; 却下 and 許可 need a mail of ours to answer all the same. */
export const REGISTRATION_WORDS: ReadonlySet<WordName> = new Set([
  'register',
  'askPreference',
  'permit',
  'reject',
]);

/** Reads the author's lines (unquotedLines); the first one decides. */
export function readWord(lines: string[]): Word {
  const [first, ...rest] = lines;
  if (first === undefined) return { word: 'empty', argument: '', rest: [] };
  const line = normaliseLine(first);
  const match = /^([^\s:\d]+)(?:\s*[\s:]\s*(.+))?$/u.exec(line) ?? /^(承認)(\d{4})$/.exec(line);
  const word = WORDS[match?.[1]?.toUpperCase() ?? ''];
  const argument = match?.[2] ?? '';
  if (word === undefined || !(ARGUMENT_FORMS[word]?.test(argument) ?? true)) {
    return { word: 'unknown', argument: line, rest };
  }
  return { word, argument, rest };
}
