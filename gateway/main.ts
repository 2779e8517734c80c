/** The composition root: turns a Config into a running gateway. What belongs to one role stands in `parts/`. */
import type { Logger } from 'pino';
import { releaseLeases } from '../storage/outbox.ts';
import type { Config } from './config.ts';
import { startRelay } from './jobs/relay.ts';
import { type DnsResolver, systemResolver } from './mail/direct-proof.ts';
import { openParts } from './parts/core.ts';
import { openPerformers } from './parts/performers.ts';
import { startScheduler } from './parts/scheduler.ts';
import { openSigningPart } from './parts/signing.ts';
import { startSmtp } from './parts/smtp.ts';
import { startWeb } from './parts/web.ts';
import { startWork } from './parts/worker.ts';
import { ALL_ROLES, type Role, splitProblem } from './roles.ts';

export interface Gateway {
  /** 0 where another process has this role. */
  readonly smtpPort: number;
  readonly webPort: number;
  /** PEM of the built-in test authority's root while it signs or timestamps, else null. */
  readonly testRoot: string | null;
  /** Takes no more work, finishes what runs, releases everything. */
  close(): Promise<void>;
}

/** Listens and works when it resolves. Rejects with a sentence for the operator where it cannot start. */
export async function startGateway(
  config: Config,
  log: Logger,
  roles: ReadonlySet<Role> = ALL_ROLES,
  resolver: DnsResolver = systemResolver(),
): Promise<Gateway> {
  const problem = splitProblem(roles, config);
  if (problem !== null) throw new Error(problem);
  const closers: (() => unknown)[] = [];
  const onClose = (closer: () => unknown): void => {
    closers.push(closer);
  };
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const parts = await openParts(config, log, onClose);
    const { core, queue, carrier, testAuthority } = parts;
    // Who only takes mail or shows pages has no use for the key.
    const signing = roles.has('worker') ? await openSigningPart(parts, onClose) : null;
    if (carrier) {
      const { requeueSeconds } = config.jobs;
      const relay = startRelay({ ...core, queue, carrier, periodic: roles.has('scheduler'), requeueSeconds });
      onClose(() => relay.stop());
    }
    const performers = signing && (await openPerformers(parts, signing, resolver, onClose));
    const webPort = roles.has('web') ? await startWeb(parts, signing, onClose) : 0;
    const smtpPort = roles.has('smtp') ? await startSmtp(parts, resolver, onClose) : 0;

    // Both ports are ours, so nobody else works on this file: leases left behind are a dead process's. On a server
    // another process may be at work (a rolling restart), and its leases run out by themselves.
    if (config.databaseUrl === null) await releaseLeases(core.database.knex);
    if (roles.has('scheduler')) await startScheduler(parts, onClose);
    if (performers) await startWork(parts, signing, performers, onClose);
    log.info({ roles: [...roles], smtpPort, webPort, testAuthority }, 'gateway is running');
    return { smtpPort, webPort, testRoot: signing?.testAuthority?.rootPem ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}
