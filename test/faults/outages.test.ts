/** What the gateway stands on fails for a while, is full, taken or wrong: nothing is lost, and nothing is promised that does not hold. */
import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink, freePort } from '../../demo/people.ts';
import type { Config } from '../../gateway/config.ts';
import { agreedShown, completion, contractCalled, contractMail, requested } from '../support/acts.ts';
import { type Ended, ended } from '../support/our-process.ts';
import { rejection } from '../support/rejection.ts';
import { GATEWAY_ADDRESS, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';
import { octetsOf, openRig, pressConsent, type Rig } from './rig.ts';

/** What `serve` would be told to share the world's folder and ports. */
function environmentOf({ dataDirectory, masterKeyFile, smtp, web }: Config): Record<string, string> {
  return {
    KEIYAKUBIN_DATA_DIRECTORY: dataDirectory,
    KEIYAKUBIN_MASTER_KEY_FILE: masterKeyFile,
    KEIYAKUBIN_SMTP__PORT: String(smtp.port),
    KEIYAKUBIN_WEB__PORT: String(web.port),
  };
}

const CLI = join(import.meta.dirname, '../../gateway/cli/keiyakubin.ts');

function serve(env: Readonly<Record<string, string>>): Promise<Ended> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  return ended(
    spawn(process.execPath, ['--import', 'tsx', CLI, 'serve'], { env: { ...process.env, ...env }, stdio }),
  );
}

interface StoredEntry {
  readonly key: string;
  readonly attempt: number;
  readonly leased_until: string | null;
  readonly done_at: string | null;
}

/** The outbox entries of one type of one contract. */
function entriesOf(world: World, contract: string, type: string): Promise<StoredEntry[]> {
  return world.look(async ({ knex }) => knex('outbox').where({ contract, type }).orderBy('key'));
}

function eventTypes(world: World, contract: string): Promise<string[]> {
  return world.look(async ({ knex }) => knex('events').where({ contract }).orderBy('seq').pluck('type'));
}

/** Holds back every timestamp request until `release`; `asked` resolves at the first. */
function holdTimestamps(rig: Rig): { asked: Promise<void>; release(): void } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    rig.onTimestamp = async () => {
      resolve();
      await released;
      return true;
    };
  });
  return { asked, release: () => release() };
}

async function contractOctets(title: string): Promise<Buffer> {
  return octetsOf({
    from: SATO,
    to: GATEWAY_ADDRESS,
    subject: '契約のお願い',
    text: contractMail(title),
    attachments: [{ filename: '契約書.pdf', content: await samplePdf() }],
  });
}

/** Hands over all of a mail but its last octets; `finish` sends those and resolves to the reply. */
async function halfSent(port: number, raw: Buffer): Promise<{ finish(): Promise<string> }> {
  // A server that stops hangs up on the QUIT.
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the server hung up');
      if (value[3] !== '-') return value;
    }
  };
  await reply();
  const { address } = SATO;
  for (const line of [
    'EHLO a.example.jp',
    `MAIL FROM:<${address}>`,
    `RCPT TO:<${GATEWAY_ADDRESS}>`,
    'DATA',
  ]) {
    socket.write(`${line}\r\n`);
    expect(await reply()).to.match(/^[23]/);
  }
  const most = raw.length - 10;
  socket.write(raw.subarray(0, most));
  return {
    async finish() {
      socket.write(Buffer.concat([raw.subarray(most), Buffer.from('\r\n.\r\n')]));
      const answer = await reply();
      socket.end('QUIT\r\n');
      return answer;
    },
  };
}

describe('an outage of the timestamp authority', () => {
  let rig: Rig;
  let world: World;
  before(async () => {
    rig = await openRig();
    world = rig.world;
    await world.start();
  });
  after(() => rig.close());

  it('makes sealing wait, keeps each consent and is over when it is back', async () => {
    const title = '市道1号線舗装工事';
    const request = await requested(world, title);
    rig.onTimestamp = () => false;
    await consentByLink(request);
    await world.next(YAMADA, /同意を記録しました/);
    await world.logged(/"type":"seal".*outbox entry failed for now/);
    expect((await contractCalled(world, title)).state).to.equal('sealing');
    expect(world.mailboxes.mails.filter(({ to }) => to === SUZUKI.address)).to.deep.equal([]);
    rig.onTimestamp = () => true;
    const approval = await world.next(SUZUKI, /承認のお願い/);
    rig.onTimestamp = () => false;
    await world.reply(SUZUKI, approval, '承認');
    await world.logged(/"type":"seal".*outbox entry failed for now/);
    rig.onTimestamp = () => true;
    await completion(world, SATO, title);
    const { id, documents } = await contractCalled(world, title);
    expect(documents[0]!.revisions.map(({ purpose }) => purpose)).to.deep.equal([
      'prepare',
      'consent',
      'consent',
      'conclude',
    ]);
    expect((await eventTypes(world, id)).filter((type) => type === 'DocumentSealed')).to.have.length(2);
  });
});

