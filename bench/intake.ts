/** `npm run bench -- intake`: what taking a mail in costs, beside Postfix and beside the least a server can do (RFC 5321). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { MailParser } from 'mailparser';
import { authenticate } from '../gateway/mail/authenticate.ts';
import { interpret } from '../gateway/mail/interpret.ts';
import { parseMessage } from '../gateway/mail/parse.ts';
import { CONTRACT } from '../test/support/mail-corpus/letters.ts';
import { mail, multipart, named, text, word } from '../test/support/mail-corpus/parts.ts';
import { median, sum, table } from './figures.ts';
import { backlog } from './intake-backlog.ts';
import { startPostfix } from './intake-postfix.ts';
import { type Cpu, cpuOf, residentKb } from './processes.ts';

interface Contender {
  readonly name: string;
  readonly port: number;
  /** Of a process whose children count as well. */
  readonly pid: number;
  stop(): void;
}

interface Load {
  readonly size: string;
  readonly octets: Buffer;
  readonly connections: number;
  readonly mails: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export async function intake({ rounds, stored }: { rounds: number; stored: number }): Promise<void> {
  const [cpu] = cpus();
  console.log(`intake: ${rounds} rounds, ${cpus().length} cores (${cpu?.model.trim()})`);
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-intake-'));
  // Postfix's daemons have a user of their own.
  await chmod(folder, 0o755);
  const contenders: Contender[] = [];
  try {
    contenders.push(await ownProcess('ours', folder), await ownProcess('bare', folder));
    const postfix = await startPostfix(join(folder, 'postfix'));
    if (postfix) contenders.push({ name: 'postfix', ...postfix });
    else console.log('Postfix is not installed, or this is not root: measured without it');
    await costs(contenders, rounds);
    await memory(contenders[0]!);
  } finally {
    for (const contender of contenders) contender.stop();
    await rm(folder, { recursive: true, force: true });
  }
  await interpretation(rounds * 5);
  console.log();
  if (stored > 0) await backlog(stored);
}

async function costs(contenders: readonly Contender[], rounds: number): Promise<void> {
  const [small, large] = [letterOf(100 * KIB), letterOf(5 * MIB)];
  const loads: Load[] = [1, 10, 50].flatMap((connections) => [
    { size: '100 KB', octets: small, connections, mails: 300 },
    { size: '5 MB', octets: large, connections, mails: 50 },
  ]);
  // Until what runs often has been compiled.
  for (const { port } of contenders) await deliver(port, { ...loads[0]!, connections: 10, mails: 1500 });
  const rows: (string | number)[][] = [];
  for (const load of loads) {
    const spent = new Map<string, Cpu[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, port, pid } of contenders) {
        const before = await cpuOf(pid);
        await deliver(port, load);
        const after = await cpuOf(pid);
        const each = (kind: keyof Cpu): number => (after[kind] - before[kind]) / load.mails;
        spent.get(name)!.push({ user: each('user'), system: each('system') });
      }
    }
    const of = (name: string, ...kinds: (keyof Cpu)[]): number =>
      median((spent.get(name) ?? []).map((cpu) => sum(kinds.map((kind) => cpu[kind]))));
    const all = (name: string): number => of(name, 'user', 'system');
    const parts = (name: string): string =>
      `${of(name, 'user').toFixed(2)} + ${of(name, 'system').toFixed(2)}`;
    rows.push([
      `${load.size}, ${load.connections}`,
      ...['ours', 'postfix', 'bare'].flatMap((name) => [all(name).toFixed(2), parts(name)]),
      (all('ours') / all('postfix')).toFixed(2),
      (all('bare') / all('postfix')).toFixed(2),
    ]);
  }
  const columns = ['ours', 'postfix', 'bare'].flatMap((name) => [name, 'user + system']);
  console.log(table(['size, connections', ...columns, 'ours / postfix', 'bare / postfix'], rows));
  console.log('CPU ms a mail of all processes, medians\n');
}

async function memory({ port, pid }: Contender): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [what, load] of [
    ['50 connections, 5 MB each', { octets: letterOf(5 * MIB), connections: 50, mails: 100 }],
    ['2 mails of 160 MB', { octets: letterOf(160 * MIB), connections: 2, mails: 2 }],
  ] as const) {
    await setTimeout(2000);
    // Forgets the peak so far (proc(5)).
    await writeFile(`/proc/${pid}/clear_refs`, '5');
    const idle = await residentKb(pid);
    await deliver(port, { size: '', ...load });
    rows.push([
      what,
      Math.round(idle / KIB),
      Math.round((await residentKb(pid, 'VmHWM')) / KIB - idle / KIB),
    ]);
  }
  console.log(table(['load', 'idle MB', 'growth MB'], rows));
  console.log();
}

