/** Fifty contracts at once, while each kind of process is killed, Redis forgets and PostgreSQL crashes: every one has its one right end. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { openMessage } from '../../gateway/app/accept-message.ts';
import { contractOfRoot } from '../../gateway/app/secrets.ts';
import { readBlobUrl } from '../../gateway/config/blob-url.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import type { Event } from '../../gateway/contract/events.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { certificatesIn } from '../../gateway/jobs/certificate-files.ts';
import { testRootFile } from '../../gateway/jobs/identity.ts';
import { bytesSource, verify } from '../../signing/index.ts';
import { type Blobs, encryptedBlobs, storedOctets } from '../../storage/blobs/blobs.ts';
import { s3Objects } from '../../storage/blobs/s3.ts';
import { loadMasterKey } from '../../storage/keys.ts';
import type { MessageRow } from '../../storage/messages.ts';
import { contractMail } from '../support/acts.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { SEED } from '../support/seed.ts';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../support/servers.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';
import { type PatientPeople, patientPeople } from './patient-people.ts';

const CONTRACTS = 50;
const TITLES = Array.from({ length: CONTRACTS }, (_, index) => `市道${index + 101}号線舗装工事`);
/** What people have done for a contract so far. */
const STAGES = ['sent', 'released', 'consented', 'approved'] as const;
type Stage = (typeof STAGES)[number];
type RoleName = 'smtp' | 'web' | 'worker' | 'scheduler';

/** Work is left when the last fault strikes. */
const LAST_STRIKE = CONTRACTS - 5;
const LIMIT_MS = 1_800_000;
/** For one mail, so that a contract which stands still is named before the test runs out of time. */
const MAIL_PATIENCE_MS = 1_200_000;
const LOOK_AGAIN_MS = 200;
/** Work that arises while the outbox is being looked at is due a moment later than the look. */
const SOON_MS = 60_000;
const ENTRIES_AT_ONCE = 2;
const WORKERS = 2;

const SETTINGS = {
  // Longer than anything here takes: only what a killed worker had in hand waits for it.
  KEIYAKUBIN_JOBS__LEASE_SECONDS: '20',
  KEIYAKUBIN_JOBS__REQUEUE_SECONDS: '1',
  KEIYAKUBIN_JOBS__CONCURRENCY: String(ENTRIES_AT_ONCE),
  // All the people come from one address.
  KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '100000',
};

