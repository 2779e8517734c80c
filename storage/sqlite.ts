/** SQLite as the gateway uses it: one file, WAL, synchronous FULL, BEGIN IMMEDIATE, a pool of one. */
import { createRequire } from 'node:module';
import type { Knex } from 'knex';

/** `file` is made when it is missing; its folder must be there. A writer waits `waitMs` for another one. */
export function sqliteConfig(file: string, waitMs: number): Knex.Config {
  return {
    client: immediateSqlite(),
    connection: { filename: file },
    useNullAsDefault: true,
    // Errors end up in logs and in the outbox: they name the statement, never the values in it.
    compileSqlOnError: false,
    pool: {
      min: 1,
      max: 1,
      afterCreate(
        connection: { exec(sql: string, done: (error: Error | null) => void): void },
        done: (error: Error | null, connection: unknown) => void,
      ) {
        connection.exec(
          `PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;`,
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
