/** Mails as other mail servers hand them over, octet by octet (RFC 5322, RFC 3464). */
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import type { Writer } from '../../demo/people.ts';

export interface Letter {
  readonly from: Writer;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId?: string;
  /** Whole header lines put above all others, as a relay does. */
  readonly above?: readonly string[];
}

let count = 0;

export function letter({ from, to, subject, text, messageId, above = [] }: Letter): string {
  count += 1;
  return [
    ...above,
    `From: ${encoded(from.name)} <${from.address}>`,
    `To: ${to}`,
    `Subject: ${encoded(subject)}`,
    'Date: Sat, 21 Nov 2026 10:00:00 +0900',
    `Message-ID: ${messageId ?? `<letter-${count}@mx.example.jp>`}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...text.split('\n'),
    '',
  ].join('\r\n');
}

/** The report that `mail` could not be delivered, from the server that refused it. */
export function failureReport(mail: ReceivedMail, status: string, diagnostic: string): string {
  return deliveryReport(mail, 'failed', status, diagnostic);
}

/** What became of `mail` (RFC 3464 2.3.3), from a server on its way. */
export function deliveryReport(
  mail: ReceivedMail,
  action: 'failed' | 'delayed' | 'relayed' | 'delivered',
  status: string,
  diagnostic: string,
): string {
  return [
    'From: MAILER-DAEMON@mx.sample.example.jp (Mail Delivery System)',
    `To: ${mail.from}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    `Message-ID: <report-${++count}@mx.sample.example.jp>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=rp',
    '',
    '--rp',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.sample.example.jp.',
    '--rp',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.sample.example.jp',
    '',
    `Final-Recipient: rfc822; ${mail.to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '',
    '--rp',
    'Content-Type: text/rfc822-headers',
    '',
    `From: ${mail.from}`,
    `Message-ID: ${mail.messageId}`,
    '',
    '--rp--',
    '',
  ].join('\r\n');
}

/** A report that says what happened to people only, and quotes the head of `mail` below. */
export function textReport(mail: ReceivedMail, words: string): string {
  return letter({
    from: { name: 'Mail Administrator', address: 'postmaster@docomo.example.jp' },
    to: mail.from,
    subject: 'Mail System Error - Returned Mail',
    text: `${words}\n\n--- original message ---\nMessage-ID: ${mail.messageId}\nSubject: ${mail.subject}`,
  });
}

function encoded(text: string): string {
  return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}
