/** Who fetched which executed file, when and how often: one row a link and file. */
import type { Tx } from './database.ts';

export interface Downloaded {
  readonly secret: string;
  /** Id of the document, `certificate`, `all`, or `print`. */
  readonly file: string;
  readonly contract: string;
  readonly participant: string;
}

/** What one participant has fetched so far; `lastAt` is ISO UTC. */
export interface DownloadFigures {
  readonly participant: string;
  readonly lastAt: string;
  readonly times: number;
}

export async function noteDownload(tx: Tx, download: Downloaded, now: string): Promise<void> {
  await tx('downloads')
    .insert({ ...download, first_at: now, last_at: now, times: 1 })
    .onConflict(['secret', 'file'])
    .merge({ last_at: now, times: tx.raw('?? + 1', ['downloads.times']) });
}

export async function downloadsOf(tx: Tx, contract: string): Promise<DownloadFigures[]> {
  const rows: { participant: string; last_at: string; times: number | string }[] = await tx('downloads')
    .where({ contract })
    .groupBy('participant')
    .orderBy('participant')
    .select('participant')
    .max({ last_at: 'last_at' })
    .sum({ times: 'times' });
  // PostgreSQL gives sums as text.
  return rows.map(({ participant, last_at, times }) => ({
    participant,
    lastAt: last_at,
    times: Number(times),
  }));
}
