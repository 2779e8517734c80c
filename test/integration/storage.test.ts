// The database as it really opens: durability, several processes at once, and the schema that migrations lead to.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { nextCount } from '../../storage/contracts.ts';
import { databaseFile, openDatabase } from '../../storage/database.ts';
import { migrationSource } from '../../storage/migrations/index.ts';
import { temporaryDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { expectGolden } from '../support/golden.ts';
import { rejection } from '../support/rejection.ts';

const WRITER = fileURLToPath(new URL('../support/writer-process.ts', import.meta.url));

interface Writer {
  readonly process: ChildProcess;
  /** Resolves when the process has opened the database, or has ended. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

function startWriter(file: string, times: number): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, file, String(times)]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stderr }));
  return { process: child, ready: Promise.race([once(child.stdout, 'data'), ended]), ended };
}

describe('database', () => {
  const held = temporaryDatabase();

  it('survives a power cut: WAL with synchronous FULL, foreign keys on', async () => {
    const pragma = async (name: string): Promise<unknown> => {
      const [row] = await held.database.knex.raw(`PRAGMA ${name}`);
      return row[name];
    };
    expect(await pragma('journal_mode')).to.equal('wal');
    expect(await pragma('synchronous')).to.equal(2);
    expect(await pragma('foreign_keys')).to.equal(1);
  });

  it('refuses an event without its contract', async () => {
    const event = { contract: 'none', seq: 1, municipality: 'mihon', type: 'x', version: 1, at: '' };
    const octets = { canonical: Buffer.alloc(1), previous_hash: '', hash: '' };
    const error = await rejection(held.database.knex('events').insert({ ...event, ...octets }));
    expect(error).to.have.property('message').that.includes('FOREIGN KEY');
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

  it('has the schema that is written down', async () => {
    const rows: { sql: string }[] = await held.database
      .knex('sqlite_master')
      .whereNotNull('sql')
      .whereNot('name', 'like', 'sqlite_%')
      .whereNot('name', 'like', 'knex_%')
      .orderBy(['tbl_name', { column: 'type', order: 'desc' }, 'name'])
      .select('sql');
    expectGolden('schema.sql', rows.map(({ sql }) => `${sql};\n`).join(''));
  });

  it('applies each migration once, and none backwards', async () => {
    const applied = await held.database.knex('knex_migrations').orderBy('id').pluck('name');
    const known = await migrationSource.getMigrations([]);
    expect(applied).to.deep.equal(known.map((migration) => migrationSource.getMigrationName(migration)));
    const again = await openDatabase(held.file);
    expect(await again.knex('knex_migrations')).to.have.length(applied.length);
    await again.close();
    const [first] = known;
    const { down } = await migrationSource.getMigration(first!);
    expect(await rejection(Promise.resolve(down!(held.database.knex))))
      .to.have.property('message')
      .that.includes('forward only');
  });
});

describe('database of several processes', () => {
  const folder = temporaryFolder();

  it('takes what two of them write at once, each reading before it writes', async () => {
    const file = databaseFile(join(folder(), 'data'));
    // Both also make the file: neither may stumble over the other's migration.
    const writers = [startWriter(file, 200), startWriter(file, 200)];
    await Promise.all(writers.map(({ ready }) => ready));
    for (const writer of writers) writer.process.stdin!.write('go\n');
    expect(await Promise.all(writers.map(({ ended }) => ended))).to.deep.equal([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    const database = await openDatabase(file);
    expect((await database.knex('meta').where({ name: 'count' }).first()).value).to.equal('400');
    await database.close();
    expect(existsSync(file)).to.equal(true);
    expect(statSync(dirname(file)).mode & 0o077).to.equal(0);
  });
});
