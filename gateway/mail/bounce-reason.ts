// What a refusal or a report of failure most likely means for the person who has to act on it (RFC 3463, RFC 5321 §4.2,
// and the words of systems that report without either, Japanese carriers among them).

/** Why a mail did not arrive. */
export type BounceReason =
  | 'mailbox-full'
  | 'too-large'
  | 'gave-up'
  | 'no-such-address'
  | 'carrier-refused'
  | 'refused';

const MAILBOX_FULL =
  /\b[45]\.2\.2\b|quota|mailbox.{0,40}(full|exceed|size limit)|full mailbox|storage (space|allocation)|too much mail data|(メールボックス|受信ボックス|受信箱|保存(領域|件数)).{0,30}(いっぱい|一杯|満杯|上限|超え|不足)/i;
const TOO_LARGE =
  /\b5\.3\.4\b|\b5\.2\.3\b|(message|mail|file|content|attachment).{0,40}(too (big|large|long)|exceed)|size limit|(メール|メッセージ|添付).{0,30}(サイズ|容量).{0,30}(超|大き)/i;
const NO_LONGER_TRIED =
  /\b4\.\d{1,3}\.\d{1,3}\b|gave up|not delivered within|retry time(out)? exceeded|delivery time expired/i;
const NO_SUCH_ADDRESS =
  /\b5\.1\.([0-36]|10)\b|(user|recipient|address|mailbox|domain|host)\b.{0,60}(unknown|not found|doesn'?t exist|does not exist|not exist|invalid)|(unknown|no such|invalid) (user|recipient|address|mailbox|domain|host)|unrouteable address|(宛先|あて先|アドレス|ユーザー?).{0,20}(不明|見つかり|見当たり|存在し|ありません)/i;
const ASKED_FOR_RECIPIENT = />>> RCPT|reply to RCPT|RCPT TO/i;

/**
 * `words` are a status, a diagnostic or the text of a report; `carrier` says that a mobile carrier receives the address.
 * Carriers answer "unknown user" to mail that their customer's settings filter out, too: unless the recipient alone was
 * refused, before the mail was seen, the settings are the likelier cause.
 */
export function bounceReason(words: string, carrier: boolean): BounceReason {
  if (MAILBOX_FULL.test(words)) return 'mailbox-full';
  if (TOO_LARGE.test(words)) return 'too-large';
  // RFC 5321 §4.2.3: 552 is the mailbox's allocation unless its words say otherwise.
  if (/\b552\b/.test(words)) return 'mailbox-full';
  if (NO_LONGER_TRIED.test(words)) return 'gave-up';
  const unknown = NO_SUCH_ADDRESS.test(words);
  if (carrier) return unknown && ASKED_FOR_RECIPIENT.test(words) ? 'no-such-address' : 'carrier-refused';
  return unknown ? 'no-such-address' : 'refused';
}
