/** Preloaded into the gateway's process: kills it, or fails one call, at the point that the file named by FAULT_FILE describes. */
import fs, { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { callbackify, promisify } from 'node:util';

/** Happens once: the file that asks for it is gone when it does. */
export interface Fault {
  /** A blob's or a folder's fsync, a rename or a link (by its path), or a transaction's COMMIT (by the SQL and the values in it). */
  readonly at: 'sync' | 'rename' | 'link' | 'commit';
  readonly when: 'before' | 'after';
  /** What path or transaction must contain, all of it. */
  readonly matching: readonly string[];
  /** SIGKILL to the own process, or this error code instead of the call. */
  readonly act: 'SIGKILL' | 'ENOSPC';
}

const armed = process.env.FAULT_FILE ?? '';

function reach(at: Fault['at'], when: Fault['when'], subject: string): void {
  if (!existsSync(armed)) return;
  const fault: Fault = JSON.parse(readFileSync(armed, 'utf8'));
  if (fault.at !== at || fault.when !== when) return;
  if (!fault.matching.every((part) => subject.includes(part))) return;
  rmSync(armed);
  if (fault.act === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
  else throw Object.assign(new Error(`${fault.act}: injected at ${at}`), { code: fault.act });
}

const { openSync, renameSync } = fs;
const paths = new Map<number, string>();
fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest);
  paths.set(file, String(path));
  return file;
};
const fsync = promisify(fs.fsync);
const watchedFsync = async (file: number): Promise<void> => {
  const path = paths.get(file) ?? '';
  reach('sync', 'before', path);
  await fsync(file);
  reach('sync', 'after', path);
};
Object.assign(fs, { fsync: callbackify(watchedFsync) });
fs.renameSync = (from, to) => {
  reach('rename', 'before', String(to));
  renameSync(from, to);
  reach('rename', 'after', String(to));
};
const { linkSync } = fs;
fs.linkSync = (existing, made) => {
  reach('link', 'before', String(made));
  linkSync(existing, made);
  reach('link', 'after', String(made));
};
syncBuiltinESMExports();

type Done = (this: unknown, error: Error | null, ...rest: unknown[]) => void;
type Call = (this: unknown, sql: string, bindings: unknown, done: Done) => unknown;

const { Database } = createRequire(import.meta.url)('sqlite3');
let transaction: string[] = [];
for (const method of ['run', 'all']) {
  const call: Call = Database.prototype[method];
  const watched: Call = function (sql, bindings, done) {
    if (sql.startsWith('BEGIN')) transaction = [];
    if (Array.isArray(bindings)) {
      transaction.push(sql, ...bindings.filter((value) => typeof value === 'string'));
    }
    if (!sql.startsWith('COMMIT')) return call.call(this, sql, bindings, done);
    const subject = transaction.join('\n');
    reach('commit', 'before', subject);
    return call.call(this, sql, bindings, function (...outcome) {
      reach('commit', 'after', subject);
      done.apply(this, outcome);
    });
  };
  Database.prototype[method] = watched;
}
