/** A process of its own that opens the database (argument 1, JSON) and counts up to argument 2, reading before it writes. */
import { once } from 'node:events';
import { openDatabase } from '../../storage/database.ts';
import { forUpdate } from '../../storage/postgres.ts';

const [settings, times] = process.argv.slice(2);
const database = await openDatabase(JSON.parse(settings!));
await database.knex('meta').insert({ name: 'count', value: '0' }).onConflict('name').ignore();
process.stdout.write('open\n');
// Nobody begins before everybody is ready.
await once(process.stdin, 'data');
for (let count = 0; count < Number(times); count++) {
  await database.transaction(async (tx) => {
    const row = await forUpdate(tx, tx('meta').where({ name: 'count' }), 'wait').first('value');
    await tx('meta')
      .where({ name: 'count' })
      .update({ value: String(Number(row.value) + 1) });
  });
}
await database.close();
process.stdin.destroy();
