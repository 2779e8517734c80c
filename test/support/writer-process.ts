/** A process of its own that opens the database (argument 1) and counts up to argument 2, reading before it writes. */
import { once } from 'node:events';
import { openDatabase } from '../../storage/database.ts';

const [file, times] = process.argv.slice(2);
const database = await openDatabase(file!);
process.stdout.write('open\n');
// Nobody begins before everybody is ready.
await once(process.stdin, 'data');
for (let count = 0; count < Number(times); count++) {
  await database.transaction(async (tx) => {
    const row = await tx('meta').where({ name: 'count' }).first('value');
    const next = String(Number(row?.value ?? 0) + 1);
    await tx('meta').insert({ name: 'count', value: next }).onConflict('name').merge();
  });
}
await database.close();
process.stdin.destroy();
