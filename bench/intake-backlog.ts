/** Of `bench intake`: mails that lie stored are worked off by a gateway that starts; how fast, and in how much memory. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { acceptMessages } from '../gateway/app/accept-message.ts';
import { encryptedBlobs } from '../storage/blobs/blobs.ts';
import { fileObjects } from '../storage/blobs/objects.ts';
import { openDatabase } from '../storage/database.ts';
import { loadMasterKey } from '../storage/keys.ts';
import { CONTRACT } from '../test/support/mail-corpus/letters.ts';
import { mail, text, word } from '../test/support/mail-corpus/parts.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, type World } from '../test/support/world.ts';
import { table } from './figures.ts';
import { cpuOf, residentKb } from './processes.ts';

const AT_ONCE = 50;
const MIB = 1024 * 1024;
const LOOK_AGAIN_MS = 100;

/** Contract mails that lack their PDF: each is parsed, authenticated, interpreted, looked up and refused. */
export async function backlog(mails: number): Promise<void> {
  const world = await createWorld();
  try {
    await store(world, mails);
    const gateway = await world.spawn([join(import.meta.dirname, 'intake-heap.ts')]);
    const { pid } = gateway;
    const step = mails / 10;
    let before = { at: performance.now(), cpu: await cpuOf(pid!) };
    const rows: (string | number)[][] = [];
    const database = await openDatabase(world.config);
    for (let reached = step; reached <= mails; reached += step) {
      for (;;) {
        const left = await database.knex('messages').where({ status: 'stored' }).count({ n: '*' }).first();
        if (mails - Number(left?.n) >= reached) break;
        await setTimeout(LOOK_AGAIN_MS);
      }
      const now = { at: performance.now(), cpu: await cpuOf(pid!) };
      const spent = now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system;
      const rate = (step / (now.at - before.at)) * 1000;
      const resident = Math.round((await residentKb(pid!)) / 1024);
      const { heap, external } = await afterCollection(gateway);
      const held = [heap, external].map((octets) => (octets / MIB).toFixed(1));
      rows.push([reached, rate.toFixed(1), (spent / step).toFixed(2), resident, ...held]);
      // The collection is not part of the work.
      before = { at: performance.now(), cpu: await cpuOf(pid!) };
    }
    await database.close();
    console.log(
      table(['worked off', 'mails/s of these', 'CPU ms a mail', 'RSS MB', 'heap MB', 'external MB'], rows),
    );
    console.log('heap and external: what a full collection leaves');
  } finally {
    await world.close();
  }
}

/** What the process still holds once all garbage is collected, in octets. */
async function afterCollection(gateway: ChildProcess): Promise<{ heap: number; external: number }> {
  const told = new Promise<{ heap: number; external: number }>((resolve) => {
    let text = '';
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      const [, heap, external] = /after a full collection: (\d+) (\d+)\n/.exec(text) ?? [];
      if (heap === undefined) return;
      gateway.stderr!.off('data', listen);
      resolve({ heap: Number(heap), external: Number(external) });
    };
    gateway.stderr!.on('data', listen);
  });
  gateway.kill('SIGUSR2');
  return told;
}

/** As the role smtp stores them. */
async function store({ config }: World, mails: number): Promise<void> {
  const database = await openDatabase(config);
  const accept = acceptMessages({
    database,
    blobs: encryptedBlobs(fileObjects(join(config.dataDirectory, 'blobs'))),
    master: loadMasterKey({ file: config.masterKeyFile, mayCreate: true }),
    municipalitiesOf: () => [config.municipalities[0]!.id],
    clock: () => new Date(),
    wake: () => {},
  });
  const { name, kind, authservId } = config.smtp.relays[0]!;
  const transport = {
    ...{ remoteAddress: '127.0.0.1', heloName: 'relay.mihon.example.jp', smtpUser: null, tls: false },
    ...{ mailFrom: SATO.address, rcptTo: [GATEWAY_ADDRESS], relay: { name, kind, authservId } },
  };
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let index = next++; index < mails; index = next++) {
        const octets = mail(`backlog-${index}`, { subject: word(`契約書${index}`), ...text(CONTRACT) });
        await accept(transport, Readable.from([octets]));
      }
    }),
  );
  await database.close();
}
