/** `keiyakubin serve`: runs the gateway until it is told to stop. */
import type { Config } from '../config.ts';
import { testRootFile } from '../jobs/identity.ts';
import { createLog } from '../log.ts';
import { startGateway } from '../main.ts';
import { readRoles } from '../roles.ts';
import type { CommandIo } from './io.ts';

/** `roles` as on the command line, all of them when absent. Resolves to the exit code after SIGINT or SIGTERM. */
export async function serve(config: Config, io: CommandIo, roles?: string): Promise<number> {
  const chosen = readRoles(roles);
  const log = createLog(config.log.level);
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    // npm and a process group may pass a signal on twice: the second one must not cut the closing short.
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
  // By default it would end the process. Whoever holds certificates takes new ones on by itself.
  process.on('SIGHUP', () => {
    const held = (['smtp', 'web'] as const).filter((role) => chosen.has(role) && config[role].tls !== null);
    log.info(
      { signal: 'SIGHUP' },
      held.length === 0
        ? 'nothing to read anew: settings are read at the start'
        : `TLS files of ${held.join(' and ')} are read anew; settings are read at the start`,
    );
  });
  const gateway = await startGateway(config, log, chosen);
  if (gateway.testRoot !== null) {
    io.err(
      `The built-in test authority signs or timestamps: 試験用・法的効力なし (no legal effect). Its root: ${testRootFile(config.dataDirectory)}`,
    );
  }
  const signal = await stopped;
  log.info({ signal }, 'gateway is stopping');
  await gateway.close();
  return 0;
}
