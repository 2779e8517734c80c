/** A process of its own that takes a feed in, and is killed right after the batch that ends at row `fatal`. Arguments: data folder, file, fatal. */
import { createReadStream } from 'node:fs';
import { importFeed } from '../../gateway/app/import-registrations.ts';
import { presetForm } from '../../gateway/registration/index.ts';
import { openDatabase } from '../../storage/database.ts';
import { masterKey } from '../../storage/keys.ts';
import { DATABASE_WAITS } from './database-waits.ts';
import { IMPORT_SETTINGS } from './registered.ts';

const [dataDirectory = '', file = '', fatal = ''] = process.argv.slice(2);
const database = await openDatabase({
  dataDirectory,
  databaseUrl: null,
  databasePoolSize: 1,
  ...DATABASE_WAITS,
});
const run = await importFeed(
  {
    database,
    master: masterKey(Buffer.alloc(32, 7)),
    clock: () => new Date('2026-11-21T01:00:00.000Z'),
    settings: IMPORT_SETTINGS,
    batchRows: 50,
  },
  {
    municipality: 'mihon',
    form: presetForm('標準'),
    origin: { way: 'command', reference: 'touroku.csv' },
    source: createReadStream(file),
    onProgress: (rows) => {
      // From outside it could come after the end. The next batch has begun by then.
      if (String(rows) === fatal) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
    },
  },
);
process.stdout.write(`${JSON.stringify(run.counts)}\n`);
await database.close();
