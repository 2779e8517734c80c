/** The role worker: does what the outbox asks for. */
import { noticeOfDelay } from '../app/waiting.ts';
import { watchCredentials } from '../jobs/credential-watch.ts';
import type { SigningService } from '../jobs/identity.ts';
import type { Performers } from '../jobs/performer.ts';
import { noticeOfStop } from '../jobs/stops.ts';
import { startCarriedWorker, startWorker } from '../jobs/worker.ts';
import type { OnClose, Parts } from './core.ts';

export async function startWork(
  { config, core, queue, carrier }: Parts,
  { certificates }: SigningService,
  performers: Performers,
  onClose: OnClose,
): Promise<void> {
  const { operator } = config;
  const now = core.clock().toISOString();
  await core.database.transaction((tx) => watchCredentials(tx, { certificates, operator }, now));
  const working = {
    ...core,
    queue,
    performers,
    ...config.jobs,
    backoff: config.relay.retry,
    onDelay: noticeOfDelay(config.contract.delayNoticeMinutes, config.contract.deferredNoticeHours),
    onParked: noticeOfStop(operator),
  };
  const worker = carrier ? startCarriedWorker(working, carrier) : startWorker(working);
  onClose(() => worker.stop());
}
