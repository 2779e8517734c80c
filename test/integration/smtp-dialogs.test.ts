// Plays test/dialogs/*.smtp against a real server over real sockets (grammar: test/dialogs/README.md).

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import type { InboundTransport } from '../../gateway/mail/transport.ts';
import { hashPassword } from '../../gateway/passwords.ts';
import { createSmtpServer, type SmtpServerOptions } from '../../gateway/smtp/server.ts';

const FOLDER = join(import.meta.dirname, '..', 'dialogs');
const KNOWN = new Set([
  'keiyaku@mihon.example.jp',
  'foo..bar@docomo.example.jp',
  'postmaster',
  '契約@mihon.example.jp',
]);
const SILENT_LOG = { info: () => {}, warn: () => {}, error: () => {} };

/** Reads reply lines from whichever socket is current, and writes to it. */
class Peer {
  #socket: Socket;
  #buffered = '';
  #waiting: (() => void) | null = null;

  constructor(socket: Socket) {
    this.#socket = this.#attach(socket);
  }

  #attach(socket: Socket): Socket {
    const wake = () => this.#waiting?.();
    socket.on('data', (chunk) => {
      this.#buffered += chunk.toString();
      wake();
    });
    socket.on('close', wake);
    socket.on('error', wake);
    return socket;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffered.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#buffered.slice(0, end);
        this.#buffered = this.#buffered.slice(end + 2);
        return line;
      }
      if (this.#socket.destroyed) throw new Error('the server closed the connection');
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  async secure(): Promise<void> {
    this.#socket.removeAllListeners('data');
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    await once(secured, 'secureConnect');
    this.#socket = this.#attach(secured);
  }

  /** One segment for each octet. */
  async writeSlowly(text: string): Promise<void> {
    for (const octet of Buffer.from(text)) {
      await new Promise<void>((resolve) => this.#socket.write(Buffer.of(octet), () => resolve()));
    }
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  drop(): void {
    this.#socket.destroy();
  }
}

interface Outcome {
  stored: { transport: InboundTransport; text: string }[];
  failed: Error[];
  settled: (count: number) => Promise<void>;
}

describe('smtp dialogues', () => {
  let tls: { key: Buffer; cert: Buffer };
  let passwordHash: string;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smtp-dialogs-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const options = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=mihon.example.jp',
    ];
    execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    tls = { key: readFileSync(key), cert: readFileSync(cert) };
    rmSync(folder, { recursive: true });
    passwordHash = await hashPassword('himitsu');
  });

  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.smtp'))) {
    it(name.replace('.smtp', ''), () => play(readFileSync(join(FOLDER, name), 'utf8')));
  }

  async function play(script: string): Promise<void> {
    const lines = script.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const settings = new Set(
      lines
        .filter((line) => line.startsWith('server:'))
        .join(' ')
        .split(/\s+/),
    );
    const { outcome, options } = serverFor(settings);
    const server = createSmtpServer(options);
    const { port } = await server.listen();
    const peer = new Peer(connect(port, '127.0.0.1'));
    try {
      for (const line of lines) await step(line, peer, outcome);
    } finally {
      peer.drop();
      await server.close();
    }
  }

  function serverFor(settings: Set<string>): { outcome: Outcome; options: SmtpServerOptions } {
    const kind = settings.has('relay=mx') ? 'mx' : 'submission';
    const stored: Outcome['stored'] = [];
    const failed: Error[] = [];
    const waiting: (() => void)[] = [];
    const settled = async (count: number) => {
      while (stored.length + failed.length < count)
        await new Promise<void>((resolve) => waiting.push(resolve));
    };
    const store = async (transport: InboundTransport, data: AsyncIterable<Uint8Array>) => {
      try {
        if (settings.has('store=fails-at-once')) throw new Error('disk full');
        const chunks: Uint8Array[] = [];
        for await (const chunk of data) chunks.push(chunk);
        if (settings.has('store=fails')) throw new Error('disk full');
        stored.push({ transport, text: Buffer.concat(chunks).toString() });
        return { id: `m${stored.length}` };
      } catch (error) {
        failed.push(error as Error);
        throw error;
      } finally {
        for (const wake of waiting.splice(0)) wake();
      }
    };
    const accepts = (address: string) => {
      if (settings.has('recipients=unreachable')) throw new Error('database is away');
      return KNOWN.has(address);
    };
    const numberOf = (name: string, usual: number) =>
      Number([...settings].find((one) => RegExp(`^${name}=\\d`).test(one))?.slice(name.length + 1) ?? usual);
    const options: SmtpServerOptions = {
      host: '127.0.0.1',
      port: 0,
      hostname: 'mx.mihon.example.jp',
      tls: settings.has('tls') ? tls : undefined,
      maxSize: numberOf('size', 1000),
      maxClients: settings.has('full') ? 0.5 : 10,
      maxRecipients: numberOf('recipients', 100),
      idleSeconds: settings.has('idle') ? 0.05 : 300,
      closeSeconds: 10,
      relays: settings.has('relay=none') ? [] : [{ name: 'loopback', networks: ['127.0.0.0/8'], kind }],
      accounts: settings.has('accounts')
        ? [{ username: 'sato', passwordHash, addresses: ['sato@mihon.example.jp'] }]
        : [],
      ...{ wrongLoginsPerAddressPerHour: 10, wrongLoginsPerAccountPerHour: 10 },
      inTurn: (check) => check(),
      clock: () => new Date(),
      forbidden: async () => false,
      accepts,
      store,
      log: SILENT_LOG,
    };
    return { outcome: { stored, failed, settled }, options };
  }

  async function step(line: string, peer: Peer, outcome: Outcome): Promise<void> {
    const [, verb, text = ''] = /^([A-Za-z-]+):? ?(.*)$/s.exec(line) ?? [];
    if (verb === 'C') peer.write(`${text}\r\n`);
    else if (verb === 'RAW') peer.write(JSON.parse(`"${text}"`));
    else if (verb === 'SLOWLY') await peer.writeSlowly(JSON.parse(`"${text}"`));
    else if (verb === 'LINE') peer.write('x'.repeat(Number(text)));
    else if (verb === 'FILL') peer.write(`${'x'.repeat(98)}\r\n`.repeat(Number(text) / 100));
    else if (verb === 'S') expect(await peer.line()).to.match(wildcards(text));
    else if (verb === 'STARTTLS') await peer.secure();
    else if (verb === 'DROP') peer.drop();
    else if (verb === 'RESET') peer.reset();
    else if (verb === 'stored') await expectStored(text, outcome);
    else if (verb === 'failed') {
      await outcome.settled(1);
      expect(outcome.failed.map((error) => error.message).join()).to.match(wildcards(text));
      expect(outcome.stored).to.have.length(0);
    } else if (verb !== 'server') throw new Error(`cannot read the dialogue line: ${line}`);
  }

  async function expectStored(json: string, outcome: Outcome): Promise<void> {
    await outcome.settled(1);
    expect(outcome.stored).to.have.length(1);
    const { transport, text } = outcome.stored[0]!;
    expect({
      ...transport,
      relay: transport.relay?.kind ?? null,
      text,
      size: Buffer.byteLength(text),
    }).to.deep.include(JSON.parse(json));
  }
});

function wildcards(pattern: string): RegExp {
  const literal = pattern.split('*').map((part) => part.replace(/[.?+^$()[\]{}|\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}
