/** Ports for servers that start later: several runs of tests side by side must never mean the same one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { freePort } from '../../demo/people.ts';

const SCRIPT = join(import.meta.dirname, '../support/ports-process.ts');
const PROCESSES = 3;
/** As many as one process may hold at once. */
const PORTS = 99;

describe('a free port', () => {
  it('is given to one process only, though nobody listens there yet', async () => {
    const children: ChildProcess[] = [];
    const portsOf = async (): Promise<number[]> => {
      const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, String(PORTS)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(child);
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      return JSON.parse(line);
    };
    try {
      const given = (await Promise.all(Array.from({ length: PROCESSES }, portsOf))).flat();
      given.push(await freePort());
      expect(given).to.have.length(PROCESSES * PORTS + 1);
      expect(new Set(given).size).to.equal(given.length);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
});
