/** The pages as people and programs meet them over HTTP: wrong, used and void links, two clicks at once, ranges, limits. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import { BLOCK_OCTETS } from '../../gateway/web/parts.ts';
import {
  agreedShown,
  approvalAsked,
  completion,
  contractCalled,
  mailsTo,
  post,
  requested,
} from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

describe('a consent page', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const historyOf = async (title: string) => {
    const { id } = await contractCalled(world, title);
    return world.look(({ knex }, store) => store.history(knex, id));
  };

  it('exists for no link but ours', async () => {
    const url = linkIn(await requested(world, '違うURLの工事'));
    const flipped = url.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (const wrong of [flipped, url.slice(0, -1), url.replace('/c/', '/d/'), `${new URL(url).origin}/c/`]) {
      const page = await fetch(wrong);
      expect(page.status, wrong).to.equal(404);
      const html = await page.text();
      // The only municipality's desks can be named, whatever the link.
      expect(html).to.include('ページが見つかりません').and.include('お問い合わせ');
      expect(html).not.to.include('違うURLの工事');
      expect((await post(`${wrong}/consent`)).status).to.equal(404);
    }
    expect((await fetch(`${url}/documents/9`)).status).to.equal(404);
  });

  it('is not consented to by looking, however programs look', async () => {
    const title = '見るだけの工事';
    const url = linkIn(await requested(world, title));
    for (const path of ['', '/consent', '/confirm', '/takeback', '/decline', '/documents/1']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) await fetch(url + path, { method });
    }
    const types = (await historyOf(title)).map(({ type }) => type);
    expect(types).not.to.include('ConsentGiven').and.not.to.include('ContractDeclined');
    expect((await fetch(url, { method: 'HEAD' })).status).to.equal(200);
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
  });

  it('refuses a consent to anything but the documents as they stand', async () => {
    const title = '違う文書の工事';
    const url = linkIn(await requested(world, title));
    const ticked = (await agreedShown(url)).filter(([name]) => name !== 'head');
    for (const heads of [[], [['head', '0'.repeat(64)]]] as [string, string][][]) {
      const answer = await post(`${url}/consent`, [...heads, ...ticked]);
      expect(answer.status).to.equal(409);
      expect(await answer.text()).to.include('文書が新しくなりました');
    }
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
  });

  it('takes two clicks at once for one consent, and shows both what was done', async () => {
    const title = '二度押しの工事';
    const url = linkIn(await requested(world, title));
    const heads = await agreedShown(url);
    const answers = await Promise.all([post(`${url}/consent`, heads), post(`${url}/consent`, heads)]);
    for (const answer of answers) {
      expect(answer.status).to.equal(200);
      expect(await answer.text()).to.include('同意を記録しました');
    }
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    const types = (await historyOf(title)).map(({ type }) => type);
    expect(types.filter((type) => type === 'ConsentGiven')).to.have.length(1);
    expect(types.filter((type) => type === 'DocumentSealed')).to.have.length(1);
    expect(mailsTo(world, YAMADA, new RegExp(`同意を記録しました】${title}`))).to.have.length(1);
    const again = await fetch(url);
    expect(again.status).to.equal(200);
    expect(await again.text())
      .to.include('同意を記録しました')
      .and.to.include('同意を取り消す');
  });

  it('takes only the first of a consent and a refusal that come at once', async () => {
    const title = '同時の工事';
    const url = linkIn(await requested(world, title));
    const heads = await agreedShown(url);
    const answers = await Promise.all([post(`${url}/consent`, heads), post(`${url}/decline`)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    const types = (await historyOf(title)).map(({ type }) => type);
    expect(types.filter((type) => type === 'ConsentGiven' || type === 'ContractDeclined')).to.have.length(1);
  });

  it('takes fields of any shape for what they are: nothing it asked for', async () => {
    const title = '形の違う工事';
    const url = linkIn(await requested(world, title));
    const json = (path: string, body: unknown): Promise<Response> =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const ticked = Object.fromEntries((await agreedShown(url)).filter(([name]) => name !== 'head'));
    // A text cannot be made of the third.
    for (const body of [
      { head: { length: 1 } },
      { head: [{}, null] },
      { head: [{ toString: 1 }] },
      { head: 1 },
    ]) {
      expect((await json('/consent', { ...body, ...ticked })).status, JSON.stringify(body)).to.equal(409);
    }
    for (const body of [[], { identity: ['yes'], declaration: {} }, { ...ticked, identity: true }]) {
      expect((await json('/consent', body)).status, JSON.stringify(body)).to.equal(422);
    }
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
    const twice: [string, string][] = [
      ['reason', '一つ'],
      ['reason', '二つ'],
    ];
    expect((await post(`${url}/decline`, twice)).status).to.equal(200);
    expect(await contractCalled(world, title)).to.include({ state: 'declined' });
  });

  it('hands the viewer many parts of a document with one request, and only parts that are there', async () => {
    const document = `${linkIn(await requested(world, '少しずつ読む工事'))}/documents/1`;
    const whole = Buffer.from(await (await fetch(document)).arrayBuffer());
    const url = `${document}/parts`;
    const last = Math.floor((whole.length - 1) / BLOCK_OCTETS);
    expect(last).to.be.greaterThan(2);
    const answer = await fetch(`${url}?blocks=0,2-${last}`);
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    const wanted = Buffer.concat([whole.subarray(0, BLOCK_OCTETS), whole.subarray(2 * BLOCK_OCTETS)]);
    expect(wanted.equals(Buffer.from(await answer.arrayBuffer()))).to.equal(true);
    for (const query of ['', '?blocks=', '?blocks=1,0', `?blocks=0-${last + 1}`, '?blocks=0&blocks=1']) {
      expect((await fetch(url + query)).status, query).to.equal(416);
    }
    expect((await fetch(url.replace('/documents/1', '/documents/9'))).status).to.equal(404);
  });

  it('records a refusal with its reason, tells the initiator, and is then closed', async () => {
    const title = '却下する工事';
    const url = linkIn(await requested(world, title));
    const answer = await post(`${url}/decline`, [['reason', '金額が\n<b>見積り</b>と違います']]);
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.include('却下しました');
    const told = await world.next(SATO, new RegExp(`^【却下されました】.*${title}$`));
    expect(told.text).to.include('<b>見積り</b>と違います');
    expect(told.html).to.include('&lt;b&gt;見積り&lt;/b&gt;').and.not.to.include('<b>見積り');
    const closed = await fetch(url);
    expect(closed.status).to.equal(410);
    expect(await closed.text()).to.include('手続きは終了しました');
    for (const path of ['/documents/1', '/documents/1/parts?blocks=0']) {
      expect((await fetch(url + path)).status, path).to.equal(410);
    }
  });

  it('lets a consent be taken back until the next, whose link is then void', async () => {
    const title = '取り消す工事';
    const { request, approval } = await approvalAsked(world, title);
    const url = linkIn(request);
    const back = await post(`${url}/takeback`);
    expect(back.status).to.equal(200);
    expect(await back.text()).to.include('同意を取り消しました');
    for (const who of [SATO, SUZUKI]) await world.next(who, new RegExp(`取り消.*${title}`));
    const next = await fetch(linkIn(approval));
    expect(next.status).to.equal(410);
    expect(await next.text()).to.include('このURLは新しいものに替わりました');
    expect((await post(`${linkIn(approval)}/consent`)).status).to.equal(409);
    expect((await post(`${url}/takeback`)).status).to.equal(409);
    expect((await consentByLink(request)).html).to.include('同意を記録しました');
    const fresh = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    expect((await consentByLink(fresh)).html).to.include('同意を記録しました');
    const tooLate = await post(`${url}/takeback`);
    expect(tooLate.status).to.equal(409);
    expect(await tooLate.text()).to.include('同意を取り消せません');
    await completion(world, YAMADA, title);
    const after = await fetch(url);
    expect(after.status).to.equal(200);
    expect(await after.text()).to.include('契約は締結されています');
  });

  it('is closed once the deadline has passed, and says so to everyone', async () => {
    const title = '期限の過ぎた工事';
    const url = linkIn(await requested(world, title));
    const { id } = await contractCalled(world, title);
    await world.look((database, store) =>
      database.transaction(async (tx) => {
        const handler = commandHandler(store, {
          ...world.config.contract,
          isDayOff: () => false,
        });
        await handler.handle(tx, id, { type: 'expire' }, '2199-01-01T00:00:00.000Z');
        // What follows then is to follow now.
        await tx('outbox').where('not_before', 'like', '2199%').update({ not_before: '2020-01-01' });
      }),
    );
    const page = await fetch(url);
    expect(page.status).to.equal(410);
    expect(await page.text()).to.include('期限が過ぎました');
    const consent = await post(`${url}/consent`);
    expect(consent.status).to.equal(409);
    expect(await consent.text()).to.include('期限が過ぎました');
    await world.next(SATO, new RegExp(`^【期限切れ】.*${title}$`));
    const told = await world.next(YAMADA, new RegExp(`^【署名依頼取消のお知らせ】${title}$`));
    expect(told.text).to.include('期限までに手続きが終わらなかった');
  });

  it('comes with headers that keep scripts, frames, caches and referrers of others out', async () => {
    const page = await fetch(linkIn(await requested(world, '見出しの工事')));
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).to.include("default-src 'none'").and.include("frame-ancestors 'none'");
    expect(policy).to.include("form-action 'self'").and.not.include('unsafe-inline');
    expect(page.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(page.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(page.headers.get('cache-control')).to.equal('no-store');
    expect(page.headers.get('x-robots-tag')).to.include('noindex');
  });

  it('answers what it cannot take with a page, too', async () => {
    const url = linkIn(await requested(world, '長すぎる理由の工事'));
    const answer = await post(`${url}/decline`, [['reason', 'x'.repeat(600_000)]]);
    expect(answer.status).to.equal(413);
    expect(answer.headers.get('content-type')).to.include('text/html');
    expect(await answer.text()).to.include('送られた内容が大きすぎます');
  });

  it('tells Internet Explorer that it is too old', async () => {
    const url = linkIn(await requested(world, '古いブラウザの工事'));
    const headers = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko' };
    const html = await (await fetch(url, { headers })).text();
    expect(html).to.include('ブラウザ').and.not.to.include('古いブラウザの工事');
  });
});

describe('a download page', () => {
  let world: World;
  let url: string;
  let executed: Buffer;
  before(async () => {
    world = await createWorld();
    await world.start();
    const { approval } = await approvalAsked(world, 'ダウンロードの工事');
    await world.reply(SUZUKI, approval, '承認');
    const mail = await completion(world, YAMADA, 'ダウンロードの工事');
    url = linkIn(mail);
    executed = mail.attachments[0]!.content;
  });
  after(() => world.close());

  const ranged = async (range: string): Promise<Response> => fetch(`${url}/files/1`, { headers: { range } });

  it('hands the file out in parts (RFC 9110 14)', async () => {
    const size = executed.length;
    for (const [range, from, to] of [
      ['bytes=0-99', 0, 99],
      ['bytes=65530-65545', 65_530, 65_545],
      ['bytes=-100', size - 100, size - 1],
      // Longer than the file: all of it (RFC 9110 14.1.2).
      [`bytes=-${size + 1}`, 0, size - 1],
      [`bytes=${size - 1}-`, size - 1, size - 1],
    ] as const) {
      const part = await ranged(range);
      expect(part.status, range).to.equal(206);
      expect(part.headers.get('content-range')).to.equal(`bytes ${from}-${to}/${size}`);
      expect(executed.subarray(from, to + 1).equals(Buffer.from(await part.arrayBuffer()))).to.equal(true);
    }
  });

  it('answers 416 to a part beyond the end, and the whole to what is no range', async () => {
    const beyond = await ranged(`bytes=${executed.length}-`);
    expect(beyond.status).to.equal(416);
    expect(beyond.headers.get('content-range')).to.equal(`bytes */${executed.length}`);
    for (const range of ['bytes=abc', 'lines=1-2', 'nonsense']) {
      const whole = await ranged(range);
      expect(whole.status, range).to.equal(200);
      expect(executed.equals(Buffer.from(await whole.arrayBuffer()))).to.equal(true);
    }
  });

  it('says the size to HEAD and names the file for saving', async () => {
    const head = await fetch(`${url}/files/1`, { method: 'HEAD' });
    expect(head.status).to.equal(200);
    expect(head.headers.get('content-length')).to.equal(String(executed.length));
    const [, plain, encoded] = /^attachment; filename="(.*)"; filename\*=UTF-8''(.*)$/.exec(
      head.headers.get('content-disposition')!,
    )!;
    expect(plain).to.match(/^\d{8}_1100000_\.pdf$/);
    expect(decodeURIComponent(encoded!)).to.match(/^\d{8}_見本市_1100000_ダウンロードの工事\.pdf$/);
  });

  it('is told of in 状況: whole files and first parts count, sizes and later parts do not', async () => {
    const downloads = (): Promise<{ file: string; times: number }[]> =>
      world.look(({ knex }) => knex('downloads').orderBy('file').select('file', 'times'));
    const before = await downloads();
    for (const path of ['/files/1', '/certificate', '/all.zip']) {
      await (await fetch(url + path)).arrayBuffer();
      await fetch(url + path, { method: 'HEAD' });
    }
    await (await ranged('bytes=0-99')).arrayBuffer();
    await (await ranged('bytes=100-199')).arrayBuffer();
    // These bring the whole, however they are written.
    for (const range of [`bytes=-${executed.length}`, 'bytes=5-9,20-29'])
      await (await ranged(range)).arrayBuffer();
    const more = new Map(before.map(({ file, times }) => [file, times]));
    const grown = (await downloads()).map(({ file, times }) => times - (more.get(file) ?? 0));
    expect(grown).to.deep.equal([1, 1, 4]);
    const receipt = mailsTo(world, SATO, /受付.*ダウンロードの工事/)[0]!;
    await world.reply(SATO, receipt, '状況');
    const status = await world.next(SATO, /^【状況】/);
    expect(status.text).to.match(
      /ダウンロード：（自動の検査による取得も含みます）\n・.*山田太郎.*（\d+回、最後は/,
    );
    await world.logged(/"document":"document-1","ip":"127\.0\.0\.1".*executed document downloaded/);
  });

  it('has no consent behind it, and a consent link no download', async () => {
    expect((await fetch(url.replace('/d/', '/c/'))).status).to.equal(404);
    expect((await fetch(`${url}/files/0`)).status).to.equal(404);
    expect((await fetch(`${url}/files/2`)).status).to.equal(404);
    const [request] = mailsTo(world, YAMADA, /署名依頼/);
    expect((await fetch(linkIn(request!).replace('/c/', '/d/'))).status).to.equal(404);
  });

  it('is closed when its days are over', async () => {
    const secret = /\/d\/([a-z2-7]{16})/.exec(url)![1]!;
    const check = await fetch(`${url}/how-to-check`);
    expect(check.status).to.equal(200);
    expect(await check.text())
      .to.include('署名済みであり、すべての署名が有効です。')
      .and.to.include('mailto:kensho@mihon.example.jp');
    await world.look(({ knex }) =>
      knex('secrets').where({ id: secret }).update({ expires_at: '2020-01-01' }),
    );
    for (const path of ['', '/files/1', '/how-to-check']) {
      const page = await fetch(url + path);
      expect(page.status).to.equal(410);
      expect(await page.text()).to.include('ダウンロードの有効期間が過ぎました');
    }
  });
});

describe('pages asked for too often', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ env: { KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '3' } });
    await world.start();
  });
  after(() => world.close());

  it('answer 429 with a page that says when to come back', async () => {
    const url = `${world.config.web.publicUrl}/c/nothing`;
    for (let n = 0; n < 3; n++) expect((await fetch(url)).status).to.equal(404);
    const page = await fetch(url);
    expect(page.status).to.equal(429);
    expect(Number(page.headers.get('retry-after'))).to.be.within(1, 60);
    expect(await page.text())
      .to.include('操作が続きすぎています')
      .and.to.include('数分待ってから');
    expect((await fetch(`${world.config.web.publicUrl}/assets/keiyakubin.css`)).status).to.equal(200);
  });
});
