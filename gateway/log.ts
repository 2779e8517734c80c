/** English log lines as JSON; whatever looks like a mail address or one of our secrets is masked on its way out. */
import { type Logger, pino } from 'pino';

/** y***@sample.example.jp; secrets (42 characters of base32) vanish whole. */
export function masked(line: string): string {
  return (
    line
      // From a word's beginning only: begun at each of its letters, one long word would be read as often as it has letters.
      .replace(
        /(?<![\p{L}\p{N}._%+-])([._%+-]*[\p{L}\p{N}])[\p{L}\p{N}._%+-]*@(?=[\p{L}\p{N}-]+\.)/gu,
        '$1***@',
      )
      .replace(/(?<![a-z2-7])[a-z2-7]{42}(?![a-z2-7])/gi, '[secret]')
  );
}

/** Writes to standard output unless `destination` is given. */
export function createLog(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: masked },
  };
  return destination ? pino(options, destination) : pino(options);
}
