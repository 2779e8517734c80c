/** The importer as the ways in use it (R1): a form by its name, whatever brings the feed. */
import type { FeedSource, Form } from '../registration/index.ts';
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

export type TakeFeed = (feed: BroughtFeed) => Promise<FeedRun>;

export function takeFeed(
  dependencies: ImportDependencies,
  formOf: (municipality: string, name: string) => Form,
): TakeFeed {
  return (feed) => importFeed(dependencies, { ...feed, form: formOf(feed.municipality, feed.form) });
}
