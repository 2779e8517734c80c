/** What a performer is: does one outbox entry's work outside any transaction, then says what to write down about it. */
import type { Tx } from '../../storage/database.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';

/** Runs in the transaction that marks the entry done; its writes and that mark stand or fall together. */
export type Settlement = (tx: Tx, now: string) => Promise<void>;

/**
 * Resolves to the settlement. May run twice (a crash, a lease that ran out), so whatever it does outside the database
 * repeats harmlessly. Rejects with an error whose `transient` is true where another try may succeed.
 */
export type Performer = (entry: ClaimedEntry, now: string) => Promise<Settlement>;

export type Performers = Readonly<Record<string, Performer>>;

/** An outage, not a bug: the entry is tried again. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly transient = true;
}
