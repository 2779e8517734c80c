/** The corpus of mails: what its builders make, what was written by hand, and what the gateway makes of a mail. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { authenticate } from '../../../gateway/mail/authenticate.ts';
import { interpret } from '../../../gateway/mail/interpret.ts';
import { parseMessage } from '../../../gateway/mail/parse.ts';
import { AUTHORS, AUTOMATIC } from './automatic.ts';
import { CHARSETS, SUBJECTS } from './charsets.ts';
import { CONTRACTS } from './contracts.ts';
import { FILES } from './files.ts';
import type { Circumstances, Expectation, Expected, Fixture } from './fixture.ts';
import { KEPT } from './kept.ts';
import { NAMES } from './names.ts';
import { REPLIES } from './replies.ts';
import { SMIME } from './smime.ts';
import { STRUCTURES } from './structures.ts';

export const CORPUS: readonly Fixture[] = [
  ...KEPT,
  ...REPLIES,
  ...CHARSETS,
  ...SUBJECTS,
  ...NAMES,
  ...FILES,
  ...STRUCTURES,
  ...SMIME,
  ...CONTRACTS,
  ...AUTOMATIC,
  ...AUTHORS,
];

export const FOLDER = join(import.meta.dirname, '../../fixtures/mail');

export function fixtureNames(extension: 'eml' | 'json'): string[] {
  const ending = `.${extension}`;
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
}

export function mailFixture(name: string): Buffer {
  return readFileSync(join(FOLDER, `${name}.eml`));
}

export function expectationOf(name: string): Expectation {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Expectation;
}

const STAFF = { domains: ['mihon.example.jp'], domainRights: [], members: [] };
const RELAYS = {
  submission: { name: 'lgwan', kind: 'submission' as const },
  mx: { name: 'mx', kind: 'mx' as const, authservId: 'mx.mihon.example.jp' },
  none: null,
};

/** Everything that an Expected can ask for, as it came out. */
export async function outcomeOf(octets: Buffer | Buffer[], when: Circumstances = {}): Promise<Expected> {
  const message = await parseMessage(Readable.from([octets].flat()));
  if (!message.readable) return { type: 'unreadable', reason: message.reason };
  const { account } = when;
  const transport = {
    remoteAddress: '192.0.2.1',
    heloName: 'x',
    relay: RELAYS[when.relay ?? 'submission'],
    smtpUser: account === undefined ? null : { username: 'x', addresses: [account] },
    mailFrom: '',
    rcptTo: [],
    tls: true,
  };
  const secrets = { replySecret: when.replySecret === true, bounceSecret: when.bounceSecret === true };
  const found = interpret(message, authenticate(message, transport, STAFF), secrets);
  const common = {
    type: found.type,
    subject: message.subject,
    author: message.from?.name ?? '',
    files: message.attachments.map(({ fileName, kind }) => [fileName, kind] as const),
  };
  switch (found.type) {
    case 'word':
      return { ...common, word: found.word, argument: found.argument };
    case 'draft':
      return {
        ...common,
        title: found.mail.title,
        counterparty: found.mail.counterparties[0]?.person.address ?? null,
        approver: found.mail.approver?.address ?? null,
        amount: found.mail.amount?.yen ?? null,
        problems: found.problems.map(({ code }) => code),
      };
    case 'refusal':
      return { ...common, problems: found.problems.map(({ code }) => code) };
    case 'bounce':
      return { ...common, status: found.failed.status, recipient: found.failed.recipient };
    case 'ignored':
    case 'quarantined':
      return { ...common, reason: found.reason };
    default:
      return common;
  }
}
