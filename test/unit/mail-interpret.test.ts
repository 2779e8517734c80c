// From a raw mail to the one thing it asks for: the fixtures, end to end.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { authenticate } from '../../gateway/mail/authenticate.ts';
import { type Desk, type Interpretation, interpret } from '../../gateway/mail/interpret.ts';
import { parseMessage } from '../../gateway/mail/parse.ts';
import type { InboundTransport } from '../../gateway/mail/transport.ts';
import { letter } from '../support/letters.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'mail');
const STAFF = { domains: ['mihon.example.jp'], domainRights: [], members: [] };
const INSIDE = { name: 'lgwan', kind: 'submission' as const };
const OUTSIDE = { name: 'mx', kind: 'mx' as const, authservId: 'mx.mihon.example.jp' };

interface Circumstances {
  relay?: InboundTransport['relay'];
  replySecret?: boolean;
  bounceSecret?: boolean;
  staff?: typeof STAFF;
  desk?: Desk;
}

async function interpretation(name: string, circumstances: Circumstances = {}): Promise<Interpretation> {
  const message = await parseMessage(createReadStream(join(FIXTURES, `${name}.eml`)));
  if (!message.readable) throw new Error(message.detail);
  const { relay = INSIDE, replySecret = false, bounceSecret = false, staff = STAFF } = circumstances;
  const transport = {
    remoteAddress: '',
    heloName: '',
    relay,
    smtpUser: null,
    mailFrom: '',
    rcptTo: [],
    tls: false,
  };
  const secrets = { replySecret, bounceSecret };
  const { desk = 'contracts' } = circumstances;
  return interpret(message, authenticate(message, transport, staff), secrets, desk);
}

async function problems(name: string): Promise<string[]> {
  const found = await interpretation(name);
  return 'problems' in found ? [found.type, ...found.problems.map(({ code }) => code)] : [found.type];
}

