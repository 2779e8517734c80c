// Delivery: what the relay says is final or not, and nobody's address gets into logs or the outbox.
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { openMailboxes } from '../../demo/mailboxes.ts';
import { bounceReason } from '../../gateway/mail/bounce-reason.ts';
import {
  type Delivery,
  type OutgoingMail,
  relayDelivery,
  sizeOnTheWire,
} from '../../gateway/mail/deliver.ts';
import { rejection } from '../support/rejection.ts';

const MAIL: OutgoingMail = {
  messageId: '<a@mihon.example.jp>',
  from: { name: '見本市 電子契約', address: 'keiyaku@mihon.example.jp' },
  to: { name: '山田太郎', address: 'yamada@sample.example.jp' },
  replyTo: null,
  envelopeFrom: 'keiyaku+bouncesecret@mihon.example.jp',
  inReplyTo: null,
  references: [],
  autoSubmitted: 'auto-generated',
  subject: '件名',
  text: '本文',
  html: '<p>本文</p>',
  attachments: [],
};

describe('delivery to a relay that answers', () => {
  let server: Server;
  let delivery: Delivery;
  let answers: Record<string, string>;
  let heard: string[];

  before((done) => {
    server = createServer((socket) => {
      socket.write('220 relay\r\n');
      socket.on('data', (chunk) => {
        heard.push(chunk.toString());
        const verb = /^(\w+)/.exec(chunk.toString())?.[1]?.toUpperCase() ?? '';
        socket.write(`${answers[verb] ?? '250 ok'}\r\n`);
      });
      socket.on('error', () => {});
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      const relay = { host: '127.0.0.1', port, secure: false, user: null, password: null, requireTls: false };
      delivery = relayDelivery(relay, 'localhost');
      done();
    });
  });
  beforeEach(() => {
    heard = [];
  });
  after((done) => {
    delivery.close();
    server.close(done);
  });

  for (const [verb, words] of [
    ['MAIL', '451 4.7.1 <keiyaku+bouncesecret@mihon.example.jp>: try again later'],
    ['RCPT', '450 4.2.0 <yamada@sample.example.jp>: greylisted'],
  ] as const) {
    it(`"later" to ${verb} is an outage that names nobody`, async () => {
      answers = { [verb]: words };
      const error = (await rejection(delivery.send(MAIL))) as Error & { transient: boolean };
      expect(error.transient).to.equal(true);
      expect(error.message).to.include(words.slice(0, 9));
      const logged = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join();
      expect(logged).not.to.match(/yamada|bouncesecret/);
    });
  }

  it('"never" to RCPT is final, in the words of the relay', async () => {
    answers = { RCPT: '550 5.1.1 <yamada@sample.example.jp>: unknown' };
    const { outcome, response } = await delivery.send(MAIL);
    expect(outcome).to.equal('failed');
    expect(response).to.include('550 5.1.1');
  });

  it('larger than the relay has announced is refused without asking it (RFC 1870)', async () => {
    const large = { ...MAIL, attachments: [{ fileName: '契約書.pdf', content: Buffer.alloc(75_000) }] };
    const size = sizeOnTheWire(large);
    answers = { EHLO: `250-relay\r\n250 SIZE ${size - 1}` };
    const { outcome, response } = await delivery.send(large);
    expect(outcome).to.equal('failed');
    expect(bounceReason(response, false)).to.equal('too-large');
    expect(heard.join('')).not.to.include('MAIL FROM');
  });

  it('is announced with its size, which the relay may refuse at once', async () => {
    answers = { EHLO: '250-relay\r\n250 SIZE 99999', MAIL: '552 5.3.4 Message size exceeds fixed limit' };
    const { outcome, response } = await delivery.send(MAIL);
    expect(heard.join('')).to.include(`SIZE=${sizeOnTheWire(MAIL)}`);
    expect(outcome).to.equal('failed');
    expect(bounceReason(response, false)).to.equal('too-large');
  });

  it('hears of the signature in the mail as well', async () => {
    answers = { EHLO: '250-relay\r\n250 SIZE 999999', MAIL: '552 5.3.4 Message size exceeds fixed limit' };
    const { port } = server.address() as { port: number };
    const relay = { host: '127.0.0.1', port, secure: false, user: null, password: null, requireTls: false };
    const signature = Buffer.alloc(60_000);
    const signer = { octets: signature.length, sign: async () => signature };
    const signing = relayDelivery(relay, 'localhost', { smime: new Map([[MAIL.from.address, signer]]) });
    await signing.send(MAIL);
    signing.close();
    const announced = Number(/SIZE=(\d+)/.exec(heard.join(''))?.[1]);
    expect(announced).to.be.within((60_000 / 57) * 78, (60_000 / 57) * 78 + 8 * 4096);
  });

  it('reports on arrival where it offers to and somebody wants to know (RFC 3461)', async () => {
    const { port } = server.address() as { port: number };
    const relay = { host: '127.0.0.1', port, secure: false, user: null, password: null, requireTls: false };
    const asking = relayDelivery({ ...relay, arrivalReports: true }, 'localhost');
    const heardOf = async (offered: string, mail: OutgoingMail, by = asking): Promise<string> => {
      heard = [];
      answers = { EHLO: `250-relay\r\n250 ${offered}`, RCPT: '550 5.1.1 unknown' };
      await by.send(mail);
      return heard.join('');
    };
    const wanted = { ...MAIL, wantsArrival: true };
    const asked = await heardOf('DSN', wanted);
    expect(asked)
      .to.match(/MAIL FROM:.* RET=HDRS/)
      .and.match(/RCPT TO:.* NOTIFY=SUCCESS,FAILURE,DELAY/);
    expect(await heardOf('8BITMIME', wanted)).to.not.match(/NOTIFY|RET=/);
    expect(await heardOf('DSN', MAIL)).to.not.match(/NOTIFY|RET=/);
    expect(await heardOf('DSN', wanted, delivery)).to.not.match(/NOTIFY|RET=/);
    asking.close();
  });

  it('that sets no limit of its own (SIZE 0) is given everything', async () => {
    answers = { EHLO: '250-relay\r\n250 SIZE 0', RCPT: '550 5.1.1 unknown' };
    expect((await delivery.send(MAIL)).response).to.include('550 5.1.1');
  });
});

describe('the size that a mail is announced with', () => {
  it('is never below what goes over the wire, and little above', async () => {
    const name = `${'髙'.repeat(115)}.pdf`;
    const attachments = [0, 1, 57, 58, 100_000].map((length) => ({
      fileName: name,
      content: Buffer.alloc(length, 'x'),
    }));
    const mailboxes = await openMailboxes();
    const { port } = mailboxes;
    const relay = { host: '127.0.0.1', port, secure: false, user: null, password: null, requireTls: false };
    const delivery = relayDelivery(relay, 'localhost');
    try {
      const mail = { ...MAIL, text: 'ご確認ください。\n'.repeat(500), attachments };
      expect((await delivery.send(mail)).outcome).to.equal('taken');
      const { raw } = await mailboxes.next(MAIL.to.address, /./);
      expect(sizeOnTheWire(mail)).to.be.within(raw.length, raw.length + 8 * 4096);
    } finally {
      delivery.close();
      await mailboxes.close();
    }
  });
});
