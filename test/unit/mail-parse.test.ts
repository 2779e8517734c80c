// Parsing: what a raw message is turned into, and what never gets in.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { kindOf } from '../../gateway/mail/attachment-kind.ts';
import { contentDigest } from '../../gateway/mail/content-digest.ts';
import { safeFileName } from '../../gateway/mail/file-name.ts';
import { htmlToText } from '../../gateway/mail/html-text.ts';
import { type ParsedMessage, parseMessage } from '../../gateway/mail/parse.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'mail');

async function fixture(name: string): Promise<ParsedMessage> {
  const message = await parseMessage(createReadStream(join(FIXTURES, `${name}.eml`)));
  if (!message.readable) throw new Error(message.detail);
  return message;
}

function raw(...lines: string[]): Readable {
  return Readable.from([Buffer.from(lines.join('\r\n'))]);
}

async function parsed(...lines: string[]): Promise<ParsedMessage> {
  const message = await parseMessage(raw(...lines));
  if (!message.readable) throw new Error(message.detail);
  return message;
}

describe('parsing a message', () => {
  it('reads the headers we act on', async () => {
    const message = await fixture('outlook-jis-approval');
    expect(message.from).to.deep.equal({ name: '鈴木一郎', address: 'suzuki@mihon.example.jp' });
    expect(message.subject).to.equal('RE: 【承認のお願い】村道1号線舗装工事');
    expect(message.messageId).to.equal('<ol1@mihon.example.jp>');
    expect(message.inReplyTo).to.equal('<k1@mihon.example.jp>');
    expect(message.references).to.deep.equal(['<k0@mihon.example.jp>', '<k1@mihon.example.jp>']);
    expect(message.date?.toISOString()).to.equal('2026-12-01T01:00:00.000Z');
    expect(message.to).to.deep.equal([{ name: '', address: 'keiyaku@mihon.example.jp' }]);
    expect(message.text).to.match(/^承認　４８２１\n/);
  });

  it('repairs JIS and Shift_JIS that name no charset', async () => {
    expect((await fixture('jis-without-charset')).text).to.equal('様式\n');
    expect((await fixture('jis-without-charset')).subject).to.equal('契約書の様式について');
    expect((await fixture('lgwan-sjis-help')).text).to.match(/^ヘルプ\n\n差出人　：/);
  });

  it('takes a raw JIS name for a name and not for syntax', async () => {
    const name = Buffer.from('1b24423a34462 31b2842'.replace(' ', ''), 'hex').toString('latin1');
    const message = await parsed(`From: ${name} <sato@mihon.example.jp>`, '', 'x');
    expect(message.from).to.deep.equal({ name: '佐藤', address: 'sato@mihon.example.jp' });
  });

  it('keeps an embedded message out of the text', async () => {
    const message = await fixture('embedded-approval');
    expect(message.text.trim()).to.equal('');
    expect(message.attachments.map(({ contentType }) => contentType)).to.deep.equal(['message/rfc822']);
  });

  it('hands a named text part over as an attachment and joins the unnamed ones', async () => {
    const part = (headers: string, text: string) => ['--b', headers, '', text];
    const message = await parsed(
      'From: a@mihon.example.jp',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...part('Content-Type: text/plain; charset=utf-8', '依頼'),
      ...part('Content-Disposition: inline; filename="memo.txt"\r\nContent-Type: text/plain', '承認'),
      ...part('Content-Type: text/plain; charset=utf-8', 'iPhoneから送信'),
      '--b--',
    );
    expect(message.text).to.equal('依頼\niPhoneから送信');
    expect(message.attachments.map(({ fileName }) => fileName)).to.deep.equal(['memo.txt']);
  });

  it('tells what the text shows from files of their own', async () => {
    const part = (...lines: string[]) => ['--b', ...lines, '', 'x'];
    const related = ['--b', 'Content-Type: multipart/related; boundary=r', '', '--r'];
    const message = await parsed(
      'From: a@mihon.example.jp',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...part('Content-Type: text/plain; name=with-id', 'Content-Id: <file@x>'),
      ...part('Content-Type: text/plain; name=shown', 'Content-Id: <logo@x>'),
      ...part('Content-Disposition: inline; filename=inline', 'Content-Type: text/plain'),
      ...part('Content-Disposition: attachment; filename=attached', 'Content-Type: text/plain'),
      ...related,
      'Content-Type: text/html',
      '',
      '<p>依頼<img src="cid:logo@x"></p>',
      '--r',
      'Content-Type: text/plain; name=related',
      'Content-Disposition: attachment; filename=related',
      'Content-Id: <beside@x>',
      '',
      'x',
      '--r--',
      '--b--',
    );
    expect(message.attachments.map(({ fileName, embedded }) => [fileName, embedded])).to.deep.equal([
      ['with-id', false],
      ['shown', true],
      ['inline', false],
      ['attached', false],
      ['related', true],
    ]);
  });

  it('knows attachments by their octets and gives them harmless names', async () => {
    const named = async (name: string) =>
      (await fixture(name)).attachments.map(({ fileName, kind }) => [fileName, kind]);
    expect(await named('thunderbird-contract')).to.deep.equal([['契約書.pdf', 'pdf']]);
    expect(await named('forward-with-pdf')).to.deep.equal([['x.pdf', 'pdf']]);
    expect(await named('ppap')).to.deep.equal([['keiyaku.pdf', 'zip-encrypted']]);
    expect(await named('winmail')).to.deep.equal([['winmail.dat', 'winmail']]);
    expect(await named('outlook-jis-contract')).to.deep.equal([
      ['請書.pdf', 'pdf'],
      ['image001.png', 'image'],
    ]);
  });

  it('names no author when there is not exactly one', async () => {
    const problem = async (...from: string[]) => (await parsed(...from, 'Subject: x', '', 'x')).fromProblem;
    expect((await fixture('two-authors')).fromProblem).to.equal('multiple');
    expect(await problem('From: a@mihon.example.jp, b@mihon.example.jp')).to.equal('multiple');
    expect(await problem('From: staff: a@mihon.example.jp, b@mihon.example.jp;')).to.equal('multiple');
    expect(await problem('From: 佐藤')).to.equal('unreadable');
    expect(await problem('To: a@mihon.example.jp')).to.equal('missing');
    expect(await problem('From: "b@sample.example.jp" <a@mihon.example.jp>')).to.equal(null);
  });

  it('is done in no time with as many headers of one name as a header section holds', async () => {
    const message = await parsed('From: a@b.example.jp', 'a:\r\n'.repeat(60_000).trim(), '', 'x');
    expect(message.text).to.equal('x');
    const more = await parseMessage(
      raw('From: a@b.example.jp', ...Array(25_000).fill('References: x'), '', ''),
    );
    expect(more).to.include({ readable: false, reason: 'header-too-large' });
  });

  it('has no date when the header has none', async () => {
    expect((await parsed('Date: yesterday', '', 'x')).date).to.equal(null);
  });

  it('tells automatic mail from a person', async () => {
    const automatic = async (header: string) =>
      (await parsed('From: a@b.example.jp', header, '', 'x')).automatic !== null;
    for (const header of [
      'Auto-Submitted: auto-replied',
      'Auto-Submitted: auto-generated; owner=x',
      'Precedence: bulk',
      'List-Id: <news.example.jp>',
      'X-Auto-Response-Suppress: OOF, AutoReply',
      'Content-Type: multipart/report; boundary=x',
    ]) {
      expect(await automatic(header), header).to.equal(true);
    }
    for (const header of [
      'Auto-Submitted: no',
      'Precedence: normal',
      'X-Auto-Response-Suppress: DR',
      'List-X: y',
    ]) {
      expect(await automatic(header), header).to.equal(false);
    }
  });

  it('reads a delivery report', async () => {
    expect((await fixture('bounce-postfix')).dsn).to.deep.equal({
      reportedRecipient: 'yamada@sample.example.jp',
      action: 'failed',
      status: '5.1.1',
      diagnostic: '550 5.1.1 <yamada@sample.example.jp>: Recipient address rejected: User unknown',
      returnedMessageId: '<our-mail@mihon.example.jp>',
    });
    expect((await fixture('bounce-delayed')).dsn?.action).to.equal('delayed');
    expect((await fixture('bounce-carrier')).dsn).to.equal(null);
    const exim = await parsed(
      'From: Mailer-Daemon@x.example.jp',
      'X-Failed-Recipients: a@b.example.jp',
      '',
      'x',
    );
    expect(exim.dsn?.reportedRecipient).to.equal('a@b.example.jp');
  });

  it('gives back what cannot be read as a value', async () => {
    const parts = '--b\r\n\r\nx\r\n'.repeat(1100);
    const many = await parseMessage(raw('Content-Type: multipart/mixed; boundary=b', '', `${parts}--b--`));
    expect(many).to.include({ readable: false, reason: 'too-many-parts' });
    const wide = await parseMessage(raw(`X-A: ${'x'.repeat(2 ** 20)}`, '', 'x'));
    expect(wide).to.include({ readable: false, reason: 'header-too-large' });
    const narrow = [
      raw(`X-A: ${'x'.repeat(2000)}`, '', 'x'),
      raw(`X-A: ${'x'.repeat(500)}`, '', 'x'),
    ] as const;
    expect(await parseMessage(narrow[0], { headOctets: 1000 })).to.include({ reason: 'header-too-large' });
    expect(await parseMessage(narrow[1], { headOctets: 1000 })).to.include({ readable: true });
    const pdf = ['Content-Type: application/pdf', '', 'x'.repeat(100)];
    expect(await parseMessage(raw(...pdf), { contentOctets: 99 })).to.include({
      reason: 'content-too-large',
    });
    expect(await parseMessage(raw(...pdf), { contentOctets: 100 })).to.include({ readable: true });
    const html = ['Content-Type: text/html', '', `${'x'.repeat(100)}`];
    expect(await parseMessage(raw(...html), { textCharacters: 99 })).to.include({
      reason: 'content-too-large',
    });
  });

  it('throws when the source fails, for that is no fault of the message', async () => {
    const failing = new Readable({
      read() {
        this.destroy(new Error('disk'));
      },
    });
    const error = await parseMessage(failing).catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(Error).with.property('message', 'disk');
  });
});

