/** `npm run bench -- feed`: a large registration feed through the importer, beside one transaction for each row, in one run. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { importFeed } from '../gateway/app/import-registrations.ts';
import { isConfigProblems, loadConfig } from '../gateway/config.ts';
import { presetForm, readFeed } from '../gateway/registration/index.ts';
import { openDatabase } from '../storage/database.ts';
import { loadMasterKey } from '../storage/keys.ts';
import { table as csv, row } from '../test/fixtures/feed/text.ts';
import { postgres } from '../test/support/servers.ts';
import { table } from './figures.ts';
import type { Engine } from './flow.ts';

/** Enough for one transaction each to show what it costs, few enough to wait for. */
const SINGLE_ROWS = 5000;
const WARM_UP_ROWS = 4000;
const NEWS = 10_000;
const MEGABYTE = 1_048_576;

/** Rows each second, and resident memory above what the process had before, MB. */
interface Measured {
  readonly perSecond: number;
  readonly growthMb: number;
}

/** Prints the figures of each engine; rejects when a row was not taken. */
export async function feed({ rows, engines }: { rows: number; engines: readonly Engine[] }): Promise<void> {
  const [cpu] = cpus();
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-feed-'));
  try {
    const all = await write(join(folder, 'all.csv'), rows);
    const few = await write(join(folder, 'few.csv'), SINGLE_ROWS);
    const warm = await write(join(folder, 'warm.csv'), WARM_UP_ROWS);
    const { size } = await stat(all);
    console.log(
      `feed: ${rows} rows, ${(size / MEGABYTE).toFixed(1)} MB, ${cpus().length} cores (${cpu?.model.trim()})`,
    );
    await readAlone(warm);
    const reading = await measured('reading alone', rows, () => readAlone(all));
    const figures = [['reading alone', '', reading.perSecond.toFixed(0), reading.growthMb.toFixed(0), '']];
    for (const engine of engines) {
      await taken(engine, folder, warm, WARM_UP_ROWS);
      const single = await taken(engine, folder, few, SINGLE_ROWS, 1);
      const batched = await taken(engine, folder, all, rows);
      const times = (batched.perSecond / single.perSecond).toFixed(1);
      figures.push([
        engine,
        single.perSecond.toFixed(0),
        batched.perSecond.toFixed(0),
        batched.growthMb.toFixed(0),
        times,
      ]);
    }
    const head = ['engine', 'rows/s, one transaction each', 'rows/s', 'memory growth MB', 'times as fast'];
    console.log(table(head, figures));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(file: string, rows: number): Promise<string> {
  function* lines(): Generator<string> {
    yield csv();
    for (let number = 1; number <= rows; number++) {
      const address = `yamada${number}@sample${number % 997}.example.jp`;
      const changes = {
        整理番号: `R8-${number}`,
        商号又は名称: `株式会社サンプル${number}`,
        締結権限者メールアドレス: address,
      };
      yield `${row({ ...changes, 備考: number % 10 === 0 ? '担当者が替わりました。\n次の方に、ご連絡ください。' : '' })}\r\n`;
    }
  }
  await pipeline(lines, createWriteStream(file));
  return file;
}

async function readAlone(file: string): Promise<void> {
  for await (const item of readFeed(createReadStream(file), presetForm('標準'))) {
    if ('refusals' in item) throw new Error(`line ${item.line} was not read`);
  }
}

/** Into a database of its own. */
async function taken(
  engine: Engine,
  folder: string,
  file: string,
  rows: number,
  batchRows?: number,
): Promise<Measured> {
  const data = await mkdtemp(join(folder, 'data-'));
  const server = engine === 'postgres' ? await (await postgres()).database() : null;
  const config = loadConfig({ env: { KEIYAKUBIN_DATA_DIRECTORY: data, DATABASE_URL: server?.url } });
  if (isConfigProblems(config)) throw new Error(config.problems.join('\n'));
  const database = await openDatabase(config);
  try {
    const master = loadMasterKey({ file: join(folder, 'master.key'), mayCreate: true });
    const dependencies = { database, master, clock: () => new Date(), settings: config.registration };
    const name = `${engine}${batchRows === undefined ? '' : ', one transaction each'}`;
    return await measured(name, rows, async (onProgress) => {
      const { counts } = await importFeed(
        batchRows === undefined ? dependencies : { ...dependencies, batchRows },
        {
          municipality: 'mihon',
          form: presetForm('標準'),
          origin: { way: 'command', reference: file },
          source: createReadStream(file),
          onProgress,
        },
      );
      if (counts.accepted !== rows) throw new Error(`${counts.accepted} of ${rows} rows were taken`);
    });
  } finally {
    await database.close();
    await server?.drop();
  }
}

async function measured(
  name: string,
  rows: number,
  work: (onProgress: (done: number) => void) => Promise<void>,
): Promise<Measured> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const started = performance.now();
  await work((done) => {
    if (done % NEWS === 0) console.log(`  ${name}: ${done} of ${rows} rows`);
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(look);
  peak = Math.max(peak, process.memoryUsage.rss());
  return { perSecond: rows / seconds, growthMb: (peak - before) / MEGABYTE };
}
