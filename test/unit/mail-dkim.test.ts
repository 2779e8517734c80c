/** Our mails are signed in the municipality's name (RFC 6376), as judged by another implementation. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { SMTPServer } from 'smtp-server';
import { loadConfig } from '../../gateway/config.ts';
import { type OutgoingMail, relayDelivery } from '../../gateway/mail/deliver.ts';
import { dkimSigners } from '../../gateway/mail/dkim.ts';

const ADDRESS = 'keiyaku@mihon.example.jp';
const MAIL: OutgoingMail = {
  messageId: '<a@mihon.example.jp>',
  from: { name: '見本村', address: ADDRESS },
  to: { name: '山田太郎', address: 'yamada@sample.example.jp' },
  replyTo: null,
  envelopeFrom: ADDRESS,
  inReplyTo: null,
  references: ['<root@mihon.example.jp>'],
  autoSubmitted: 'auto-generated',
  subject: '見本村様より村道1号線舗装工事への署名依頼が届いています',
  text: '本文\n',
  html: '<p>本文</p>',
  attachments: [{ fileName: '契約書.pdf', content: Buffer.from('%PDF-1.7') }],
};

describe('the signature of our mails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-dkim-'));
  const written = (name: string, bits: number) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    writeFileSync(join(folder, name), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  };
  const published = written('dkim.key', 2048);
  const dkim = { domain: 'mihon.example.jp', selector: 'k2026', keyFile: join(folder, 'dkim.key') };
  const resolver = async (name: string) =>
    name === 'k2026._domainkey.mihon.example.jp' ? [[`v=DKIM1; k=rsa; p=${published}`]] : [];

  let server: SMTPServer;
  let taken: Buffer;
  before((done) => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, answer) => {
        buffer(stream).then((octets) => {
          taken = octets;
          answer();
        }, answer);
      },
    });
    server.listen(0, '127.0.0.1', done);
  });
  after((done) => {
    rmSync(folder, { recursive: true });
    server.close(done);
  });

  async function signatures(address: string, mail = MAIL) {
    const { port } = server.server.address() as { port: number };
    const relay = { host: '127.0.0.1', port, secure: false, user: null, password: null, requireTls: false };
    const delivery = relayDelivery(relay, 'localhost', { dkim: dkimSigners([{ address, dkim }]) });
    expect((await delivery.send(mail)).outcome).to.equal('taken');
    delivery.close();
    return (octets = taken) => dkimVerify(octets, { resolver });
  }

  it('holds for the domain of the sender, and not for a mail that was changed', async () => {
    const verified = await signatures(ADDRESS);
    const { results } = await verified();
    expect(results.map(({ status, signingDomain }) => [status.result, signingDomain])).to.deep.equal([
      ['pass', 'mihon.example.jp'],
    ]);
    expect(results[0]!.status.aligned).to.equal('mihon.example.jp');
    for (const [was, is] of [
      ['yamada@sample', 'mallory@sample'],
      ['<a@mihon.example.jp>', '<b@mihon.example.jp>'],
    ] as const) {
      const changed = Buffer.from(taken.toString('latin1').replaceAll(was, is), 'latin1');
      expect((await verified(changed)).results[0]!.status.result, is).to.equal('fail');
    }
  });

  it('is not made in the name of another municipality', async () => {
    const verified = await signatures('keiyaku@other.example.jp');
    expect((await verified()).results.map(({ status }) => status.result)).to.deep.equal(['none']);
  });

  it('is refused at the start where it would prove nothing', () => {
    written('short.key', 1024);
    writeFileSync(join(folder, 'not.key'), 'x');
    const problems = (changes: Partial<typeof dkim>): string[] => {
      const [key, value] = [join(folder, 'config.yaml'), JSON.stringify({ ...dkim, ...changes })];
      writeFileSync(key, yaml(value));
      const outcome = loadConfig({ file: key, env: {} });
      return 'problems' in outcome ? outcome.problems.map(String) : [];
    };
    expect(problems({})).to.deep.equal([]);
    expect(problems({ domain: 'example.jp' })).to.deep.equal([]);
    expect(problems({ domain: 'sample.example.jp' }).join()).to.include('is not the domain of');
    expect(problems({ keyFile: join(folder, 'short.key') }).join()).to.include('at least 2048 bits');
    expect(problems({ keyFile: join(folder, 'not.key') }).join()).to.include('at least 2048 bits');
    expect(problems({ keyFile: join(folder, 'none.key') }).join()).to.include('cannot be read');
  });
});

function yaml(dkim: string): string {
  return `municipalities:
  - id: mihon
    name: 見本村
    address: ${ADDRESS}
    dkim: ${dkim}
    staff: { domains: [mihon.example.jp] }
    desks:
      contract: { section: 総務課, phone: 00-0000-0001 }
      operation: { name: ヘルプデスク, phone: 00-0000-0000, hours: 平日 }
    signedBy: 見本村
    nameHolder: 見本村長
`;
}
