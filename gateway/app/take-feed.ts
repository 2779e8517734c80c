/** The importer as the ways in use it (R1): a form by its name, whatever brings the feed. */
import type { Logger } from 'pino';
import type { FeedSource, Form } from '../registration/index.ts';
import { feedRuns } from './feed-runs.ts';
import { type ImportDependencies, importFeed } from './import-registrations.ts';
import type { FeedRun, FeedWay } from './registration-types.ts';

export interface BroughtFeed {
  /** The municipality's id. */
  readonly municipality: string;
  /** The form's name; there must be one. */
  readonly form: string;
  /** How it came in, and what that way calls the file. */
  readonly origin: { readonly way: FeedWay; readonly reference: string };
  readonly source: FeedSource;
}

/** Ways whose reference names one delivery: the same file brought once more is called otherwise. */
const ONE_DELIVERY: ReadonlySet<FeedWay> = new Set(['mail', 'notification', 'folder']);

export type TakeFeed = (feed: BroughtFeed) => Promise<FeedRun>;

export function takeFeed(
  dependencies: ImportDependencies & { readonly log: Logger },
  formOf: (municipality: string, name: string) => Form,
): TakeFeed {
  const runs = feedRuns(dependencies.master);
  return async (feed) => {
    const { municipality, form, origin } = feed;
    // A crash after the import but before what follows it: the rows' fates are those of the first time.
    const done = ONE_DELIVERY.has(origin.way)
      ? await runs.finished(dependencies.database.knex, { municipality, form, ...origin })
      : undefined;
    if (done) return done;
    const run = await importFeed(dependencies, { ...feed, form: formOf(municipality, form) });
    const { id, way, readable, counts } = run;
    dependencies.log.info({ run: id, municipality, form, way, readable, ...counts }, 'feed taken in');
    return run;
  };
}
