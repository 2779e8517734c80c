/** Mails whose signature holds the content inside itself, and encrypted ones, as OpenSSL makes them (RFC 8551 3.3, 3.5.2). */
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { kindOf } from '../../gateway/mail/attachment-kind.ts';
import { type ParsedMessage, parseMessage } from '../../gateway/mail/parse.ts';
import { signedContent } from '../../gateway/mail/smime-content.ts';
import { context, integer, oid, sequence, setOf } from '../../signing/cms/der.ts';
import { issueMailPki } from '../support/mail-certificates.ts';
import { madeByOpenssl } from '../support/smime-openssl.ts';

const ADDRESS = 'suzuki@mihon.example.jp';
const TEXT = '承認 4821\r\n\r\n総務課　鈴木\r\n';
const CONTENT = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(TEXT).toString('base64')}\r\n`;
const FIELDS = ['-from', ADDRESS, '-to', 'keiyaku@mihon.example.jp', '-subject', 'RE: 2026-0123'];

describe('reading S/MIME as another program writes it', () => {
  const own = issueMailPki(ADDRESS).signer();

  const made = (act: '-sign' | '-encrypt', ...options: readonly string[]): Buffer =>
    madeByOpenssl(act, CONTENT, own, ...FIELDS, ...options);
  async function parsed(raw: Buffer): Promise<ParsedMessage> {
    const message = await parseMessage(Readable.from([raw]));
    if (!message.readable) throw new Error(message.detail);
    return message;
  }

  for (const [shape, how] of [
    ['of known length', ['-nodetach']],
    ['in pieces', ['-nodetach', '-stream']],
  ] as const) {
    it(`takes the text out of a signature ${shape}`, async () => {
      const raw = made('-sign', ...how);
      expect(raw.toString('latin1')).to.match(/^Content-Type: application\/(x-)?pkcs7-mime;/m);
      const { text, subject, from, attachments } = await parsed(raw);
      expect({ text: text.trim(), subject, from: from?.address, attachments }).to.deep.equal({
        text: TEXT.trim().replaceAll('\r\n', '\n'),
        subject: 'RE: 2026-0123',
        from: ADDRESS,
        attachments: [],
      });
    });
  }

  it('leaves what is encrypted closed', async () => {
    const { text, attachments } = await parsed(made('-encrypt'));
    expect(text).to.equal('');
    expect(attachments.map(({ fileName, kind }) => [fileName, kind])).to.deep.equal([['smime.p7m', 'smime']]);
  });

  it('tells a signature beside its content from one around it', async () => {
    const { attachments, text } = await parsed(made('-sign'));
    expect(text).to.include('承認 4821');
    expect(attachments.map(({ kind }) => kind)).to.deep.equal(['signature']);
    const [detached, around] = [[], ['-nodetach']].map((how) => made('-sign', '-outform', 'DER', ...how));
    expect(kindOf(detached!)).to.equal('signature');
    expect(kindOf(around!)).to.equal('smime');
    expect(signedContent(around!)?.toString()).to.equal(CONTENT);
  });

  it('holds nothing for content in octets that are cut off, nested for ever or longer than they are', () => {
    const whole = made('-sign', '-outform', 'DER', '-nodetach');
    const content = whole.indexOf(CONTENT) + CONTENT.length;
    for (let length = 0; length < content; length++) {
      expect(signedContent(whole.subarray(0, length)), String(length)).to.equal(null);
    }
    // A text in two pieces, the second as long as it is or longer than what holds it.
    const holding = (octets: Uint8Array) =>
      signedContent(
        Buffer.from(
          sequence(
            oid('1.2.840.113549.1.7.2'),
            context(
              0,
              sequence(integer(1), setOf(), sequence(oid('1.2.840.113549.1.7.1'), context(0, octets))),
            ),
          ),
        ),
      );
    expect(String(holding(Buffer.from('2406040161040162', 'hex')))).to.equal('ab');
    expect(String(holding(Buffer.from('2406040161040262', 'hex')))).to.equal('');
    expect(signedContent(Buffer.alloc(100_000, Buffer.from('3080', 'hex')))).to.equal(null);
    // Pieces of 1,000 octets are what programs write; a text of empty ones would take a hundred times its size in memory.
    const pieces = (piece: string, count: number) =>
      holding(
        Buffer.concat([
          Buffer.from('2480', 'hex'),
          Buffer.alloc((piece.length / 2) * count, Buffer.from(piece, 'hex')),
          Buffer.alloc(2),
        ]),
      );
    expect(pieces(`048203e8${'61'.repeat(1000)}`, 5000)?.length).to.equal(5_000_000);
    expect(pieces('0400', 1_000_000)).to.equal(null);
    expect(signedContent(Buffer.from('3084ffffffff0609', 'hex'))).to.equal(null);
    expect(signedContent(Buffer.from('3089ffffffffffffffffff', 'hex'))).to.equal(null);
  });
});
