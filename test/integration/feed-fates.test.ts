// What becomes of every row of test/fixtures/feed, the first time and the second.
import { expect } from 'chai';
import { feedRuns } from '../../gateway/app/feed-runs.ts';
import { importFeed } from '../../gateway/app/import-registrations.ts';
import type { FeedRun, RowFate } from '../../gateway/app/registration-types.ts';
import { masterKey } from '../../storage/keys.ts';
import { expectedBeside, type Fixture, fixtures, formOf, sourceOf } from '../fixtures/feed/fixtures.ts';
import { temporaryDatabase } from '../support/database.ts';
import { IMPORT_SETTINGS } from '../support/registered.ts';

const MASTER = masterKey(Buffer.alloc(32, 7));

describe('rows of test/fixtures/feed', () => {
  const held = temporaryDatabase();

  /** Each into a register of its own. */
  const take = (fixture: Fixture): Promise<FeedRun> =>
    importFeed(
      {
        database: held.database,
        master: MASTER,
        clock: () => new Date('2026-11-21T01:00:00.000Z'),
        settings: { ...IMPORT_SETTINGS, limits: { ...IMPORT_SETTINGS.limits, ...fixture.limits } },
      },
      {
        municipality: fixture.file,
        form: formOf(fixture),
        origin: { way: 'command', reference: fixture.file },
        source: sourceOf(fixture),
      },
    );
  const fatesOf = async ({ id }: FeedRun): Promise<[number, RowFate][]> => {
    const rows = await feedRuns(MASTER).rows(held.database.knex, id, { limit: 1000 });
    for (const { fate, reasons } of rows) {
      if (fate === 'refused' || fate === 'pending') expect(reasons).to.not.have.length(0);
    }
    return rows.map(({ line, fate }) => [line, fate]);
  };

  it('have the fates that stand beside them, and change nothing when they come again', async () => {
    for (const fixture of fixtures()) {
      const fates = await fatesOf(await take(fixture));
      expect({ fates }, fixture.file).to.deep.equal({ fates: expectedBeside(fixture, { fates }).fates });
      const before = await held.database.knex('registry').where({ municipality: fixture.file });
      const again = await fatesOf(await take(fixture));
      expect(
        again.filter(([, fate]) => fate === 'accepted' || fate === 'superseding'),
        fixture.file,
      ).to.deep.equal([]);
      const after = await held.database.knex('registry').where({ municipality: fixture.file });
      expect(after, fixture.file).to.deep.equal(before);
    }
  });
});