describe('a start', () => {
  let rig: Rig;
  let world: World;
  before(async () => {
    rig = await openRig();
    world = rig.world;
    await world.start();
  });
  after(() => rig.close());

  it('on ports that are taken ends at once and touches no work of the gateway that has them', async () => {
    const title = '市道2号線舗装工事';
    const request = await requested(world, title);
    const held = holdTimestamps(rig);
    await consentByLink(request);
    await held.asked;
    const { id } = await contractCalled(world, title);
    const before = await entriesOf(world, id, 'seal');
    expect(before[0]).to.include({ attempt: 1, done_at: null });
    const second = await serve(environmentOf(world.config));
    expect(second.code).to.equal(2);
    expect(second.stderr.trim()).to.equal(
      `port ${world.config.web.port} of 127.0.0.1 is taken: is the gateway running already? (web.port)`,
    );
    expect(await entriesOf(world, id, 'seal')).to.deep.equal(before);
    held.release();
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    expect((await entriesOf(world, id, 'seal'))[0]!.attempt).to.equal(1);
  });

  it('with another master key than the stored data ends at once and says so', async () => {
    const outcome = await serve({
      ...environmentOf(world.config),
      KEIYAKUBIN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    expect(outcome.code).to.equal(2);
    expect(outcome.stderr.trim()).to.equal(
      'this master key is not the one the stored data was encrypted with',
    );
    expect(outcome.stdout).to.equal('');
  });
});

describe('an outage of the relay', () => {
  let rig: Rig;
  let relay: Server;
  let relayPort: number;
  before(async () => {
    relayPort = await freePort();
    rig = await openRig({ KEIYAKUBIN_RELAY__PORT: String(relayPort) });
    relay = createServer((socket) => {
      const through = connect(rig.world.mailboxes.port, '127.0.0.1');
      socket.pipe(through).pipe(socket);
      socket.on('error', () => through.destroy());
      through.on('error', () => socket.destroy());
    });
    await rig.world.start();
  });
  after(async () => {
    relay.close();
    await rig.close();
  });

  it('holds back mails, each of which leaves once when it is there again', async () => {
    const { world } = rig;
    await world.mailContract();
    await world.logged(/"type":"mail".*outbox entry failed for now/);
    await world.mailContract({ text: '' });
    await world.logged(/"type":"answer".*outbox entry failed for now/);
    expect(world.mailboxes.mails).to.deep.equal([]);
    relay.listen(relayPort, '127.0.0.1');
    await once(relay, 'listening');
    await world.next(SATO, /受付/);
    await world.next(SATO, /契約のお願い/);
    await world.stop();
    expect(world.mailboxes.mails).to.have.length(2);
  });
});

describe('a process', () => {
  let rig: Rig;
  let world: World;
  before(async () => {
    rig = await openRig();
    world = rig.world;
    await rig.process();
  });
  after(() => rig.close());

  it('whose disk is full says 451 and promises nothing; the same mail is taken when there is room', async () => {
    const raw = await contractOctets('市道1号線舗装工事');
    const send = (): Promise<string> => world.mailRaw(raw, { from: SATO.address, to: GATEWAY_ADDRESS });
    rig.arm({ at: 'sync', when: 'before', matching: ['/blobs/tmp/'], act: 'ENOSPC' });
    const refused = await rejection(send());
    expect(refused).to.include({ responseCode: 451 });
    expect(await world.look(async ({ knex }) => knex('messages'))).to.deep.equal([]);
    expect(await readdir(join(world.config.dataDirectory, 'blobs/tmp'))).to.deep.equal([]);
    expect(await send()).to.match(/^250 /);
    await world.next(SATO, /受付/);
    expect(await world.contracts()).to.have.length(1);
  });

  it('whose disk is full when it seals tries again and seals once', async () => {
    const title = '市道2号線舗装工事';
    const request = await requested(world, title);
    const agreed = await agreedShown(linkIn(request));
    const { id } = await contractCalled(world, title);
    rig.arm({ at: 'rename', when: 'before', matching: [`/blobs/${id}-`], act: 'ENOSPC' });
    await pressConsent(linkIn(request), agreed);
    await world.logged(/"type":"seal".*ENOSPC.*outbox entry failed for now/);
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    const [seal] = await entriesOf(world, id, 'seal');
    expect(seal).to.include({ attempt: 2 });
    expect((await contractCalled(world, title)).documents[0]!.revisions).to.have.length(2);
  });

  it('that is told to stop finishes the seal and the mail under way, takes nothing new and ends with 0', async () => {
    const title = '市道3号線舗装工事';
    const request = await requested(world, title);
    const held = holdTimestamps(rig);
    await pressConsent(linkIn(request), await agreedShown(linkIn(request)));
    await held.asked;
    const mail = await halfSent(world.config.smtp.port, await contractOctets('市道4号線舗装工事'));
    const stopped = rig.stop();
    await world.logged(/gateway is stopping/);
    expect(await mail.finish()).to.match(/^250 /);
    held.release();
    expect(await stopped).to.equal(0);
    const { id, state } = await contractCalled(world, title);
    const [seal] = await entriesOf(world, id, 'seal');
    expect(seal).to.include({ attempt: 1, leased_until: null });
    expect(seal!.done_at).to.not.equal(null);
    expect(state).to.equal('awaiting');
    await world.start();
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    await world.next(SATO, /受付.*市道4号線/);
  });
});
