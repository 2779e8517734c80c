/** Mails whose rows share a commit: killed around it, every mail that heard 250 is there, whole, and read. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { openMessage } from '../../gateway/app/accept-message.ts';
import { encryptedBlobs, storedOctets } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import { loadMasterKey } from '../../storage/keys.ts';
import type { MessageRow } from '../../storage/messages.ts';
import { GATEWAY_ADDRESS, SATO } from '../support/world.ts';
import { octetsOf, openRig, type Rig, sendUntilTaken } from './rig.ts';

const TOGETHER = 8;
const ROUNDS_AT_MOST = 20;

describe('mails that share a commit', () => {
  let rig: Rig;
  const sent: Buffer[] = [];
  before(async () => {
    rig = await openRig();
    await rig.process();
  });
  after(() => rig.close());

  for (const when of ['before', 'after'] as const) {
    it(`are sent again by those who heard no 250 when the process is killed ${when} it`, async () => {
      const deaths = rig.deaths;
      // Several rows are one INSERT of joined SELECTs.
      rig.arm({ at: 'commit', when, matching: ['insert into `messages`', 'union all'], act: 'SIGKILL' });
      for (let round = 1; rig.deaths === deaths && round <= ROUNDS_AT_MOST; round++) {
        const raws = await Promise.all(
          Array.from({ length: TOGETHER }, (_, index) => {
            const subject = `照会${when}${round}-${index}`;
            return octetsOf({ from: SATO, to: GATEWAY_ADDRESS, subject, text: 'これは何ですか。\n' });
          }),
        );
        await Promise.all(raws.map((raw) => sendUntilTaken(rig, SATO, GATEWAY_ADDRESS, raw)));
        sent.push(...raws);
      }
      expect(rig.deaths, 'it was killed once').to.equal(deaths + 1);
    });
  }

  it('are all kept', async () => {
    expect(await rig.stop()).to.equal(0);
    const { config } = rig.world;
    const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: false });
    const blobs = encryptedBlobs(fileObjects(`${config.dataDirectory}/blobs`));
    const rows: MessageRow[] = await rig.world.look(({ knex }) => knex('messages'));
    const kept = await Promise.all(
      rows.map((row) =>
        buffer(Readable.from(storedOctets(blobs, openMessage(master, row).owner, row.blob))).then(digest),
      ),
    );
    expect(new Set(kept)).to.deep.equal(new Set(sent.map(digest)));
    const entries: string[] = await rig.world.look(({ knex }) => knex('outbox').pluck('key'));
    expect(entries).to.include.members(rows.map(({ id }) => `message:${id}:receive`));
  });
});

function digest(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}
