/** People whose mail clients and browsers meet a gateway that is killed and started again: they try again, as those do. */
import { createTransport } from 'nodemailer';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { agreedIn, type Writer } from '../../demo/people.ts';
import { turns } from '../../gateway/turns.ts';
import { octetsOf } from './rig.ts';

export interface PatientPeople {
  /** Every mail that was answered with 250, as it was sent. */
  readonly sent: readonly Buffer[];
  /** How often somebody had to try again. */
  readonly setbacks: number;
  /** Sends the same octets until a 250 is seen, as a mail client's outbox does (RFC 5321 4.5.4.1). */
  mail(mail: Parameters<typeof octetsOf>[0]): Promise<void>;
  reply(from: Writer, to: ReceivedMail, text: string): Promise<void>;
  /** Opens the page, asks to go on, presses the last button; each until it is answered. */
  consent(request: ReceivedMail): Promise<void>;
}

export interface PatientPeopleOptions {
  readonly smtpPort: number;
  /** How many of them send a mail or hold a page at once. */
  readonly atOnce: number;
}

/** Mail clients wait minutes, people a few seconds; these are in a hurry. */
const AGAIN_AFTER_MS = 200;
/** A gateway that is away for longer than five minutes is not coming back. */
const TRIES = 1500;

export function patientPeople({ smtpPort, atOnce }: PatientPeopleOptions): PatientPeople {
  const sent: Buffer[] = [];
  let setbacks = 0;
  const { take: inTurn } = turns(atOnce);

  const insist = async <T>(act: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await act();
      } catch (error) {
        if (!isForNow(error) || tries === TRIES) throw error;
        setbacks++;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      }
    }
  };
  const visit = (url: string, init: RequestInit = {}): Promise<string> =>
    insist(async () => {
      const response = await fetch(url, init);
      const page = await response.text();
      if (response.status !== 200) throw new NotOk(response.status, page);
      return page;
    });

  const people: PatientPeople = {
    sent,
    get setbacks() {
      return setbacks;
    },
    async mail(mail) {
      const raw = await octetsOf(mail);
      const envelope = { from: mail.from.address, to: mail.to };
      const { response } = await inTurn(() =>
        insist(async () => {
          const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true });
          return transport.sendMail({ envelope, raw }).finally(() => transport.close());
        }),
      );
      if (!response.startsWith('250')) throw new Error(`not a promise: ${response}`);
      sent.push(raw);
    },
    reply: (from, to, text) =>
      people.mail({
        from,
        to: to.replyTo,
        subject: `Re: ${to.subject}`,
        text,
        inReplyTo: to.messageId,
        references: [...to.references, to.messageId],
      }),
    consent: (request) =>
      inTurn(async () => {
        const url = linkIn(request);
        await visit(url);
        const asked = await visit(`${url}/confirm`, { method: 'POST' });
        const agreed = agreedIn(asked);
        const body = new URLSearchParams(agreed);
        // A button pressed a second time, after an answer that got lost, shows what the first press did.
        const done = await visit(`${url}/consent`, { method: 'POST', body });
        if (agreed.length === 0 || !done.includes('同意を記録しました')) {
          throw new Error(`no consent for 「${request.subject}」:\n${done}`);
        }
      }),
  };
  return people;
}

class NotOk extends Error {
  readonly status: number;
  constructor(status: number, page: string) {
    super(`a page answers ${status}:\n${page}`);
    this.status = status;
  }
}

/** Nobody there, cut off, or asked for patience (451, 421, 503): worth another try. Anything else is an answer. */
function isForNow(error: unknown): boolean {
  if (error instanceof NotOk) return error.status === 503;
  const { responseCode, code, cause } = error as { responseCode?: number; code?: string; cause?: unknown };
  if (responseCode !== undefined) return responseCode >= 400 && responseCode < 500;
  return cause !== undefined || ['ECONNECTION', 'ESOCKET', 'ECONNREFUSED', 'ECONNRESET'].includes(code ?? '');
}
