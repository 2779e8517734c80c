/** The composition root: turns a Config into a running gateway. Nothing else knows all the parts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import holidays from '@holiday-jp/holiday_jp';
import type { Logger } from 'pino';
import {
  bytesSource,
  certificate,
  conclude,
  inspect,
  missingGlyphs,
  prepare,
  seal,
  verify,
} from '../signing/index.ts';
import { encryptedBlobs } from '../storage/blobs/blobs.ts';
import { fileObjects } from '../storage/blobs/objects.ts';
import { databaseFile, openDatabase } from '../storage/database.ts';
import { assertMasterKey, expectsMasterKey, loadMasterKey } from '../storage/keys.ts';
import { releaseLeases } from '../storage/outbox.ts';
import { compileMails } from '../templates/index.ts';
import { acceptMessage } from './app/accept-message.ts';
import { consentDesk } from './app/consent-desk.ts';
import { contractStore } from './app/contract-store.ts';
import { commandHandler } from './app/handle-command.ts';
import { receiveMessage } from './app/receive-message.ts';
import { secrets as derivedSecrets } from './app/secrets.ts';
import type { Config, Municipality } from './config.ts';
import { jstDate } from './contract/jst.ts';
import { certifyPerformer } from './jobs/certifying.ts';
import { dailyRootPerformer, scheduleDailyRoot } from './jobs/daily-root.ts';
import { identityFor, openSigning } from './jobs/identity.ts';
import { mailPerformers } from './jobs/mailing.ts';
import type { Performers } from './jobs/performer.ts';
import { embeddedQueue } from './jobs/queue.ts';
import { sealingPerformers } from './jobs/sealing.ts';
import { startWorker } from './jobs/worker.ts';
import { domainOf, normaliseAddress } from './mail/address.ts';
import { relayDelivery } from './mail/deliver.ts';
import { createSmtpServer } from './smtp/server.ts';
import { startWebServer } from './web/server.ts';

export interface Gateway {
  readonly smtpPort: number;
  readonly webPort: number;
  /** PEM of the built-in test authority's root while it signs or timestamps, else null. */
  readonly testRoot: string | null;
  /** Takes no more work, finishes what runs, releases everything. */
  close(): Promise<void>;
}

