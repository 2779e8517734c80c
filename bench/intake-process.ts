/** A server for `bench intake`, in a process of its own: `intake-process.ts ours|bare FOLDER` prints its port. */
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SMTPServer } from 'smtp-server';
import { acceptMessages } from '../gateway/app/accept-message.ts';
import { createSmtpServer } from '../gateway/smtp/server.ts';
import { encryptedBlobs } from '../storage/blobs/blobs.ts';
import { fileObjects } from '../storage/blobs/objects.ts';
import { openDatabase } from '../storage/database.ts';
import { loadMasterKey } from '../storage/keys.ts';

const [contender, folder = ''] = process.argv.slice(2);
const LARGEST_OCTETS = 256 * 1024 * 1024;
console.log(await (contender === 'ours' ? ours() : bare()));

/** What the role smtp is made of: encrypted blobs, a row and an outbox entry before each 250. */
async function ours(): Promise<number> {
  const dataDirectory = join(folder, 'data');
  const waits = { databaseConnectSeconds: 10, databaseWaitSeconds: 15, databaseStallSeconds: 60 };
  const database = await openDatabase({ databaseUrl: null, databasePoolSize: 1, dataDirectory, ...waits });
  const dependencies = {
    database,
    blobs: encryptedBlobs(fileObjects(join(dataDirectory, 'blobs'))),
    master: loadMasterKey({ file: join(folder, 'master.key'), mayCreate: true }),
    municipalitiesOf: () => ['mihon'],
    clock: () => new Date(),
    wake: () => {},
  };
  const silent = { info: () => {}, warn: console.error, error: console.error };
  const server = createSmtpServer({
    host: '127.0.0.1',
    port: 0,
    hostname: 'keiyaku.mihon.example.jp',
    maxSize: LARGEST_OCTETS,
    maxClients: 200,
    ...{ maxRecipients: 100, idleSeconds: 300, closeSeconds: 10 },
    relays: [{ name: 'inside', networks: ['127.0.0.1/32'], kind: 'submission' }],
    accounts: [],
    ...{ wrongLoginsPerAddressPerHour: 1, wrongLoginsPerAccountPerHour: 1, inTurn: (check) => check() },
    clock: dependencies.clock,
    forbidden: async () => false,
    accepts: () => true,
    store: acceptMessages(dependencies),
    log: silent,
  });
  return (await server.listen()).port;
}

/** The least that a server can do which does not lose mail: write, fsync, say 250. */
async function bare(): Promise<number> {
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: LARGEST_OCTETS,
    onData: async (stream, _session, answer) => {
      const path = join(folder, `${++count}.eml`);
      await pipeline(stream, createWriteStream(path));
      const file = await open(path, 'r+');
      await file.sync();
      await file.close();
      answer();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}
