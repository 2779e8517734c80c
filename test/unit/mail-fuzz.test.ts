/** Damaged and disguised copies of the corpus: read without an exception, and no command where none was given. */
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseMessage } from '../../gateway/mail/parse.ts';
import { readWord } from '../../gateway/mail/words.ts';
import { CORPUS, expectationOf, mailFixture, outcomeOf } from '../support/mail-corpus/corpus.ts';
import { QUOTES } from '../support/mail-corpus/letters.ts';
import { mail, multipart, type Part, SUZUKI, text } from '../support/mail-corpus/parts.ts';

const OUTCOMES = 'unreadable ignored bounce quarantined notStaff vendorCopies word draft form refusal'.split(
  ' ',
);
/** Words after which something happens to a contract. */
const ACTING = new Set('goAhead approve return withdraw resend extend changeAddress add'.split(' '));
const SMALL_OCTETS = 20_000;

interface Subject {
  readonly name: string;
  readonly octets: Buffer;
}

const SUBJECTS: readonly Subject[] = CORPUS.map(({ name }) => ({ name, octets: mailFixture(name) })).filter(
  ({ octets }) => octets.length < SMALL_OCTETS,
);
const COMMANDS = SUBJECTS.filter(({ name }) => ACTING.has(expectationOf(name).expected.word ?? ''));
/** Below its quote there is a command, only not where it counts. */
const COMMAND_BELOW = 'reply-bottom';
/** Replies and contract mails without a command, though most quote a mail of ours that is full of them. */
const QUOTING = SUBJECTS.filter(
  ({ name }) =>
    /^(reply|contract|bounce)-/.test(name) &&
    name !== COMMAND_BELOW &&
    !ACTING.has(expectationOf(name).expected.word ?? ''),
);
/** What mailers write above a quote, without the quote; marks alone are no header. */
const HEADERS = Object.entries(QUOTES).flatMap(([mailer, quote]) =>
  mailer === 'fullWidth' ? [] : quote.split('\n\n')[0]!,
);
const REPLY = { replySecret: true } as const;

const subject = (among: readonly Subject[]) => fc.constantFrom(...among);

/** One thing that goes wrong on the way; places and lengths are shares of the mail. */
type Damage = (octets: Buffer) => Buffer;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const at = (octets: Buffer, place: number): number => Math.floor(place * octets.length);
const TROUBLE = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\x1b$B',
  '\x1b(B',
  '\x0e',
  '--',
  '=?',
  '?=',
  '"',
  ';',
  '\xff',
  '\xe3\x81',
];
const TROUBLES = TROUBLE.map((octets) => Buffer.from(octets, 'latin1'));

const flipped = fc.tuple(share, fc.integer({ min: 1, max: 255 })).map(
  ([place, mask]): Damage =>
    (octets) => {
      const copy = Buffer.from(octets);
      if (copy.length > 0) copy[Math.min(at(copy, place), copy.length - 1)]! ^= mask;
      return copy;
    },
);
const inserted = fc.tuple(share, fc.constantFrom(...TROUBLES)).map(
  ([place, trouble]): Damage =>
    (octets) => {
      const cut = at(octets, place);
      return Buffer.concat([octets.subarray(0, cut), trouble, octets.subarray(cut)]);
    },
);
const doubled = fc.tuple(share, share).map(
  ([from, to]): Damage =>
    (octets) => {
      const [start, end] = [at(octets, Math.min(from, to)), at(octets, Math.max(from, to))];
      return Buffer.concat([octets.subarray(0, end), octets.subarray(start, end), octets.subarray(end)]);
    },
);
const cut = fc.tuple(share, share).map(
  ([from, to]): Damage =>
    (octets) => {
      const [start, end] = [at(octets, Math.min(from, to)), at(octets, Math.max(from, to))];
      return Buffer.concat([octets.subarray(0, start), octets.subarray(end)]);
    },
);
const stripped = fc.constant<Damage>((octets) => Buffer.from(octets.map((octet) => octet & 0x7f)));

const damaged = (octets: Buffer, damages: readonly Damage[]): Buffer =>
  damages.reduce((copy, damage) => damage(copy), octets);

