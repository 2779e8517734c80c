/** Mails signed as S/MIME: what goes over the wire is judged by OpenSSL, as recipients' programs do (RFC 8551, RFC 8550). */
import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { type Mailboxes, openMailboxes } from '../../demo/mailboxes.ts';
import { mailSigner } from '../../gateway/jobs/mail-signing.ts';
import { type OutgoingMail, relayDelivery, type Signers } from '../../gateway/mail/deliver.ts';
import { parseMessage } from '../../gateway/mail/parse.ts';
import type { MailSigner } from '../../gateway/mail/smime.ts';
import { issueMailPki } from '../support/mail-certificates.ts';
import { credentialOf, DAY, fromNow } from '../support/pki.ts';
import { judgedByOpenssl } from '../support/smime-openssl.ts';

const ADDRESS = 'keiyaku@mihon.example.jp';
const MAIL: OutgoingMail = {
  messageId: '<a@mihon.example.jp>',
  from: { name: '見本市 電子契約', address: ADDRESS },
  to: { name: '株式会社サンプル 山田太郎', address: 'yamada@sample.example.jp' },
  replyTo: 'keiyaku+secret@mihon.example.jp',
  envelopeFrom: 'keiyaku+bouncesecret@mihon.example.jp',
  inReplyTo: '<root@mihon.example.jp>',
  references: ['<root@mihon.example.jp>'],
  autoSubmitted: 'auto-generated',
  subject: '見本市様より市道1号線舗装工事への署名依頼が届いています',
  text: '文書を確認してください。\nhttps://keiyaku.mihon.example.jp/c/abc\n',
  html: '<p>文書を確認してください。</p>',
  attachments: [],
};
const PDF = {
  fileName: '20261201_株式会社サンプル_市道1号線舗装工事.pdf',
  content: Buffer.alloc(70_000, '%PDF-'),
};

