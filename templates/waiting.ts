/** Work that waits for somebody else's answer or was set aside: which, why, since when and until when, in the words of mails. */
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

/** Work that was set aside, and why: the key to sign with is revoked; a certificate that has signed is; anything else. */
export interface Stopped {
  work: WaitingWork;
  cause: 'key' | 'certificate' | 'fault';
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

export function waitingWork({ work }: Pick<Waiting, 'work'>): string {
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

const STOPS: Record<Stopped['cause'], string> = {
  key: '署名に使う証明書が失効しています。',
  certificate: '署名かタイムスタンプに使った証明書が失効しており、このままでは署名の正しさを証明できません。',
  fault: 'やり直しても直らない問題が見つかりました。',
};

export function stopReason({ cause }: Pick<Stopped, 'cause'>): string {
  return STOPS[cause];
}

/** For 状況: what stands, and who goes on from here. */
export function stoppedLines(work: WaitingWork): string[] {
  return [
    `${WORK[work]}が、途中で止まっています。`,
    'システムの運用担当者の対応を待っています。取消しではありません。',
  ];
}
