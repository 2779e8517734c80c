/** Preloaded into the gateway's process: kills it, or fails one call, at the point that the file named by FAULT_FILE describes. */
import fs, { existsSync, readFileSync, rmSync } from 'node:fs';
import files, { type FileHandle } from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/** Happens once: the file that asks for it is gone when it does. */
export interface Fault {
  /** A file's fsync, rename or link (by its path), or a transaction's COMMIT (by the SQL and the values in it). */
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

const { open, rename } = files;
const paths = new WeakMap<object, string>();
files.open = async (path, ...rest) => {
  const handle = await open(path, ...rest);
  paths.set(handle, String(path));
  return handle;
};
files.rename = async (from, to) => {
  reach('rename', 'before', String(to));
  await rename(from, to);
  reach('rename', 'after', String(to));
};
const { linkSync } = fs;
fs.linkSync = (existing, made) => {
  reach('link', 'before', String(made));
  linkSync(existing, made);
  reach('link', 'after', String(made));
};
syncBuiltinESMExports();

const sample = await open(import.meta.filename);
const fileHandle: FileHandle = Object.getPrototypeOf(sample);
await sample.close();
const { sync } = fileHandle;
fileHandle.sync = async function (this: FileHandle): Promise<void> {
  const path = paths.get(this) ?? '';
  reach('sync', 'before', path);
  await sync.call(this);
  reach('sync', 'after', path);
};

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
