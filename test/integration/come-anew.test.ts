/** Two workers bring the same ended contract in anew at once: one of them does, on either engine. */
import { expect } from 'chai';
import { contractStore } from '../../gateway/app/contract-store.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import type { Command } from '../../gateway/contract/commands.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import { type Database, openDatabase } from '../../storage/database.ts';
import { masterKey } from '../../storage/keys.ts';
import { sampleDraft } from '../support/contract.ts';
import { onEachEngine } from '../support/database.ts';

const NOW = '2026-11-21T01:00:00.000Z';

onEachEngine('a contract that has ended', (held) => {
  const store = contractStore(masterKey(Buffer.alloc(32, 1)));
  const commands = commandHandler(store, {
    ...{ goAheadDelaySeconds: 0, draftExpiresDays: 14, remindDaysAfter: [], remindDaysBefore: [] },
    isDayOff: () => false,
  });
  const opening = {
    ...{ id: 'abc', municipality: 'mihon', number: '2026-0001', certificateId: 'ABCD' },
    ...{ sourceMessageId: null, draft: sampleDraft() },
  };
  const tell = (database: Database, command: Command) =>
    database.transaction((tx) => commands.handle(tx, 'abc', command, NOW));

  it('comes in anew once, whichever worker is first', async () => {
    const { database, settings } = held;
    await database.transaction((tx) => commands.open(tx, store.newOwner('abc'), opening, NOW));
    await tell(database, { type: 'withdraw', by: 'initiator', reason: null });
    const other = await openDatabase(settings);
    try {
      const both = await Promise.all(
        [database, other].map((one, at) => tell(one, { type: 'comeAnew', successor: `anew-${at}` })),
      );
      const refused = both.flatMap((handled) => (isRefusal(handled) ? [handled.code] : []));
      expect(refused).to.deep.equal(['came-anew']);
      const { contract } = (await store.load(database.knex, 'abc'))!;
      const first = both.findIndex((handled) => !isRefusal(handled));
      expect(contract).to.include({ state: 'withdrawn', successor: `anew-${first}` });
      const history = await store.history(database.knex, 'abc');
      expect(history.at(-1)).to.include({ type: 'CameAnew', successor: `anew-${first}`, seq: contract.seq });
    } finally {
      await other.close();
    }
  });
});
