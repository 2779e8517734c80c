/** Links in the wrong hands, at the wrong time or bent out of shape, and names made to break out: each has its page, and the log tells it. */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { approvalAsked, completion, contractCalled, requested } from '../support/acts.ts';
import { unzip } from '../support/unzip.ts';
import { CONTRACT_MAIL, createWorld, SATO, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const EVIL_NAMES = [
  '../../etc/passwd.pdf',
  '..\\..\\boot.pdf',
  '<img src=x onerror=alert(1)>.pdf',
  'a"; filename="b.exe.pdf',
];

/** RFC 6266 with one name of each kind, nothing in either that ends it early. */
const DISPOSITION = /^inline; (filename="[^"\\\p{Cc}]+"; )?filename\*=UTF-8''[\w.!~*'()%-]+$/u;
/** The sample's contract mail but for its title. */
const LINES = CONTRACT_MAIL.split('\n').slice(1).join('\n');

const post = (url: string, fields: readonly (readonly [string, string])[] = []): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])),
  });

/** The log's line about an act that was not taken: on which contract, and how its link stood. */
const refused = (contract: string, act: string, link: string, status: number): RegExp =>
  new RegExp(`"contract":"${contract}",.*"act":"${act}","link":"${link}","status":${status},.*"act refused"`);

/** What the page of this link asks to be agreed to. */
async function agreed(url: string): Promise<[string, string][]> {
  const html = await (await post(`${url}/confirm`)).text();
  const heads = [...html.matchAll(/name="head" value="([0-9a-f]{64})"/g)].map(([, head]) => head!);
  const [, declaration] = /name="declaration"[^>]* value="([^"]+)"/.exec(html) ?? [];
  return [
    ...heads.map((head): [string, string] => ['head', head]),
    ['identity', 'yes'],
    ...(declaration === undefined ? [] : [['declaration', declaration] as [string, string]]),
  ];
}

describe('an attack on a link', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      yaml: 'web: { postsPerLinkPerMinute: 100, freshLinksPerAddressPerHour: 100 }',
    });
    await world.start();
  });
  after(() => world.close());

  const consents = async (title: string): Promise<number> => {
    const { id } = await contractCalled(world, title);
    const history = await world.look(({ knex }, store) => store.history(knex, id));
    return history.filter(({ type }) => type === 'ConsentGiven').length;
  };

  it('with a secret for another purpose, or of two links put together, opens nothing', async () => {
    const [one, two] = [await requested(world, '一つ目の工事'), await requested(world, '二つ目の工事')];
    const [a, b] = [linkIn(one), linkIn(two)];
    const { origin, pathname } = new URL(a);
    const [secretA, secretB] = [a.slice(-42), b.slice(-42)];
    const mixed = secretA.slice(0, 16) + secretB.slice(16);
    for (const path of [
      `/d/${secretA}`,
      `/r/${secretA}`,
      `/c/${mixed}`,
      `${pathname}/../${mixed}`,
      `${pathname}a`,
    ]) {
      const answer = await fetch(origin + path);
      expect(answer.status, path).to.equal(404);
      expect(await answer.text())
        .to.include('ページが見つかりません')
        .and.not.include('つ目の工事');
      expect((await post(`${origin}${path}/consent`)).status, path).to.equal(404);
    }
    await world.logged(/"route":"\/c\/:secret\/consent","status":404/);
    expect(world.log.join(''), 'no secret is logged').to.not.include(secretA);
  });

  it('with the documents of another contract is a consent to nothing', async () => {
    const [mine, other] = [
      linkIn(await requested(world, '自分の工事')),
      linkIn(await requested(world, '他人の工事')),
    ];
    const answer = await post(`${mine}/consent`, await agreed(other));
    expect(answer.status).to.equal(409);
    expect(await consents('自分の工事')).to.equal(0);
    const { id } = await contractCalled(world, '自分の工事');
    await world.logged(refused(id, 'consent', 'open', 409));
  });

  it('that posts without the page ever seen is told what is missing', async () => {
    const url = linkIn(await requested(world, '画面なしの工事'));
    const answer = await post(`${url}/consent`);
    expect(answer.status).to.equal(422);
    expect(await answer.text()).to.include('チェックを入れてください');
    expect(await consents('画面なしの工事')).to.equal(0);
  });

  it('that repeats a consent, from another tab or by the back button, changes nothing any more', async () => {
    const title = '繰り返しの工事';
    const url = linkIn(await requested(world, title));
    const fields = await agreed(url);
    expect((await post(`${url}/consent`, fields)).status).to.equal(200);
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    for (const path of ['/consent', '/confirm', '/edit']) {
      const again = await post(`${url}${path}`, fields);
      expect(again.status, path).to.equal(200);
      expect(await again.text(), path).to.include('同意を記録しました');
    }
    const declined = await post(`${url}/decline`, [['reason', '別の画面から']]);
    expect(declined.status).to.equal(409);
    expect(await declined.text()).to.include('お手続きは済んでいます');
    expect(await consents(title)).to.equal(1);
    const contract = await contractCalled(world, title);
    expect(contract).to.include({ state: 'awaiting' });
    await world.logged(refused(contract.id, 'decline', 'consented', 409));
  });

  it('after a withdrawal finds the request cancelled', async () => {
    const title = '取りやめの工事';
    const request = await requested(world, title);
    const url = linkIn(request);
    const fields = await agreed(url);
    const accepted = world.mailboxes.mails.find(
      ({ to, subject }) => to === SATO.address && subject.includes(title) && subject.includes('受付'),
    )!;
    await world.reply(SATO, accepted, '中止');
    await world.next(YAMADA, new RegExp(`^【署名依頼取消のお知らせ】${title}$`));
    const answer = await post(`${url}/consent`, fields);
    expect(answer.status).to.equal(409);
    expect(await answer.text()).to.include('依頼は取り消されました');
    const { id } = await contractCalled(world, title);
    await world.logged(refused(id, 'consent', 'withdrawn', 409));
    const seen = await fetch(url);
    expect(seen.status).to.equal(410);
    expect(await seen.text()).to.include('依頼は取り消されました');
    expect(await consents(title)).to.equal(0);
  });

  it('after a fresh link was sent finds the old one replaced', async () => {
    const title = '差し替えの工事';
    const request = await requested(world, title);
    const url = linkIn(request);
    const fields = await agreed(url);
    const { id } = await contractCalled(world, title);
    // What 再送 and a change of address do to every link before them.
    const receipt = world.mailboxes.mails.find(
      ({ to, subject }) => to === SATO.address && subject.includes(title) && subject.includes('受付'),
    )!;
    await world.reply(SATO, receipt, '再送');
    const fresh = await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    const answer = await post(`${url}/consent`, fields);
    expect(answer.status).to.equal(409);
    expect(await answer.text())
      .to.include('このURLは新しいものに替わりました')
      .and.include('新しいリンクを送る');
    await world.logged(refused(id, 'consent', 'voided', 409));
    expect((await fetch(`${url}/documents/1`)).status).to.equal(410);
    expect(linkIn(fresh)).to.not.equal(url);
    expect((await world.contracts()).find((one) => one.id === id)).to.include({ state: 'awaiting' });
  });
});

