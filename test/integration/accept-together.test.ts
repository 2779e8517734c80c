/** Mails that arrive together, on either engine: each has its rows or hears that it was not taken, whoever came with it. */
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { acceptMessages } from '../../gateway/app/accept-message.ts';
import { encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import { masterKey } from '../../storage/keys.ts';
import { onEachEngine } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const MAILS = 20;
const BAD = 7;

onEachEngine('mails that arrive together', (held) => {
  const folder = temporaryFolder();

  it('are kept, but for the one that the database does not take', async () => {
    let woken = 0;
    const accept = acceptMessages({
      database: held.database,
      blobs: encryptedBlobs(fileObjects(folder())),
      master: masterKey(Buffer.alloc(32, 1)),
      // A row without a municipality is refused by the database itself.
      municipalitiesOf: ([address]) => [
        address === 'bad' ? (null as unknown as string) : 'mihon',
        'mihon-machi',
      ],
      clock: () => new Date('2026-11-21T00:00:00Z'),
      wake: () => {
        woken++;
      },
    });
    const transport = (address: string) => ({
      ...{ remoteAddress: '127.0.0.1', heloName: 'x', relay: null, smtpUser: null, tls: false },
      ...{ mailFrom: 'sato@mihon.example.jp', rcptTo: [address] },
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: MAILS }, (_, index) =>
        accept(transport(index === BAD ? 'bad' : 'keiyaku'), Readable.from([Buffer.from(`mail ${index}`)])),
      ),
    );
    const taken = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
    expect(outcomes.map(({ status }) => status).indexOf('rejected')).to.equal(BAD);
    expect(taken).to.have.length(MAILS - 1);
    expect(woken).to.equal(MAILS - 1);
    const { knex } = held.database;
    const ids: string[] = await knex('messages').pluck('id');
    expect(ids).to.include.members(taken);
    expect(ids, 'a row for each municipality, none of the bad mail').to.have.length(2 * (MAILS - 1));
    const keys: string[] = await knex('outbox').pluck('key');
    expect(keys.sort()).to.deep.equal(ids.map((id) => `message:${id}:receive`).sort());
  });
});
