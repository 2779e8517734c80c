/** A migrated SQLite file of its own for each test. */
import { join } from 'node:path';
import { type Database, openDatabase } from '../../storage/database.ts';
import { temporaryFolder } from './folder.ts';

/** Call inside describe(). `file` can be opened by further processes. */
export function temporaryDatabase(): { database: Database; file: string } {
  const folder = temporaryFolder();
  const held = {} as { database: Database; file: string };
  beforeEach(async () => {
    held.file = join(folder(), 'test.sqlite');
    held.database = await openDatabase(held.file);
  });
  afterEach(() => held.database.close());
  return held;
}
