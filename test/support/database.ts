/** A migrated database of its own for each test, on either engine. */
import { type Database, type DatabaseSettings, openDatabase } from '../../storage/database.ts';
import { DATABASE_WAITS } from './database-waits.ts';
import { temporaryFolder } from './folder.ts';
import { postgres } from './servers.ts';

export const ENGINES = ['sqlite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

export interface HeldDatabase {
  database: Database;
  /** Further processes can open it with these. */
  settings: DatabaseSettings;
}

/** Call inside describe(). */
export function temporaryDatabase(engine: Engine = 'sqlite'): HeldDatabase {
  return engine === 'sqlite' ? sqliteDatabase() : postgresDatabase();
}

/** The same tests on SQLite and on PostgreSQL. */
export function onEachEngine(title: string, define: (held: HeldDatabase, engine: Engine) => void): void {
  for (const engine of ENGINES) {
    describe(`${title} on ${engine}`, () => define(temporaryDatabase(engine), engine));
  }
}

function sqliteDatabase(): HeldDatabase {
  const folder = temporaryFolder();
  const held = {} as HeldDatabase;
  beforeEach(async () => {
    held.settings = { dataDirectory: folder(), databaseUrl: null, databasePoolSize: 1, ...DATABASE_WAITS };
    held.database = await openDatabase(held.settings);
  });
  afterEach(() => held.database.close());
  return held;
}

/** One database for all tests of the describe(), emptied after each. */
function postgresDatabase(): HeldDatabase {
  const held = {} as HeldDatabase;
  let drop = async (): Promise<void> => {};
  before(async () => {
    const made = await (await postgres()).database();
    drop = made.drop;
    held.settings = { dataDirectory: '', databaseUrl: made.url, databasePoolSize: 4, ...DATABASE_WAITS };
    held.database = await openDatabase(held.settings);
  });
  afterEach(async () => {
    const { knex } = held.database;
    const tables: string[] = await knex('pg_tables')
      .where({ schemaname: 'public' })
      .whereNot('tablename', 'like', 'knex%')
      .pluck('tablename');
    await knex.raw(`truncate ${tables.map(() => '??').join(', ')}`, tables);
  });
  after(async () => {
    await held.database?.close();
    await drop();
  });
  return held;
}
