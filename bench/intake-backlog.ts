/** Of `bench intake`: mails that lie stored are worked off by a gateway that starts; how fast, and in how much memory. */
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
const LOOK_AGAIN_MS = 100;

/** Contract mails that lack their PDF: each is parsed, authenticated, interpreted, looked up and refused. */
export async function backlog(mails: number): Promise<void> {
  const world = await createWorld();
  try {
    await store(world, mails);
    const { pid } = await world.spawn();
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
      const megabytes = Math.round((await residentKb(pid!)) / 1024);
      rows.push([reached, rate.toFixed(1), (spent / step).toFixed(2), megabytes]);
      before = now;
    }
    await database.close();
    console.log(table(['worked off', 'mails/s of these', 'CPU ms a mail', 'RSS MB'], rows));
  } finally {
    await world.close();
  }
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
