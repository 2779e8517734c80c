// PostgreSQL and Redis taken away, emptied and given back; roles in processes of their own, some of them killed.
import { expect } from 'chai';
import { linkIn, type MailboxOptions, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { openDatabase } from '../../storage/database.ts';
import { approvalAsked, completion, drafted } from '../support/acts.ts';
import { runOurs } from '../support/our-process.ts';
import { rejection } from '../support/rejection.ts';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '../support/servers.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const TITLE = '市道2号線舗装工事';
/** So soon that nothing here waits for long. */
const SOON = { KEIYAKUBIN_JOBS__LEASE_SECONDS: '2', KEIYAKUBIN_JOBS__REQUEUE_SECONDS: '1' };

async function finished(world: World, approval: ReceivedMail): Promise<void> {
  await world.reply(SUZUKI, approval, '承認');
  for (const who of [SATO, YAMADA, SUZUKI]) await completion(world, who, TITLE);
}

/** One contract, concluded; each document sealed once a step; no history broken; mails repeated, if at all, under one Message-ID. */
async function expectOneOfEverything(world: World): Promise<void> {
  const contracts = await world.contracts();
  expect(contracts.map(({ state }) => state)).to.deep.equal(['concluded']);
  const [contract] = contracts;
  for (const { revisions } of contract!.documents) {
    expect(revisions.map(({ purpose }) => purpose)).to.deep.equal([
      'prepare',
      'consent',
      'consent',
      'conclude',
    ]);
  }
  const history = await world.look(({ knex }, store) => store.history(knex, contract!.id));
  // Notes about mails may have come in between the two looks.
  expect(replay(history.filter(({ seq }) => seq <= contract!.seq))).to.deep.equal(contract);
  expect(history.filter(({ type }) => type === 'ConsentGiven')).to.have.length(2);
  for (const who of [SATO, YAMADA, SUZUKI]) {
    const completed = world.mailboxes.mails.filter(
      ({ to, subject }) => to === who.address && subject === '電子署名完了のお知らせ',
    );
    expect(new Set(completed.map(({ messageId }) => messageId)).size, who.name).to.equal(1);
  }
  const parked = await world.look(({ knex }) => knex('outbox').whereNotNull('parked_at').pluck('key'));
  expect(parked).to.deep.equal([]);
}

describe('roles in processes of their own', () => {
  let world: World;
  const open = async (mailboxes: MailboxOptions = {}): Promise<void> => {
    world = await createWorld({ engine: 'postgres', env: SOON, mailboxes });
  };
  const role = (roles: string) => world.spawn([], {}, roles);
  afterEach(() => world?.close());

  it('conclude a contract together, two workers and two schedulers side by side', async () => {
    await open();
    await Promise.all(['smtp', 'web', 'worker', 'worker', 'scheduler', 'scheduler'].map(role));
    const { approval } = await approvalAsked(world, TITLE);
    await finished(world, approval);
    await expectOneOfEverything(world);
  });

  it('lose nothing when the worker is killed while a mail is being taken', async () => {
    let kill = (): void => {};
    await open({
      onMail: ({ subject }) => {
        if (subject === '電子署名完了のお知らせ') kill();
        return null;
      },
    });
    const [worker] = await Promise.all([role('worker'), role('smtp,web,scheduler')]);
    const { approval } = await approvalAsked(world, TITLE);
    const killed = new Promise<void>((resolve) => {
      kill = () => {
        kill = () => {};
        worker.once('exit', () => resolve());
        worker.kill('SIGKILL');
      };
    });
    await world.reply(SUZUKI, approval, '承認');
    await killed;
    await role('worker');
    for (const who of [SATO, YAMADA, SUZUKI]) await completion(world, who, TITLE);
    await expectOneOfEverything(world);
  });

  it('are refused without PostgreSQL and Redis, before anything is made', async () => {
    const { code, stderr } = await runOurs('gateway/cli/keiyakubin.ts', ['serve', '--role', 'smtp,web']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^--role: roles can be split over processes with PostgreSQL and Redis only/);
  });

  it('keep what came in while there was no worker', async () => {
    await open();
    await role('smtp,scheduler');
    await world.mailContract();
    await role('worker');
    await world.next(SATO, /受付/);
  });
});

describe('Redis', () => {
  let redis: RedisServer;
  let world: World;
  beforeEach(async () => {
    redis = await startRedis();
    world = await createWorld({ engine: 'postgres', env: { ...SOON, KEIYAKUBIN_REDIS_URL: redis.url } });
  });
  afterEach(async () => {
    await world.close();
    await redis.stop();
  });

  it('that cannot be reached at the start is said to be, and everything goes on when it is there', async () => {
    await redis.halt();
    await world.start();
    await world.logged(/Redis cannot be reached/);
    await world.mailContract();
    await redis.restart();
    await world.logged(/Redis can be reached again/);
    await world.next(SATO, /受付/);
  });

  it('that is emptied and restarted on the way costs nothing', async () => {
    await world.start();
    const { approval } = await approvalAsked(world, TITLE);
    await redis.flush();
    await redis.halt();
    await world.reply(SUZUKI, approval, '承認');
    await redis.restart();
    for (const who of [SATO, YAMADA, SUZUKI]) await completion(world, who, TITLE);
    await expectOneOfEverything(world);
  });

  it('that forgets jobs nobody has taken yet is told of them again', async () => {
    await world.spawn([], {}, 'smtp,scheduler');
    await world.mailContract();
    await handedOver(world);
    await redis.flush();
    await world.spawn([], {}, 'worker');
    await world.next(SATO, /受付/);
  });
});

describe('PostgreSQL', () => {
  let server: PostgresServer;
  let world: World;
  beforeEach(async () => {
    server = await startPostgres();
    const { url } = await server.database();
    world = await createWorld({ engine: 'postgres', env: { ...SOON, KEIYAKUBIN_DATABASE_URL: url } });
    await world.start();
  });
  afterEach(async () => {
    await world.stop();
    await server.stop();
    await world.close();
  });

  it('that cannot be reached at the start stops it with a sentence that names the server, not the password', async () => {
    const databaseUrl = 'postgres://keiyakubin:secret@127.0.0.1:1/keiyakubin';
    const error = await rejection(openDatabase({ ...world.config, databaseUrl }));
    expect(error)
      .to.have.property('message')
      .that.matches(/^databaseUrl: PostgreSQL at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/);
    expect(String(error)).to.not.include('secret');
  });

  it('that is away makes mail wait (451) and pages ask for patience, and everything goes on when it is back', async () => {
    const { request, approval } = await approvalAsked(world, TITLE);
    await server.halt();
    const consent = { method: 'POST', body: new URLSearchParams() };
    for (const page of [await fetch(linkIn(request)), await fetch(`${linkIn(request)}/consent`, consent)]) {
      expect(page.status).to.equal(503);
      expect(await page.text()).to.include('ただいま処理をしています');
    }
    const raw = 'From: sato@mihon.example.jp\r\nSubject: x\r\n\r\nx\r\n';
    const refused = await world
      .mailRaw(raw, { from: SATO.address, to: GATEWAY_ADDRESS })
      .catch((error) => error);
    expect(refused).to.have.property('responseCode', 451);
    await server.restart();
    await finished(world, approval);
    await expectOneOfEverything(world);
  });

  it('that restarts again and again while a contract is made costs nothing', async () => {
    const receipt = await drafted(world, TITLE);
    await server.restart();
    await world.reply(SATO, receipt, '依頼');
    await server.restart();
    const request = await world.next(YAMADA, new RegExp(`${TITLE}への署名依頼`));
    await server.restart();
    expect((await consentByLink(request)).status).to.equal(200);
    await server.restart();
    const approval = await world.next(SUZUKI, /承認のお願い/);
    await world.reply(SUZUKI, approval, '承認');
    await server.restart();
    for (const who of [SATO, YAMADA, SUZUKI]) await completion(world, who, TITLE);
    await expectOneOfEverything(world);
  });
});

/** Resolves once the queue has been given the incoming mail's entry. */
async function handedOver(world: World): Promise<void> {
  await world.look(async ({ knex }) => {
    for (;;) {
      const waiting = await knex('outbox').where({ type: 'receive' }).whereNull('enqueued_at');
      if (waiting.length === 0) return;
    }
  });
}
