/** Whatever befalls a connection, no file handle and no half of a mail stays behind (RFC 5321 6.1). */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { acceptMessages } from '../../gateway/app/accept-message.ts';
import { createSmtpServer, type RunningSmtpServer } from '../../gateway/smtp/server.ts';
import { encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { fileObjects, type ObjectStore } from '../../storage/blobs/objects.ts';
import { loadMasterKey } from '../../storage/keys.ts';
import { temporaryDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const CONNECTIONS = 20;

describe('a connection that ends badly', () => {
  const held = temporaryDatabase();
  const folder = temporaryFolder();
  let server: RunningSmtpServer;
  let port: number;
  let diskFull = false;
  let settled = 0;
  let onSettled = (): void => {};

  beforeEach(async () => {
    const files = fileObjects(join(folder(), 'blobs'));
    const objects: ObjectStore = {
      ...files,
      write: (data) => files.write(diskFull ? untilFull(data) : data),
    };
    const dependencies = {
      database: held.database,
      blobs: encryptedBlobs(objects),
      master: loadMasterKey({ file: join(folder(), 'master.key'), mayCreate: true }),
      municipalitiesOf: () => ['mihon'],
      clock: () => new Date(),
      wake: () => {},
    };
    const accept = acceptMessages(dependencies);
    server = createSmtpServer({
      host: '127.0.0.1',
      port: 0,
      hostname: 'mx.mihon.example.jp',
      maxSize: 10_000_000,
      maxClients: CONNECTIONS,
      ...{ maxRecipients: 100, idleSeconds: 300, closeSeconds: 10 },
      relays: [{ name: 'loopback', networks: ['127.0.0.0/8'], kind: 'submission' }],
      accounts: [],
      ...{ wrongLoginsPerAddressPerHour: 1, wrongLoginsPerAccountPerHour: 1, inTurn: (check) => check() },
      clock: dependencies.clock,
      forbidden: async () => false,
      accepts: () => true,
      store: (transport, data) =>
        accept(transport, data).finally(() => {
          settled++;
          onSettled();
        }),
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    ({ port } = await server.listen());
    diskFull = false;
    settled = 0;
  });
  afterEach(() => server.close());

  /** In DATA, with so much of a message that some of it has reached the disk. */
  const inData = async (): Promise<{ socket: Socket; reply: () => Promise<string> }> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const replies = createInterface({ input: socket })
      .on('error', () => {})
      [Symbol.asyncIterator]();
    const reply = async (): Promise<string> => (await replies.next()).value;
    await reply();
    for (const line of [
      'HELO x.example.jp',
      'MAIL FROM:<a@x.example.jp>',
      'RCPT TO:<k@mihon.example.jp>',
      'DATA',
    ]) {
      socket.write(`${line}\r\n`);
      await reply();
    }
    socket.write(`Subject: x\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(5000)}`);
    return { socket, reply };
  };
  const allSettled = async (): Promise<void> => {
    while (settled < CONNECTIONS) {
      await new Promise<void>((resolve) => {
        onSettled = resolve;
      });
    }
  };
  const left = (): string[] =>
    readdirSync(join(folder(), 'blobs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  const handles = (): string[] => readdirSync('/proc/self/fd');
  const rows = async (): Promise<number> =>
    Number((await held.database.knex('messages').count({ rows: '*' }).first())?.rows);

  for (const [what, end] of [
    ['by a reset', (socket: Socket) => socket.resetAndDestroy()],
    ['by the client vanishing', (socket: Socket) => socket.destroy()],
    ['by half a line', (socket: Socket) => socket.end('xx\r')],
  ] as const) {
    it(`${what} in the middle of DATA leaves nothing`, async () => {
      const before = handles().length;
      const peers = await Promise.all(Array.from({ length: CONNECTIONS }, inData));
      for (const { socket } of peers) end(socket);
      await allSettled();
      await server.close();
      expect(await rows()).to.equal(0);
      expect(left()).to.deep.equal([]);
      expect(handles().length).to.be.at.most(before);
    });
  }

  it('on a full disk leaves nothing, says 451, and takes the next mail when there is room', async () => {
    const before = handles().length;
    diskFull = true;
    const peers = await Promise.all(Array.from({ length: CONNECTIONS }, inData));
    for (const { socket, reply } of peers) {
      socket.write('.\r\n');
      expect(await reply()).to.match(/^451 4\.3\.0/);
    }
    expect(left()).to.deep.equal([]);
    diskFull = false;
    for (const { socket, reply } of peers.slice(0, 1)) {
      for (const line of ['MAIL FROM:<a@x.example.jp>', 'RCPT TO:<k@mihon.example.jp>', 'DATA']) {
        socket.write(`${line}\r\n`);
        await reply();
      }
      socket.write('Subject: y\r\n\r\ny\r\n.\r\n');
      expect(await reply()).to.match(/^250 2\.6\.0/);
    }
    for (const { socket } of peers) socket.destroy();
    await server.close();
    expect(await rows()).to.equal(1);
    expect(left()).to.have.length(1);
    expect(handles().length).to.be.at.most(before);
  });
});

/** Fails as a disk does, after something has been written. */
function untilFull(data: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(
    (async function* () {
      for await (const chunk of data) {
        yield chunk;
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      }
    })(),
  );
}
