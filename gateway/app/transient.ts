/** Tells outages from bugs: what failed for now may be tried again, by us, by the sender of a mail, by the reader of a page. */
import { isOutage } from '../../storage/outages.ts';

/** Disk or quota full, too many open files. */
const SYSTEM_CODES = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];

export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('transient' in error) return error.transient === true;
  return isOutage(error) || ('code' in error && SYSTEM_CODES.includes(String(error.code)));
}
