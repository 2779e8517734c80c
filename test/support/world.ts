/** A gateway with everything around it on loopback: people's mailboxes, a registered vendor, its own data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import {
  type Mailboxes,
  type MailboxOptions,
  openMailboxes,
  type ReceivedMail,
} from '../../demo/mailboxes.ts';
import { freePort, mailIn, type NewMail, reply, type Writer } from '../../demo/people.ts';
import { type ContractStore, contractStore } from '../../gateway/app/contract-store.ts';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import { createLog } from '../../gateway/log.ts';
import type { DnsResolver } from '../../gateway/mail/direct-proof.ts';
import { type Gateway, startGateway } from '../../gateway/main.ts';
import { ALL_ROLES } from '../../gateway/roles.ts';
import { type Database, openDatabase } from '../../storage/database.ts';
import { loadMasterKey } from '../../storage/keys.ts';
import { ENGINES, type Engine } from './database.ts';
import { register } from './registered.ts';
import { BUCKET, s3 } from './s3.ts';
import { postgres, redis } from './servers.ts';

export const SATO: Writer = { name: '佐藤花子', address: 'sato@mihon.example.jp' };
export const SUZUKI: Writer = { name: '鈴木一郎', address: 'suzuki@mihon.example.jp' };
export const YAMADA: Writer = { name: '山田太郎', address: 'yamada@sample.example.jp' };
export const TAKAHASHI: Writer = { name: '高橋次郎', address: 'takahashi@sample.example.jp' };
export const GATEWAY_ADDRESS = 'keiyaku@mihon.example.jp';

export const CONTRACT_MAIL = `契約件名：市道1号線舗装工事
種別：契約書
契約相手方：株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>
市側署名者：総務課長 鈴木一郎 <suzuki@mihon.example.jp>
契約金額：1,100,000円（税込）
履行期間：令和8年12月1日から令和9年3月26日まで
決裁番号：総管第45号
契約保証：免除`;

/** How long to wait for a log line. */
const PATIENCE_MS = 120_000;
const HOUR_MS = 3_600_000;
const REGISTRATIONS = join(import.meta.dirname, '../../demo/touroku.csv');
const SAMPLE_PDF = join(import.meta.dirname, '../../demo/contract/keiyakusho.pdf');

export interface WorldOptions {
  /** KEIYAKUBIN_… settings on top of the world's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** A configuration file's text, below the environment. */
  readonly yaml?: string;
  readonly mailboxes?: MailboxOptions;
  /** CSV of registrations instead of the sample's. */
  readonly registrations?: Uint8Array;
  /** Instead of this machine's name servers; only for `start`. */
  readonly resolver?: DnsResolver;
  /** SQLite, embedded queue and files, or PostgreSQL, Redis and S3; KEIYAKUBIN_TEST_ENGINE by default, else SQLite. */
  readonly engine?: Engine;
}

export interface World {
  readonly config: Config;
  readonly mailboxes: Mailboxes;
  /** Log lines of the gateway so far. */
  readonly log: readonly string[];
  /** Starts the gateway in this process. */
  start(): Promise<Gateway>;
  /** Starts it as a process of its own that may be killed; resolves when it listens. `imports` are preloaded modules. */
  spawn(
    imports?: readonly string[],
    env?: Readonly<Record<string, string>>,
    roles?: string,
  ): Promise<ChildProcess>;
  stop(): Promise<void>;
  mail(mail: Partial<NewMail> & { pdf?: Uint8Array | readonly NamedPdf[] | null }): Promise<string>;
  /** The contract mail of the sample with its PDF. */
  mailContract(
    changes?: Partial<NewMail> & { pdf?: Uint8Array | readonly NamedPdf[] | null },
  ): Promise<string>;
  reply(from: Writer, to: ReceivedMail, firstLine: string): Promise<string>;
  /** Hands over octets as they are, such as a mail server would; resolves to the final reply, rejects with `responseCode`. */
  mailRaw(raw: string | Buffer, envelope: RawEnvelope): Promise<string>;
  next(who: Writer, subject: RegExp, timeoutMs?: number): Promise<ReceivedMail>;
  /** The first log line that fits and has not been handed out yet, past or to come. */
  logged(pattern: RegExp): Promise<string>;
  /** Looks into the stored contracts beside the running gateway. */
  look<T>(work: (database: Database, store: ContractStore) => Promise<T>): Promise<T>;
  contracts(): Promise<Contract[]>;
  close(): Promise<void>;
}

