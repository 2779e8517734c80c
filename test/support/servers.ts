/** PostgreSQL and Redis for the tests: started on loopback when first asked for, restartable, gone when the process ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../demo/people.ts';
import { toolPath } from './system.ts';

export interface PostgresServer {
  /** A fresh database and the way to drop it; its URL is for the one superuser, without a password. */
  database(): Promise<{ url: string; drop(): Promise<void> }>;
  /** Breaks every connection, as a crash does, and keeps the data for a restart. */
  halt(): Promise<void>;
  /** Resolves when the server answers again; a running one is halted first. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisServer {
  readonly url: string;
  /** Forgets every job. */
  flush(): Promise<void>;
  halt(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 120_000;
/** Between two looks at whether a server answers yet. */
const LOOK_AGAIN_MS = 20;

let sharedPostgres: Promise<PostgresServer> | undefined;
let sharedRedis: Promise<RedisServer> | undefined;

/** The one server of this process. */
export function postgres(): Promise<PostgresServer> {
  sharedPostgres ??= startPostgres();
  return sharedPostgres;
}

/** The one server of this process. */
export function redis(): Promise<RedisServer> {
  sharedRedis ??= startRedis();
  return sharedRedis;
}

/** A server of its own, for tests that take it away; `stop` it in the end. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = postgresFolder();
  const owner = postgresOwner();
  const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-postgres-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  // A collation that is not octet by octet, as most servers have: ordering must not depend on it.
  const locale = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=ja-JP'];
  const setUp = ['-D', folder, '-U', 'keiyakubin', '--auth=trust', '--encoding=UTF8', '--no-sync', ...locale];
  execFileSync(join(bin, 'initdb'), setUp, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await freePort();
  const base = `postgres://keiyakubin@127.0.0.1:${port}`;
  // fsync guards against power cuts only; what is killed here are processes.
  const settings = [
    'listen_addresses=127.0.0.1',
    'fsync=off',
    'max_connections=200',
    'log_min_messages=fatal',
  ];
  const options = settings.flatMap((setting) => ['-c', setting]);
  // SIGQUIT: no goodbye to the clients, recovery from the log at the next start.
  const run = supervised(folder, 'SIGQUIT', () =>
    spawn(join(bin, 'postgres'), ['-D', folder, '-p', String(port), '-k', folder, ...options], {
      ...owner,
      cwd: folder,
      stdio: 'ignore',
    }),
  );
  const query = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: `${base}/postgres` });
    // What breaks the connection rejects connect() or query() as well.
    client.on('error', () => {});
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const answers = (): Promise<boolean> =>
    query('select 1').then(
      () => true,
      () => false,
    );
  await run.start(answers);
  return {
    async database() {
      const name = `world_${randomBytes(6).toString('hex')}`;
      await query(`create database ${name}`);
      return { url: `${base}/${name}`, drop: () => query(`drop database if exists ${name} with (force)`) };
    },
    halt: () => run.end(),
    async restart() {
      await run.end();
      await run.start(answers);
    },
    stop: () => run.remove(),
  };
}

/** A server of its own, for tests that take it away; `stop` it in the end. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-redis-'));
  const port = await freePort();
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const run = supervised(folder, 'SIGTERM', () =>
    spawn(toolPath('redis-server'), options, { stdio: 'ignore' }),
  );
  const answers = (): Promise<boolean> =>
    tell(port, 'PING').then(
      (reply) => reply.startsWith('+PONG'),
      () => false,
    );
  await run.start(answers);
  return {
    url: `redis://127.0.0.1:${port}`,
    async flush() {
      await tell(port, 'FLUSHALL');
    },
    halt: () => run.end(),
    async restart() {
      await run.end();
      await run.start(answers);
    },
    stop: () => run.remove(),
  };
}

interface Supervised {
  start(answers: () => Promise<boolean>): Promise<void>;
  end(): Promise<void>;
  /** Ends it for good and takes its folder away. */
  remove(): Promise<void>;
}

/** A server process with its folder; both go with this process, however it ends. */
function supervised(folder: string, signal: NodeJS.Signals, launch: () => ChildProcess): Supervised {
  let child: ChildProcess | undefined;
  const atExit = (): void => {
    // Nothing asynchronous runs any more. It may still be writing while it ends, hence the retries.
    child?.kill(signal);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  process.once('exit', atExit);
  const run: Supervised = {
    async start(answers) {
      child = launch();
      const deadline = Date.now() + PATIENCE_MS;
      while (!(await answers())) {
        if (hasEnded(child)) throw new Error(`the server in ${folder} ended with ${child.exitCode}`);
        if (Date.now() > deadline) throw new Error(`the server in ${folder} does not answer`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    },
    async end() {
      const ending = child;
      child = undefined;
      if (!ending || hasEnded(ending)) return;
      const ended = once(ending, 'exit');
      ending.kill(signal);
      await ended;
    },
    async remove() {
      await run.end();
      process.removeListener('exit', atExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return run;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Debian keeps the server's programs of each version in a folder of their own, off PATH. */
function postgresFolder(): string {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(home, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  return found ?? join(toolPath('initdb'), '..');
}

/** PostgreSQL refuses to run as root: then it runs as the user its package made. */
function postgresOwner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}

/** One inline command (RESP) and the first line of its reply. */
function tell(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`hung up on ${command}`)));
  });
}
