// What every rule between settings gives and needs.
import { isIP } from 'node:net';
import type { Path } from './environment.ts';

/** A rule that does not hold, at the setting that an operator would change. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** True when nothing sent to `host` leaves this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '::1' ||
    host === '[::1]' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** Each value that stands there a second time. */
export function repeated(values: readonly string[], pathOf: (index: number) => Path): Finding[] {
  return values.flatMap((value, i) =>
    values.indexOf(value) < i ? [{ path: pathOf(i), message: `'${value}' is given twice` }] : [],
  );
}
