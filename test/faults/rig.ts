/** A gateway that is started again whenever it is killed, as an operator's supervisor does, and the people who deal with it. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { freePort, type NewMail, type Writer } from '../../demo/people.ts';
import { openTestAuthority, type TestAuthority } from '../../signing/credentials/test-authority.ts';
import { post } from '../support/acts.ts';
import { createWorld, type World } from '../support/world.ts';
import type { Fault } from './kill-at.ts';

const PRELOAD = join(import.meta.dirname, 'kill-at.ts');

export interface Rig {
  readonly world: World;
  readonly authority: TestAuthority;
  /** How often a process of ours was killed. */
  readonly deaths: number;
  /** The running process; waits for it where one is being started. */
  process(): Promise<ChildProcess>;
  kill(): Promise<void>;
  /** The next call that fits ends in this fault. */
  arm(fault: Fault): void;
  /** Called at each timestamp request before it is forwarded; false leaves it unanswered, with the connection cut. */
  onTimestamp: () => boolean | Promise<boolean>;
  /** Called with each mail before the relay answers its final dot. */
  onMail: (mail: ReceivedMail) => void;
  /** Repeats what a dying process cut off, until one answers. An answer that says no is not repeated. */
  insist<T>(act: () => Promise<T>): Promise<T>;
  /** Ends the process as an operator does; resolves to its exit code. */
  stop(): Promise<number | null>;
  close(): Promise<void>;
}

export async function openRig(env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-faults-'));
  const dataDirectory = join(folder, 'data');
  // Opened here first: the gateway finds its test authority served and does not make one of its own.
  const authority = await openTestAuthority(join(dataDirectory, 'test-authority'));
  const proxyPort = await freePort();
  const faultFile = join(folder, 'fault.json');
  const starts = new EventEmitter();
  let started = 0;
  let deaths = 0;
  let child: Promise<ChildProcess> | undefined;

  const world = await createWorld({
    env: {
      KEIYAKUBIN_DATA_DIRECTORY: dataDirectory,
      KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES__0__URL: `http://127.0.0.1:${proxyPort}/`,
      ...env,
    },
    mailboxes: {
      onMail: (mail) => {
        rig.onMail(mail);
        return null;
      },
    },
  });

  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!(await rig.onTimestamp())) return void request.socket.destroy();
    const { headers } = request;
    const answer = await fetch(authority.timestampUrl, {
      method: 'POST',
      headers: { 'content-type': headers['content-type'] ?? '' },
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }).listen(proxyPort, '127.0.0.1');
  await once(proxy, 'listening');

  const start = async (): Promise<ChildProcess> => {
    const running = await world.spawn([PRELOAD], { FAULT_FILE: faultFile });
    started++;
    running.once('exit', (_, signal) => {
      child = undefined;
      if (signal !== 'SIGKILL') return;
      deaths++;
      child = start();
    });
    starts.emit('start');
    return running;
  };

  const rig: Rig = {
    world,
    authority,
    get deaths() {
      return deaths;
    },
    onTimestamp: () => true,
    onMail: () => {},
    process() {
      child ??= start();
      return child;
    },
    async kill() {
      const running = await rig.process();
      running.kill('SIGKILL');
      if (running.signalCode === null) await once(running, 'exit');
    },
    arm: (fault) => writeFileSync(faultFile, JSON.stringify(fault)),
    async insist(act) {
      for (;;) {
        await rig.process();
        const before = started;
        try {
          return await act();
        } catch (error) {
          if (!isCutOff(error)) throw error;
          if (started === before) await once(starts, 'start');
        }
      }
    },
    async stop() {
      const running = await rig.process();
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
    async close() {
      // A process that is still starting must not outlive its world.
      await child?.catch(() => {});
      await world.close();
      proxy.close();
      proxy.closeAllConnections();
      await authority.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

function isCutOff(error: unknown): boolean {
  const { responseCode, code, cause } = error as { responseCode?: number; code?: string; cause?: unknown };
  if (responseCode !== undefined) return false;
  // undici says "fetch failed" or "terminated", nodemailer has codes of its own for a connection that broke.
  return cause !== undefined || ['ECONNECTION', 'ESOCKET', 'ECONNREFUSED', 'ECONNRESET'].includes(code ?? '');
}

/** The octets a mail client would send, so that they can be sent twice. */
export async function octetsOf(mail: NewMail): Promise<Buffer> {
  const { references, attachments, ...rest } = mail;
  const info = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail({
    ...rest,
    references: [...(references ?? [])],
    attachments: [...(attachments ?? [])],
  });
  return info.message as Buffer;
}

/** Sends the same octets until a 250 is seen, as a mail client's outbox does. */
export function sendUntilTaken(rig: Rig, from: Writer, to: string, raw: Buffer): Promise<string> {
  return rig.insist(() => rig.world.mailRaw(raw, { from: from.address, to }));
}

/** Presses the last button; resolves to the page that answers. */
export async function pressConsent(url: string, agreed: [string, string][]): Promise<string> {
  return (await post(`${url}/consent`, agreed)).text();
}
