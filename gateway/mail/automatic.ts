// Tells mail that no person wrote, and why (RFC 3834 §2, §5; RFC 2369 list headers; RFC 5321 §6.3 loops; habits of mailers).

/** What Exchange, Gmail and Japanese mailers put before the subject they answer; where all headers are lost, it is left. */
const ANSWERING_SUBJECT =
  /^(?:(?:自動(?:応答|返信|送信)|不在(?:通知|応答|連絡|のお知らせ)|休暇(?:中|通知|応答)|開封(?:済み|確認|通知)|既読|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office(?: autoreply)?|not read)\s*[:：]|[[【](?:自動(?:応答|返信|送信)(?:メール)?|不在(?:通知|応答|連絡)?|開封(?:済み|確認|通知))[\]】])/i;

/**
 * Header names in lower case with their values, the subject decoded; null where a person may have written, else why not.
 * `receivedLimit`: as many Received headers are no loop yet (RFC 5321 §6.3).
 */
export function automaticReason(
  headers: ReadonlyMap<string, readonly string[]>,
  subject: string,
  receivedLimit: number,
): string | null {
  const found = (name: string, pattern: RegExp): string | null => {
    const value = (headers.get(name) ?? []).map((one) => one.trim()).find((one) => pattern.test(one));
    return value === undefined ? null : `${name}: ${value.slice(0, 40)}`;
  };
  const list = [...headers.keys()].find((name) =>
    /^list-(id|unsubscribe|post|help|subscribe|owner|archive)$/.test(name),
  );
  const answering = ['x-autoreply', 'x-autorespond', 'x-autoresponder'].find((name) => headers.has(name));
  return (
    found('auto-submitted', /^(?!no\b)/i) ??
    found('precedence', /^(bulk|list|junk|auto_reply)\b/i) ??
    found('x-auto-response-suppress', /\b(all|oof|autoreply)\b/i) ??
    found('content-type', /^multipart\/report\b/i) ??
    (list === undefined ? null : `mailing list (${list})`) ??
    answering ??
    ((headers.get('received')?.length ?? 0) > receivedLimit ? 'loop: too many Received headers' : null) ??
    (ANSWERING_SUBJECT.test(subject.normalize('NFKC').trim()) ? 'subject of an automatic answer' : null)
  );
}

/**
 * Why a mail that looks like a person's is none after all: one of our own that came back, or one without a sender that
 * is no report on a mail of ours. `own` are the addresses that we write from and read.
 */
export function machineReason(
  {
    from,
    messageId,
  }: { readonly from: { readonly address: string } | null; readonly messageId: string | null },
  { mailFrom }: { readonly mailFrom: string },
  own: readonly string[],
  isReport: boolean,
): string | null {
  const author = from?.address.toLowerCase() ?? '';
  if (own.includes(author)) return 'loop: written from an address of ours';
  if (isMessageIdOfOurs(messageId, own)) return 'loop: a Message-ID of ours';
  return mailFrom === '' && !isReport ? 'empty envelope sender' : null;
}

/** Whether a mail with this Message-ID may be one of ours: written by a program of our kind, at the domain of one of our addresses. */
export function isMessageIdOfOurs(messageId: string | null, own: readonly string[]): boolean {
  // 42 where it carries a secret (decided 13), else 32.
  const [, domain] = /^<(?:[a-z2-7]{32}|[a-z2-7]{42})@([^<>\s]+)>$/.exec(messageId ?? '') ?? [];
  return own.some((address) => address.slice(address.lastIndexOf('@') + 1) === domain);
}
