/** Dots and the end of a message are found the same however its octets arrive (RFC 5321 4.1.1.4, 4.5.2). */
import { once } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { findDotLinesQuickly } from '../../gateway/smtp/dot-lines.ts';

interface Heard {
  message: string;
  octets: number;
  commands: string[];
}

/** What an SMTP server makes of `chunks` after its 354. */
async function hear(chunks: readonly string[]): Promise<Heard> {
  const parser = new SMTPStream();
  const commands: string[] = [];
  parser.oncommand = (line, done) => {
    commands.push(line.toString('latin1'));
    done?.();
  };
  const data = parser.startDataMode();
  let message = '';
  data.on('data', (chunk: Buffer) => {
    message += chunk.toString('latin1');
  });
  data.on('end', () => parser.continue());
  for (const chunk of chunks) parser.write(Buffer.from(chunk, 'latin1'));
  const ended = once(data, 'end');
  parser.end();
  await Promise.all([once(parser, 'finish'), ended]);
  return { message, octets: data.byteLength, commands };
}

/** By the letter of RFC 5321, in one piece. */
function read(sent: string): Heard {
  const end = sent.startsWith('.\r\n') ? 0 : sent.indexOf('\r\n.\r\n') + 2;
  const message = sent.slice(0, end).replaceAll(/(?<=^|\r\n)\.\./g, '.');
  const commands = sent.slice(end + 3).split(/\r?\n/);
  return { message, octets: message.length, commands: commands.slice(0, -1) };
}

function cut(text: string, lengths: readonly number[]): string[] {
  const chunks: string[] = [];
  let from = 0;
  for (const length of lengths) {
    chunks.push(text.slice(from, from + length));
    from += length;
  }
  return [...chunks, text.slice(from)].filter((chunk) => chunk !== '');
}

describe('lines that begin with a dot', () => {
  before(findDotLinesQuickly);

  it('are read as the RFC says, however the octets are cut into chunks', async () => {
    const line = fc
      .array(fc.constantFrom('.', 'a', 'bcdefgh'), { maxLength: 4 })
      .map((parts) => parts.join(''));
    const stuffed = line.map((text) => (text.startsWith('.') ? `.${text}` : text));
    const lines = fc.array(stuffed, { maxLength: 6 });
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lines, lengths, async (message, cuts) => {
        const sent = `${message.map((text) => `${text}\r\n`).join('')}.\r\nNOOP\r\nQUIT\r\n`;
        expect(await hear(cut(sent, cuts))).to.deep.equal(read(sent));
      }),
      { numRuns: 1000 },
    );
  });

  it('end a message after CRLF only, and what lone line ends stand in it stays to be seen', async () => {
    const parts = fc.array(fc.constantFrom('\r', '\n', '\r\n', '.', 'a'), { maxLength: 10 });
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(parts, lengths, async (message, cuts) => {
        const sent = `x${message.join('')}\r\n.\r\nQUIT\r\n`;
        const heard = await hear(cut(sent, cuts));
        const expected = read(sent);
        expect(heard.commands).to.deep.equal(expected.commands);
        const lone = /\r(?!\n)|(?<!\r)\n/;
        expect(lone.test(heard.message)).to.equal(lone.test(expected.message));
        if (!lone.test(expected.message)) expect(heard.message).to.equal(expected.message);
      }),
      { numRuns: 1000 },
    );
  });

  it('leave a reader who is slow the time he needs', async () => {
    const parser = new SMTPStream();
    const data = parser.startDataMode();
    let taken = 0;
    const large = Buffer.alloc(100_000, 'a');
    parser.write(large, () => taken++);
    await new Promise(setImmediate);
    expect(taken).to.equal(0);
    data.resume();
    await once(data, 'drain');
    await new Promise(setImmediate);
    expect(taken).to.equal(1);
  });
});
