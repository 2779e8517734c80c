/** A relay that keeps every mail it is given, so that somebody can read it: everybody's mailbox on loopback. */
import { EventEmitter, once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  /** Envelope, as the relay saw it. */
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where a mail client sends a reply: Reply-To, else From. */
  readonly replyTo: string;
  readonly references: readonly string[];
  readonly autoSubmitted: string;
  readonly attachments: readonly { readonly fileName: string; readonly content: Buffer }[];
}

export interface Mailboxes {
  readonly port: number;
  /** Everything taken so far, oldest first. */
  readonly mails: readonly ReceivedMail[];
  /** The first mail to `address` that fits and has not been handed out yet; waits for it up to `timeoutMs`. */
  next(
    address: string,
    subject: RegExp,
    timeoutMs?: number,
    fits?: (text: string) => boolean,
  ): Promise<ReceivedMail>;
  close(): Promise<void>;
}

export interface MailboxOptions {
  /** Called with each recipient; an Error with `responseCode` refuses it (bounces, full mailboxes). */
  readonly onRecipient?: (address: string) => Error | null;
  /** Called with each mail before its final dot is answered; an Error with `responseCode` refuses it. */
  readonly onMail?: (mail: ReceivedMail) => Error | null;
  /** Announces this SIZE (RFC 1870), and refuses what declares more. */
  readonly maxOctets?: number;
}

const PATIENCE_MS = 120_000;

export async function openMailboxes(options: MailboxOptions = {}): Promise<Mailboxes> {
  const mails: ReceivedMail[] = [];
  const handedOut = new Set<ReceivedMail>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  const take = async (
    stream: AsyncIterable<Buffer>,
    { mailFrom, rcptTo }: SMTPServerSession['envelope'],
  ): Promise<Error | null> => {
    const mail = await read(
      await buffer(stream),
      mailFrom === false ? '' : mailFrom.address,
      // RFC 5321 4.1.2: quoted or not, it is the same mailbox.
      rcptTo.map(({ address }) => address.replace(/^"(.*)"@/, '$1@')).join(','),
    );
    const refusal = options.onMail?.(mail);
    if (refusal) return refusal;
    mails.push(mail);
    return null;
  };
  const server = new SMTPServer({
    authOptional: true,
    lenientAddressParsing: true, // foo..bar@docomo.ne.jp exists
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    ...(options.maxOctets === undefined ? {} : { size: options.maxOctets }),
    onRcptTo: ({ address }, _, done) => done(options.onRecipient?.(address) ?? null),
    onData: (stream, session, done) => {
      take(stream, session.envelope).then((refusal) => {
        done(refusal);
        arrivals.emit('mail');
      }, done);
    },
  });
  // A sender that is killed amid a mail resets its connection: that mail is not one, and nobody else's concern.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    async next(to, subject, timeoutMs = PATIENCE_MS, fits = () => true) {
      const signal = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const mail = mails.find(
          (one) => one.to === to && subject.test(one.subject) && fits(one.text) && !handedOut.has(one),
        );
        if (mail) {
          handedOut.add(mail);
          return mail;
        }
        await once(arrivals, 'mail', { signal }).catch(() => {
          const got = mails.map((one) => `${one.to}: ${one.subject}`).join('\n  ');
          throw new Error(
            `no mail to ${to} with subject ${subject} within ${timeoutMs} ms; there were:\n  ${got}`,
          );
        });
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function read(raw: Buffer, from: string, to: string): Promise<ReceivedMail> {
  const parsed = await simpleParser(raw);
  return {
    from,
    to,
    raw,
    messageId: parsed.messageId ?? '',
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    replyTo: (parsed.replyTo ?? parsed.from)?.value[0]?.address ?? '',
    references: [parsed.references ?? []].flat(),
    autoSubmitted: String(parsed.headers.get('auto-submitted') ?? ''),
    attachments: parsed.attachments.map(({ filename, content }) => ({ fileName: filename ?? '', content })),
  };
}

/** The link of ours that stands alone on a line of the mail's text. */
export function linkIn(mail: ReceivedMail): string {
  const url = /^https?:\/\/\S+\/[cdr]\/[a-z2-7]{42}$/m.exec(mail.text)?.[0];
  if (url === undefined) throw new Error(`no link in the mail 「${mail.subject}」`);
  return url;
}