describe('a mail that was damaged on the way', () => {
  it('is read, or called unreadable, whatever the damage', async () => {
    const damages = fc.array(fc.oneof(flipped, inserted, doubled, cut, stripped), {
      minLength: 1,
      maxLength: 8,
    });
    const property = fc.asyncProperty(subject(SUBJECTS), damages, async ({ name, octets }, list) => {
      const { when } = expectationOf(name);
      expect(OUTCOMES, name).to.include((await outcomeOf(damaged(octets, list), when)).type);
    });
    await fc.assert(property, { numRuns: 1_500 });
  });

  it('never comes out as a command whose word its writer did not put on a line of its own', async () => {
    const damages = fc.array(fc.oneof(flipped, inserted), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(subject(SUBJECTS), damages, async ({ name, octets }, list) => {
      const { when } = expectationOf(name);
      const { word = '' } = await outcomeOf(damaged(octets, list), when);
      if (ACTING.has(word)) expect(await wordsIn(octets), name).to.include(word);
    });
    await fc.assert(property, { numRuns: 1_000 });
  });

  it('is no command for one octet that is wrong, whatever words stand in what it quotes', async () => {
    expect(QUOTING).to.have.length.greaterThan(40);
    const property = fc.asyncProperty(
      subject(QUOTING),
      fc.oneof(flipped, inserted),
      async ({ name, octets }, damage) => {
        const { word = '' } = await outcomeOf(damage(octets), REPLY);
        expect(ACTING.has(word), name).to.equal(false);
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('keeps its meaning in whatever pieces and under whatever stamps it comes', async () => {
    const size = fc.integer({ min: 1, max: 400 });
    const stamps = fc.array(
      fc.constantFrom(
        'Received: from x (x [192.0.2.9])\r\n\tby y with ESMTP; Tue, 1 Dec 2026 10:00:00 +0900',
        'X-Virus-Scanned: by a filter',
        'DKIM-Signature: v=1; a=rsa-sha256; d=mihon.example.jp; s=x; b=AAAA',
        `X-Name: ${Buffer.from('検査済み').toString('latin1')}`,
      ),
      { maxLength: 5 },
    );
    const property = fc.asyncProperty(
      subject(SUBJECTS),
      size,
      stamps,
      async ({ name, octets }, pieces, above) => {
        const { when, expected } = expectationOf(name);
        const stamped = Buffer.concat([
          Buffer.from(above.map((line) => `${line}\r\n`).join(''), 'latin1'),
          octets,
        ]);
        const chunks: Buffer[] = [];
        for (let from = 0; from < stamped.length; from += pieces)
          chunks.push(stamped.subarray(from, from + pieces));
        expect(await outcomeOf(chunks, when), name).to.deep.include(expected);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

describe('a command that somebody else only shows', () => {
  const cover = fc.constantFrom('', 'ご確認ください。\n', '佐藤です。転送します。\n');
  const never = async (octets: Buffer, why: string): Promise<void> => {
    const { word = '' } = await outcomeOf(octets, REPLY);
    expect(ACTING.has(word), why).to.equal(false);
  };

  it('is none when it is forwarded as an attachment', async () => {
    const dispositions = fc.constantFrom(
      [],
      ['Content-Disposition: inline'],
      ['Content-Disposition: attachment'],
    );
    const property = fc.asyncProperty(
      subject(COMMANDS),
      dispositions,
      cover,
      async ({ name, octets }, lines, words) => {
        const inner: Part = {
          mime: ['Content-Type: message/rfc822', ...lines],
          body: octets.toString('latin1'),
        };
        const parts = words === '' ? [inner] : [text(words), inner];
        await never(mail('outer', { from: SUZUKI, ...multipart('mixed', parts, 'outer') }), name);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('is none when it is quoted, whoever quotes it', async () => {
    const marks = fc.constantFrom('> ', '>', '>> ', '＞');
    const property = fc.asyncProperty(
      subject(COMMANDS),
      marks,
      cover,
      async ({ name, octets }, mark, words) => {
        const quoted = (await textOf(octets)).replace(/^/gm, mark);
        await never(mail('outer', { from: SUZUKI, ...text(`${words}${quoted}\n`) }), name);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('is none below the header that a mailer puts above a quote', async () => {
    const headers = fc.constantFrom(...HEADERS);
    const property = fc.asyncProperty(
      subject(COMMANDS),
      headers,
      cover,
      async ({ name, octets }, header, words) => {
        const lines = `${words}${header}\n\n${await textOf(octets)}\n`;
        await never(mail('outer', { from: SUZUKI, ...text(lines) }), `${name} below ${header}`);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('is none when a program, a list or an unproven sender hands it on', async () => {
    const above = fc.constantFrom(
      'Auto-Submitted: auto-replied',
      'List-Id: <x.example.jp>',
      'Precedence: bulk',
    );
    const property = fc.asyncProperty(subject(COMMANDS), above, async ({ name, octets }, line) => {
      await never(Buffer.concat([Buffer.from(`${line}\r\n`), octets]), name);
      const { type } = await outcomeOf(octets, { relay: 'none', replySecret: true });
      expect(type, name).to.equal('quarantined');
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

async function textOf(octets: Buffer): Promise<string> {
  const message = await parseMessage(Readable.from([octets]));
  return message.readable ? message.text : '';
}

/** The words that open a line anywhere in a mail, quoted or not, embedded or not. */
async function wordsIn(octets: Buffer): Promise<string[]> {
  const message = await parseMessage(Readable.from([octets]));
  if (!message.readable) return [];
  const inner = await Promise.all(
    message.attachments.map(async ({ content }) => `${content.toString()}\n${await textOf(content)}`),
  );
  const lines = [message.text, ...inner].join('\n').split(/\r?\n/);
  return lines.map((line) => readWord([line.replace(/^[>＞\s]+/, '')]).word);
}
