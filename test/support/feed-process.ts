/** A process of its own that takes a feed in and says after each batch how far it is: to be killed. Arguments: data folder, file. */
import { createReadStream } from 'node:fs';
import { importFeed } from '../../gateway/app/import-registrations.ts';
import { presetForm } from '../../gateway/registration/index.ts';
import { openDatabase } from '../../storage/database.ts';
import { masterKey } from '../../storage/keys.ts';
import { DATABASE_WAITS } from './database-waits.ts';
import { IMPORT_SETTINGS } from './registered.ts';

const [dataDirectory = '', file = ''] = process.argv.slice(2);
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
    onProgress: (rows) => process.stdout.write(`${rows}\n`),
  },
);
process.stdout.write(`${JSON.stringify(run.counts)}\n`);
await database.close();
