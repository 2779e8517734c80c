/** Once a day the histories of all contracts are timestamped as one hash (decided 4), so that no event can be made up later. */
import { createHash } from 'node:crypto';
import type { TimestampAuthority } from '../../signing/ports.ts';
import { headHashes, insertMerkleRoot } from '../../storage/contracts.ts';
import type { Database, Tx } from '../../storage/database.ts';
import { ensure } from '../../storage/outbox.ts';
import { merkleRoot } from '../app/merkle.ts';
import { addDays, addSeconds, endOfJstDay, jstDate } from '../contract/jst.ts';
import type { Performer } from './performer.ts';

/** An event decided just before midnight may be committed just after it. */
const MARGIN_SECONDS = 300;

/** Notes that the root of `day` (JST, yyyy-mm-dd) is to be timestamped when the day is over. */
export async function scheduleDailyRoot(tx: Tx, day: string, now: string): Promise<void> {
  const entry = { key: `daily-root:${day}`, type: 'daily-root', payload: JSON.stringify({ day }) };
  const notBefore = addSeconds(endOfJstDay(day), MARGIN_SECONDS);
  await ensure(tx, { ...entry, municipality: '', contract: null, notBefore }, now);
}

export function dailyRootPerformer(database: Database, authority: TimestampAuthority): Performer {
  return async (entry) => {
    const { day }: { day: string } = JSON.parse(entry.payload);
    const heads = await headHashes(database.knex, endOfJstDay(day));
    const root = merkleRoot(heads);
    const token = await authority.timestamp(createHash('sha256').update(Buffer.from(root, 'hex')).digest());
    return async (tx, now) => {
      const stamped = { timestamp_token: token.der, stamped_at: token.time.toISOString() };
      await insertMerkleRoot(tx, { day, contracts: heads.length, root, ...stamped });
      // Days on which nothing ran are covered by the next root: each one spans all histories.
      const today = jstDate(now);
      await scheduleDailyRoot(tx, day < today ? today : addDays(day, 1), now);
    };
  };
}
