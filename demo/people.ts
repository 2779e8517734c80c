/** The people of the demonstration, at their mail clients and browsers: everything they do goes over SMTP or HTTP. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { createTransport } from 'nodemailer';
import { linkIn, type ReceivedMail } from './mailboxes.ts';

/** Below the ports that systems give to outgoing connections, and below those that the test authority chooses from. */
const FIRST_PORT = 12_000;
const BLOCKS = 80;
const PORTS_PER_BLOCK = 100;

let block: Promise<number> | undefined;
let handedOut = 0;

/**
 * A port nobody listens on: links in mails must name it before the server is there, and a server may be away for a while.
 * No process is given one of another's: each has a block of its own, for as long as it lives.
 */
export async function freePort(): Promise<number> {
  block ??= ownBlock();
  const held = await block;
  for (let tries = 1; tries < PORTS_PER_BLOCK; tries++) {
    const port = held + 1 + (handedOut++ % (PORTS_PER_BLOCK - 1));
    const probe = await listeningAt(port);
    if (probe === null) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
  throw new Error(`each port from ${held} to ${held + PORTS_PER_BLOCK - 1} is taken`);
}

/** Who listens at its first port has the block: the system ends that with the process, however it ends. */
async function ownBlock(): Promise<number> {
  const start = randomInt(BLOCKS);
  for (let tries = 0; tries < BLOCKS; tries++) {
    const first = FIRST_PORT + ((start + tries) % BLOCKS) * PORTS_PER_BLOCK;
    const holder = await listeningAt(first);
    if (holder === null) continue;
    holder.unref();
    return first;
  }
  throw new Error('each block of ports has its process');
}

async function listeningAt(port: number): Promise<Server | null> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => null,
  );
}

export interface Writer {
  readonly name: string;
  readonly address: string;
}

export interface Resident extends Writer {
  /** Shown beside the name. */
  readonly role: string;
}

export const GATEWAY_ADDRESS = 'keiyaku@mihon.example.jp';
export const SATO: Resident = { name: '佐藤花子', address: 'sato@mihon.example.jp', role: '担当職員' };
export const SUZUKI: Resident = { name: '鈴木一郎', address: 'suzuki@mihon.example.jp', role: '市側署名者' };
export const YAMADA: Resident = {
  name: '山田太郎',
  address: 'yamada@sample.example.jp',
  role: '株式会社サンプル',
};
export const HANAKO: Resident = {
  name: '見本花子',
  address: 'mihon-hanako@kensetsu.example.jp',
  role: '有限会社見本建設',
};

export interface NewMail {
  readonly from: Writer;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** `cid` where the HTML shows the file. */
  readonly attachments?: readonly {
    readonly filename: string;
    readonly content: Buffer;
    readonly cid?: string;
  }[];
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

/** What a confirmation asks to be agreed to, with every check box ticked, as its form would post it. */
export function agreedIn(html: string): [string, string][] {
  const inputs =
    /<input type="(?:hidden|checkbox)"[^>]*? name="(head|identity|declaration)"[^>]*? value="([^"]+)"/g;
  return [...html.matchAll(inputs)].map(([, name, value]) => [name!, value!]);
}

/** Opens the page a mail links to and presses 「完了する」 and 「署名手続きを完了する」, without a browser. */
export async function consentByLink(mail: ReceivedMail): Promise<{ status: number; html: string }> {
  const url = linkIn(mail);
  const page = await (await fetch(url)).text();
  const confirm = await (await fetch(`${url}/confirm`, { method: 'POST' })).text();
  const agreed = agreedIn(confirm);
  if (!page.includes('開いただけでは契約になりません') || agreed.length === 0) {
    throw new Error('the consent page does not ask for a consent');
  }
  const body = new URLSearchParams(agreed);
  const response = await fetch(`${url}/consent`, { method: 'POST', body });
  return { status: response.status, html: await response.text() };
}

/** Opens the page of a confirmation mail, ticks both declarations and presses 「受信を確認する」, without a browser. */
export async function confirmByLink(mail: ReceivedMail): Promise<{ status: number; html: string }> {
  const url = linkIn(mail);
  const page = await (await fetch(url)).text();
  const ticked = [...page.matchAll(/name="(electronic|deemed)" value="([^"]+)"/g)];
  const body = new URLSearchParams(ticked.map(([, name, value]): [string, string] => [name!, value!]));
  const response = await fetch(`${url}/confirm`, { method: 'POST', body });
  return { status: response.status, html: await response.text() };
}

/** What a completion mail brings, the certificate last: attached, or behind its link where it is too large for mail. */
export async function executedFiles(mail: ReceivedMail): Promise<Uint8Array[]> {
  if (mail.attachments.length > 0) return mail.attachments.map(({ content }) => content);
  const url = linkIn(mail);
  const page = await (await fetch(url)).text();
  const paths = [...page.matchAll(/href="([^"]+\/(?:files\/\d+|certificate))"/g)].map((match) => match[1]!);
  const files: Uint8Array[] = [];
  for (const path of paths) {
    const response = await fetch(new URL(path, url));
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    files.push(Buffer.from(await response.arrayBuffer()));
  }
  return files;
}
