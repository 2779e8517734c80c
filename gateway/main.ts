/** The composition root: turns a Config into a running gateway. Nothing else knows all the parts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import {
  bytesSource,
  certificate,
  conclude,
  fillingFaults,
  type InspectLimits,
  inspect,
  missingGlyphs,
  openGrowing,
  prepare,
  renew,
  renewalDue,
  verify,
} from '../signing/index.ts';
import { encryptedBlobs } from '../storage/blobs/blobs.ts';
import { fileObjects, type ObjectStore, sweepLeftovers } from '../storage/blobs/objects.ts';
import { openDatabase } from '../storage/database.ts';
import { assertMasterKey, expectsMasterKey, loadMasterKey } from '../storage/keys.ts';
import { releaseLeases } from '../storage/outbox.ts';
import { compileMails } from '../templates/index.ts';
import { acceptMessage } from './app/accept-message.ts';
import { adoptRegistrations } from './app/adopt-registrations.ts';
import { noteAuthority } from './app/authority-standing.ts';
import { consentDesk } from './app/consent-desk.ts';
import { contractStore } from './app/contract-store.ts';
import { feedRuns } from './app/feed-runs.ts';
import { commandHandler } from './app/handle-command.ts';
import { receiveMessage } from './app/receive-message.ts';
import { registrationDesk } from './app/registration-desk.ts';
import { registry } from './app/registry.ts';
import { secrets as derivedSecrets } from './app/secrets.ts';
import { takeFeed } from './app/take-feed.ts';
import { noticeOfDelay } from './app/waiting.ts';
import { readBlobUrl } from './config/blob-url.ts';
import { type Config, type Municipality, usesTestAuthority } from './config.ts';
import { jstDate } from './contract/jst.ts';
import type { Carrier } from './jobs/carrier.ts';
import { certifyPerformer } from './jobs/certifying.ts';
import { credentialPerformers, reportRevoked, watchCredentials } from './jobs/credential-watch.ts';
import { dailyRootPerformer, scheduleDailyRoot } from './jobs/daily-root.ts';
import { forgettingPerformer, scheduleForgetting } from './jobs/forgetting.ts';
import { isDayOff, isHoliday } from './jobs/holidays.ts';
import { identityFor, openFonts, openSigning, type SigningService } from './jobs/identity.ts';
import { mailPerformers } from './jobs/mailing.ts';
import { officeConversion } from './jobs/office.ts';
import type { Revoked } from './jobs/open-keys.ts';
import { passOnPerformer } from './jobs/passing-on.ts';
import { pdfText } from './jobs/pdf-text.ts';
import type { Performers } from './jobs/performer.ts';
import { quarantineMailPerformer } from './jobs/quarantine-mail.ts';
import { embeddedQueue } from './jobs/queue.ts';
import { registrationPerformers } from './jobs/registration-mailing.ts';
import { registrationStaffPerformers } from './jobs/registration-staff-mails.ts';
import { startRelay } from './jobs/relay.ts';
import { renewalMailPerformer } from './jobs/renewal-mail.ts';
import { renewalRunPerformers, scheduleRenewal } from './jobs/renewal-run.ts';
import { renewPerformer } from './jobs/renewing.ts';
import { sealingPerformers } from './jobs/sealing.ts';
import { noticeOfStop, stopNoticePerformer } from './jobs/stops.ts';
import { scheduleSummary, summaryPerformers } from './jobs/summary.ts';
import { unopenedPerformer } from './jobs/unopened.ts';
import { type WatchedFolder, watchFolders } from './jobs/watched-folder.ts';
import { startCarriedWorker, startWorker } from './jobs/worker.ts';
import { domainOf, withoutSubaddress } from './mail/address.ts';
import { relayDelivery } from './mail/deliver.ts';
import { type DnsResolver, proveDirect, systemResolver } from './mail/direct-proof.ts';
import { dkimSigners } from './mail/dkim.ts';
import type { InboundTransport } from './mail/transport.ts';
import { type Form, resolveForm } from './registration/index.ts';
import { ALL_ROLES, type Role, splitProblem } from './roles.ts';
import { createSmtpServer } from './smtp/server.ts';
import type { PostedForm } from './web/feed.ts';
import { startWebServer } from './web/server.ts';

export interface Gateway {
  /** 0 where another process has this role. */
  readonly smtpPort: number;
  readonly webPort: number;
  /** PEM of the built-in test authority's root while it signs or timestamps, else null. */
  readonly testRoot: string | null;
  /** Takes no more work, finishes what runs, releases everything. */
  close(): Promise<void>;
}

