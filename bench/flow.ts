/** `npm run bench -- flow`: contracts per hour through the whole path, beside the sum of what cannot be avoided, measured alone in the same run. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { openMailboxes } from '../demo/mailboxes.ts';
import { consentByLink } from '../demo/people.ts';
import { httpTimestampAuthority, openTestAuthority, type TestAuthority } from '../signing/index.ts';
import { contractMail } from '../test/support/acts.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../test/support/world.ts';
import { median, percentile, table } from './figures.ts';

export type Engine = 'sqlite' | 'postgres';

interface FlowFigures {
  readonly engine: Engine;
  readonly contractsPerHour: number;
  /** User and system time of the gateway process, ms. */
  readonly cpuPerContract: number;
  /** From the gateway's 250 for 「承認」 to the last completion mail, ms. */
  readonly p50: number;
  readonly p99: number;
  readonly peakMemoryMb: number;
  /** What one contract made the gateway do. */
  readonly counts: Counts;
}

interface Counts {
  readonly mailsIn: number;
  readonly mailsOut: number;
  readonly signatures: number;
  readonly timestamps: number;
  readonly commits: number;
}

/** `contracts` go through with at most `inFlight` at once, after two to warm up. */
export async function flow(options: {
  contracts: number;
  inFlight: number;
  engines: readonly Engine[];
}): Promise<void> {
  const [cpu] = cpus();
  console.log(
    `flow: ${options.contracts} contracts, ${options.inFlight} in flight, ${cpus().length} cores (${cpu?.model.trim()})`,
  );
  const figures: FlowFigures[] = [];
  for (const engine of options.engines) figures.push(await measureEngine(engine, options));
  console.log(
    table(
      ['engine', 'contracts/hour', 'CPU ms/contract', 'p50 ms', 'p99 ms', 'peak MB'],
      figures.map((f) => [f.engine, f.contractsPerHour, f.cpuPerContract, f.p50, f.p99, f.peakMemoryMb]),
    ),
  );
  await printFloor(figures[0]!.counts);
}

async function measureEngine(
  engine: Engine,
  { contracts, inFlight }: { contracts: number; inFlight: number },
): Promise<FlowFigures> {
  const counter = await timestampCounter();
  const world = await createWorld({
    engine,
    env: { KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES__0__URL: counter.url },
  });
  // The authority's own work is done here: the gateway's process follows the one that serves already.
  const authority = await openTestAuthority(join(world.config.dataDirectory, 'test-authority'));
  counter.forwardTo(authority.timestampUrl);
  try {
    const child = await world.spawn();
    for (const title of ['準備運転1', '準備運転2']) await oneContract(world, title);
    const before = await processFigures(child.pid!);
    const mailsBefore = world.mailboxes.mails.length;
    const settledBefore = await settled(world);
    const timestampsBefore = counter.count();
    const started = performance.now();
    const latencies: number[] = [];
    const queue = Array.from(
      { length: contracts },
      (_, index) => `負荷試験${String(index + 1).padStart(4, '0')}`,
    );
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        for (let title = queue.shift(); title !== undefined; title = queue.shift()) {
          latencies.push(await oneContract(world, title));
        }
      }),
    );
    const elapsed = performance.now() - started;
    const after = await processFigures(child.pid!);
    const concluded = (await world.contracts()).filter(({ state }) => state === 'concluded').length;
    if (concluded !== contracts + 2) throw new Error(`${concluded} of ${contracts + 2} contracts concluded`);
    const entries = (await settled(world)) - settledBefore;
    return {
      engine,
      contractsPerHour: Math.round((contracts / elapsed) * 3_600_000),
      cpuPerContract: Math.round((after.cpuMs - before.cpuMs) / contracts),
      p50: Math.round(median(latencies)),
      p99: Math.round(percentile(latencies, 99)),
      peakMemoryMb: after.peakMb,
      counts: {
        mailsIn: 3,
        mailsOut: (world.mailboxes.mails.length - mailsBefore) / contracts,
        // Two consents and the certificate.
        signatures: 3,
        timestamps: (counter.count() - timestampsBefore) / contracts,
        // Claim and settlement of each entry, and the commit before each 250.
        commits: Math.round((2 * entries) / contracts) + 3,
      },
    };
  } finally {
    await world.close();
    await authority.close();
    await counter.close();
  }
}