export interface RawEnvelope {
  /** '' is the null reverse-path of reports (RFC 5321 4.5.5). */
  readonly from: string;
  readonly to: string;
  /** Declares SIZE (RFC 1870) where given. */
  readonly size?: number;
  /** Loopback address to connect from: 127.0.0.2 may be another relay than 127.0.0.1. */
  readonly via?: string;
}

export interface NamedPdf {
  readonly filename: string;
  readonly content: Buffer;
}

export async function samplePdf(): Promise<Buffer> {
  return readFile(SAMPLE_PDF);
}

/** Shows what the sample shows, and is another file: two of the same content are warned of. */
export async function otherSamplePdf(): Promise<Buffer> {
  return Buffer.concat([await samplePdf(), Buffer.from('\n')]);
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-test-'));
  const mailboxes = await openMailboxes(options.mailboxes);
  const [smtpPort, webPort] = [await freePort(), await freePort()];
  const servers = await serversOf(options.engine ?? defaultEngine());
  const env: Record<string, string> = {
    ...servers.env,
    KEIYAKUBIN_DATA_DIRECTORY: join(folder, 'data'),
    KEIYAKUBIN_MASTER_KEY_FILE: join(folder, 'master.key'),
    KEIYAKUBIN_SMTP__PORT: String(smtpPort),
    KEIYAKUBIN_WEB__PORT: String(webPort),
    KEIYAKUBIN_WEB__PUBLIC_URL: `http://127.0.0.1:${webPort}`,
    KEIYAKUBIN_RELAY__PORT: String(mailboxes.port),
    KEIYAKUBIN_RELAY__RETRY__FIRST_SECONDS: '1',
    KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '0',
    KEIYAKUBIN_REGISTRATION__REQUIRE_CONFIRMATION: 'false',
    // Half a day from now: no summary comes of itself, whatever the hour at which tests run.
    KEIYAKUBIN_CONTRACT__SUMMARY_AT: timeInJapan(Date.now() + 12 * HOUR_MS),
    // The process that reads a PDF takes seconds to start where several do at once.
    KEIYAKUBIN_DOCUMENT_TEXT__SECONDS: '120',
    ...options.env,
  };
  if (options.yaml !== undefined) {
    env.KEIYAKUBIN_CONFIG = join(folder, 'keiyakubin.yaml');
    await writeFile(env.KEIYAKUBIN_CONFIG, options.yaml);
  }
  const config = configOf(env);
  const lines: string[] = [];
  const told = new EventEmitter().setMaxListeners(0);
  const handedOut = new Set<number>();
  const note = (line: string): void => {
    lines.push(line);
    told.emit('line');
  };
  let gateway: Gateway | undefined;
  const children = new Set<ChildProcess>();

  const bytes = options.registrations ?? (await readFile(REGISTRATIONS));
  const database = await openDatabase(config);
  for (const { id } of config.municipalities) {
    await register(config, database, id, bytes);
  }
  await database.close();

  const world: World = {
    config,
    mailboxes,
    log: lines,
    async start() {
      gateway = await startGateway(config, createLog('info', { write: note }), ALL_ROLES, options.resolver);
      return gateway;
    },
    async spawn(imports = [], extra = {}, roles) {
      const preloads = ['tsx', ...imports].flatMap((name) => ['--import', name]);
      const cli = join(import.meta.dirname, '../../gateway/cli/keiyakubin.ts');
      const args = [...preloads, cli, 'serve', ...(roles === undefined ? [] : ['--role', roles])];
      const child = spawn(process.execPath, args, {
        // Not one of the gateway's settings.
        env: { ...process.env, KEIYAKUBIN_TEST_ENGINE: undefined, ...env, ...extra },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(child);
      await running(child, lines, note);
      return child;
    },
    async stop() {
      await gateway?.close();
      gateway = undefined;
      await Promise.all([...children].map(ended));
      children.clear();
    },
    async mail({ pdf = null, ...mail }) {
      const files =
        pdf === null
          ? []
          : pdf instanceof Uint8Array
            ? [{ filename: '契約書.pdf', content: Buffer.from(pdf) }]
            : pdf;
      return mailIn(smtpPort, {
        from: SATO,
        to: GATEWAY_ADDRESS,
        subject: '契約のお願い',
        text: '',
        attachments: [...files],
        ...mail,
      });
    },
    mailContract: async (changes = {}) =>
      world.mail({
        text: CONTRACT_MAIL,
        ...changes,
        pdf: changes.pdf === undefined ? await samplePdf() : changes.pdf,
      }),
    reply: (from, to, firstLine) => reply(smtpPort, from, to, firstLine),
    async mailRaw(raw, { via, ...envelope }) {
      const transport = createTransport({
        host: '127.0.0.1',
        port: smtpPort,
        ignoreTLS: true,
        name: 'relay.mihon.example.jp',
        ...(via === undefined ? {} : { localAddress: via }),
      });
      try {
        return (await transport.sendMail({ envelope, raw })).response;
      } finally {
        transport.close();
      }
    },
    next: (who, subject, timeoutMs) => mailboxes.next(who.address, subject, timeoutMs),
    async logged(pattern) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      for (;;) {
        const at = lines.findIndex((line, index) => !handedOut.has(index) && pattern.test(line));
        if (at >= 0) {
          handedOut.add(at);
          return lines[at]!;
        }
        await once(told, 'line', { signal }).catch(() => {
          throw new Error(`no log line like ${pattern}; the last were:\n${lines.slice(-10).join('')}`);
        });
      }
    },
    async look(work) {
      const beside = await openDatabase(config);
      try {
        return await work(
          beside,
          contractStore(loadMasterKey({ file: config.masterKeyFile, mayCreate: false })),
        );
      } finally {
        await beside.close();
      }
    },
    contracts: () =>
      world.look(async ({ knex }, store) => {
        const rows: { id: string }[] = await knex('contracts').select('id').orderBy('number');
        const loaded = await Promise.all(rows.map(({ id }) => store.load(knex, id)));
        return loaded.map((one) => one!.contract);
      }),
    async close() {
      await world.stop();
      await mailboxes.close();
      await servers.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/** HH:MM */
function timeInJapan(instant: number): string {
  return new Date(instant + 9 * HOUR_MS).toISOString().slice(11, 16);
}

function defaultEngine(): Engine {
  const asked = process.env.KEIYAKUBIN_TEST_ENGINE ?? 'sqlite';
  const engine = ENGINES.find((one) => one === asked);
  if (!engine) throw new Error(`KEIYAKUBIN_TEST_ENGINE: '${asked}' is none of ${ENGINES.join(', ')}`);
  return engine;
}

/** A database and places in Redis and S3 that no other world has. */
async function serversOf(engine: Engine): Promise<{ env: Record<string, string>; drop(): Promise<void> }> {
  if (engine === 'sqlite') {
    // Empty, so that no DATABASE_URL, REDIS_URL or BLOB_URL of this machine counts.
    const env = { KEIYAKUBIN_DATABASE_URL: '', KEIYAKUBIN_REDIS_URL: '', KEIYAKUBIN_BLOB_URL: '' };
    return { env, drop: async () => {} };
  }
  const { url, drop } = await (await postgres()).database();
  const name = url.slice(url.lastIndexOf('/') + 1);
  const objects = await s3();
  const env = {
    ...objects.env,
    KEIYAKUBIN_BLOB_URL: `s3://${BUCKET}/${name}?endpoint=${objects.settings.endpoint}`,
    KEIYAKUBIN_DATABASE_URL: url,
    KEIYAKUBIN_REDIS_URL: (await redis()).url,
    KEIYAKUBIN_REDIS_PREFIX: name,
  };
  return { env, drop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

function configOf(env: Record<string, string>): Config {
  const outcome = loadConfig({ env });
  if (isConfigProblems(outcome)) throw new Error(outcome.problems.join('\n'));
  return outcome;
}

/** Resolves at the log line that says so; rejects when the process ends before. */
async function running(
  child: ChildProcess,
  lines: readonly string[],
  note: (line: string) => void,
): Promise<void> {
  child.stderr!.on('data', (chunk: Buffer) => note(chunk.toString('utf8')));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      note(line);
      if (line.includes('gateway is running')) resolve();
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`gateway ended with ${code ?? signal}:\n${lines.slice(-20).join('\n')}`)),
    );
  });
}
