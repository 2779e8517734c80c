/** Which failures of the database pass by themselves: the same work may succeed a little later. */

const SQLITE_CODES = new Set(['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL']);

/** No connection, or none any more. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** SQLSTATE: whole classes, and single codes where the rest of their class is a bug. */
const POSTGRES_CLASSES = new Set([
  '08', // the connection broke
  '53', // out of memory, disk or connections
]);
const POSTGRES_CODES = new Set([
  '23505', // unique violation: somebody else was first, and another look will show it
  '25006', // read-only: the server we talk to has become a standby
  '25P03', // ended by idle_in_transaction_session_timeout
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available
  '57P01', // the server is shutting down
  '57P02', // the server crashed
  '57P03', // the server is starting up
  '57P05', // ended by idle_session_timeout
]);

/** The driver's own words where it gives no code; knex puts the statement before them. */
const WORDS = [
  'Connection terminated',
  'Client has encountered a connection error',
  'timeout expired',
  'Knex: Timeout',
];

/** True for connection loss, a busy or full database, and for having met somebody else's write. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if ([SQLITE_CODES, NETWORK_CODES, POSTGRES_CODES].some((codes) => codes.has(code))) return true;
  if (POSTGRES_CLASSES.has(code.slice(0, 2))) return true;
  const { message } = error;
  return (
    WORDS.some((words) => message.startsWith(words) || message.includes(` - ${words}`)) ||
    isUniqueViolation(error)
  );
}

/** Somebody else has already written a row with this key. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    error.code === '23505' ||
    (error.code === 'SQLITE_CONSTRAINT' && /UNIQUE constraint failed/.test(error.message))
  );
}
