/** Two loops work side by side: what one reads must be of one moment, whatever the other commits meanwhile. */
import { expect } from 'chai';
import { contractStore } from '../../gateway/app/contract-store.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import { masterKey } from '../../storage/keys.ts';
import { sampleDraft } from '../support/contract.ts';
import { temporaryDatabase } from '../support/database.ts';

describe('a history that is read', () => {
  const held = temporaryDatabase();
  it('while an event is appended is whole, before or after it', async () => {
    const store = contractStore(masterKey(Buffer.alloc(32, 1)));
    const commands = commandHandler(store, {
      goAheadDelaySeconds: 0,
      draftExpiresDays: 14,
      remindDaysAfter: [],
      remindDaysBefore: [],
      isDayOff: () => false,
    });
    const owner = store.newOwner('abc');
    const now = '2026-11-21T01:00:00.000Z';
    const opened = { municipality: 'mihon', number: '2026-0001', certificateId: 'X', sourceMessageId: null };
    await held.database.transaction((tx) =>
      commands.open(tx, owner, { id: 'abc', ...opened, draft: sampleDraft() }, now),
    );
    // SQLite has one connection: the append gets it between two statements of a reader, where there are two.
    const read = store.history(held.database.knex, 'abc');
    const appended = held.database.transaction((tx) =>
      commands.handle(
        tx,
        'abc',
        {
          type: 'recordDelivery',
          mail: 'm',
          kind: 'receipt',
          recipient: 'initiator',
          outcome: 'taken',
          response: '250',
        },
        now,
      ),
    );
    const events = await read;
    await appended;
    expect(events.map(({ type }) => type)).to.deep.equal(['ContractDrafted']);
    const after = await store.history(held.database.knex, 'abc');
    expect(after.map(({ type }) => type)).to.deep.equal(['ContractDrafted', 'MailTaken']);
  });
});
