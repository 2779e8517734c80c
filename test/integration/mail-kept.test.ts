/** No mail is lost: damaged copies of the corpus hear 250, each is dealt with, and each can be read back octet by octet. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import fc from 'fast-check';
import { openMessage } from '../../gateway/app/accept-message.ts';
import { encryptedBlobs, storedOctets } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import { loadMasterKey } from '../../storage/keys.ts';
import { findMessage } from '../../storage/messages.ts';
import { CORPUS, mailFixture } from '../support/mail-corpus/corpus.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, type World } from '../support/world.ts';

const MAILS = 60;
const SMALL_OCTETS = 20_000;
/** The same damage in every run. */
const SEED = 20_261_121;

/** Mails of the corpus with some octets changed; line ends stay, for SMTP refuses any but CRLF. */
function damagedMails(): Buffer[] {
  const mails = CORPUS.map(({ name }) => mailFixture(name)).filter(({ length }) => length < SMALL_OCTETS);
  const spots = fc.array(
    fc.tuple(fc.nat(SMALL_OCTETS), fc.constantFrom(0, 0x1b, 0x22, 0x3b, 0x3d, 0x80, 0xff)),
    {
      maxLength: 20,
    },
  );
  return fc
    .sample(fc.tuple(fc.constantFrom(...mails), spots), { numRuns: MAILS, seed: SEED })
    .map(([mail, changes]) => {
      const lines = mail.toString('latin1').replace(/\r?\n/g, '\r\n').trimEnd();
      const octets = Buffer.from(`${lines}\r\n`, 'latin1');
      for (const [spot, octet] of changes) {
        const at = spot % octets.length;
        if (!'\r\n'.includes(String.fromCharCode(octets[at]!))) octets[at] = octet;
      }
      return octets;
    });
}

describe('mails that were damaged on the way', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  it('are all taken, kept and dealt with, whatever is in them', async () => {
    const { config } = world;
    const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: false });
    const blobs = encryptedBlobs(fileObjects(`${config.dataDirectory}/blobs`));
    const sent = new Map<string, Buffer>();
    for (const octets of damagedMails()) {
      const answer = await world.mailRaw(octets, { from: SATO.address, to: GATEWAY_ADDRESS });
      sent.set(/^250 .*stored as (\w+)/.exec(answer)![1]!, octets);
    }
    for (const [id, octets] of sent) {
      await world.logged(new RegExp(`"message":"${id}".*(message read|cannot be read; kept|no effect)`));
      const row = (await world.look(({ knex }) => findMessage(knex, id)))!;
      expect(row.status).not.to.equal('stored');
      const kept = await buffer(Readable.from(storedOctets(blobs, openMessage(master, row).owner, row.blob)));
      expect(kept.equals(octets), id).to.equal(true);
    }
  });
});
