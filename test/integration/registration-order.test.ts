// Any order and repetition of the same set of feeds gives the same register (R1–R4): what is in force hangs on what was applied for.
import { expect } from 'chai';
import fc from 'fast-check';
import { importFeed } from '../../gateway/app/import-registrations.ts';
import { presetForm } from '../../gateway/registration/index.ts';
import { type Claim, settle } from '../../gateway/registration/settle.ts';
import { masterKey } from '../../storage/keys.ts';
import { temporaryDatabase } from '../support/database.ts';
import { FEED_HEADER, feedRow } from '../support/feed.ts';
import { IMPORT_SETTINGS } from '../support/registered.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const MASTER = masterKey(Buffer.alloc(32, 7));
const FORM = presetForm('標準');

const row = fc
  .record({
    整理番号: fc.constantFrom('1', '2'),
    申込日時: fc.constantFrom('2026/11/19 9:00', '2026/11/20 9:00', '2026/11/21 9:00'),
    締結権限者メールアドレス: fc.constantFrom('yamada@sample.example.jp', 'suzuki@sample.example.jp'),
    電話番号: fc.constantFrom('00-0000-0002', '00-0000-0009', ''),
    備考: fc.constantFrom('', '', 'Eメールアドレス変更申請'),
  })
  .map(feedRow);
const line = fc
  .tuple(fc.constantFrom('受付済', '受付済', '受付済', '取下げ'), row)
  .map((parts) => parts.join(','));
const file = fc
  .array(line, { minLength: 1, maxLength: 4 })
  .map((lines) => Buffer.from([`処理状況,${FEED_HEADER}`, ...lines, ''].join('\r\n')));

describe('order of feeds', () => {
  const held = temporaryDatabase();

  async function registerAfter(files: readonly Uint8Array[]): Promise<unknown[]> {
    const { knex } = held.database;
    for (const table of ['feed_rows', 'feed_runs', 'outbox', 'registry']) await knex(table).delete();
    for (const [index, source] of files.entries()) {
      await importFeed(
        { database: held.database, master: MASTER, clock: () => new Date(NOW), settings: IMPORT_SETTINGS },
        {
          municipality: 'mihon',
          form: FORM,
          origin: { way: 'folder', reference: String(index) },
          source,
        },
      );
    }
    const rows = await knex('registry').orderBy(['number_hash', 'content_hash']);
    // Sealed anew each time, numbered as they come.
    return rows.map(({ id: _, body: __, ...rest }) => rest);
  }

  it('does not matter, nor how often they come', async () => {
    const twoOrders = fc.array(file, { minLength: 1, maxLength: 4 }).chain((files) => {
      const indexes = files.map((_, index) => index);
      const order = fc
        .tuple(
          fc.shuffledSubarray(indexes, { minLength: files.length }),
          fc.array(fc.constantFrom(...indexes), { maxLength: 3 }),
        )
        .map((parts) => parts.flat());
      return fc.tuple(fc.constant(files), order, order);
    });
    await fc.assert(
      fc.asyncProperty(twoOrders, async ([files, first, second]) => {
        const one = await registerAfter(first.map((index) => files[index]!));
        expect(await registerAfter(second.map((index) => files[index]!))).to.deep.equal(one);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is in force under one 整理番号', () => {
  const claim: fc.Arbitrary<Claim> = fc.record({
    appliedAt: fc.constantFrom('2026-11-19', '2026-11-20', '2026-11-21'),
    contentHash: fc.string({ minLength: 4, maxLength: 4 }),
    stands: fc.constantFrom(true, true, true, false),
    asks: fc.boolean(),
    people: fc.constantFrom('a', 'b'),
    decision: fc.constantFrom(null, null, 'accept', 'reject'),
    decidedAt: fc.constantFrom(null, '2026-11-22', '2026-11-23'),
    confirmed: fc.boolean(),
    replaced: fc.constantFrom(false, false, true),
  });
  const claims = fc.uniqueArray(claim, { selector: ({ contentHash }) => contentHash, maxLength: 6 });

  it('does not hang on the order in which claims are looked at, and is one at most', () => {
    const shuffled = claims.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const states = settle(all);
        const others = settle(other);
        expect(all.map((one) => others[other.indexOf(one)])).to.deep.equal(states);
        expect(states.filter((state) => state === 'inForce').length).to.be.at.most(1);
      }),
      { numRuns: 2000 },
    );
  });

  it('is never what staff rejected, what was taken back later, or what still needs a go-ahead', () => {
    fc.assert(
      fc.property(claims, (all) => {
        for (const [index, state] of settle(all).entries()) {
          if (state !== 'inForce') continue;
          const one = all[index]!;
          expect(one.decision).to.not.equal('reject');
          expect(one.stands && !one.replaced).to.equal(true);
          expect(all.some((other) => !other.stands && other.appliedAt >= one.appliedAt)).to.equal(false);
          const sure = one.decision === 'accept' || one.confirmed || !one.asks;
          const approved = all.some(
            ({ people, decision, confirmed }) =>
              people === one.people && (decision === 'accept' || confirmed),
          );
          expect(sure || approved).to.equal(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
