/** `keiyakubin parked`: the work that was set aside because no retry would have mended it, and its way back. */
import { openDatabase } from '../../storage/database.ts';
import { parkedEntries, unpark } from '../../storage/outbox.ts';
import { operationSentences } from '../../templates/operation.ja.ts';
import type { Config } from '../config.ts';
import type { CommandIo } from './io.ts';

/** Exit code: 0 nothing is parked (any more), 1 something is. A running gateway begins what is retried by itself. */
export async function parked(
  { config, retry }: { readonly config: Config; readonly retry: boolean },
  io: CommandIo,
): Promise<number> {
  const database = await openDatabase(config);
  try {
    if (retry) {
      io.out(operationSentences.retried(await unpark(database.knex, new Date().toISOString())));
      return 0;
    }
    const entries = await parkedEntries(database.knex);
    for (const { key, error } of entries) io.out(operationSentences.parked(key, error));
    io.out(entries.length === 0 ? operationSentences.nothingParked : operationSentences.howToRetry);
    return entries.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}
