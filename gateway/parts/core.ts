/** What every process of a gateway has, whatever its roles: the records, the files, the way in for commands. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { fileObjects, type ObjectStore, sweepLeftovers } from '../../storage/blobs/objects.ts';
import { openDatabase } from '../../storage/database.ts';
import { openMasterKey } from '../../storage/keys.ts';
import { adoptRegistrations } from '../app/adopt-registrations.ts';
import { contractStore } from '../app/contract-store.ts';
import { feedRuns } from '../app/feed-runs.ts';
import { commandHandler } from '../app/handle-command.ts';
import { registry } from '../app/registry.ts';
import { secrets as derivedSecrets } from '../app/secrets.ts';
import { takeFeed } from '../app/take-feed.ts';
import { readBlobUrl } from '../config/blob-url.ts';
import { type Config, usesTestAuthority } from '../config.ts';
import type { Carrier } from '../jobs/carrier.ts';
import { isDayOff } from '../jobs/holidays.ts';
import { embeddedQueue } from '../jobs/queue.ts';
import { municipalityDirectory } from './municipalities.ts';

/** Has a closer called when the gateway stops, the latest first. */
export type OnClose = (closer: () => unknown) => void;

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Rejects with a sentence for the operator where database, master key or object store do not let us in. */
export async function openParts(config: Config, log: Logger, onClose: OnClose) {
  const clock = (): Date => new Date();
  const municipalities = municipalityDirectory(config);
  const database = await openDatabase(config);
  onClose(() => database.close());
  const master = await openMasterKey(database.knex, config);
  const { modelOf, reportAddressesOf, formOf } = municipalities;
  await adoptRegistrations(database, master, { ...config.registration, modelOf }, clock().toISOString());

  const blobs = encryptedBlobs(await objectStore(config, clock(), log));
  const store = contractStore(master);
  const commands = commandHandler(store, { ...config.contract, isDayOff });
  const queue = embeddedQueue();
  const { wake } = queue;
  const carrier = await openCarrier(config, wake, log);
  onClose(() => carrier?.close());

  const core = {
    database,
    blobs,
    master,
    store,
    commands,
    secrets: derivedSecrets(master),
    clock,
    log,
    wake,
  };
  const registrations = {
    registry: registry(master),
    runs: feedRuns(master),
    importFeed: takeFeed({ ...core, settings: config.registration }, formOf),
    registration: { ...config.registration, reportAddressesOf },
  };
  const testAuthority = usesTestAuthority(config);
  return { config, municipalities, core, registrations, queue, carrier, testAuthority };
}

/** Files below the data folder, or an S3-compatible store; one that answers but does not let us in stops the start. */
async function objectStore(config: Config, now: Date, log: Logger): Promise<ObjectStore> {
  if (config.blobUrl === null) {
    const root = join(config.dataDirectory, 'blobs');
    const swept = await sweepLeftovers(root, now);
    if (swept > 0) log.info({ files: swept }, 'leftovers of killed processes removed');
    return fileObjects(root);
  }
  const location = readBlobUrl(config.blobUrl);
  if ('problem' in location) throw new Error(`blobUrl ${location.problem}`);
  // The client costs a third of a second to load: only who uses it waits for it.
  const { s3Objects } = await import('../../storage/blobs/s3.ts');
  const store = s3Objects({
    ...location,
    accessKeyId: config.blobAccessKeyId ?? '',
    secretAccessKey: config.blobSecretAccessKey ?? '',
    connectSeconds: config.blobConnectSeconds,
    silenceSeconds: config.blobSilenceSeconds,
  });
  await store.check().catch((error) => {
    if (!error.transient) throw new Error(`blobUrl: ${error.message}`, { cause: error });
    log.warn({ err: error }, 'object store does not answer yet');
  });
  return store;
}

/** The queue between processes, if there is one; it need not answer yet. */
async function openCarrier(config: Config, onReachable: () => void, log: Logger): Promise<Carrier | null> {
  if (config.redisUrl === null) return null;
  const { bullCarrier } = await import('../jobs/bull-carrier.ts');
  const { redisUrl: url, redisPrefix: prefix, redisAnswerSeconds: answerSeconds } = config;
  return bullCarrier({ url, prefix, answerSeconds, onReachable, log });
}
