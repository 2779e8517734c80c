/** Every mail of ours as it goes over the wire, line by line (RFC 5321 4.5.3.1, RFC 5322 2.1.1, RFC 2045 6.8, RFC 2047 2, RFC 2231 4). */
import { expect } from 'chai';
import { type Mailboxes, openMailboxes } from '../../demo/mailboxes.ts';
import { mailSigner } from '../../gateway/jobs/mail-signing.ts';
import { type OutgoingMail, relayDelivery } from '../../gateway/mail/deliver.ts';
import { compileMails } from '../../templates/index.ts';
import { issueMailPki } from '../support/mail-certificates.ts';
import { MAILS } from '../support/mail-samples.ts';
import { credentialOf } from '../support/pki.ts';

const ADDRESS = 'keiyaku@mihon.example.jp';
const LONG = '市道1号線舗装工事（第2回変更）\u{20BB7}野家前・葛\u{E0102}城地区';
const ENCODED_WORD = /=\?UTF-8\?([BQ])\?([^?\s]*)\?=/gi;

interface Part {
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

const render = await compileMails();

describe('our mails on the wire', () => {
  const { authority, signer } = issueMailPki(ADDRESS);
  let mailboxes: Mailboxes;
  const arrived = new Map<string, string>();

  before(async () => {
    mailboxes = await openMailboxes();
    const { port } = mailboxes;
    const relay = { host: '127.0.0.1', port, secure: false, user: null, password: null, requireTls: false };
    const smime = new Map([[ADDRESS, await mailSigner(credentialOf(signer(), authority), () => new Date())]]);
    const [plain, signing] = [{}, { smime }].map((signers) => relayDelivery(relay, 'localhost', signers));
    const mails = Object.entries(MAILS).map(([name, content]) => outgoing(name, render(content)));
    const long = {
      subject: LONG.repeat(9),
      text: `${'あ'.repeat(2000)}\nおわり`,
      html: `<p>${'い'.repeat(2000)}`,
    };
    const longest = outgoing('longest', long, LONG.repeat(3));
    await Promise.all([...mails, longest].map((mail) => plain!.send(mail)));
    await signing!.send(outgoing('signed', { ...long, text: '本文\n' }));
    for (const one of [plain!, signing!]) one.close();
    for (const { messageId, raw } of mailboxes.mails) arrived.set(messageId, raw.toString('latin1'));
    expect(arrived.size).to.equal(mails.length + 2);
  });
  after(() => mailboxes.close());

  const each = (check: (raw: string, name: string) => void): void => {
    for (const [name, raw] of arrived) check(raw, name);
  };

  it('are 7-bit lines that end with CRLF and that no relay has to break', () => {
    each((raw, name) => {
      expect(/[^\t\r\n -~]/.exec(raw), name).to.equal(null);
      expect(/\r(?!\n)|(?<!\r)\n/.exec(raw), name).to.equal(null);
      const widest = Math.max(...raw.split('\r\n').map(({ length }) => length));
      expect(widest, name).to.be.at.most(78);
    });
  });

  it('have each field that a mail needs once, and none that tells of others', () => {
    each((raw, name) => {
      const { fields } = partOf(raw);
      for (const field of ['date', 'from', 'to', 'subject', 'message-id', 'mime-version', 'auto-submitted']) {
        expect(fields.get(field), `${name}: ${field}`).to.have.length(1);
      }
      for (const field of ['bcc', 'x-mailer', 'sender'])
        expect(fields.has(field), `${name}: ${field}`).to.equal(false);
      expect(fields.get('mime-version')).to.deep.equal(['1.0']);
      expect(fields.get('date')![0]).to.match(/^\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/);
      expect(fields.get('message-id')![0]).to.match(/^<[\w.+-]+@[\w.-]+>$/);
      expect(fields.get('references')![0]).to.match(/^<[^<>\s]+>( <[^<>\s]+>)*$/);
    });
  });

  it('have encoded words that stand alone: short enough, and no character cut in two', () => {
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    let words = 0;
    each((raw, name) => {
      for (const [word, encoding, content] of headOf(raw).matchAll(ENCODED_WORD)) {
        words++;
        expect(word.length, `${name}: ${word}`).to.be.at.most(75);
        const octets =
          encoding!.toUpperCase() === 'B'
            ? Buffer.from(content!, 'base64')
            : Buffer.from(unquoted(content!), 'latin1');
        expect(() => utf8.decode(octets), `${name}: ${word}`).not.to.throw();
      }
    });
    expect(words).to.be.greaterThan(arrived.size);
  });

  it('say the text first, in UTF-8, its lines as they are meant', () => {
    each((raw, name) => {
      const [text, html, ...more] = leavesOf(partOf(raw)).filter(({ fields }) =>
        /^text\/(plain|html)/.test(fields.get('content-type')![0]!),
      );
      expect(text!.fields.get('content-type'), name).to.deep.equal(['text/plain; charset=utf-8']);
      expect(html!.fields.get('content-type'), name).to.deep.equal(['text/html; charset=utf-8']);
      expect(more, name).to.deep.equal([]);
      for (const { fields, body } of [text!, html!]) {
        expect(fields.get('content-transfer-encoding'), name).to.deep.equal(['base64']);
        // RFC 2045 6.8: what is encoded is the canonical form.
        const decoded = Buffer.from(body, 'base64').toString();
        expect(/\r(?!\n)|(?<!\r)\n/.exec(decoded), name).to.equal(null);
      }
    });
    const longest = leavesOf(partOf(arrived.get('<longest@mihon.example.jp>')!))[0]!;
    expect(Buffer.from(longest.body, 'base64').toString()).to.equal(`${'あ'.repeat(2000)}\r\nおわり`);
  });

  it('name their files so that every program reads the name', () => {
    each((raw, name) => {
      const file = leavesOf(partOf(raw)).find(({ fields }) =>
        fields.get('content-type')![0]!.startsWith('application/pdf'),
      );
      const disposition = file!.fields.get('content-disposition')![0]!;
      const pieces = [...disposition.matchAll(/filename\*(\d+)\*=([^;\s]*)/g)];
      expect(
        pieces.map(([, number]) => Number(number)),
        name,
      ).to.deep.equal(pieces.map((_, at) => at));
      const value = pieces.map(([, , piece]) => piece).join('');
      expect(value.startsWith("utf-8''"), name).to.equal(true);
      expect(decodeURIComponent(value.slice("utf-8''".length)), name).to.equal(`${LONG}契約書.pdf`);
    });
  });
});

function outgoing(
  name: string,
  content: { readonly subject: string; readonly text: string; readonly html: string },
  recipient = '株式会社サンプル 代表取締役 山田太郎',
): OutgoingMail {
  const { subject, text, html } = content;
  return {
    messageId: `<${name}@mihon.example.jp>`,
    from: { name: '見本市 電子契約', address: ADDRESS },
    to: { name: recipient, address: 'yamada@sample.example.jp' },
    replyTo: `keiyaku+${'a'.repeat(42)}@mihon.example.jp`,
    envelopeFrom: `keiyaku+${'b'.repeat(42)}@mihon.example.jp`,
    inReplyTo: '<root@mihon.example.jp>',
    references: ['<root@mihon.example.jp>', `<${'c'.repeat(40)}@mihon.example.jp>`],
    autoSubmitted: 'auto-generated',
    subject,
    text,
    html,
    attachments: [{ fileName: `${LONG}契約書.pdf`, content: Buffer.from('%PDF-1.7') }],
  };
}

function headOf(raw: string): string {
  return raw.slice(0, raw.indexOf('\r\n\r\n'));
}

function partOf(raw: string): Part {
  const fields = new Map<string, string[]>();
  for (const field of headOf(raw).split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .trim();
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return { fields, body: raw.slice(raw.indexOf('\r\n\r\n') + 4) };
}

/** The parts that hold content, in their order. */
function leavesOf(part: Part): Part[] {
  const boundary = /^multipart\/[^;]+;.*boundary="([^"]+)"/.exec(part.fields.get('content-type')![0]!)?.[1];
  if (boundary === undefined) return [part];
  const [preamble, ...rest] = `\r\n${part.body}`.split(`\r\n--${boundary}`);
  expect(preamble).to.equal('');
  expect(rest.at(-1)).to.match(/^--(\r\n)?/);
  return rest.slice(0, -1).flatMap((piece) => leavesOf(partOf(piece.replace(/^\r\n/, ''))));
}

/** Q encoding (RFC 2047 4.2). */
function unquoted(content: string): string {
  return content
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