/** Listens and works when it resolves. Rejects with a sentence for the operator where it cannot start. */
export async function startGateway(config: Config, log: Logger): Promise<Gateway> {
  const clock = (): Date => new Date();
  const municipalities = municipalityDirectory(config);
  const database = await openDatabase(databaseFile(config.dataDirectory));
  const closers: (() => unknown)[] = [() => database.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const master = loadMasterKey({
      file: config.masterKeyFile,
      base64: config.masterKey ?? undefined,
      mayCreate: !(await expectsMasterKey(database.knex)),
    });
    await assertMasterKey(database.knex, master);
    const signing = await openSigning(config, clock);
    closers.push(() => signing.testAuthority?.close());
    const testAuthority = signing.testAuthority !== null;

    const blobs = encryptedBlobs(fileObjects(join(config.dataDirectory, 'blobs')));
    const store = contractStore(master);
    const commands = commandHandler(store, config.contract);
    const secrets = derivedSecrets(master);
    const queue = embeddedQueue();
    const { wake } = queue;
    const delivery = relayDelivery(config.relay, config.smtp.hostname);
    closers.push(() => delivery.close());

    const core = { database, blobs, master, store, commands, secrets, clock, log, wake };
    const settings = {
      ...config.contract,
      publicUrl: config.web.publicUrl,
      testAuthority,
      takeBackAllowed: config.contract.takeBack,
      giveUpAfterHours: config.relay.retry.giveUpAfterHours,
      attachments: config.attachments,
    };
    const receiving = {
      ...core,
      settings,
      municipalityOf: municipalities.byId,
      inspect: inspectPdf,
      missingGlyphs: missingGlyphs(signing.font),
    };
    const identityOf = (id: string) => identityFor(signing, municipalities.byId(id));
    const performers: Performers = {
      ...sealingPerformers({ ...core, sealing: { prepare, seal, conclude, verify }, identityOf }),
      certify: certifyPerformer({
        ...core,
        certify: { certificate, verify },
        identityOf,
        municipalityOf: municipalities.byId,
        testAuthority,
      }),
      ...mailPerformers({
        ...core,
        delivery,
        render: await compileMails(),
        municipalityOf: municipalities.byId,
        settings,
        isHoliday: (date) => holidays.isHoliday(new Date(`${date}T00:00:00+09:00`)),
      }),
      receive: (entry) => receiveMessage(receiving, JSON.parse(entry.payload).message),
      expire: async (entry) => async (tx, now) => {
        await commands.handle(tx, entry.contract!, { type: 'expire' }, now);
      },
      remind: async (entry) => async (tx, now) => {
        const { step, generation, deadline } = JSON.parse(entry.payload);
        await commands.handle(tx, entry.contract!, { type: 'remind', step, generation, deadline }, now);
      },
      'daily-root': dailyRootPerformer(database, signing.timestampAuthority),
    };

    const web = await startWebServer({
      ...config.web,
      desk: consentDesk({ ...core, settings: config.contract }),
      municipalityOf: (id) => webMunicipality(municipalities.byId(id), testAuthority),
      firstMunicipality: webMunicipality(config.municipalities[0]!, testAuthority),
      testAuthority,
      downloadDays: config.contract.downloadDays,
      takeBackAllowed: config.contract.takeBack,
      clock,
      log,
    }).catch(portTaken('web.port', config.web));
    closers.push(() => web.close());

    const { tls } = config.smtp;
    const smtp = createSmtpServer({
      ...config.smtp,
      maxSize: config.smtp.maxMessageOctets,
      tls: tls ? { key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) } : undefined,
      accepts: (address) => municipalities.byAddress(address) !== undefined,
      store: (transport, data) =>
        acceptMessage({ ...core, municipalitiesOf: municipalities.ofRecipients }, transport, data),
      log,
    });
    const { port: smtpPort } = await smtp.listen().catch(portTaken('smtp.port', config.smtp));
    closers.push(() => smtp.close());

    // Both ports are ours, so no other process works on this outbox: leases left behind are a dead process's.
    await releaseLeases(database.knex);
    const now = clock().toISOString();
    await scheduleDailyRoot(database.knex, jstDate(now), now);
    const worker = startWorker({
      ...core,
      queue,
      performers,
      ...config.jobs,
      backoff: config.relay.retry,
    });
    closers.push(() => worker.stop());
    log.info({ smtpPort, webPort: web.port, testAuthority }, 'gateway is running');
    return { smtpPort, webPort: web.port, testRoot: signing.testAuthority?.rootPem ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Says which setting names a port that somebody else has. */
function portTaken(setting: string, { host, port }: Config['web' | 'smtp']): (error: unknown) => never {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} of ${host} is taken: is the gateway running already? (${setting})`, {
      cause: error,
    });
  };
}

const inspectPdf = (content: Uint8Array): ReturnType<typeof inspect> => inspect(bytesSource(content));

interface MunicipalityDirectory {
  byId(id: string): Municipality;
  /** By the address a mail came to, a subaddress (RFC 5233) or an alias included. */
  byAddress(address: string): Municipality | undefined;
  ofRecipients(recipients: readonly string[]): string[];
}

function municipalityDirectory({ municipalities }: Config): MunicipalityDirectory {
  const ids = new Map(municipalities.map((municipality) => [municipality.id, municipality]));
  const addresses = new Map(
    municipalities.flatMap((municipality) =>
      [municipality.address, ...municipality.aliases].map((address) => [address, municipality] as const),
    ),
  );
  const byAddress = (address: string): Municipality | undefined => {
    const plain = normaliseAddress(address).replace(/\+[^@]*(?=@)/, '');
    // RFC 5321 4.5.1: mail to postmaster is taken, with or without a domain of ours.
    const [local, domain] = plain.split('@');
    if (local === 'postmaster') {
      return municipalities.find((one) => domain === undefined || domainOf(one.address) === domain);
    }
    return addresses.get(plain);
  };
  return {
    byAddress,
    byId(id) {
      const municipality = ids.get(id);
      if (!municipality) throw new Error(`municipality ${id} is not in the configuration`);
      return municipality;
    },
    ofRecipients: (recipients) => [
      ...new Set(recipients.flatMap((recipient) => byAddress(recipient)?.id ?? [])),
    ],
  };
}

function webMunicipality(
  { name, desks, signedBy, nameHolder }: Municipality,
  testAuthority: boolean,
): Parameters<typeof startWebServer>[0]['firstMunicipality'] {
  return { base: { municipality: name, desks, testAuthority }, signedBy, nameHolder };
}
