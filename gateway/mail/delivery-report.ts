// Reads what a mail system reports about a mail it could not deliver (RFC 3464; X-Failed-Recipients of Exim).

export interface DeliveryReport {
  /** The recipient as the reporting system names it, without the "rfc822;" prefix. */
  reportedRecipient: string | null;
  /** 'failed', 'delayed', 'delivered', 'relayed' or 'expanded' (RFC 3464 §2.3.3). */
  action: string;
  /** Enhanced status such as 5.1.1 (RFC 3463). */
  status: string | null;
  diagnostic: string | null;
  /** Message-ID of the mail that came back, with angle brackets. */
  returnedMessageId: string | null;
}

type Fields = Map<string, string>;

/** Reads a message/delivery-status body; the first failed recipient counts, our mails have one recipient each. */
export function readDeliveryStatus(body: string, returnedHeader: string | null): DeliveryReport {
  const groups = body.split(/\r?\n[ \t]*\r?\n/).map(readFields);
  const recipients = groups.filter((fields) => fields.has('final-recipient') || fields.has('action'));
  const chosen = recipients.find((fields) => actionOf(fields) === 'failed') ?? recipients[0] ?? new Map();
  return {
    reportedRecipient: untyped(chosen.get('original-recipient') ?? chosen.get('final-recipient')),
    action: actionOf(chosen),
    status: /\d\.\d{1,3}\.\d{1,3}/.exec(chosen.get('status') ?? '')?.[0] ?? null,
    diagnostic: untyped(chosen.get('diagnostic-code')),
    returnedMessageId: returnedHeader === null ? null : messageIdIn(returnedHeader),
  };
}

/** A bounce whose only machine-readable word is X-Failed-Recipients. */
export function failedRecipientReport(recipients: string): DeliveryReport {
  const first = recipients.split(',')[0]!.trim();
  return {
    reportedRecipient: first,
    action: 'failed',
    status: null,
    diagnostic: null,
    returnedMessageId: null,
  };
}

function actionOf(fields: Fields): string {
  return (fields.get('action') ?? 'failed').toLowerCase().split(/[\s(]/)[0]!;
}

function readFields(group: string): Fields {
  const unfolded = group.replace(/\r?\n[ \t]+/g, ' ');
  const fields: Fields = new Map();
  for (const line of unfolded.split(/\r?\n/)) {
    const match = /^([A-Za-z-]+)\s*:\s*(.*)$/.exec(line);
    if (match !== null) fields.set(match[1]!.toLowerCase(), match[2]!.trim());
  }
  return fields;
}

function untyped(value: string | undefined): string | null {
  if (value === undefined) return null;
  return value.replace(/^[a-z0-9-]+\s*;\s*/i, '').replace(/^<(.*)>$/, '$1');
}

function messageIdIn(header: string): string | null {
  return /^message-id:\s*(<[^<>\s]+>)/im.exec(header.split(/\r?\n\r?\n/)[0]!)?.[1] ?? null;
}
