/** What other processes have spent and hold, as Linux counts it (proc(5)). */
import { readdir, readFile } from 'node:fs/promises';
import { sum } from './figures.ts';

/** ms. */
export interface Cpu {
  readonly user: number;
  readonly system: number;
}

const TICK_MS = 10;

/** User and system time of a process and all below it, the ended ones included, ms (proc(5)). */
export async function cpuOf(root: number): Promise<Cpu> {
  const processes = new Map<number, { parent: number; user: number; system: number }>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (stat === '') continue;
    const fields = stat
      .slice(stat.lastIndexOf(') ') + 2)
      .split(' ')
      .map(Number);
    const [user, system, usersBelow, systemsBelow] = fields.slice(11, 15) as [number, number, number, number];
    processes.set(Number(name), {
      parent: fields[1]!,
      user: user + usersBelow,
      system: system + systemsBelow,
    });
  }
  const below = (pid: number, kind: keyof Cpu): number =>
    (processes.get(pid)?.[kind] ?? 0) +
    sum([...processes].filter(([, { parent }]) => parent === pid).map(([child]) => below(child, kind)));
  return { user: below(root, 'user') * TICK_MS, system: below(root, 'system') * TICK_MS };
}

/** Resident memory of a process, KB (proc(5)): now, or at its peak since the start or since clear_refs. */
export async function residentKb(pid: number, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]);
}