/** A sender whose DNS does not answer for so long stays unproven. */
const DNS_PATIENCE_MS = 4 * 3_600_000;

/** Rows that an answer to a posted feed names. */
const FEED_ROWS_TOLD = 1000;

/** Listens and works when it resolves. Rejects with a sentence for the operator where it cannot start. */
export async function startGateway(
  config: Config,
  log: Logger,
  roles: ReadonlySet<Role> = ALL_ROLES,
  resolver: DnsResolver = systemResolver(),
): Promise<Gateway> {
  const problem = splitProblem(roles, config);
  if (problem !== null) throw new Error(problem);
  const clock = (): Date => new Date();
  const municipalities = municipalityDirectory(config);
  const database = await openDatabase(config);
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
    // A municipality may have left the configuration.
    const modelOf = (id: string) =>
      config.municipalities.find((one) => one.id === id)?.signatoryModel ?? 'perContract';
    await adoptRegistrations(database, master, { ...config.registration, modelOf }, clock().toISOString());
    const { operator } = config;
    const onRevoked = async ({ error, ...revoked }: Revoked): Promise<void> => {
      log.error({ ...revoked, err: error }, 'signing certificate is revoked: nothing is signed with it');
      await reportRevoked(database, operator, revoked, clock().toISOString());
    };
    // Who only takes mail or shows pages has no use for the key.
    const signing = roles.has('worker') ? await openSigning(config, { clock, log, onRevoked }) : null;
    closers.push(() => signing?.close());
    closers.push(() => signing?.timestampAuthority.close());
    signing?.timestampAuthority.watch((host, failure) => {
      const reason = failure?.message ?? null;
      noteAuthority(database.knex, host, { failingSince: failure && clock().toISOString(), reason }).catch(
        (error) => log.warn({ err: error }, 'standing of a timestamp authority could not be noted'),
      );
    });
    const { certificates = [] } = signing ?? {};
    const testAuthority = usesTestAuthority(config);

    const blobs = encryptedBlobs(await objectStore(config, clock(), log));
    const store = contractStore(master);
    const commands = commandHandler(store, { ...config.contract, isDayOff });
    const secrets = derivedSecrets(master);
    const queue = embeddedQueue();
    const { wake } = queue;
    const carrier = await openCarrier(config, wake, log);
    closers.push(() => carrier?.close());
    const delivery = relayDelivery(config.relay, config.smtp.hostname, dkimSigners(config.municipalities));
    closers.push(() => delivery.close());

    const core = { database, blobs, master, store, commands, secrets, clock, log, wake };
    const reportAddressesOf = (id: string): readonly string[] => {
      // Contracts may outlive their municipality's place in the configuration.
      const addresses = config.municipalities.find((one) => one.id === id)?.reportAddresses;
      return addresses?.length === 0 ? operator.addresses : (addresses ?? []);
    };
    const registrations = {
      registry: registry(master),
      runs: feedRuns(master),
      importFeed: takeFeed({ ...core, settings: config.registration }, municipalities.formOf),
      registration: { ...config.registration, reportAddressesOf },
    };
    if (carrier) {
      const { requeueSeconds } = config.jobs;
      const relay = startRelay({ ...core, queue, carrier, periodic: roles.has('scheduler'), requeueSeconds });
      closers.push(() => relay.stop());
    }
    const settings = {
      ...config.contract,
      publicUrl: config.web.publicUrl,
      testAuthority,
      takeBackAllowed: config.contract.takeBack,
      giveUpAfterHours: config.relay.retry.giveUpAfterHours,
      answersPerHour: config.answers.perHour,
      attachments: config.attachments,
    };
    const performing = async (signing: SigningService): Promise<Performers> => {
      const texts = pdfText(() => log.warn('a PDF could not be read in time; its text is not looked into'));
      closers.push(() => texts.close());
      const identityOf = (id: string) => identityFor(signing, municipalities.byId(id));
      const receiving = {
        ...core,
        settings: {
          ...settings,
          verificationsPerDay: config.verification.answersPerDay,
          freeMailDomains: [...config.registration.freeMailDomains, ...config.registration.carrierDomains],
          requireConfirmation: config.registration.requireConfirmation,
        },
        verify: (id: string, content: Uint8Array) =>
          verify(bytesSource(content), { trust: identityOf(id).trust, profile: 'B-LTA', at: clock() }),
        municipalityOf: municipalities.byId,
        prove: (raw: Readable, transport: InboundTransport, receivedAt: string) => {
          const final = clock().getTime() - Date.parse(receivedAt) > DNS_PATIENCE_MS;
          return proveDirect(raw, transport, { hostname: config.smtp.hostname, resolver, final });
        },
        inspect: inspectPdf({ signedUploads: config.contract.signedUploads }),
        missingGlyphs: missingGlyphs(signing.fonts),
        ...registrations,
        readPdfText: texts.read,
        isDayOff,
      };
      const mailing = {
        ...core,
        delivery,
        render: await compileMails(),
        convertOffice:
          config.mail.office === 'convert'
            ? officeConversion(
                { program: config.mail.officeProgram, seconds: config.mail.officeSeconds },
                log,
              )
            : null,
        municipalityOf: municipalities.byId,
        settings,
        isHoliday,
      };
      const registering = { ...mailing, ...registrations };
      return {
        ...sealingPerformers({ ...core, sealing: { prepare, openGrowing, conclude, verify }, identityOf }),
        certify: certifyPerformer({
          ...core,
          certify: { certificate, verify },
          identityOf,
          municipalityOf: municipalities.byId,
          testAuthority,
        }),
        ...mailPerformers(mailing),
        'pass-on': passOnPerformer(mailing),
        ...registrationPerformers(registering),
        ...registrationStaffPerformers(registering),
        ...summaryPerformers({ ...mailing, summaryAt: config.contract.summaryAt, isDayOff }),
        ...credentialPerformers({ ...mailing, certificates, operator }),
        'stop-notice': stopNoticePerformer({ ...mailing, operator }),
        receive: (entry) => {
          const { message, released = false } = JSON.parse(entry.payload);
          return receiveMessage(receiving, message, released);
        },
        expire: async (entry) => async (tx, now) => {
          await commands.handle(tx, entry.contract!, { type: 'expire' }, now);
        },
        remind: async (entry) => async (tx, now) => {
          const { step, generation, deadline } = JSON.parse(entry.payload);
          await commands.handle(tx, entry.contract!, { type: 'remind', step, generation, deadline }, now);
        },
        ...renewalRunPerformers({ ...core, settings: config.signing.renewal, reportAddressesOf }),
        renew: renewPerformer({ ...core, renewal: { renew, renewalDue, verify }, identityOf }),
        unopened: unopenedPerformer(store),
        'quarantine-list': quarantineMailPerformer({ ...mailing, operatorsOf: operatorsIn(config) }),
        'renewal-mail': renewalMailPerformer({ ...mailing, reportAddressesOf }),
        'daily-root': dailyRootPerformer(database, signing.timestampAuthority),
        'forget-registrations': forgettingPerformer({ ...core, ...config.registration }),
      };
    };
    const performers = signing && (await performing(signing));

    let webPort = 0;
    if (roles.has('web')) {
      const fonts = signing?.fonts ?? openFonts(config.signing);
      const web = await startWebServer({
        ...config.web,
        desk: consentDesk({
          ...core,
          settings: config.contract,
          fillingFaults: (source, values) => fillingFaults(source, { values, fonts }),
        }),
        registrations: registrationDesk({ ...core, ...registrations }),
        feed: {
          forms: postedForms(config),
          maxOctets: config.registration.postMaxOctets,
          take: registrations.importFeed,
          toldRows: (run) =>
            registrations.runs.rows(database.knex, run, {
              fates: ['refused', 'pending'],
              limit: FEED_ROWS_TOLD,
            }),
          wake,
          log,
        },
        municipalityOf: (id) => webMunicipality(municipalities.byId(id), testAuthority),
        firstMunicipality: webMunicipality(config.municipalities[0]!, testAuthority),
        testAuthority,
        downloadDays: config.contract.downloadDays,
        takeBackAllowed: config.contract.takeBack,
        showOtherSignatories: config.contract.showOtherSignatories,
        clock,
        log,
      }).catch(portTaken('web.port', config.web));
      closers.push(() => web.close());
      webPort = web.port;
    }
    let smtpPort = 0;
    if (roles.has('smtp')) {
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
      ({ port: smtpPort } = await smtp.listen().catch(portTaken('smtp.port', config.smtp)));
      closers.push(() => smtp.close());
    }

    // Both ports are ours, so nobody else works on this file: leases left behind are a dead process's. On a server
    // another process may be at work (a rolling restart), and its leases run out by themselves.
    if (config.databaseUrl === null) await releaseLeases(database.knex);
    if (roles.has('scheduler')) {
      const now = clock().toISOString();
      await scheduleDailyRoot(database.knex, jstDate(now), now);
      await scheduleForgetting(database.knex, jstDate(now), now);
      await scheduleRenewal(database.knex, config.signing.renewal, jstDate(now), now);
      const folders = watchedFolders(config);
      const { folderPollSeconds: pollSeconds } = config.registration;
      const watch = watchFolders({ ...core, folders, pollSeconds, take: registrations.importFeed });
      closers.push(() => watch.stop());
      const { summaryAt } = config.contract;
      for (const { id } of config.municipalities) {
        await scheduleSummary(database.knex, { summaryAt, isDayOff }, id, now);
      }
    }
    if (performers) {
      const now = clock().toISOString();
      await database.transaction((tx) => watchCredentials(tx, { certificates, operator }, now));
      const { delayNoticeMinutes } = config.contract;
      const waiting = {
        backoff: config.relay.retry,
        onDelay: noticeOfDelay(delayNoticeMinutes),
        onParked: noticeOfStop(operator),
      };
      const working = { ...core, queue, performers, ...config.jobs, ...waiting };
      const worker = carrier ? startCarriedWorker(working, carrier) : startWorker(working);
      closers.push(() => worker.stop());
    }
    log.info({ roles: [...roles], smtpPort, webPort, testAuthority }, 'gateway is running');
    return { smtpPort, webPort, testRoot: signing?.testAuthority?.rootPem ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Staff with the operator's right, or where a municipality has none of its own, the installation's operator. */
function operatorsIn({ municipalities, operator }: Config): (id: string) => readonly string[] {
  return (id) => {
    const members = municipalities.find((one) => one.id === id)?.staff.members ?? [];
    const own = members.filter(({ rights }) => rights.includes('operator'));
    return own.length === 0 ? operator.addresses : own.map(({ address }) => address);
  };
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
  const { s3Objects } = await import('../storage/blobs/s3.ts');
  const store = s3Objects({
    ...location,
    accessKeyId: config.blobAccessKeyId ?? '',
    secretAccessKey: config.blobSecretAccessKey ?? '',
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
  const { bullCarrier } = await import('./jobs/bull-carrier.ts');
  return bullCarrier({ url: config.redisUrl, prefix: config.redisPrefix, onReachable, log });
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

/** What others have signed is left as it is: nobody fills in its boxes. */
const inspectPdf = (limits: InspectLimits) => (content: Uint8Array) => inspect(bytesSource(content), limits);

/** The forms that may be posted to: those that have a secret. */
function postedForms({ municipalities }: Config): PostedForm[] {
  return municipalities.flatMap(({ id, forms }) =>
    forms.flatMap(({ name, secret }) => (secret === null ? [] : [{ municipality: id, form: name, secret }])),
  );
}

function watchedFolders({ municipalities }: Config): WatchedFolder[] {
  return municipalities.flatMap(({ id, forms }) =>
    forms.flatMap(({ name, folder }) =>
      folder === null ? [] : [{ path: folder, municipality: id, form: name }],
    ),
  );
}

interface MunicipalityDirectory {
  byId(id: string): Municipality;
  /** The e-application form of this name. */
  formOf(id: string, name: string): Form;
  /** By the address a mail came to, a subaddress (RFC 5233) or an alias included. */
  byAddress(address: string): Municipality | undefined;
  ofRecipients(recipients: readonly string[]): string[];
}

function municipalityDirectory({ municipalities }: Config): MunicipalityDirectory {
  const ids = new Map(municipalities.map((municipality) => [municipality.id, municipality]));
  const addresses = new Map(
    municipalities.flatMap((municipality) =>
      [
        municipality.address,
        ...municipality.aliases,
        municipality.verificationAddress,
        municipality.registrationAddress,
      ].flatMap((address) => (address === null ? [] : [[address, municipality] as const])),
    ),
  );
  const byAddress = (address: string): Municipality | undefined => {
    const plain = withoutSubaddress(address);
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
    formOf(id, name) {
      const { forms, signatoryModel } = ids.get(id) ?? { forms: [], signatoryModel: 'perContract' };
      const settings = forms.find((form) => form.name === name);
      if (!settings) throw new Error(`municipality ${id} has no form ${name} in the configuration`);
      return resolveForm(settings, signatoryModel);
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
