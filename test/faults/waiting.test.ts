/** What contracts depend on outside fails, lies or is not out yet: they wait, people are told, nothing is downgraded (decided 10, rule 3). */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { type Status, showStatus } from '../../gateway/cli/status.ts';
import { bytesSource, verify } from '../../signing/index.ts';
import { approvalAsked, completion, contractCalled, mailsTo, requested } from '../support/acts.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const HOUR = 3_600_000;
/** Tries follow one another by a second, as in no real installation. */
const HASTY = { KEIYAKUBIN_RELAY__RETRY__MAX_SECONDS: '1' };

async function openWorld(env: Readonly<Record<string, string>>): Promise<World> {
  const world = await createWorld({ env: { ...HASTY, ...env } });
  await world.start();
  return world;
}

/** What 「状況」 is answered. */
async function statusMail(world: World, title: string): Promise<ReceivedMail> {
  const [receipt] = mailsTo(world, SATO, new RegExp(`受付.* ${title}$`));
  await world.reply(SATO, receipt!, '状況');
  return world.next(SATO, new RegExp(`状況.*${title}`));
}

async function operatorSees(
  world: World,
  now = new Date(),
): Promise<{ code: number; text: string; status: Status }> {
  const lines: string[] = [];
  const io = { out: (line: string) => void lines.push(line), err: expect.fail };
  const code = await showStatus({ config: world.config, json: false, now }, io);
  const text = lines.splice(0).join('\n');
  await showStatus({ config: world.config, json: true, now }, io);
  return { code, text, status: JSON.parse(lines.join('\n')) };
}

interface Notice {
  readonly key: string;
  readonly not_before: string;
  readonly done_at: string | null;
}

async function notices(world: World, title: string): Promise<Notice[]> {
  const { id } = await contractCalled(world, title);
  return world.look(({ knex }) => knex('outbox').where('key', 'like', `${id}:%:delayed:%`).orderBy('key'));
}

/** Lets the hour pass for the notices of this contract; 「状況」 wakes the worker. */
async function letTheHourPass(world: World, title: string): Promise<ReceivedMail> {
  const { id } = await contractCalled(world, title);
  await world.look(({ knex }) =>
    knex('outbox')
      .where('key', 'like', `${id}:%:delayed:%`)
      .whereNull('done_at')
      .update({ not_before: '2026-01-01T00:00:00.000Z' }),
  );
  return statusMail(world, title);
}

/** The executed document and its certificate, as they were mailed, hold at B-LTA under this authority's roots. */
async function expectExecuted(
  world: World,
  title: string,
  authorities: readonly ControllableAuthority[],
): Promise<void> {
  const { attachments } = await completion(world, SATO, title);
  expect(attachments).to.have.length(2);
  const trust = authorities.map(({ root }) => root);
  for (const { content } of attachments) {
    const report = await verify(bytesSource(content), { trust, profile: 'B-LTA', at: new Date() });
    expect([report.valid, report.level]).to.deep.equal([true, 'B-LTA']);
  }
}

