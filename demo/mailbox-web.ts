/** `npm run demo -- --hold`: a web mailbox for each person, to read the mails, click their links and reply as they would. */
import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance } from 'fastify';
import { type Html, html } from '../templates/pages/html.ts';
import type { Mailboxes, ReceivedMail } from './mailboxes.ts';
import { mailIn, type NewMail, type Writer } from './people.ts';

export interface Resident extends Writer {
  /** Shown beside the name, e.g. 担当職員. */
  readonly role: string;
}

export interface MailboxWebOptions {
  readonly mailboxes: Mailboxes;
  readonly residents: readonly Resident[];
  readonly gatewaySmtpPort: number;
  /** A contract mail to start from, with its documents; sent by the first resident. */
  readonly contractMail: Pick<NewMail, 'to' | 'subject' | 'text' | 'attachments'>;
}

/** Listens on a free loopback port when it resolves. */
export async function openMailboxWeb(
  options: MailboxWebOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = fastify({ logger: false });
  await server.register(formbody);
  routes(server, options);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => server.close() };
}

function routes(
  server: FastifyInstance,
  { mailboxes, residents, gatewaySmtpPort, contractMail }: MailboxWebOptions,
): void {
  const send = (markup: Html): string => page(residents, markup);
  const resident = (index: string): Resident => residents[Number(index)]!;
  const mailsOf = ({ address }: Writer): ReceivedMail[] => mailboxes.mails.filter(({ to }) => to === address);

  server.addHook('onSend', async (_, reply, payload) => {
    if (!reply.hasHeader('content-disposition')) reply.type('text/html; charset=utf-8');
    return payload;
  });

  server.get('/', async () =>
    send(html`<p>左の人を選ぶと、その人の受信箱が開きます。届いたメールを読み、リンクを開き、返信できます。</p>
<form method="post" action="/new"><h2>${residents[0]!.name}が契約書を送る</h2>
<textarea name="text" rows="14">${contractMail.text}</textarea><button>PDFを添付して送る</button></form>`),
  );

  server.post<{ Body: { text: string } }>('/new', async (request, reply) => {
    await mailIn(gatewaySmtpPort, { ...contractMail, from: residents[0]!, text: request.body.text });
    return reply.redirect('/0', 303);
  });

  server.get<{ Params: { who: string } }>('/:who', async (request) => {
    const who = resident(request.params.who);
    const mails = mailsOf(who);
    return send(html`<h2>${who.name}（${who.role}）の受信箱</h2>
<p><a href="/${request.params.who}">新しいメールを確かめる</a></p>
<ol reversed>${mails.map((mail, at) => html`<li><a href="/${request.params.who}/${at}">${mail.subject}</a></li>`).reverse()}</ol>`);
  });

  server.get<{ Params: { who: string; at: string } }>('/:who/:at', async (request) => {
    const { who, at } = request.params;
    const mail = mailsOf(resident(who))[Number(at)]!;
    return send(html`<h2>${mail.subject}</h2>
<pre>${linked(mail.text)}</pre>
${mail.attachments.map(({ fileName }, file) => html`<p><a href="/${who}/${at}/files/${file}">📎 ${fileName}</a></p>`)}
<details><summary>HTMLで見る</summary><iframe sandbox="allow-popups" srcdoc="${mail.html}"></iframe></details>
<form method="post" action="/${who}/${at}"><label>返信（1行目に言葉を書きます）<textarea name="text" rows="3"></textarea></label><button>返信する</button></form>`);
  });

  server.post<{ Params: { who: string; at: string }; Body: { text: string } }>(
    '/:who/:at',
    async (request, reply) => {
      const from = resident(request.params.who);
      const mail = mailsOf(from)[Number(request.params.at)]!;
      const quoted = mail.text.replace(/^/gm, '> ');
      await mailIn(gatewaySmtpPort, {
        from,
        to: mail.replyTo || contractMail.to,
        subject: `Re: ${mail.subject}`,
        text: `${request.body.text}\n\n${quoted}`,
        inReplyTo: mail.messageId,
        references: [...mail.references, mail.messageId],
      });
      return reply.redirect(`/${request.params.who}`, 303);
    },
  );

  server.get<{ Params: { who: string; at: string; file: string } }>(
    '/:who/:at/files/:file',
    async (request, reply) => {
      const { who, at, file } = request.params;
      const { content, fileName } = mailsOf(resident(who))[Number(at)]!.attachments[Number(file)]!;
      return reply
        .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(fileName)}`)
        .type('application/pdf')
        .send(content);
    },
  );
}

/** The text with its links as links; each opens in a tab of its own. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, at) =>
      at % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : html`${part}`,
    );
}

function page(residents: readonly Resident[], main: Html): string {
  return html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>みんなの受信箱</title>
<style>
body { font-family: sans-serif; margin: 0; display: flex; flex-wrap: wrap; }
nav { padding: 1rem; background: #f2f2f2; } nav a { display: block; padding: .5rem; }
main { padding: 1rem; flex: 1; min-width: 18rem; max-width: 60rem; }
pre { white-space: pre-wrap; background: #fafafa; padding: 1rem; font: inherit; line-height: 1.7; overflow-wrap: anywhere; }
textarea { width: 100%; font: inherit; box-sizing: border-box; } button { font: inherit; padding: .6rem 1.2rem; margin: .5rem 0; }
iframe { width: 100%; height: 40rem; border: 1px solid #ccc; }
</style></head><body>
<nav><a href="/">はじめ</a>${residents.map(({ name, role }, at) => html`<a href="/${at}">${name}（${role}）</a>`)}</nav>
<main>${main}</main></body></html>`.markup;
}
