/** Hands one mail for one recipient to the relay in one SMTP transaction (RFC 5321), and says what became of it. */
import { createTransport } from 'nodemailer';
import type { DkimSigner } from './dkim.ts';

export interface RelaySettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly requireTls: boolean;
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

/** `hostname` is what we call ourselves in EHLO; `signers` go by the sender's address. */
export function relayDelivery(
  relay: RelaySettings,
  hostname: string,
  signers: ReadonlyMap<string, DkimSigner> = new Map(),
): Delivery {
  const transport = createTransport({
    host: relay.host,
    port: relay.port,
    secure: relay.secure,
    requireTLS: relay.requireTls,
    name: hostname,
    ...(relay.user === null ? {} : { auth: { user: relay.user, pass: relay.password ?? '' } }),
    // Content comes from our own blobs; nothing in a mail may make us read files or URLs.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    close: () => transport.close(),
    async send(mail) {
      const dkim = signers.get(mail.from.address);
      try {
        const info = await transport.sendMail({
          ...(dkim && { dkim }),
          messageId: mail.messageId,
          from: mail.from,
          to: mail.to,
          ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
          envelope: { from: mail.envelopeFrom, to: mail.to.address },
          ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
          references: [...mail.references],
          headers: { 'Auto-Submitted': mail.autoSubmitted, 'X-Auto-Response-Suppress': 'All' },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          textEncoding: 'base64',
          attachments: mail.attachments.map(({ fileName, content, contentType = 'application/pdf' }) => ({
            filename: fileName,
            content,
            contentType,
          })),
        });
        return { outcome: 'taken', response: info.response };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

/** 5xx for this recipient is final; everything else (no connection, greylisting, our own credentials) may pass. */
function outcomeOf(error: unknown): DeliveryOutcome {
  const { responseCode, response, command, message } = error as {
    responseCode?: number;
    response?: string;
    command?: string;
    message: string;
  };
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
