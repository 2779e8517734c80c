/** Hands one mail for one recipient to the relay in one SMTP transaction (RFC 5321), and says what became of it. */
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { DkimSigner } from './dkim.ts';
import { type MailSigner, signedMail } from './smime.ts';

export interface RelaySettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly requireTls: boolean;
  /** Asks a relay that offers it to report when the recipient's server has taken a mail (RFC 3461). */
  readonly arrivalReports?: boolean;
}

export interface OutgoingMail {
  /** With angle brackets; derived from the outbox key, so that a repeat is known as one. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  /** MAIL FROM; an address of its own for each mail where VERP is on. */
  readonly envelopeFrom: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** RFC 3834 5: what triggered it. */
  readonly autoSubmitted: 'auto-generated' | 'auto-replied';
  /** Whether anybody wants to know when the recipient's server has it. */
  readonly wantsArrival?: boolean;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly {
    readonly fileName: string;
    readonly content: Buffer;
    /** RFC 2045; a PDF where it is not given. */
    readonly contentType?: string;
  }[];
}

/** Taken by the relay, or refused for good with its words. What is refused for now is thrown as transient. */
export type DeliveryOutcome = { readonly outcome: 'taken' | 'failed'; readonly response: string };

export interface Delivery {
  send(mail: OutgoingMail): Promise<DeliveryOutcome>;
  close(): void;
}

/** The relay cannot be reached or says "later" (4xx). */
export class RelayUnavailable extends Error {
  override readonly name = 'RelayUnavailable';
  readonly transient = true;
}

/** Who signs, by the sender's address: `smime` the content, then `dkim` the whole. */
export interface Signers {
  readonly dkim: ReadonlyMap<string, DkimSigner>;
  readonly smime: ReadonlyMap<string, MailSigner>;
}

/** RFC 3461 4.1, 4.3: reports carry the mail's head only; a relay without DSN is not asked. */
const ARRIVAL_REPORT: NonNullable<SendMailOptions['dsn']> = {
  ret: 'HDRS',
  notify: ['SUCCESS', 'FAILURE', 'DELAY'],
};

/** Content comes from our own blobs; nothing in a mail may make us read files or URLs. */
const NOTHING_FROM_ELSEWHERE = { disableFileAccess: true, disableUrlAccess: true };

/** `hostname` is what we call ourselves in EHLO. */
export function relayDelivery(
  relay: RelaySettings,
  hostname: string,
  signers: Partial<Signers> = {},
): Delivery {
  const transport = createTransport({
    host: relay.host,
    port: relay.port,
    secure: relay.secure,
    requireTLS: relay.requireTls,
    name: hostname,
    ...(relay.user === null ? {} : { auth: { user: relay.user, pass: relay.password ?? '' } }),
    ...NOTHING_FROM_ELSEWHERE,
  });
  return {
    close: () => transport.close(),
    async send(mail) {
      const { address } = mail.from;
      const smime = signers.smime?.get(address);
      const dkim = signers.dkim?.get(address);
      const message = smime === undefined ? messageOf(mail) : await signed(mail, smime);
      const dsn = mail.wantsArrival && relay.arrivalReports ? { dsn: ARRIVAL_REPORT } : {};
      try {
        const info = await transport.sendMail({ ...message, ...dsn, ...(dkim && { dkim }) });
        return { outcome: 'taken', response: info.response };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function messageOf(mail: OutgoingMail): SendMailOptions {
  return {
    messageId: mail.messageId,
    from: mail.from,
    to: mail.to,
    ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
    envelope: envelopeOf(mail, sizeOnTheWire(mail)),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
    references: [...mail.references],
    headers: { 'Auto-Submitted': mail.autoSubmitted, 'X-Auto-Response-Suppress': 'All' },
    subject: mail.subject,
    text: inCanonicalForm(mail.text),
    html: inCanonicalForm(mail.html),
    textEncoding: 'base64',
    attachments: mail.attachments.map(({ fileName, content, contentType = 'application/pdf' }) => ({
      filename: fileName,
      content,
      contentType,
    })),
  };
}

/** RFC 2046 4.1.1: within base64, too, a line of text ends with CRLF. */
function inCanonicalForm(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** The same octets that are signed go out: they are written down once and sent as they are. */
async function signed(mail: OutgoingMail, signer: MailSigner): Promise<SendMailOptions> {
  const writer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...NOTHING_FROM_ELSEWHERE,
  });
  const { message } = await writer.sendMail(messageOf(mail));
  const raw = await signedMail(message as Buffer, signer);
  return { raw, envelope: envelopeOf(mail, raw.length + HEADERS) };
}

/** `size`: RFC 1870. */
function envelopeOf({ envelopeFrom, to }: OutgoingMail, size: number): SendMailOptions['envelope'] {
  return { from: envelopeFrom, to: to.address, size };
}

/** RFC 1870 6: an estimate, rather too large than too small, of the octets that DATA will carry. */
export function sizeOnTheWire({ text, html, attachments }: OutgoingMail): number {
  const parts = [text, html].map((words) => Buffer.byteLength(inCanonicalForm(words)));
  const all = [...parts, ...attachments.map(({ content }) => content.length)];
  return all.reduce(
    (sum, octets) => sum + Math.ceil(octets / LINE_OCTETS) * LINE_ON_THE_WIRE + HEADERS,
    HEADERS,
  );
}

/** RFC 2045 6.8: 57 octets become a line of 76 characters and its CRLF. */
const LINE_OCTETS = 57;
const LINE_ON_THE_WIRE = 78;
/** Room for the headers of a mail or a part, an encoded file name and a signature among them. */
const HEADERS = 4096;

/** 5xx for this recipient is final; everything else (no connection, greylisting, our own credentials) may pass. */
function outcomeOf(error: unknown): DeliveryOutcome {
  const { code, responseCode, response, command, message } = error as {
    code?: string;
    responseCode?: number;
    response?: string;
    command?: string;
    message: string;
  };
  // The relay has announced less than this mail needs and was not even asked (RFC 1870 3).
  if (code === 'EMESSAGE' && responseCode === undefined && command === 'MAIL FROM') {
    return { outcome: 'failed', response: `552 5.3.4 ${message}` };
  }
  const aboutThisMail = command === 'RCPT TO' || command === 'DATA' || command === 'MAIL FROM';
  if (aboutThisMail && responseCode !== undefined && responseCode >= 500) {
    return { outcome: 'failed', response: response ?? message };
  }
  throw new RelayUnavailable(withoutAddresses(message));
}

/** The reason ends up in logs and in the outbox: neither people's addresses nor our bounce secrets belong there. */
function withoutAddresses(words: string): string {
  return words.replace(/[^\s<>@]+@[^\s<>@]+/g, '…@…');
}
