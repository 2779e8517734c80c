/** Folders that form systems put their CSV files into (R1): each file is picked up once, taken in, and kept in done/ or failed/. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { TakeFeed } from '../app/take-feed.ts';
import { isTransient } from '../app/transient.ts';

export interface WatchedFolder {
  readonly path: string;
  readonly municipality: string;
  readonly form: string;
}

export interface FolderWatch {
  /** Looks into every folder once; a look that is still running is joined. */
  look(): Promise<void>;
  /** Looks no more; resolves when what runs is done. */
  stop(): Promise<void>;
}

export interface FolderWatchDependencies {
  readonly folders: readonly WatchedFolder[];
  readonly pollSeconds: number;
  readonly take: TakeFeed;
  readonly clock: () => Date;
  readonly wake: () => void;
  readonly log: Logger;
}

/** Where files are while they are read, and afterwards. */
const PLACES = { reading: 'reading', done: 'done', failed: 'failed' } as const;

const FEED_NAME = /^[^.].*\.(?:csv|tsv|txt)$/i;

/**
 * A writer either renames its file into place when it is complete (from a name that begins with a dot or ends otherwise),
 * or writes it there: a file is taken at the second look that finds it as long and as old as the one before.
 */
export function watchFolders(dependencies: FolderWatchDependencies): FolderWatch {
  const { folders, pollSeconds, log } = dependencies;
  const seen = new Map<string, string>();
  let running: Promise<void> | null = null;

  const lookOnce = async (): Promise<void> => {
    for (const folder of folders) {
      await lookInto(dependencies, folder, seen).catch((error) =>
        log.error(
          { err: error, municipality: folder.municipality, form: folder.form },
          'watched folder failed',
        ),
      );
    }
  };
  const look = (): Promise<void> => {
    running ??= lookOnce().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = folders.length === 0 ? null : setInterval(() => void look(), pollSeconds * 1000);
  return {
    look,
    async stop() {
      if (timer) clearInterval(timer);
      await running;
    },
  };
}

async function lookInto(
  dependencies: FolderWatchDependencies,
  folder: WatchedFolder,
  seen: Map<string, string>,
): Promise<void> {
  const reading = join(folder.path, PLACES.reading);
  for (const place of Object.values(PLACES)) await mkdir(join(folder.path, place), { recursive: true });
  for (const name of (await readdir(folder.path)).filter((one) => FEED_NAME.test(one)).sort()) {
    const path = join(folder.path, name);
    const file = await stat(path).catch(() => null);
    if (!file?.isFile()) continue;
    const looks = `${file.size}:${file.mtimeMs}`;
    if (seen.get(path) !== looks) {
      seen.set(path, looks);
      continue;
    }
    seen.delete(path);
    // Whoever renames it first has it; the time keeps two files of one name apart.
    await rename(path, join(reading, `${stampOf(dependencies.clock())}_${name}`)).catch(unlessGone);
  }
  // What a killed process left is here too: the importer goes on where it was.
  for (const name of (await readdir(reading)).sort()) await takeIn(dependencies, folder, name);
}

async function takeIn(
  { take, wake, log }: FolderWatchDependencies,
  folder: WatchedFolder,
  name: string,
): Promise<void> {
  const { municipality, form } = folder;
  const path = join(folder.path, PLACES.reading, name);
  const finish = (place: 'done' | 'failed'): Promise<void> =>
    rename(path, join(folder.path, PLACES[place], name)).catch(unlessGone);
  try {
    const run = await take({
      municipality,
      form,
      origin: { way: 'folder', reference: name },
      source: octetsOf(path),
    });
    await finish(run.readable ? 'done' : 'failed');
    wake();
  } catch (error) {
    // Another look finds it where it is.
    if (isTransient(error)) throw error;
    await finish('failed');
    log.error({ err: error, municipality, form }, 'feed file cannot be taken in');
  }
}

/** Opened only when it is read: an import that fails before leaves no stream behind. */
async function* octetsOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

/** 20261121T001530123Z: sorts as it came. */
function stampOf(now: Date): string {
  return now.toISOString().replace(/[-:.]/g, '');
}

/** Another process has it. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