describe('text from HTML', () => {
  it('breaks where a reader sees a line and marks quotes', () => {
    const html =
      '<style>x</style><p>依頼&nbsp;確認済</p><div>a<br>b &lt;c&#62;</div><blockquote>承認</blockquote>d';
    expect(htmlToText(html)).to.equal('依頼 確認済\na\nb <c>\n> 承認\nd');
  });

  it('shows no scripts, heads or comments, and ends no comment early', () => {
    expect(htmlToText('<head><title>x</title><body>a<!-- <p>承認</p> -->b<script>c</script>d')).to.equal(
      'abd',
    );
    expect(
      htmlToText('<!--[if mso]><p>x</p><![endif]-->a<![if !mso]>b<![endif]><!-- unclosed <p>c'),
    ).to.equal('ab');
  });

  it('survives what is no HTML', () => {
    expect(htmlToText('1 < 2 <> &bogus; &#x110000; <b')).to.contain('1 < 2');
  });
});

describe('attachment names and kinds', () => {
  it('makes a base name of anything', () => {
    expect(safeFileName('../../etc/契約書.pdf', 'x')).to.equal('契約書.pdf');
    expect(safeFileName('C:\\契約\\ が.pdf', 'x')).to.equal('が.pdf');
    expect(safeFileName('a\u0000\u202Efdp.exe', 'x')).to.equal('afdp.exe');
    expect(safeFileName('..', 'x')).to.equal('x');
    expect(safeFileName('か\u3099.pdf', 'x')).to.equal('が.pdf');
    expect(safeFileName('\uFA19社.pdf', 'x')).to.equal('\uFA19社.pdf');
    expect(safeFileName('葛\u{E0100}.pdf', 'x')).to.equal('葛\u{E0100}.pdf');
    expect(safeFileName('nul.pdf', 'x')).to.equal('_nul.pdf');
    expect([...safeFileName(`${'契'.repeat(300)}.pdf`, 'x')].slice(-5).join('')).to.equal('契.pdf');
  });

  it('knows office files, images and signatures by their octets', () => {
    const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    expect(kindOf(Buffer.concat([ole, Buffer.from('WordDocument', 'utf16le')]))).to.equal('word');
    expect(kindOf(ole)).to.equal('other');
    expect(kindOf(Buffer.from('{\\rtf1'))).to.equal('word');
    expect(kindOf(Buffer.from('ffd8ffe0', 'hex'))).to.equal('image');
    expect(kindOf(Buffer.from('308006092a864886f70d010702a0', 'hex'))).to.equal('signature');
    expect(kindOf(Buffer.from('%PDF-1.4'))).to.equal('pdf');
    expect(kindOf(Buffer.alloc(0))).to.equal('other');
  });
});

