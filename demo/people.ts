/** The people of the demonstration, at their mail clients and browsers: everything they do goes over SMTP or HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createTransport } from 'nodemailer';
import { linkIn, type ReceivedMail } from './mailboxes.ts';

/** A port nobody listens on: links in mails must name it before the server is there. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export interface Writer {
  readonly name: string;
  readonly address: string;
}

export interface NewMail {
  readonly from: Writer;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly { readonly filename: string; readonly content: Buffer }[];
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly messageId?: string;
}

/** Hands a mail to the gateway's SMTP port; resolves to its final reply. */
export async function mailIn(port: number, mail: NewMail): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    name: 'client.mihon.example.jp',
  });
  const { references, attachments, ...rest } = mail;
  const info = await transport.sendMail({
    ...rest,
    references: [...(references ?? [])],
    attachments: [...(attachments ?? [])],
  });
  transport.close();
  return info.response;
}

/** A reply as mail clients write it: the answer, then the quoted mail. */
export function reply(port: number, from: Writer, to: ReceivedMail, firstLine: string): Promise<string> {
  const quoted = to.text.split('\n').map((line) => `> ${line}`);
  return mailIn(port, {
    from,
    to: to.replyTo,
    subject: `Re: ${to.subject}`,
    text: [firstLine, '', `${to.from} wrote:`, ...quoted].join('\n'),
    inReplyTo: to.messageId,
    references: [...to.references, to.messageId],
  });
}

/** Opens the page a mail links to and presses 「完了する」 and 「署名手続きを完了する」, without a browser. */
export async function consentByLink(mail: ReceivedMail): Promise<{ status: number; html: string }> {
  const url = linkIn(mail);
  const page = await (await fetch(url)).text();
  const confirm = await (await fetch(`${url}/confirm`, { method: 'POST' })).text();
  const heads = [...confirm.matchAll(/name="head" value="([0-9a-f]{64})"/g)].map((match) => match[1]!);
  if (!page.includes('開いただけでは契約になりません') || heads.length === 0) {
    throw new Error('the consent page does not ask for a consent');
  }
  const body = new URLSearchParams(heads.map((head): [string, string] => ['head', head]));
  const response = await fetch(`${url}/consent`, { method: 'POST', body });
  return { status: response.status, html: await response.text() };
}
