/** The mailboxes that stand for everybody else's: a sender who is killed amid a mail must not take them along. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { type Mailboxes, openMailboxes } from '../../demo/mailboxes.ts';
import { mailIn } from '../../demo/people.ts';

const SENDER = 'sato@mihon.example.jp';
const WRITER = { name: '佐藤花子', address: SENDER };
const VENDOR = 'yamada@sample.example.jp';

describe('the mailboxes of a test', () => {
  let mailboxes: Mailboxes;
  beforeEach(async () => {
    mailboxes = await openMailboxes();
  });

  /** One command after the other, each with the code of its last reply line. */
  async function dialog(commands: readonly string[]): Promise<Socket> {
    const socket = connect(mailboxes.port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
      if (/^\d{3} .*\r\n$/m.test(heard)) socket.emit('reply');
    });
    const replied = async (): Promise<void> => {
      await once(socket, 'reply');
      expect(heard, commands.join()).to.match(/^[23]/);
      heard = '';
    };
    await replied();
    for (const command of commands) {
      socket.write(`${command}\r\n`);
      await replied();
    }
    return socket;
  }

  const begun = ['EHLO gateway.example.jp', `MAIL FROM:<${SENDER}>`, `RCPT TO:<${VENDOR}>`];
  const moments: Readonly<Record<string, readonly string[]>> = {
    'after RCPT': begun,
    'amid DATA': [...begun, 'DATA'],
  };
  for (const [moment, commands] of Object.entries(moments)) {
    it(`go on when a sender is reset ${moment}`, async () => {
      const socket = await dialog(commands);
      if (moment === 'amid DATA') socket.write('Subject: half a mail\r\n\r\nhalf a');
      const gone = once(socket, 'close');
      socket.resetAndDestroy();
      await gone;
      await mailIn(mailboxes.port, { from: WRITER, to: VENDOR, subject: 'whole', text: 'whole' });
      expect((await mailboxes.next(VENDOR, /whole/)).text).to.contain('whole');
      // Resolves only when both connections have ended, with whatever error they ended in.
      await mailboxes.close();
      expect(mailboxes.mails).to.have.length(1);
    });
  }
});