describe('content digest', () => {
  const digest = (...lines: string[]) => contentDigest(raw(...lines));

  it('ignores what relays add and nothing else', async () => {
    const first = await digest('From: a@b.example.jp', 'Subject: x', '', 'body', 'X-Not-A-Header: y', '');
    const relayed = [
      'Received: from x',
      '\tby y; Tue, 1 Dec 2026',
      'Return-Path: <a@b.example.jp>',
      'Authentication-Results: mx; dmarc=pass',
      'ARC-Seal: i=1',
      'DKIM-Signature: v=1',
      'X-Virus: none',
      'From: a@b.example.jp',
      'Delivered-To: z',
      'Subject: x',
    ];
    expect(await digest(...relayed, '', 'body', 'X-Not-A-Header: y', '')).to.equal(first);
    expect(
      await digest('From: a@b.example.jp', 'Subject: y', '', 'body', 'X-Not-A-Header: y', ''),
    ).to.not.equal(first);
    expect(
      await digest('From: a@b.example.jp', 'Subject: x', '', 'body', 'X-Not-A-Header: z', ''),
    ).to.not.equal(first);
  });

  it('does not depend on how the octets arrive', async () => {
    const message = 'Received: x\r\n y\r\nFrom: a@b.example.jp\r\n\r\nReceived: z\r\n';
    const whole = await contentDigest(Readable.from([Buffer.from(message)]));
    const single = await contentDigest(
      Readable.from([...Buffer.from(message)].map((octet) => Buffer.from([octet]))),
    );
    expect(single).to.equal(whole);
    expect(await digest('From: a@b.example.jp', '', 'Received: z', '')).to.equal(whole);
  });
});
