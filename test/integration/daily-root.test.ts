/** The daily root: one timestamped hash over all histories, checked by openssl; a changed history changes it. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { contractStore } from '../../gateway/app/contract-store.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import { merkleRoot } from '../../gateway/app/merkle.ts';
import { dailyRootPerformer, scheduleDailyRoot } from '../../gateway/jobs/daily-root.ts';
import { httpTimestampAuthority, openTestAuthority, type TestAuthority } from '../../signing/index.ts';
import { masterKey } from '../../storage/keys.ts';
import { claim } from '../../storage/outbox.ts';
import { sampleDraft } from '../support/contract.ts';
import { onEachEngine } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runTool } from '../support/system.ts';

const DAY = '2026-11-21';
const NOON = '2026-11-21T03:00:00.000Z';
const NEXT_DAY = '2026-11-21T15:05:00.000Z';

onEachEngine('the daily root', (held) => {
  const folder = temporaryFolder();
  let authority: TestAuthority;
  beforeEach(async () => {
    authority = await openTestAuthority(join(folder(), 'authority'));
  });
  afterEach(() => authority.close());

  const open = (id: string, number: string) => {
    const store = contractStore(masterKey(Buffer.alloc(32, 1)));
    const handler = commandHandler(store, {
      goAheadDelaySeconds: 0,
      draftExpiresDays: 14,
      remindDaysAfter: [],
      remindDaysBefore: [],
      isDayOff: () => false,
    });
    const command = { id, municipality: 'mihon', number, certificateId: id, sourceMessageId: null };
    return held.database.transaction((tx) =>
      handler.open(tx, store.newOwner(id), { ...command, draft: sampleDraft() }, NOON),
    );
  };

  it('is timestamped once the day is over, and notes the next one', async () => {
    const { database } = held;
    await open('b', '2026-0002');
    await open('a', '2026-0001');
    await scheduleDailyRoot(database.knex, DAY, NOON);
    const early = await database.transaction((tx) => claim(tx, '2026-11-21T15:04:59.000Z', NEXT_DAY));
    expect(early?.type).not.to.equal('daily-root');
    await database.knex('outbox').whereNot({ type: 'daily-root' }).delete();
    const entry = await database.transaction((tx) => claim(tx, NEXT_DAY, '2026-11-21T15:06:00.000Z'));
    const timestamps = httpTimestampAuthority({ url: authority.timestampUrl, trust: [authority.root] });
    const settle = await dailyRootPerformer(database, timestamps)(entry!, NEXT_DAY);
    await database.transaction((tx) => settle(tx, NEXT_DAY));

    const stored = await database.knex('merkle_roots').where({ day: DAY }).first();
    const heads: { contract: string; hash: string }[] = await database
      .knex('events')
      .select('contract', 'hash')
      .orderBy('contract');
    expect(stored).to.include({ contracts: 2, root: merkleRoot(heads) });
    await writeFile(join(folder(), 'token'), stored.timestamp_token);
    await writeFile(join(folder(), 'root.pem'), authority.rootPem);
    const imprint = createHash('sha256').update(Buffer.from(stored.root, 'hex')).digest('hex');
    const { code, stderr } = await runTool('openssl', [
      ...['ts', '-verify', '-token_in', '-in', join(folder(), 'token')],
      ...['-digest', imprint, '-CAfile', join(folder(), 'root.pem')],
    ]);
    expect(code, stderr).to.equal(0);
    const keys = await database.knex('outbox').where({ type: 'daily-root' }).orderBy('key').pluck('key');
    expect(keys).to.deep.equal([`daily-root:${DAY}`, 'daily-root:2026-11-22']);
  });
});

describe('a Merkle root', () => {
  const head = fc.record({ contract: fc.string(), hash: fc.string() });
  it('changes with every contract, hash, order and number of contracts', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(head, { minLength: 1, maxLength: 20, selector: (one) => one.contract }),
        fc.nat(),
        (heads, n) => {
          const at = n % heads.length;
          const root = merkleRoot(heads);
          expect(root).to.match(/^[0-9a-f]{64}$/);
          expect(merkleRoot(heads.with(at, { ...heads[at]!, hash: `${heads[at]!.hash}!` }))).not.to.equal(
            root,
          );
          expect(merkleRoot(heads.toSpliced(at, 1))).not.to.equal(root);
          if (heads.length > 1) expect(merkleRoot([...heads].reverse())).not.to.equal(root);
        },
      ),
    );
  });
});
