/** `keiyakubin quarantine`: the mails that are held back, and the way to have one read after all. */
import { openDatabase } from '../../storage/database.ts';
import { openMasterKey } from '../../storage/keys.ts';
import { operationSentences } from '../../templates/operation.ja.ts';
import { heldMessages, release } from '../app/quarantine.ts';
import type { Config } from '../config.ts';
import type { CommandIo } from './io.ts';

/** Exit code: 0 nothing is held, or it was released; 1 something is held, or no such mail is. */
export async function quarantine(
  { config, id }: { readonly config: Config; readonly id: string | undefined },
  io: CommandIo,
): Promise<number> {
  const database = await openDatabase(config);
  try {
    if (id !== undefined) {
      const now = new Date().toISOString();
      const released = await database.transaction((tx) => release(tx, id, now));
      io.out(released ? operationSentences.released(id) : operationSentences.notHeld(id));
      return released ? 0 : 1;
    }
    const master = await openMasterKey(database.knex, config);
    const held = await heldMessages(database.knex, master);
    for (const message of held) io.out(operationSentences.held(message));
    io.out(held.length === 0 ? operationSentences.nothingHeld : operationSentences.howToRelease);
    return held.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}
