/** `npm run demo -- --hold`: a web mailbox for each person, to read the mails, click their links and reply as they would. */
import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance } from 'fastify';
import { type Html, html } from '../templates/pages/html.ts';
import type { Mailboxes, ReceivedMail } from './mailboxes.ts';
import { GATEWAY_ADDRESS, mailIn, type NewMail, type Resident, reply as replyTo } from './people.ts';

export interface MailboxWebOptions {
  readonly mailboxes: Mailboxes;
  readonly residents: readonly Resident[];
  /** The gateway's. */
  readonly smtpPort: number;
  /** A contract mail to start from, with its documents; the first resident sends it. */
  readonly letter: Pick<NewMail, 'subject' | 'text' | 'attachments'>;
}

interface MailParams {
  readonly who: string;
  readonly at: string;
}

/** What a mail client allows: no scripts, nothing fetched from elsewhere; HTML mail in a frame inherits it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'";

/** Listens on a free loopback port when it resolves. */
export async function openMailboxWeb(
  options: MailboxWebOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = fastify({ logger: false, forceCloseConnections: true });
  await server.register(formbody);
  routes(server, options);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => server.close() };
}

function routes(
  server: FastifyInstance,
  { mailboxes, residents, smtpPort, letter }: MailboxWebOptions,
): void {
  const mailsOf = ({ address }: Resident): ReceivedMail[] =>
    mailboxes.mails.filter(({ to }) => to === address);
  const resident = (who: string): Resident => found(residents[Number(who)]);
  const mailAt = ({ who, at }: MailParams): ReceivedMail => found(mailsOf(resident(who))[Number(at)]);
  const page = (main: Html, head: Html | null = null): string =>
    wholePage(
      residents.map((one, who) => link(`/${who}`, `${one.name}（${one.role}） ${mailsOf(one).length}通`)),
      main,
      head,
    );

  server.addHook('onRequest', async (_, reply) => {
    reply
      .header('content-security-policy', POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8');
  });
  server.setNotFoundHandler(async (_, reply) => reply.code(404).send(page(NOT_THERE)));
  server.setErrorHandler<Error & { statusCode?: number }>(async (error, _, reply) => {
    const status = error.statusCode ?? 500;
    const main = status === 404 ? NOT_THERE : html`<h1>うまくいきませんでした</h1><p>${error.message}</p>`;
    return reply.code(status).send(page(main));
  });

  server.get('/', async () =>
    page(html`<h1>みんなの受信箱</h1>
<p>名前を選ぶと、その人の受信箱が開きます。届いたメールを読み、リンクを開き、返信できます。</p>
<form method="post" action="/new"><h2>${residents[0]!.name}が契約書を送る</h2>
<p><label>本文<textarea name="text" rows="18">${letter.text}</textarea></label></p>
<p>添付：${(letter.attachments ?? []).map(({ filename }) => filename).join('、')}</p>
<button>送る</button></form>`),
  );

  server.post<{ Body: { text: string } }>('/new', async ({ body }, reply) => {
    await mailIn(smtpPort, { ...letter, from: residents[0]!, to: GATEWAY_ADDRESS, text: body.text });
    return reply.redirect('/0', 303);
  });

  server.get<{ Params: MailParams }>('/:who', async ({ params: { who } }) => {
    const { name, role } = resident(who);
    const rows = mailsOf(resident(who)).map(
      ({ subject }, at) => html`<li>${link(`/${who}/${at}`, subject)}</li>`,
    );
    return page(
      html`<h1>${name}（${role}）の受信箱</h1>
<p>新しいメールは上に加わります（3秒ごとに確かめます）。</p>
<ol reversed>${rows.reverse()}</ol>`,
      html`<meta http-equiv="refresh" content="3">`,
    );
  });

  server.get<{ Params: MailParams }>('/:who/:at', async ({ params }) => {
    const mail = mailAt(params);
    const path = `/${params.who}/${params.at}`;
    return page(html`<h1>${mail.subject}</h1>
<pre>${linked(mail.text)}</pre>
${mail.attachments.map(({ fileName }, at) => html`<p>添付：${link(`${path}/files/${at}`, fileName)}</p>`)}
<form method="post" action="${path}"><label>返信（1行目に言葉を書きます）
<textarea name="text" rows="3" required></textarea></label><button>返信する</button></form>
<h2>HTMLで見る</h2>
<iframe title="HTMLメール" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${inOwnTab(mail.html)}"></iframe>`);
  });

  server.post<{ Params: MailParams; Body: { text: string } }>('/:who/:at', async (request, reply) => {
    const { params, body } = request;
    await replyTo(smtpPort, resident(params.who), mailAt(params), body.text);
    return reply.redirect(`/${params.who}`, 303);
  });

  server.get<{ Params: MailParams & { file: string } }>('/:who/:at/files/:file', async (request, reply) => {
    const { content, fileName } = found(mailAt(request.params).attachments[Number(request.params.file)]);
    return reply
      .removeHeader('content-security-policy')
      .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(fileName)}`)
      .type('application/pdf')
      .send(content);
  });
}

const NOT_THERE = html`<h1>そのページはありません</h1>`;

function found<T>(value: T | undefined): T {
  if (value === undefined) throw Object.assign(new Error('not found'), { statusCode: 404 });
  return value;
}

function link(href: string, text: string): Html {
  return html`<a href="${href}">${text}</a>`;
}

/** The text with its links as links; each opens in a tab of its own. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, at) =>
      at % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : html`${part}`,
    );
}

/** Our pages refuse to be framed, so a link in HTML mail opens a tab as well. */
function inOwnTab(mail: string): string {
  return mail.replace(/<head>/i, '<head><base target="_blank">');
}

function wholePage(people: readonly Html[], main: Html, head: Html | null): string {
  return html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${head}
<title>みんなの受信箱</title><link rel="icon" href="data:,">
<style>
* { box-sizing: border-box; }
body { font-family: sans-serif; line-height: 1.7; margin: 0; display: grid; grid-template-columns: 19rem minmax(0, 60rem); }
nav { padding: 1rem; background: #f2f2f2; min-height: 100vh; }
nav a { display: block; padding: .5rem; }
main { padding: 0 1.5rem 2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
pre { white-space: pre-wrap; background: #fafafa; border: 1px solid #ddd; padding: 1rem; font: inherit; }
textarea { display: block; width: 100%; font: inherit; }
button { font: inherit; padding: .6rem 1.6rem; margin: .5rem 0; min-height: 44px; }
iframe { width: 100%; height: 45rem; border: 1px solid #ccc; }
@media (max-width: 50rem) { body { display: block; } nav { min-height: 0; } }
</style></head><body>
<nav>${link('/', 'はじめ')}${people}</nav>
<main>${main}</main></body></html>`.markup;
}
