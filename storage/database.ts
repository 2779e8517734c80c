/** Opens the database with the durability the gateway promises: WAL, synchronous FULL, BEGIN IMMEDIATE, migrations applied. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import knexModule, { type Knex } from 'knex';
import { migrationSource } from './migrations/index.ts';

/** Either the pool or an open transaction; every storage function takes it first (SQLite has a pool of one). */
export type Tx = Knex;

export interface Database {
  /** Reads outside a transaction. Never use it inside `transaction`: with a pool of one that waits for itself. */
  readonly knex: Knex;
  /** Runs `work` in one transaction; a rejection rolls everything back. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const BUSY_TIMEOUT_MS = 15_000;

/** The one SQLite file of a data folder. */
export function databaseFile(dataDirectory: string): string {
  return join(dataDirectory, 'keiyakubin.sqlite');
}

/** `file` is the SQLite file; its folder is made when it is missing. */
export async function openDatabase(file: string): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const knex = knexModule(sqliteConfig(file));
  // One transaction around all of it: a second process waits its turn, and a kill leaves no lock behind.
  await knex.transaction((tx) => tx.migrate.latest());
  return {
    knex,
    transaction: (work) => knex.transaction(work),
    close: () => knex.destroy(),
  };
}

export function sqliteConfig(file: string): Knex.Config {
  return {
    client: immediateSqlite(),
    connection: { filename: file },
    useNullAsDefault: true,
    migrations: { migrationSource },
    pool: {
      min: 1,
      max: 1,
      afterCreate(
        connection: { exec(sql: string, done: (error: Error | null) => void): void },
        done: (error: Error | null, connection: unknown) => void,
      ) {
        connection.exec(
          `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;`,
          (error) => done(error, connection),
        );
      },
    },
  };
}

/** Knex begins deferred; two processes that read first and write later then meet SQLITE_BUSY. A writer takes its lock at once. */
function immediateSqlite(): typeof Knex.Client {
  const require = createRequire(import.meta.url);
  const Client = require('knex/lib/dialects/sqlite3/index.js');
  const Transaction = require('knex/lib/dialects/sqlite3/execution/sqlite-transaction.js');
  class ImmediateTransaction extends Transaction {
    begin(connection: unknown): unknown {
      return this.query(connection, 'BEGIN IMMEDIATE;');
    }
  }
  class ImmediateClient extends Client {
    transaction(container: unknown, config: unknown, outer: unknown): unknown {
      return Reflect.construct(ImmediateTransaction, [this, container, config, outer]);
    }
  }
  return ImmediateClient as unknown as typeof Knex.Client;
}
