/** Names the counters that keep answers to one sender within a day's limit. */
import { createHmac } from 'node:crypto';
import { jstDate } from '../contract/jst.ts';
import { base32 } from './secrets.ts';

/** Name of the counter of `kind` for this sender on the day (JST) of `now`; it does not tell who wrote. */
export function dailyCounter(kind: string, municipality: string, sender: string, now: string): string {
  const who = base32(createHmac('sha256', municipality).update(sender).digest()).slice(0, 16);
  return `${kind}-${jstDate(now)}-${who}`;
}
