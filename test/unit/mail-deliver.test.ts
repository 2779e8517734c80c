// Delivery: what the relay says is final or not, and nobody's address gets into logs or the outbox.
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { type Delivery, type OutgoingMail, relayDelivery } from '../../gateway/mail/deliver.ts';
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

  before((done) => {
    server = createServer((socket) => {
      socket.write('220 relay\r\n');
      socket.on('data', (chunk) => {
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
});
