/** PostgreSQL as the gateway uses it: a pool, numbers as numbers, row locks where two processes may decide at once. */
import type { Knex } from 'knex';
import pg from 'pg';

export interface PostgresLimits {
  /** Connections that are open at once, at most. */
  readonly poolSize: number;
  /** Until a connection is made, and until one is free. */
  readonly connectMs: number;
  readonly waitMs: number;
  /** A transaction in which nothing happens is ended: a process that hangs must not hold its locks for ever. */
  readonly stallMs: number;
}

/** The number under which migrating processes queue; any constant would do. */
const MIGRATION_LOCK = 0x6b656979;
const INT8 = 20;

/** `url` is postgres://… */
export function postgresConfig(
  url: string,
  { poolSize, connectMs, waitMs, stallMs }: PostgresLimits,
): Knex.Config {
  const connection = {
    connectionString: url,
    application_name: 'keiyakubin',
    connectionTimeoutMillis: connectMs,
    idle_in_transaction_session_timeout: stallMs,
    keepAlive: true,
    types: { getTypeParser: parserFor },
  };
  return {
    client: 'pg',
    connection: connection as Knex.PgConnectionConfig,
    acquireConnectionTimeout: waitMs,
    // Errors end up in logs and in the outbox: they name the statement, never the values in it.
    compileSqlOnError: false,
    pool: { min: 0, max: poolSize },
  };
}

/** Sizes and counts stay far below 2^53; as text, which is pg's choice, they would add up wrongly. */
function parserFor(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
}

export function isPostgres(tx: Knex): boolean {
  return tx.client.config.client === 'pg';
}

/** Lets one process at a time migrate; the lock goes with the transaction, also when its process is killed. */
export async function lockMigrations(tx: Knex): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
}

/** Text compares octet by octet, as in SQLite, whatever collation the server was set up with. */
export async function pinCollation(tx: Knex): Promise<void> {
  const { rows } = await tx.raw(`
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and data_type = 'text' and collation_name is distinct from 'C'`);
  for (const { table_name, column_name } of rows) {
    await tx.raw('alter table ?? alter column ?? type text collate "C"', [table_name, column_name]);
  }
}

/** Rows that somebody else holds: wait for them, or leave them out. SQLite has one writer, so none are ever held. */
export function forUpdate<Q extends Knex.QueryBuilder>(tx: Knex, query: Q, whenHeld: 'wait' | 'skip'): Q {
  if (!isPostgres(tx)) return query;
  const locking = query.forUpdate();
  return (whenHeld === 'skip' ? locking.skipLocked() : locking) as Q;
}
