// A feed's import that is killed and started again ends as if it had run once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { openDatabase } from '../../storage/database.ts';
import { DATABASE_WAITS } from '../support/database-waits.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { temporaryFolder } from '../support/folder.ts';

const PROCESS = join(import.meta.dirname, '../support/feed-process.ts');
const ROWS = 1500;

describe('import of a feed under SIGKILL', () => {
  const folder = temporaryFolder();

  /** What it counted; '' where it was killed after row `fatal`. */
  async function imported(data: string, file: string, fatal: string | null): Promise<string> {
    const child = spawn(process.execPath, ['--import', 'tsx', PROCESS, data, file, fatal ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const said = await text(child.stdout);
    const [code, signal] = await exit;
    expect(fatal === null ? code : signal).to.equal(fatal === null ? 0 : 'SIGKILL');
    return said;
  }

  async function stored(dataDirectory: string): Promise<unknown> {
    const database = await openDatabase({
      dataDirectory,
      databaseUrl: null,
      databasePoolSize: 1,
      ...DATABASE_WAITS,
    });
    try {
      const { knex } = database;
      // Ids of runs are random, bodies sealed anew each time.
      return {
        registry: (await knex('registry').orderBy('id')).map(({ body: _, ...row }) => row),
        rows: await knex('feed_rows').select('line', 'fate', 'row_hash', 'registration').orderBy('line'),
        runs: await knex('feed_runs').select('line', 'counts', 'readable', 'finished_at'),
        outbox: await knex('outbox').select('type').count().groupBy('type').orderBy('type'),
      };
    } finally {
      await database.close();
    }
  }

  it('goes on at each start, and what is stored does not show it', async () => {
    const rows = Array.from({ length: ROWS }, (_, index) =>
      // Some refused, some corrected further down in the file.
      feedRow({
        整理番号: String(index % 1400),
        申込日時: `2026/11/21 ${index < 1400 ? 9 : 10}:03`,
        電話番号: index % 97 === 0 ? '' : `00-0000-${index}`,
        締結権限者メールアドレス: `v${index % 7}@sample.example.jp`,
      }),
    );
    const file = join(folder(), 'touroku.csv');
    writeFileSync(file, feedOf(...rows));
    const [clean, killed] = [join(folder(), 'clean'), join(folder(), 'killed')];
    const whole = await imported(clean, file, null);
    await imported(killed, file, '150');
    await imported(killed, file, '900');
    const last = await imported(killed, file, null);
    expect(last).to.equal(whole);
    expect(JSON.parse(last)).to.include({ unchanged: 0 });
    expect(await stored(killed)).to.deep.equal(await stored(clean));
  });
});
