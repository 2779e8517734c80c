/** The role scheduler: begins what nobody asks for, and watches the folders feeds are put into. */
import type { Config } from '../config.ts';
import { jstDate } from '../contract/jst.ts';
import { scheduleDailyRoot } from '../jobs/daily-root.ts';
import { scheduleForgetting } from '../jobs/forgetting.ts';
import { isDayOff } from '../jobs/holidays.ts';
import { scheduleRenewal } from '../jobs/renewal-run.ts';
import { scheduleSummary } from '../jobs/summary.ts';
import { type WatchedFolder, watchFolders } from '../jobs/watched-folder.ts';
import type { OnClose, Parts } from './core.ts';

export async function startScheduler(
  { config, core, registrations }: Parts,
  onClose: OnClose,
): Promise<void> {
  const { knex } = core.database;
  const now = core.clock().toISOString();
  await scheduleDailyRoot(knex, jstDate(now), now);
  await scheduleForgetting(knex, jstDate(now), now);
  await scheduleRenewal(knex, config.signing.renewal, jstDate(now), now);
  const folders = watchedFolders(config);
  const { folderPollSeconds: pollSeconds } = config.registration;
  const watch = watchFolders({ ...core, folders, pollSeconds, take: registrations.importFeed });
  onClose(() => watch.stop());
  const { summaryAt } = config.contract;
  for (const { id } of config.municipalities) {
    await scheduleSummary(knex, { summaryAt, isDayOff }, id, now);
  }
}

function watchedFolders({ municipalities }: Config): WatchedFolder[] {
  return municipalities.flatMap(({ id, forms }) =>
    forms.flatMap(({ name, folder }) =>
      folder === null ? [] : [{ path: folder, municipality: id, form: name }],
    ),
  );
}
