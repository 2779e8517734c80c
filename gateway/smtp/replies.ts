// The one table from a refusal or an error to what the SMTP peer reads (RFC 5321 §4.2, enhanced status codes RFC 3463).

import { LineFault } from './line-discipline.ts';

export interface SmtpReply {
  code: number;
  /** The enhanced status; smtp-server derives it from the code, and a test holds the two together. */
  status: string;
  /** smtp-server would derive another one. */
  own?: true;
  text: string;
}

export type ReplyCode =
  | 'not-a-relay'
  | 'spf-fail'
  | 'bad-credentials'
  | 'credentials-unchecked'
  | 'too-many-logins'
  | 'unknown-recipient'
  | 'recipient-unchecked'
  | 'bare-line-end'
  | 'oversized'
  | 'not-stored';

const REPLIES: Record<ReplyCode, SmtpReply> = {
  'not-a-relay': {
    code: 530,
    status: '5.7.0',
    text: 'This server takes mail from its own relays and accounts only',
  },
  'spf-fail': {
    code: 550,
    status: '5.7.23',
    own: true,
    text: 'SPF: the domain of the sender does not let this server send for it',
  },
  'bad-credentials': { code: 535, status: '5.7.8', text: 'Authentication credentials invalid' },
  'credentials-unchecked': {
    code: 454,
    status: '4.7.0',
    text: 'Authentication is not possible now, try again later',
  },
  'too-many-logins': { code: 454, status: '4.7.0', text: 'Too many wrong logins, try again in an hour' },
  'unknown-recipient': { code: 550, status: '5.1.1', text: 'No such address here' },
  'recipient-unchecked': {
    code: 451,
    status: '4.3.0',
    text: 'The address cannot be checked now, try again later',
  },
  'bare-line-end': { code: 554, status: '5.6.0', text: 'Lines must end in CRLF, a lone CR or LF is refused' },
  oversized: { code: 552, status: '5.3.4', text: 'Message exceeds the size limit' },
  'not-stored': { code: 451, status: '4.3.0', text: 'The message could not be stored, try again later' },
};

/** An Error as smtp-server wants it: `responseCode` and a text that says nothing about our insides. */
class ReplyError extends Error {
  readonly responseCode: number | string;
  readonly transient: boolean;

  constructor(reply: SmtpReply) {
    super(reply.text);
    // A code that is no number is written as it stands: nothing is put behind it.
    this.responseCode = reply.own ? `${reply.code} ${reply.status}` : reply.code;
    this.transient = reply.code < 500;
  }
}

export function replyError(code: ReplyCode): ReplyError {
  return new ReplyError(REPLIES[code]);
}

/** Whatever made a store fail: the line faults are the peer's, all else is ours and temporary, never a 5xx. */
export function replyForStoreFailure(error: unknown): ReplyError {
  return replyError(error instanceof LineFault ? error.code : 'not-stored');
}