describe('the S/MIME signature of our mails', () => {
  const { root, authority, signer } = issueMailPki(ADDRESS);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const credential = (identity = signer()) => credentialOf(identity, authority, root);
  let mailboxes: Mailboxes;
  before(async () => {
    mailboxes = await openMailboxes();
  });
  after(() => mailboxes.close());

  const now = () => new Date();
  const relay = () => ({
    host: '127.0.0.1',
    port: mailboxes.port,
    secure: false,
    user: null,
    password: null,
    requireTls: false,
  });
  /** The octets that arrive. */
  async function sent(mail: OutgoingMail, signers: Partial<Signers>): Promise<Buffer> {
    const delivery = relayDelivery(relay(), 'localhost', signers);
    const arriving = mailboxes.next(mail.to.address, /./);
    expect((await delivery.send(mail)).outcome).to.equal('taken');
    delivery.close();
    return (await arriving).raw;
  }
  const by = (one: MailSigner) => ({ smime: new Map([[ADDRESS, one]]) });
  const throughSmime = async (mail = MAIL, own = credential()) => sent(mail, by(await mailSigner(own, now)));

  const judged = (raw: Buffer, address = ADDRESS) => judgedByOpenssl(raw, root, address);
  const parsed = async (raw: Buffer) => {
    const message = await parseMessage(Readable.from([raw]));
    if (!message.readable) throw new Error(message.detail);
    return message;
  };

  for (const [kind, own] of [
    ['ECDSA', () => credential()],
    ['RSA', () => credential(signer({}, rsa.privateKey))],
  ] as const) {
    it(`holds for sender and content, with the authority's certificate along (${kind})`, async () => {
      const raw = await throughSmime({ ...MAIL, attachments: [PDF] }, own());
      const { holds, words, content } = judged(raw);
      expect(holds, words).to.equal(true);
      expect(content).to.match(/^Content-Type: multipart\/mixed;/);
      expect(judged(raw, 'sonota@mihon.example.jp').words).to.match(/email address mismatch/i);
    });
  }

  it('does not hold once an octet of the content is another', async () => {
    const raw = (await throughSmime({ ...MAIL, attachments: [PDF] })).toString('latin1');
    const at = raw.indexOf(PDF.content.toString('base64').slice(0, 40));
    expect(at).to.be.greaterThan(0);
    const changed = Buffer.from(`${raw.slice(0, at)}B${raw.slice(at + 1)}`, 'latin1');
    expect(judged(changed)).to.deep.include({ holds: false });
    expect(judged(changed).words).to.match(/digest|verification failure/i);
  });

  it('leaves text, files and the fields of the mail as they are without it', async () => {
    const mail = { ...MAIL, attachments: [PDF] };
    const [plain, signed] = [await sent(mail, {}), await throughSmime(mail)];
    const [before, after] = [await parsed(plain), await parsed(signed)];
    const { attachments, date: _, ...rest } = after;
    expect(rest).to.deep.include({ text: before.text, subject: before.subject, messageId: MAIL.messageId });
    expect(rest).to.deep.include({ replyTo: before.replyTo, references: before.references, to: before.to });
    expect(attachments.map(({ fileName, kind }) => [fileName, kind])).to.deep.equal([
      [PDF.fileName, 'pdf'],
      ['smime.p7s', 'signature'],
    ]);
    expect(attachments[0]!.content.equals(PDF.content)).to.equal(true);
    const fields = (raw: Buffer) =>
      raw
        .toString('latin1')
        .split('\r\n\r\n')[0]!
        .split(/\r\n(?![ \t])/)
        .filter((field) => !/^(Content-|Date:|Received:)/i.test(field));
    expect(fields(signed)).to.deep.equal(fields(plain));
    expect(signed.toString('latin1').match(/^MIME-Version:/gim)).to.have.length(1);
    // Whoever reads no HTML finds the text first.
    const text = signed.toString('latin1');
    expect(text.indexOf('Content-Type: text/plain')).to.be.below(text.indexOf('Content-Type: text/html'));
  });

  it('is 7-bit in lines that every relay passes on unchanged', async () => {
    const raw = await throughSmime({ ...MAIL, attachments: [PDF] });
    expect(raw.some((octet) => octet > 0x7e)).to.equal(false);
    const lines = raw.toString('latin1').split('\r\n');
    expect(lines.some((line) => /[\r\n]/.test(line))).to.equal(false);
    expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(998);
  });

  it('stands below DKIM, which covers it', async () => {
    const dkimKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const published = dkimKey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const privateKey = dkimKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const dkim = new Map([[ADDRESS, { domainName: 'mihon.example.jp', keySelector: 'k2026', privateKey }]]);
    const raw = await sent(MAIL, { ...by(await mailSigner(credential(), now)), dkim });
    const resolver = async () => [[`v=DKIM1; k=rsa; p=${published}`]];
    const result = async (octets: Buffer) =>
      (await dkimVerify(octets, { resolver })).results.map(({ status }) => status.result);
    expect(await result(raw)).to.deep.equal(['pass']);
    expect(judged(raw).holds).to.equal(true);
    const stripped = raw.toString('latin1').replace('name=smime.p7s', 'name=smime.p7x');
    // Over another body nothing is proven (RFC 6376 6.1.3).
    expect(await result(Buffer.from(stripped, 'latin1'))).to.deep.equal(['neutral']);
  });

  it('is made for the address it speaks for alone', async () => {
    const other = { ...MAIL, from: { name: '見本町', address: 'keiyaku@tonari.example.jp' } };
    const raw = await throughSmime(other);
    expect(raw.toString('latin1')).not.to.include('multipart/signed');
  });

  it('is left out once a certificate that goes along has run out: nothing waits, nobody is warned of a forgery', async () => {
    let clock = new Date();
    const own = signer({ notAfter: fromNow(DAY) });
    const one = await mailSigner(credential(own), () => clock);
    expect(judged(await sent(MAIL, by(one))).holds).to.equal(true);
    clock = fromNow(2 * DAY);
    const raw = await sent(MAIL, by(one));
    expect(raw.toString('latin1')).not.to.include('multipart/signed');
    expect((await parsed(raw)).text).to.equal(MAIL.text);
  });

  it('never has more octets than it was counted with', async () => {
    const one = await mailSigner(credential(), now);
    for (const content of ['', 'a', 'b'.repeat(10_000)]) {
      const signature = await one.sign(Buffer.from(content));
      expect(signature!.length).to.be.within(one.octets - 16, one.octets);
    }
  });
});
