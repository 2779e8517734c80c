/** Work that waits for somebody else's answer: which, why, since when and until when, in the words of mails. */
import { fullDateTime, type When } from './format.ts';

export type WaitingWork = 'prepare' | 'seal' | 'conclude' | 'certify';

/** Whose answer is waited for: a timestamp authority's, a certification authority's, the key's or its certificate's renewal; null: something of our own. */
export type AwaitedFrom = 'timestamp' | 'revocation' | 'key' | null;

export interface Waiting {
  work: WaitingWork;
  awaits: AwaitedFrom;
  since: When;
  /** When at the latest the answer is due, null where nobody says. */
  until: When | null;
}

const WORK: Record<WaitingWork, string> = {
  prepare: '文書をお送りする準備',
  seal: '同意の電子署名',
  conclude: '全員の同意がそろった文書の仕上げ（証明書の確認とタイムスタンプ）',
  certify: '合意締結証明書の作成',
};

const REASONS: Record<Exclude<AwaitedFrom, null>, string> = {
  timestamp: 'タイムスタンプ局から、正しいタイムスタンプを受け取れません。',
  revocation: '証明書が失効していないことを、認証局に確かめられません。',
  key: '署名の鍵か証明書を、いま使うことができません。',
};

export function waitingWork({ work }: Waiting): string {
  return WORK[work];
}

export function waitingReason({ awaits, until }: Pick<Waiting, 'awaits' | 'until'>): string {
  if (awaits === 'revocation' && until !== null)
    return '証明書が失効していないことを示す、次の失効情報の発行を待っています。';
  return awaits === null ? 'システムの一部を一時的に利用できません。' : REASONS[awaits];
}

/** 遅くとも令和8年11月29日（日）9時0分ごろ */
export function expectedBy(until: When): string {
  return `遅くとも${fullDateTime(until)}ごろ`;
}

/** For 状況: reason, since when, and that nothing need be done. */
export function waitingLines(waiting: Waiting): string[] {
  return [
    waitingReason(waiting),
    `${fullDateTime(waiting.since)}から待っています。`,
    ...(waiting.until === null ? [] : [`${expectedBy(waiting.until)}に進む見込みです。`]),
    '自動でやり直しますので、何もしていただく必要はありません。',
  ];
}
