/** Opens the database, SQLite in a file or PostgreSQL behind a URL, with all migrations applied. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import knexModule, { type Knex } from 'knex';
import { migrationSource } from './migrations/index.ts';
import { isPostgres, lockMigrations, pinCollation, postgresConfig } from './postgres.ts';
import { sqliteConfig } from './sqlite.ts';

/** Either the pool or an open transaction; every storage function takes it first (SQLite has a pool of one). */
export type Tx = Knex;

export interface Database {
  /** Reads outside a transaction. Never use it inside `transaction`: with a pool of one that waits for itself. */
  readonly knex: Knex;
  /** Runs `work` in one transaction; a rejection rolls everything back. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where the rows are kept. */
export interface DatabaseSettings {
  /** Folder of the SQLite file, made when it is missing. */
  readonly dataDirectory: string;
  /** postgres://…, or null for SQLite. */
  readonly databaseUrl: string | null;
  /** Connections to PostgreSQL at most; SQLite has one. */
  readonly databasePoolSize: number;
  /** For a connection to be made to PostgreSQL. */
  readonly databaseConnectSeconds: number;
  /** For one of its connections, or SQLite's file, to be free. */
  readonly databaseWaitSeconds: number;
  /** For anything to happen in a transaction on PostgreSQL, which is ended else. */
  readonly databaseStallSeconds: number;
}

/** The one SQLite file of a data folder. */
export function databaseFile(dataDirectory: string): string {
  return join(dataDirectory, 'keiyakubin.sqlite');
}

/** What knex needs to know, migrations included. What goes wrong reaches the caller, who logs it. */
export function knexConfig(where: DatabaseSettings): Knex.Config {
  return { ...engineConfig(where), migrations: { migrationSource }, log: { warn() {}, error() {} } };
}

function engineConfig(where: DatabaseSettings): Knex.Config {
  if (where.databaseUrl !== null) {
    return postgresConfig(where.databaseUrl, {
      poolSize: where.databasePoolSize,
      connectMs: where.databaseConnectSeconds * 1000,
      waitMs: where.databaseWaitSeconds * 1000,
      stallMs: where.databaseStallSeconds * 1000,
    });
  }
  const file = databaseFile(where.dataDirectory);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return sqliteConfig(file, where.databaseWaitSeconds * 1000);
}

/** Rejects when the database cannot be reached. */
export async function openDatabase(where: DatabaseSettings): Promise<Database> {
  const knex = knexModule(knexConfig(where));
  try {
    // One transaction around all of it: a second process waits its turn, and a kill leaves no lock behind.
    await knex.transaction(migrate);
  } catch (error) {
    await knex.destroy();
    throw where.databaseUrl === null ? error : unusable(where.databaseUrl, error);
  }
  return {
    knex,
    transaction: (work) => inTransaction(knex, work),
    close: () => knex.destroy(),
  };
}

/** Names the server, never the password. */
function unusable(databaseUrl: string, cause: unknown): Error {
  const { code, message } = cause as Error & { code?: string };
  const { host } = new URL(databaseUrl);
  return new Error(`databaseUrl: PostgreSQL at ${host} cannot be used: ${message || code}`, { cause });
}

async function migrate(tx: Tx): Promise<void> {
  if (isPostgres(tx)) await lockMigrations(tx);
  await tx.migrate.latest();
  if (isPostgres(tx)) await pinCollation(tx);
}

/** The rows of each INSERT, where there may be many: SQLite joins at most 500 SELECTs to one statement. */
export function* inStatements<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += 250) yield rows.slice(from, from + 250);
}

/** SQLite rolls back by itself when the disk is full; the ROLLBACK that then fails must not hide why. */
async function inTransaction<T>(knex: Knex, work: (tx: Tx) => Promise<T>): Promise<T> {
  let reason: unknown;
  try {
    return await knex.transaction(async (tx) => {
      try {
        return await work(tx);
      } catch (error) {
        reason = error;
        throw error;
      }
    });
  } catch (error) {
    throw reason ?? error;
  }
}
