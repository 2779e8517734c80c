/** What one process of the gateway does: everything, or some of the roles while other processes have the rest. */
import type { Config } from './config.ts';

const ROLES = ['smtp', 'web', 'worker', 'scheduler'] as const;

/** smtp takes mail in, web shows pages, worker performs, scheduler hands over what has become due. */
export type Role = (typeof ROLES)[number];

export const ALL_ROLES: ReadonlySet<Role> = new Set(ROLES);

/** Reads `smtp,web`; absent means all. Throws a sentence for the operator where a name is no role. */
export function readRoles(text: string | undefined): ReadonlySet<Role> {
  if (text === undefined) return ALL_ROLES;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !ROLES.some((role) => role === name));
  if (unknown.length > 0) {
    throw new Error(`--role: '${unknown.join(', ')}' is none of ${ROLES.join(', ')}`);
  }
  return new Set(names as Role[]);
}

/** Why these roles cannot run apart from the others here; null when they can. */
export function splitProblem(
  roles: ReadonlySet<Role>,
  { databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>,
): string | null {
  if (roles.size === ROLES.length || (databaseUrl !== null && redisUrl !== null)) return null;
  return (
    '--role: roles can be split over processes with PostgreSQL and Redis only (databaseUrl and redisUrl): ' +
    'SQLite takes one writing process at a time, and without Redis no process hears what another one has to do; ' +
    'run all roles in one process, or set both'
  );
}