describe('interpreting mail', () => {
  it('reads the words of replies from every mailer', async () => {
    const word = async (name: string) => {
      const found = await interpretation(name, { replySecret: true });
      return found.type === 'word' ? [found.word, found.argument, ...found.lines] : [found.type];
    };
    expect(await word('outlook-jis-approval')).to.deep.equal(['approve', '4821', '総務課長 鈴木']);
    expect(await word('outlook-qp-goahead')).to.deep.equal(['goAhead', '確認済']);
    expect(await word('gmail-return')).to.deep.equal([
      'return',
      '決裁番号が違います。',
      '総管第46号に直してください。',
    ]);
    expect(await word('iphone-status')).to.deep.equal(['status', '', 'iPhoneから送信']);
    expect(await word('html-only-withdraw')).to.deep.equal(['withdraw', '金額に誤りがあるため', '佐藤&鈴木']);
    expect(await word('lgwan-sjis-help')).to.deep.equal(['help', '']);
  });

  it('hands a word on without its secret too, for the caller to judge', async () => {
    expect(await problems('outlook-jis-approval')).to.deep.equal(['word']);
    expect(await problems('outlook-qp-goahead')).to.deep.equal(['word']);
    expect(await problems('iphone-status')).to.deep.equal(['word']);
    expect(await problems('lgwan-sjis-help')).to.deep.equal(['form']);
    expect(await problems('jis-without-charset')).to.deep.equal(['form']);
  });

  it('answers the subject 様式 with the form, whatever greeting stands below it', async () => {
    const from = { name: '佐藤花子', address: 'sato@mihon.example.jp' };
    const to = 'keiyaku@mihon.example.jp';
    const read = async (subject: string): Promise<Interpretation> => {
      const raw = letter({ from, to, subject, text: 'お世話になっております。' });
      const message = await parseMessage(Readable.from([Buffer.from(raw)]));
      if (!message.readable) throw new Error(message.detail);
      const staff = { level: 'staff', address: from.address, means: 'submission-relay', detail: '' } as const;
      return interpret(message, staff, { replySecret: false, bounceSecret: false });
    };
    expect(await read('　様式 ')).to.deep.equal({ type: 'form' });
    expect(await read('様式について')).to.deep.include({ type: 'refusal' });
  });

  it('does not take a forwarded 承認 for one, with or without a secret', async () => {
    const found = await interpretation('embedded-approval', { replySecret: true });
    expect(found).to.deep.include({ type: 'word', word: 'empty' });
  });

  it('drafts a contract from a contract mail with its PDFs', async () => {
    const found = await interpretation('thunderbird-contract');
    expect(found.type).to.equal('draft');
    if (found.type !== 'draft') return;
    expect(found.problems).to.deep.equal([]);
    expect(found.mail.counterparties[0]?.person.address).to.equal('yamada@sample.example.jp');
    expect(found.attachments.map(({ fileName }) => fileName)).to.deep.equal(['契約書.pdf']);
    const acknowledgement = await interpretation('outlook-jis-contract');
    expect(acknowledgement).to.deep.include({ type: 'draft', problems: [] });
  });

  it('says what is wrong with the attachments', async () => {
    expect(await problems('ppap')).to.deep.equal(['refusal', 'encrypted-zip']);
    expect(await problems('winmail')).to.deep.equal(['draft', 'winmail']);
  });

  it('takes nothing from a stranger whom staff forward', async () => {
    expect(await problems('forward-with-stranger')).to.deep.equal(['refusal', 'not-understood']);
    expect(await problems('forward-with-pdf')).to.deep.equal([
      'draft',
      'missing-counterparty',
      'missing-approver',
    ]);
  });

  it('sees bounces before all else', async () => {
    const bounced = await interpretation('bounce-postfix', {
      relay: OUTSIDE,
      bounceSecret: true,
      replySecret: true,
    });
    expect(bounced).to.deep.equal({
      type: 'bounce',
      failed: {
        recipient: 'yamada@sample.example.jp',
        action: 'failed',
        status: '5.1.1',
        diagnostic: '550 5.1.1 <yamada@sample.example.jp>: Recipient address rejected: User unknown',
        returnedMessageId: '<our-mail@mihon.example.jp>',
        proven: true,
      },
    });
    expect(await interpretation('bounce-carrier', { relay: OUTSIDE, bounceSecret: true })).to.deep.include({
      type: 'bounce',
    });
    const delayed = await interpretation('bounce-delayed', { bounceSecret: true });
    expect(delayed.type === 'bounce' && delayed.failed.action).to.equal('delayed');
    const claimed = await interpretation('bounce-postfix', { relay: OUTSIDE });
    expect(claimed.type === 'bounce' && claimed.failed.proven).to.equal(false);
  });

  it('ignores what no person wrote, even at the bounce address', async () => {
    for (const circumstances of [{}, { bounceSecret: true }, { replySecret: true }]) {
      expect(await interpretation('vacation', circumstances)).to.deep.equal({
        type: 'ignored',
        reason: 'automatic',
      });
    }
  });

  it('quarantines what is unproven, secret or not', async () => {
    for (const replySecret of [true, false]) {
      expect((await interpretation('forged-results', { relay: OUTSIDE, replySecret })).type).to.equal(
        'quarantined',
      );
      expect((await interpretation('two-authors', { replySecret })).type).to.equal('quarantined');
      expect((await interpretation('outlook-jis-approval', { relay: OUTSIDE, replySecret })).type).to.equal(
        'quarantined',
      );
    }
    expect((await interpretation('proven-results', { relay: OUTSIDE })).type).to.equal('refusal');
  });

  it('takes a proven mail to the address for verification for its files alone', async () => {
    const desk = 'verification';
    const contract = await interpretation('thunderbird-contract', { desk });
    expect(contract).to.include({ type: 'verification', staff: true });
    const stranger = await interpretation('proven-results', { desk, relay: OUTSIDE });
    expect(stranger.type).to.equal('verification');
    const unproven = await interpretation('forged-results', { desk, relay: OUTSIDE });
    expect(unproven.type).to.equal('quarantined');
    expect((await interpretation('vacation', { desk })).type).to.equal('ignored');
    expect((await interpretation('bounce-postfix', { desk })).type).to.equal('bounce');
  });

  it('knows staff from others', async () => {
    const staff = { domains: ['other.example.jp'], domainRights: [], members: [] };
    expect(await interpretation('outlook-jis-approval', { staff, replySecret: true })).to.deep.equal({
      type: 'notStaff',
    });
  });
});