describe('a file name made to break out', () => {
  let world: World;
  let request: ReceivedMail;
  let done: ReceivedMail;
  const title = '名前の"悪い"<b>工事</b>';
  before(async () => {
    world = await createWorld();
    await world.start();
    const content = await samplePdf();
    const pdf = EVIL_NAMES.map((filename) => ({ filename, content }));
    await world.mailContract({ text: `契約件名：${title}\n${LINES}`, pdf });
    const receipt = await world.next(SATO, /受付/);
    await world.reply(SATO, receipt, '依頼 確認済');
    request = await world.next(YAMADA, /への署名依頼が届いています$/);
  });
  after(() => world.close());

  it('is text on the page and nothing else', async () => {
    const html = await (await fetch(linkIn(request))).text();
    expect(html).to.not.match(/<img src=x|<b>工事/);
    expect(html).to.include('&lt;b&gt;工事');
  });

  it('is one header of the answer and no path in the ZIP', async () => {
    const url = linkIn(request);
    for (let number = 1; number <= EVIL_NAMES.length; number += 1) {
      const { headers } = await fetch(`${url}/documents/${number}`);
      expect(headers.get('content-disposition')).to.match(DISPOSITION);
      expect(headers.get('content-type')).to.equal('application/pdf');
    }
    await consentByLink(request);
    const approval = await world.next(SUZUKI, /承認のお願い/);
    await world.reply(SUZUKI, approval, '承認');
    done = await world.next(YAMADA, /^電子署名完了のお知らせ$/);
    const members = unzip(Buffer.from(await (await fetch(`${linkIn(done)}/all.zip`)).arrayBuffer()));
    expect(members).to.have.length(EVIL_NAMES.length + 1);
    for (const { name } of members) expect(name).to.not.match(/[\\/<>"\p{Cc}]|^\.\./u);
  });
});

describe('the approver’s page within the staff networks', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_WEB__TRUST_PROXY: 'true',
        KEIYAKUBIN_MUNICIPALITIES__0__STAFF_NETWORKS: '[10.1.0.0/16]',
      },
    });
    await world.start();
  });
  after(() => world.close());

  it('opens from there and from nowhere else, while the vendor comes from anywhere', async () => {
    const title = '庁内だけの工事';
    const { request, approval } = await approvalAsked(world, title);
    const from = (url: string, ip: string, method = 'GET'): Promise<Response> =>
      fetch(url, { method, headers: { 'x-forwarded-for': ip } });
    const url = linkIn(approval);
    for (const [path, method] of [
      ['', 'GET'],
      ['/documents/1', 'GET'],
      ['/consent', 'POST'],
    ] as const) {
      const answer = await from(url + path, '203.0.113.7', method);
      expect(answer.status, path).to.equal(403);
      expect(await answer.text()).to.include('庁内のネットワークから開いてください');
      await world.logged(/staff link used outside the staff networks/);
    }
    expect((await from(linkIn(request), '203.0.113.7')).status).to.equal(200);
    expect((await from(url, '10.1.2.3')).status).to.equal(200);
    await world.reply(SUZUKI, approval, '承認');
    const [mine, theirs] = [await completion(world, SATO, title), await completion(world, YAMADA, title)];
    expect((await from(linkIn(mine), '203.0.113.7')).status).to.equal(403);
    expect((await from(linkIn(mine), '10.1.2.3')).status).to.equal(200);
    expect((await from(linkIn(theirs), '203.0.113.7')).status).to.equal(200);
  });
});