/** Our reading of a 5 MB mail beside MailParser alone, which decodes the same attachment. */
async function interpretation(rounds: number): Promise<void> {
  const octets = letterOf(5 * MIB);
  const transport = {
    ...{ remoteAddress: '127.0.0.1', heloName: 'x', smtpUser: null, mailFrom: '', rcptTo: [], tls: false },
    relay: { name: 'inside', kind: 'submission' as const },
  };
  const staff = { domains: ['mihon.example.jp'], domainRights: [], members: [] };
  const chunks = (): Readable =>
    Readable.from(
      Array.from({ length: Math.ceil(octets.length / 65_536) }, (_, i) =>
        octets.subarray(i * 65_536, (i + 1) * 65_536),
      ),
    );
  const ways: Record<string, () => Promise<void>> = {
    MailParser: async () => {
      const parser = new MailParser();
      parser.on('data', (part) => {
        if (part.type !== 'attachment') return;
        part.content.on('data', () => {});
        part.content.on('end', () => part.release());
      });
      chunks().pipe(parser);
      await once(parser, 'end');
    },
    ours: async () => {
      const message = await parseMessage(chunks());
      if (!message.readable) throw new Error(message.detail);
      const found = interpret(message, authenticate(message, transport, staff), {
        replySecret: false,
        bounceSecret: false,
      });
      if (found.type !== 'draft') throw new Error(`read as ${found.type}`);
    },
  };
  const spent = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < rounds + 3; round++) {
    for (const [name, read] of Object.entries(ways)) {
      const before = process.cpuUsage();
      await read();
      const { user, system } = process.cpuUsage(before);
      if (round >= 3) spent.get(name)!.push((user + system) / 1000);
    }
  }
  const [theirs, own] = [median(spent.get('MailParser')!), median(spent.get('ours')!)];
  console.log(
    table(
      ['reading 5 MB', 'CPU ms'],
      [
        ['MailParser alone', theirs.toFixed(1)],
        ['parse, authenticate, interpret', own.toFixed(1)],
        ['ratio', (own / theirs).toFixed(2)],
      ],
    ),
  );
}

/** A contract mail with one PDF of about `octets` before base64 is counted in. */
function letterOf(octets: number): Buffer {
  const pdf = Buffer.alloc(Math.floor((octets * 3) / 4), '%PDF-1.7 the quick brown fox ');
  return mail('bench', {
    subject: word('契約書'),
    ...multipart('mixed', [text(CONTRACT), named('契約書.pdf', pdf)]),
  });
}

async function ownProcess(name: string, folder: string): Promise<Contender> {
  const script = join(import.meta.dirname, 'intake-process.ts');
  const own = await mkdtemp(join(folder, `${name}-`));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, name, own], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout!), 'line');
  return { name, port: Number(line), pid: child.pid!, stop: () => void child.kill() };
}

/** All mails of a load over its connections; rejects unless each hears 250. */
async function deliver(port: number, { octets, connections, mails }: Load): Promise<void> {
  let left = mails;
  await Promise.all(
    Array.from({ length: Math.min(connections, mails) }, async () => {
      const socket = connect(port, '127.0.0.1');
      const lines = createInterface(socket)[Symbol.asyncIterator]();
      const answer = async (code: string): Promise<void> => {
        for (;;) {
          const { value = '' } = await lines.next();
          if (!value.startsWith(code)) throw new Error(`not ${code}: ${value}`);
          if (value[3] === ' ') return;
        }
      };
      const say = async (words: string | Buffer, code: string): Promise<void> => {
        if (!socket.write(words)) await once(socket, 'drain');
        await answer(code);
      };
      await answer('220');
      await say('EHLO relay.mihon.example.jp\r\n', '250');
      while (left-- > 0) {
        await say('MAIL FROM:<sato@mihon.example.jp>\r\n', '250');
        await say('RCPT TO:<keiyaku@mihon.example.jp>\r\n', '250');
        await say('DATA\r\n', '354');
        socket.write(octets);
        await say('.\r\n', '250');
      }
      socket.end('QUIT\r\n');
      await once(socket, 'close');
    }),
  );
}
