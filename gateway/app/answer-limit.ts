/** Nobody is answered without end: two machines that answer each other stop here at the latest (RFC 3834 2). */
import { nextCount } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { dailyCounter } from './daily-counter.ts';
import type { Outcome, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

/** What was done stays done; only its answer is left out once the sender has had as many as an hour allows. */
export async function withinLimit(
  { settings, log }: Pick<ReceiveDependencies, 'settings' | 'log'>,
  tx: Tx,
  { row, sender }: ReceivedMail,
  outcome: Outcome,
  now: string,
): Promise<Outcome> {
  const { answer, registration, ...silent } = outcome;
  const withheld = answer ?? registration;
  if (withheld === undefined) return outcome;
  const counter = dailyCounter(`answer-${now.slice(11, 13)}`, row.municipality, sender, now);
  if ((await nextCount(tx, row.municipality, counter)) <= settings.answersPerHour) return outcome;
  log.warn(
    { message: row.id, answer: withheld.type },
    'answer withheld: the sender has had enough this hour',
  );
  return silent;
}