describe('an authority that does not answer as it should', () => {
  let world: World;
  let authority: ControllableAuthority;
  before(async () => {
    authority = await openAuthority();
    world = await openWorld(authority.env());
  });
  after(async () => {
    await world.close();
    await authority.close();
  });

  it('lets consents be recorded and sealed later; the initiator hears of it once, the operator at any time', async () => {
    const title = '市道1号線舗装工事';
    const request = await requested(world, title);
    authority.tsa = 'down';
    await consentByLink(request);
    await world.next(YAMADA, /同意を記録しました/);
    const failed = await world.logged(/"type":"seal".*outbox entry failed for now/);
    expect(JSON.parse(failed)).to.include({ awaits: 'timestamp', until: null });

    const status = await statusMail(world, title);
    expect(status.text).to.match(/^待ち：タイムスタンプ局から、正しいタイムスタンプを受け取れません。$/m);
    expect(status.text).to.include('何もしていただく必要はありません。');
    const [notice, ...more] = await notices(world, title);
    expect(more).to.deep.equal([]);
    const { since } = JSON.parse(failed);
    expect(Date.parse(notice!.not_before) - Date.parse(since)).to.equal(HOUR);

    await letTheHourPass(world, title);
    const told = await world.next(SATO, new RegExp(`処理を待っています.*${title}`));
    expect(told.text).to.include('いただいた同意は記録済みで、失われることはありません。');
    expect(told.text).to.include('タイムスタンプ局').and.include('山田太郎様');
    await world.reply(SATO, told, '状況');
    expect((await world.next(SATO, new RegExp(`状況.*${title}`))).text).to.include('待ち：');
    await world.logged(/"type":"seal".*outbox entry failed for now/);
    await letTheHourPass(world, title);
    expect(mailsTo(world, SATO, /処理を待っています/)).to.have.length(1);

    const early = await operatorSees(world);
    expect(early.code).to.equal(0);
    const late = await operatorSees(world, new Date(Date.now() + 2 * HOUR));
    expect(late.code).to.equal(1);
    const { number } = await contractCalled(world, title);
    expect(late.text).to.match(new RegExp(`^　${number} 電子署名　待ち先：タイムスタンプ局　.*回失敗`, 'm'));
    expect(late.status.waiting).to.have.length(1);
    expect(late.status.waiting[0]).to.include({
      number,
      work: 'seal',
      awaits: 'timestamp',
      entries: 1,
      since,
    });
    expect(late.status.municipalities[0]!.contracts).to.deep.equal({ sealing: 1 });
    expect(late.status.certificates.map(({ name }) => name)).to.include('見本署名者');

    authority.tsa = 'honest';
    const approval = await world.next(SUZUKI, /承認のお願い/);
    Object.assign(authority, { ocsp: 'unknown', crl: 'down' });
    await world.reply(SUZUKI, approval, '承認');
    await world.logged(/"type":"conclude".*"awaits":"revocation".*outbox entry failed for now/);
    expect((await statusMail(world, title)).text).to.match(/^待ち：証明書が失効していないことを、認証局に/m);
    expect((await contractCalled(world, title)).state).to.equal('concluding');
    authority.ocsp = 'good';
    await expectExecuted(world, title, [authority]);

    // What has gone on needs no notice, however late it is looked at.
    expect((await letTheHourPass(world, title)).text).to.not.include('待ち：');
    expect((await notices(world, title)).every(({ done_at }) => done_at !== null)).to.equal(true);
    expect(mailsTo(world, SATO, /処理を待っています/)).to.have.length(1);
    const quiet = await operatorSees(world, new Date(Date.now() + 2 * HOUR));
    expect([quiet.code, quiet.status.waiting]).to.deep.equal([0, []]);
  });

  it('is not waited for by a consent that was taken back', async () => {
    Object.assign(authority, { tsa: 'honest', ocsp: 'good', crl: 'good' });
    const title = '公園遊具更新工事';
    const request = await requested(world, title);
    authority.tsa = 'garbage';
    await consentByLink(request);
    const failed = await world.logged(/"type":"seal".*outbox entry failed for now/);
    await fetch(`${linkIn(request)}/takeback`, { method: 'POST' });
    await world.next(SATO, new RegExp(`取り消.*${title}`));
    expect((await letTheHourPass(world, title)).text).to.not.include('待ち：');
    expect(mailsTo(world, SATO, new RegExp(`処理を待っています.*${title}`))).to.deep.equal([]);

    await consentByLink(request);
    const { entry } = JSON.parse(failed);
    await world.logged(new RegExp(`"entry":"(?!${entry})[^"]*:seal:.*outbox entry failed for now`));
    await letTheHourPass(world, title);
    await world.next(SATO, new RegExp(`処理を待っています.*${title}`));
    authority.tsa = 'honest';
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    expect(mailsTo(world, SATO, new RegExp(`処理を待っています.*${title}`))).to.have.length(1);
  });
});

