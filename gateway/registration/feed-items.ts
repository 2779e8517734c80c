// What goes into reading a feed, and what comes out of it, item by item.
import type { Cells } from './columns.ts';
import type { Delimiter, FeedEncoding } from './forms.ts';
import type { RegistrationRefusal } from './refusals.ts';

/** First item of a readable feed. */
export interface FeedHeader {
  /** As written; a file of refused rows begins with it. */
  readonly header: readonly string[];
  readonly line: number;
  /** Null for a notification mail. */
  readonly encoding: FeedEncoding | null;
  readonly delimiter: Delimiter | null;
}

/** A row as understood; whether it may be registered is for the rules. */
export interface FeedRow {
  /** Line of the file the row begins on, as an editor counts; the first is 1. */
  readonly line: number;
  readonly original: readonly string[];
  readonly cells: Cells;
}

/** A row, or all of the feed from here on, that could not be read. */
export interface FeedRefusal {
  readonly line: number;
  readonly original: readonly string[];
  readonly refusals: readonly RegistrationRefusal[];
  /** True: nothing after this line was read, and this is the last item. */
  readonly ends: boolean;
}

export type FeedItem = FeedHeader | FeedRow | FeedRefusal;

/** A file's octets, or the text of a form system's notification mail. */
export type FeedSource = Uint8Array | AsyncIterable<Uint8Array> | { readonly notification: string };

/** What a feed may measure at most. */
export interface FeedLimits {
  readonly maxOctets: number;
  /** The header not counted. */
  readonly maxRows: number;
  /** Characters in one row. */
  readonly maxRowCharacters: number;
}

/** As in the settings. */
export const FEED_LIMITS: FeedLimits = {
  maxOctets: 100 * 1_048_576,
  maxRows: 200_000,
  maxRowCharacters: 100_000,
};