describe('under fire', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let world: World;
  let people: PatientPeople;
  /** The running processes of each role, in the order of their start. */
  const processes: Record<RoleName, ChildProcess[]> = { smtp: [], web: [], worker: [], scheduler: [] };
  /** Resolves when PostgreSQL is back; null before it was taken away. */
  let outage: Promise<void> | null = null;

  before(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const { url } = await postgres.database();
    const env = { ...SETTINGS, KEIYAKUBIN_DATABASE_URL: url, KEIYAKUBIN_REDIS_URL: redis.url };
    world = await createWorld({ engine: 'postgres', env });
    people = patientPeople({ smtpPort: world.config.smtp.port, atOnce: 8 });
    await Promise.all((['smtp', 'web', 'worker', 'worker', 'scheduler'] as const).map(start));
  });
  after(async () => {
    await world?.stop();
    await Promise.all([postgres?.stop(), redis?.stop()]);
    await world?.close();
  });

  it(`fifty contracts come to their end (seed ${SEED})`, async () => {
    const progress = milestones();
    const random = randomFrom(SEED);
    const strike = async (
      name: string,
      stages: readonly Stage[],
      act: () => Promise<void>,
    ): Promise<void> => {
      const stage = stages[Math.floor(random() * stages.length)]!;
      const count = 1 + Math.floor(random() * LAST_STRIKE);
      await progress.reached(stage, count);
      await act();
      struck.push(`${name} when ${count} were ${stage}`);
    };
    const struck: string[] = [];
    // A role is killed while it has work: mail comes in at three stages, pages are open at one.
    const faults = [
      strike('smtp killed', ['sent', 'released', 'approved'], () => replace('smtp')),
      strike('web killed', ['consented'], () => replace('web')),
      strike('worker killed', STAGES, () => replace('worker')),
      strike('scheduler killed', STAGES, () => replace('scheduler')),
      strike('Redis emptied', STAGES, () => redis.flush()),
      strike('PostgreSQL restarted', STAGES, async () => {
        outage = postgres.restart();
        await outage;
      }),
    ];
    const files = await Promise.all(TITLES.map((title) => live(title, progress.note)));
    await Promise.all(faults);
    console.log(`      ${struck.join(', ')}; people tried again ${people.setbacks} times`);
    await workIsDone();
    for (const { exitCode, signalCode } of Object.values(processes).flat()) {
      expect([exitCode, signalCode], 'nobody ended by itself').to.deep.equal([null, null]);
    }
    await world.stop();
    await everyContractIsWhole(files);
    await everyMailIsWhole();
    await everyLetterIsKept();
  }).timeout(LIMIT_MS);

  /** Starts a role, a second time where it met PostgreSQL on its way down or up, as an operator's supervisor does. */
  async function start(role: RoleName): Promise<void> {
    const launch = (): Promise<ChildProcess> => world.spawn([], {}, role);
    const running = await launch().catch(async (error) => {
      if (outage === null) throw error;
      await outage;
      return launch();
    });
    processes[role].push(running);
  }

  async function replace(role: RoleName): Promise<void> {
    const running = processes[role].shift()!;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    expect(await ended, role).to.deep.equal([null, 'SIGKILL']);
    await start(role);
  }

  /** One contract: each acts on the mail that asks for it, as soon as it is there. Resolves to what everybody got. */
  async function live(title: string, note: (stage: Stage) => void): Promise<Buffer[]> {
    const next = (
      address: string,
      subject: RegExp,
      fits?: (text: string) => boolean,
    ): Promise<ReceivedMail> => world.mailboxes.next(address, subject, MAIL_PATIENCE_MS, fits);
    await people.mail({
      from: SATO,
      to: GATEWAY_ADDRESS,
      subject: '契約のお願い',
      text: contractMail(title),
      attachments: [{ filename: '契約書.pdf', content: buildPdf(onePage()).bytes }],
    });
    note('sent');
    await people.reply(SATO, await next(SATO.address, new RegExp(`受付.* ${title}$`)), '依頼');
    note('released');
    await people.consent(await next(YAMADA.address, new RegExp(`より${title}への署名依頼`)));
    note('consented');
    await people.reply(SUZUKI, await next(SUZUKI.address, new RegExp(`承認のお願い】${title}（`)), '承認');
    note('approved');
    const completed = await Promise.all(
      [SATO, YAMADA, SUZUKI].map(({ address }) =>
        next(address, /^電子署名完了のお知らせ$/, (text) => text.includes(title)),
      ),
    );
    return completed.map(
      ({ attachments }) =>
        attachments.find(({ fileName }) => !fileName.endsWith('合意締結証明書.pdf'))!.content,
    );
  }

  /** Resolves when nothing is left but what was noted for another day: reminders, deadlines, the morning's summary. */
  async function workIsDone(): Promise<void> {
    await world.look(async ({ knex }) => {
      for (;;) {
        const soon = new Date(Date.now() + SOON_MS).toISOString();
        const open = await knex('outbox')
          .whereNull('done_at')
          .whereNull('parked_at')
          // What failed is to be done now, however far its next try was put off.
          .where((due) => due.where('not_before', '<=', soon).orWhere('failures', '>', 0));
        if (open.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    });
    const [now, open] = await world.look(async ({ knex }) => [
      new Date().toISOString(),
      await knex('outbox').whereNull('done_at').select('key', 'not_before', 'parked_at'),
    ]);
    expect(open.filter(({ parked_at }) => parked_at !== null)).to.deep.equal([]);
    expect(open.filter(({ not_before }) => not_before <= now)).to.deep.equal([]);
  }

  async function everyContractIsWhole(files: readonly (readonly Buffer[])[]): Promise<void> {
    const contracts = await world.contracts();
    expect(contracts.map(({ title }) => title).sort()).to.deep.equal(TITLES);
    expect(new Set(contracts.map(({ number }) => number)).size).to.equal(CONTRACTS);
    const histories = await world.look(async ({ knex }, store) => {
      const found: Event[][] = [];
      for (const { id } of contracts) found.push(await store.history(knex, id));
      return found;
    });
    const trust = certificatesIn(readFileSync(testRootFile(world.config.dataDirectory)));
    for (const [index, contract] of contracts.entries()) {
      isWhole(contract, histories[index]!);
      const [file, ...others] = files[TITLES.indexOf(contract.title)]!;
      for (const other of others) expect(other.equals(file!), contract.title).to.equal(true);
      expect(sha256(file!), contract.title).to.equal(contract.documents[0]!.revisions.at(-1)!.sha256);
      const report = await verify(bytesSource(file!), { trust, profile: 'B-LTA', at: new Date() });
      expect(report, contract.title).to.include({ valid: true, level: 'B-LTA' });
      expect(
        report.signatures.map(({ kind }) => kind),
        contract.title,
      ).to.deep.equal(['signature', 'signature', 'document-timestamp']);
    }
  }

  async function everyMailIsWhole(): Promise<void> {
    const { mails } = world.mailboxes;
    const firsts = new Map<string, ReceivedMail>();
    for (const mail of mails) {
      const first = firsts.get(mail.messageId) ?? mail;
      firsts.set(mail.messageId, first);
      const { to, subject, text } = mail;
      expect({ to, subject, text }, mail.messageId).to.deep.equal({
        to: first.to,
        subject: first.subject,
        text: first.text,
      });
    }
    // Only what a process had in hand when it, or PostgreSQL under it, went.
    const inHand = ENTRIES_AT_ONCE * (WORKERS + 1);
    expect(mails.length - firsts.size, 'mails repeated').to.be.at.most(inHand);
    const distinct = [...firsts.values()];
    for (const contract of await world.contracts()) mailsAreWhole(contract, distinct);
    const known = new Set((await world.contracts()).map(({ id }) => id));
    expect(distinct.filter((mail) => !known.has(contractOf(mail) ?? ''))).to.deep.equal([]);
  }

  /** Each mail that was answered with 250 is stored octet for octet and was read; a repeat had no effect. */
  async function everyLetterIsKept(): Promise<void> {
    const rows: MessageRow[] = await world.look(({ knex }) => knex('messages'));
    expect(rows.filter(({ status }) => status !== 'handled' && status !== 'duplicate')).to.deep.equal([]);
    expect(rows.filter(({ status }) => status === 'handled')).to.have.length(3 * CONTRACTS);
    const { config } = world;
    const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: false });
    const blobs = blobsOf(world);
    const kept = new Set<string>();
    for (const row of rows) {
      const octets: Uint8Array[] = [];
      for await (const chunk of storedOctets(blobs, openMessage(master, row).owner, row.blob))
        octets.push(chunk);
      kept.add(sha256(Buffer.concat(octets)));
    }
    expect([...kept].sort()).to.deep.equal(people.sent.map(sha256).sort());
  }
});