describe('a certification authority that only publishes lists', () => {
  let world: World;
  let authority: ControllableAuthority;
  before(async () => {
    authority = await openAuthority(['crl']);
    world = await openWorld(authority.env());
  });
  after(async () => {
    await world.close();
    await authority.close();
  });

  it('is waited for until its next one is out, and people are told when that will be', async () => {
    const title = '樹木剪定業務委託';
    // New enough to sign by, older than what it will have to prove.
    authority.crl = 'stale';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    const failed = await world.logged(/"type":"conclude".*outbox entry failed for now/);
    const until = new Date(Math.floor(authority.nextUpdate.getTime() / 1000) * 1000).toISOString();
    expect(JSON.parse(failed)).to.include({ awaits: 'revocation', until });
    expect((await statusMail(world, title)).text).to.match(
      /次の失効情報の発行を待っています。[\s\S]*遅くとも/,
    );
    expect((await operatorSees(world)).status.waiting[0]).to.include({ work: 'conclude', until });
    authority.crl = 'good';
    await expectExecuted(world, title, [authority]);
  });
});

describe('two timestamp authorities', () => {
  let world: World;
  let liar: ControllableAuthority;
  let honest: ControllableAuthority;
  before(async () => {
    [liar, honest] = await Promise.all([openAuthority(), openAuthority()]);
    world = await openWorld(honest.env([liar.timestampUrl, honest.timestampUrl], [liar]));
  });
  after(async () => {
    await world.close();
    await Promise.all([liar.close(), honest.close()]);
  });

  it('serve a contract to its end when the first one lies, which the log says', async () => {
    const title = '防犯灯設置工事';
    liar.tsa = 'wrong-imprint';
    const { approval } = await approvalAsked(world, title);
    await world.logged(/imprint-mismatch.*timestamp authority fails; asked last for a while/);
    await world.reply(SUZUKI, approval, '承認');
    await expectExecuted(world, title, [liar, honest]);
    expect(liar.asked.tsa, 'not asked again so soon').to.equal(1);
    const { code, status, text } = await operatorSees(world);
    expect(code, 'nothing waits').to.equal(0);
    expect(status.timestampAuthorities.map(({ serves }) => serves)).to.deep.equal([false, true]);
    expect(text).to.match(/^タイムスタンプ局：127\.0\.0\.1:\d+　応じていません（.*から）。$/m);
    expect(mailsTo(world, SATO, /処理を待っています/)).to.deep.equal([]);
  });
});

describe('a certificate that proves revoked', () => {
  const OPERATOR = { name: '運用担当', address: 'unyo@mihon.example.jp' };
  let world: World;
  let authority: ControllableAuthority;
  before(async () => {
    authority = await openAuthority();
    const addresses = JSON.stringify([OPERATOR.address]);
    world = await openWorld({ ...authority.env(), KEIYAKUBIN_OPERATOR__ADDRESSES: addresses });
  });
  after(async () => {
    await world.close();
    await authority.close();
  });

  it('stops what it has signed when that was too late; initiator and operator hear of it', async () => {
    const title = '側溝改良工事';
    const { approval } = await approvalAsked(world, title);
    authority.ocsp = 'revoked';
    await world.reply(SUZUKI, approval, '承認');
    await world.logged(/"type":"conclude".*was revoked at .*outbox entry parked/);
    const told = await world.next(SATO, new RegExp(`止まっています】.*${title}`));
    expect(told.text)
      .to.include('いただいた同意は記録済みで')
      .and.include('署名の正しさを証明できません。')
      .and.include('山田太郎様');
    const { number } = await contractCalled(world, title);
    const notice = await world.next(OPERATOR, new RegExp(`処理が止まりました】受付${number}`));
    expect(notice.text).to.match(/理由（記録のまま）：certificate "見本.*" was revoked at/);
    expect((await statusMail(world, title)).text).to.match(
      /^停止：全員の同意がそろった文書の仕上げ.*止まっています。$/m,
    );
    expect((await contractCalled(world, title)).state).to.equal('concluding');
    expect((await operatorSees(world)).code).to.equal(1);
  });

  it('signs nothing any more, which the initiator of what waits for a signature hears too', async () => {
    const title = '街灯更新工事';
    // What was lately proven good is not asked for again.
    await world.stop();
    await world.start();
    const request = await requested(world, title);
    await consentByLink(request);
    const told = await world.next(SATO, new RegExp(`止まっています】.*${title}`));
    expect(told.text).to.include('署名に使う証明書が失効しています。').and.include('山田太郎様');
    await world.next(OPERATOR, /失効】署名の証明書 見本署名者/);
    expect(mailsTo(world, SUZUKI, new RegExp(title))).to.deep.equal([]);
  });
});
