/** Mail from machines: never answered, always in the log with its reason; and nobody is answered without end (RFC 3834). */
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { drafted, mailsTo } from '../support/acts.ts';
import { letter } from '../support/letters.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, SUZUKI, type World } from '../support/world.ts';

const PER_HOUR = 3;

describe('a machine', () => {
  let world: World;
  let receipt: ReceivedMail;
  before(async () => {
    world = await createWorld({ env: { KEIYAKUBIN_ANSWERS__PER_HOUR: String(PER_HOUR) } });
    await world.start();
    receipt = await drafted(world, '機械に悩む工事');
  });
  after(() => world.close());

  const loop = Array.from(
    { length: 101 },
    () => 'Received: from a.example.jp by b.example.jp; Sat, 21 Nov 2026 10:00:00 +0900',
  );
  const gateway = { name: '見本市 電子契約', address: GATEWAY_ADDRESS };
  for (const [what, make, from, why] of [
    ['on holiday', { subject: '自動応答: 受付' }, SATO.address, 'subject of an automatic answer'],
    [
      'that says it has read',
      { above: ['Content-Type: multipart/report; boundary=x'] },
      SATO.address,
      'content-type: multipart',
    ],
    ['of a mailing list', { above: ['List-Id: <all.mihon.example.jp>'] }, SATO.address, 'mailing list'],
    ['without a sender', {}, '', 'empty envelope sender'],
    ['that is ourselves', { from: gateway }, GATEWAY_ADDRESS, 'loop: written from an address of ours'],
    ['in a circle', { above: loop }, SATO.address, 'loop: too many Received'],
  ] as const) {
    it(`${what} gets no answer, whatever it says`, async () => {
      const before = world.mailboxes.mails.length;
      const raw = letter({ from: SATO, to: receipt.replyTo, subject: 'Re: 受付', text: '中止', ...make });
      const taken = await world.mailRaw(raw, { from, to: receipt.replyTo });
      const id = /stored as (\w+)/.exec(taken)![1]!;
      const line = await world.logged(new RegExp(`"message":"${id}".*message read`));
      expect(line).to.include('"status":"ignored"').and.to.include(why);
      expect(world.mailboxes.mails).to.have.length(before);
      expect((await world.contracts())[0]).to.include({ state: 'draft' });
    });
  }

  it('that looks like a person is answered so many times an hour, and obeyed for all that', async () => {
    for (let n = 0; n < PER_HOUR + 2; n++)
      await world.mail({ from: SUZUKI, subject: `様式${n}`, text: 'ヘルプ' });
    await world.logged(/answer withheld/);
    await world.logged(/answer withheld/);
    await world.reply(SATO, receipt, '状況');
    await world.next(SATO, /^【状況】/);
    expect(mailsTo(world, SUZUKI, /^【様式】/)).to.have.length(PER_HOUR);
  });
});