function isWhole(contract: Contract, history: readonly Event[]): void {
  const { title } = contract;
  expect(replay(history), title).to.deep.equal(contract);
  expect(contract.state, title).to.equal('concluded');
  expect(contract.certificate, title).to.not.equal(null);
  const consents = history.flatMap((event) => (event.type === 'ConsentGiven' ? [event.participant] : []));
  expect(consents, title).to.deep.equal(contract.steps.map(({ participant }) => participant));
  const often = (type: Event['type']): number => history.filter((event) => event.type === type).length;
  const once = ['ContractDrafted', 'GoAheadGiven', 'DocumentPrepared', 'DocumentConcluded'] as const;
  for (const type of [...once, 'CertificateIssued', 'ContractConcluded'] as const) {
    expect(often(type), `${type} of ${title}`).to.equal(1);
  }
  expect(often('DocumentSealed'), title).to.equal(2);
  const revisions = contract.documents.map((document) =>
    document.revisions.map(({ purpose, step }) => `${purpose} ${step ?? ''}`.trim()),
  );
  expect(revisions, title).to.deep.equal([['prepare', 'consent 0', 'consent 1', 'conclude']]);
}

/** One of each; the note that a request will leave is left out where the request was faster. */
function mailsAreWhole(contract: Contract, distinct: readonly ReceivedMail[]): void {
  const { id, title, number } = contract;
  const shown = distinct
    .filter((mail) => contractOf(mail) === id)
    .map(({ to, subject }) => `${to} ${subject.replace(title, '…').replace(number, '№')}`)
    .map((which) => which.replace(/(承認のお願い】…)（.*$/, '$1'));
  const optional = shown.filter((which) => which.includes('に送ります】'));
  expect(optional.length, title).to.be.at.most(1);
  expect(shown.filter((which) => !optional.includes(which)).sort(), title).to.deep.equal(
    [
      `${SATO.address} 【まだ送っていません】受付№ …`,
      `${YAMADA.address} 見本市様より…への署名依頼が届いています`,
      `${YAMADA.address} 【同意を記録しました】…`,
      `${SUZUKI.address} 【承認のお願い】…`,
      `${SUZUKI.address} 【同意を記録しました】…`,
      ...[SATO, YAMADA, SUZUKI].map(({ address }) => `${address} 電子署名完了のお知らせ`),
    ].sort(),
  );
}

function contractOf({ references }: ReceivedMail): string | undefined {
  return references.map(contractOfRoot).find((id) => id !== undefined);
}

function blobsOf({ config }: World): Blobs {
  const location = readBlobUrl(config.blobUrl!);
  if ('problem' in location) throw new Error(location.problem);
  const { blobAccessKeyId, blobSecretAccessKey, blobConnectSeconds, blobSilenceSeconds } = config;
  return encryptedBlobs(
    s3Objects({
      ...location,
      ...{ accessKeyId: blobAccessKeyId!, secretAccessKey: blobSecretAccessKey! },
      ...{ connectSeconds: blobConnectSeconds, silenceSeconds: blobSilenceSeconds },
    }),
  );
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** Counts contracts at each stage and tells whoever waits for a count. */
function milestones(): {
  note(stage: Stage): void;
  reached(stage: Stage, count: number): Promise<unknown>;
} {
  const passed = new EventEmitter().setMaxListeners(0);
  const counts = new Map<Stage, number>();
  return {
    note(stage) {
      const count = (counts.get(stage) ?? 0) + 1;
      counts.set(stage, count);
      passed.emit(`${stage} ${count}`);
    },
    reached: (stage, count) => once(passed, `${stage} ${count}`),
  };
}

/** Numbers from 0 to 1 that a seed repeats: one hash for each. */
function randomFrom(seed: number): () => number {
  let drawn = 0;
  return () => createHash('sha256').update(`${seed} ${drawn++}`).digest().readUInt32BE() / 2 ** 32;
}
