/** The first start makes the master key: killed over it, the next start still finds a whole key or makes one. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../support/folder.ts';
import { ended } from '../support/our-process.ts';
import type { Fault } from './kill-at.ts';

const KEYS = join(import.meta.dirname, '../../storage/keys.ts');
const LOAD = `import(process.argv[1]).then(({ loadMasterKey }) => {
  const key = loadMasterKey({ file: process.argv[2], mayCreate: true });
  process.stdout.write(key.derive('test').toString('hex'));
});`;

describe('a start that is killed while it makes the master key', () => {
  const folder = temporaryFolder();

  for (const when of ['before', 'after'] as const) {
    it(`${when} the key has its name is followed by one that has a whole key for good`, async () => {
      const faultFile = join(folder(), 'fault.json');
      const fault: Fault = { at: 'link', when, matching: ['master.key'], act: 'SIGKILL' };
      writeFileSync(faultFile, JSON.stringify(fault));
      const load = async () => {
        const preloads = ['tsx', join(import.meta.dirname, 'kill-at.ts')].flatMap((name) => [
          '--import',
          name,
        ]);
        const child = spawn(
          process.execPath,
          [...preloads, '-e', LOAD, KEYS, join(folder(), 'keys/master.key')],
          { env: { ...process.env, FAULT_FILE: faultFile }, stdio: ['ignore', 'pipe', 'pipe'] },
        );
        return { ...(await ended(child)), signal: child.signalCode };
      };
      expect((await load()).signal).to.equal('SIGKILL');
      const first = await load();
      expect(first).to.include({ code: 0, stderr: '' });
      expect(first.stdout).to.match(/^[0-9a-f]{64}$/);
      expect((await load()).stdout).to.equal(first.stdout);
    });
  }
});
