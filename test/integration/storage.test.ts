// The database as it really opens: durability, several processes at once, and the schema that migrations lead to.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { nextCount } from '../../storage/contracts.ts';
import { type DatabaseSettings, databaseFile, openDatabase } from '../../storage/database.ts';
import { migrationSource } from '../../storage/migrations/index.ts';
import { isOutage } from '../../storage/outages.ts';
import { ENGINES, onEachEngine } from '../support/database.ts';
import { DATABASE_WAITS } from '../support/database-waits.ts';
import { temporaryFolder } from '../support/folder.ts';
import { expectGolden } from '../support/golden.ts';
import { rejection } from '../support/rejection.ts';
import { postgresSchema, sqliteSchema } from '../support/schema.ts';
import { postgres, startPostgres } from '../support/servers.ts';

const WRITER = fileURLToPath(new URL('../support/writer-process.ts', import.meta.url));

interface Writer {
  readonly process: ChildProcess;
  /** Resolves when the process has opened the database, or has ended. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

function startWriter(settings: DatabaseSettings, times: number): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, JSON.stringify(settings), String(times)]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stderr }));
  return { process: child, ready: Promise.race([once(child.stdout, 'data'), ended]), ended };
}

onEachEngine('database', (held, engine) => {
  it('refuses an event without its contract', async () => {
    const event = { contract: 'none', seq: 1, municipality: 'mihon', type: 'x', version: 1, at: '' };
    const octets = { canonical: Buffer.alloc(1), previous_hash: '', hash: '' };
    const error = await rejection(held.database.knex('events').insert({ ...event, ...octets }));
    expect(error)
      .to.have.property('message')
      .that.matches(/foreign key/i);
    expect(isOutage(error), 'no retry mends it').to.equal(false);
  });

  it('rolls everything back when the work fails', async () => {
    const error = await rejection(
      held.database.transaction(async (tx) => {
        await tx('meta').insert({ name: 'a', value: '1' });
        throw new Error('no');
      }),
    );
    expect(error).to.have.property('message', 'no');
    expect(await held.database.knex('meta')).to.deep.equal([]);
  });

  it('counts from 1 for each municipality and name, without gaps under load', async () => {
    const count = (municipality: string, name: string): Promise<number> =>
      held.database.transaction((tx) => nextCount(tx, municipality, name));
    const numbers = await Promise.all(Array.from({ length: 20 }, () => count('mihon', '2026')));
    expect(numbers.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await count('mihon', '2027')).to.equal(1);
    expect(await count('mihon-machi', '2026')).to.equal(1);
  });

  it('gives sizes back as numbers and octets as octets', async () => {
    const message = {
      id: 'm',
      municipality: 'mihon',
      received_at: '',
      sha256: '',
      blob: '',
      status: 'stored',
    };
    const octets = { wrapped_key: Buffer.of(0, 255), transport: Buffer.alloc(0) };
    await held.database.knex('messages').insert({ ...message, ...octets, size: 5_000_000_000 });
    const row = await held.database.knex('messages').first();
    expect(row.size).to.equal(5_000_000_000);
    expect(Buffer.isBuffer(row.wrapped_key) && row.wrapped_key.equals(octets.wrapped_key)).to.equal(true);
    expect((await held.database.knex('messages').count('* as n'))[0]).to.deep.equal({ n: 1 });
  });

  it('has the schema that is written down', async () => {
    const { knex } = held.database;
    if (engine === 'sqlite') expectGolden('schema.sql', await sqliteSchema(knex));
    else expectGolden('schema.postgres.sql', await postgresSchema(knex));
  });

  it('applies each migration once, and none backwards', async () => {
    const applied = await held.database.knex('knex_migrations').orderBy('id').pluck('name');
    const known = await migrationSource.getMigrations([]);
    expect(applied).to.deep.equal(known.map((migration) => migrationSource.getMigrationName(migration)));
    const again = await openDatabase(held.settings);
    expect(await again.knex('knex_migrations')).to.have.length(applied.length);
    await again.close();
    const [first] = known;
    const { down } = await migrationSource.getMigration(first!);
    expect(await rejection(Promise.resolve(down!(held.database.knex))))
      .to.have.property('message')
      .that.includes('forward only');
  });

  if (engine === 'sqlite') {
    it('survives a power cut: WAL with synchronous FULL, foreign keys on', async () => {
      const pragma = async (name: string): Promise<unknown> => {
        const [row] = await held.database.knex.raw(`PRAGMA ${name}`);
        return row[name];
      };
      expect(await pragma('journal_mode')).to.equal('wal');
      expect(await pragma('synchronous')).to.equal(2);
      expect(await pragma('foreign_keys')).to.equal(1);
    });
  }
});

describe('database of several processes', () => {
  const folder = temporaryFolder();

  for (const engine of ENGINES) {
    it(`takes what two of them write at once, each reading before it writes, on ${engine}`, async () => {
      const made = engine === 'postgres' ? await (await postgres()).database() : null;
      const dataDirectory = join(folder(), 'data');
      const settings = {
        dataDirectory,
        databaseUrl: made?.url ?? null,
        databasePoolSize: 2,
        ...DATABASE_WAITS,
      };
      // Both also make the tables: neither may stumble over the other's migration.
      const writers = [startWriter(settings, 200), startWriter(settings, 200)];
      await Promise.all(writers.map(({ ready }) => ready));
      for (const writer of writers) writer.process.stdin!.write('go\n');
      expect(await Promise.all(writers.map(({ ended }) => ended))).to.deep.equal([
        { code: 0, stderr: '' },
        { code: 0, stderr: '' },
      ]);
      const database = await openDatabase(settings);
      expect((await database.knex('meta').where({ name: 'count' }).first()).value).to.equal('400');
      await database.close();
      if (made) return made.drop();
      expect(existsSync(databaseFile(dataDirectory))).to.equal(true);
      expect(statSync(dataDirectory).mode & 0o077).to.equal(0);
    });
  }
});

describe('a database that somebody else is busy with', () => {
  const folder = temporaryFolder();
  const waits = { ...DATABASE_WAITS, databaseWaitSeconds: 3, databaseStallSeconds: 33 };

  it('is waited for as long as the settings say, on sqlite', async () => {
    const settings = { dataDirectory: folder(), databaseUrl: null, databasePoolSize: 1, ...waits };
    const database = await openDatabase(settings);
    expect(await database.knex.raw('PRAGMA busy_timeout')).to.deep.equal([{ timeout: 3000 }]);
    await database.close();
  });

  it('is waited for as long as the settings say, on postgres, which ends what hangs', async () => {
    const { url, drop } = await (await postgres()).database();
    const database = await openDatabase({
      ...{ dataDirectory: '', databaseUrl: url, databasePoolSize: 1 },
      ...waits,
    });
    await database.transaction(async (tx) => {
      const { rows } = await tx.raw('show idle_in_transaction_session_timeout');
      expect(rows).to.deep.equal([{ idle_in_transaction_session_timeout: '33s' }]);
      expect(await rejection(database.knex('meta').first())).to.match(/Timeout acquiring/);
    });
    await database.close();
    await drop();
  });
});

describe('a PostgreSQL server that restarts', () => {
  it('costs the work under way, and nothing that comes after', async () => {
    const server = await startPostgres();
    try {
      const { url } = await server.database();
      const database = await openDatabase({
        dataDirectory: '',
        databaseUrl: url,
        databasePoolSize: 3,
        ...DATABASE_WAITS,
      });
      const cut = await rejection(
        database.transaction(async (tx) => {
          await tx('meta').insert({ name: 'half', value: 'done' });
          await server.restart();
          await tx('meta').insert({ name: 'other', value: 'half' });
        }),
      );
      expect(isOutage(cut), String(cut)).to.equal(true);
      await database.transaction((tx) => tx('meta').insert({ name: 'whole', value: 'yes' }));
      expect(await database.knex('meta').pluck('name')).to.deep.equal(['whole']);
      await server.stop();
      const gone = await rejection(database.transaction((tx) => tx('meta').select()));
      expect(isOutage(gone), String(gone)).to.equal(true);
      await database.close();
    } finally {
      await server.stop();
    }
  });
});