/** Passes timestamp requests on to the authority and counts them. */
async function timestampCounter(): Promise<{
  url: string;
  count(): number;
  forwardTo(url: string): void;
  close(): Promise<void>;
}> {
  let count = 0;
  let target = '';
  const server = createServer(async (request, response) => {
    count++;
    const body = Buffer.concat(await buffered(request));
    const answer = await fetch(target, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/timestamp-query' },
    });
    response.writeHead(answer.status, { 'content-type': 'application/timestamp-reply' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/timestamp`,
    count: () => count,
    forwardTo: (url) => {
      target = url;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function buffered(stream: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** One contract from mail to completion; resolves to the time from 「承認」 to the last completion mail, ms. */
async function oneContract(world: World, title: string): Promise<number> {
  const { mailboxes } = world;
  await world.mailContract({ text: contractMail(title) });
  const receipt = await mailboxes.next(SATO.address, new RegExp(`受付.* ${title}$`));
  await world.reply(SATO, receipt, '依頼');
  await consentByLink(await mailboxes.next(YAMADA.address, new RegExp(`${title}への署名依頼`)));
  await world.reply(
    SUZUKI,
    await mailboxes.next(SUZUKI.address, new RegExp(`承認のお願い】${title}`)),
    '承認',
  );
  const answered = performance.now();
  const about = (text: string): boolean => text.includes(title);
  await Promise.all(
    [SATO, YAMADA, SUZUKI].map(({ address }) =>
      mailboxes.next(address, /^電子署名完了のお知らせ$/, undefined, about),
    ),
  );
  return performance.now() - answered;
}

async function settled(world: World): Promise<number> {
  return world.look(async ({ knex }) => {
    const row = await knex('outbox').whereNotNull('done_at').count({ n: '*' }).first();
    return Number(row?.n);
  });
}

/** CPU time and peak resident memory of a process as Linux counts them (proc(5)). */
async function processFigures(pid: number): Promise<{ cpuMs: number; peakMb: number }> {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  const ticks = Number(stat[11]) + Number(stat[12]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuMs: ticks * 10, peakMb: Math.round(Number(peak) / 1024) };
}

/** Each unavoidable part alone, and what one contract needs of it. */
async function printFloor({ mailsIn, mailsOut, signatures, timestamps, commits }: Counts): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-bench-'));
  const authority = await openTestAuthority(join(folder, 'authority'));
  try {
    const rows = [
      ['SMTP transaction with its connection', await smtpTransaction(), mailsIn + mailsOut],
      ['private-key operation (RSA-2048)', await privateKeyOperation(), signatures],
      ['timestamp round trip', await timestampRoundTrip(authority), timestamps],
      ['fsync', await fsyncOnce(folder), commits],
    ] as const;
    const sum = rows.reduce((total, [, ms, count]) => total + ms * count, 0);
    console.log(
      table(
        ['unavoidable part', 'median ms', 'per contract', 'ms/contract'],
        [
          ...rows.map(([name, ms, count]) => [
            name,
            ms.toFixed(2),
            count.toFixed(1),
            (ms * count).toFixed(1),
          ]),
          ['sum, one after the other', '', '', sum.toFixed(1)],
        ],
      ),
    );
  } finally {
    await authority.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const SAMPLES = 50;

async function medianOf(once: () => Promise<unknown>): Promise<number> {
  await once();
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const started = performance.now();
    await once();
    times.push(performance.now() - started);
  }
  return median(times);
}

/** The server library greets after 100 ms, to catch clients that talk too early; every connection pays that. */
async function smtpTransaction(): Promise<number> {
  const mailboxes = await openMailboxes();
  const transport = createTransport({ host: '127.0.0.1', port: mailboxes.port, ignoreTLS: true });
  const mail = { from: SATO.address, to: YAMADA.address, subject: 'x', text: 'x'.repeat(2000) };
  const ms = await medianOf(() => transport.sendMail(mail));
  transport.close();
  await mailboxes.close();
  return ms;
}

async function privateKeyOperation(): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = randomBytes(200);
  return medianOf(async () => sign('sha256', data, privateKey));
}

async function timestampRoundTrip({ timestampUrl, root }: TestAuthority): Promise<number> {
  const client = httpTimestampAuthority({ url: timestampUrl, trust: [root] });
  return medianOf(() => client.timestamp(createHash('sha256').update(randomBytes(8)).digest()));
}

async function fsyncOnce(folder: string): Promise<number> {
  const file = await open(join(folder, 'fsync'), 'w');
  const page = randomBytes(4096);
  const ms = await medianOf(async () => {
    await file.write(page);
    await file.sync();
  });
  await file.close();
  return ms;
}
