/** Ways in for a feed beside mail: POST /feed/{form} with a form's secret, and watched folders (R1). */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fastify, { type FastifyInstance } from 'fastify';
import type { FeedRun, FeedWay } from '../../gateway/app/registration-types.ts';
import { type BroughtFeed, takeFeed } from '../../gateway/app/take-feed.ts';
import { type FolderWatch, watchFolders } from '../../gateway/jobs/watched-folder.ts';
import { createLog } from '../../gateway/log.ts';
import { presetForm } from '../../gateway/registration/index.ts';
import { feedRoutes } from '../../gateway/web/feed.ts';
import { masterKey } from '../../storage/keys.ts';
import { onEachEngine } from '../support/database.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { IMPORT_SETTINGS } from '../support/registered.ts';

const SECRET = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const COUNTS = { accepted: 1, superseding: 0, pending: 0, refused: 0, unchanged: 0, withdrawn: 0 };

function runOf({ municipality, form, origin }: BroughtFeed, readable = true): FeedRun {
  const at = '2026-11-21T00:00:00.000Z';
  const own = { id: 'run-1', municipality, form, way: origin.way, reference: origin.reference, header: [] };
  return { ...own, startedAt: at, counts: COUNTS, readable };
}

async function octets({ source }: BroughtFeed): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source instanceof Uint8Array ? [source] : (source as AsyncIterable<Uint8Array>)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

describe('POST /feed/{form}', () => {
  let server: FastifyInstance;
  const taken: { municipality: string; form: string; text: string }[] = [];
  const lines: string[] = [];
  let failure: Error | null = null;
  before(async () => {
    server = fastify();
    const options = {
      forms: [
        { municipality: 'mihon', form: '標準', secret: SECRET },
        { municipality: 'machi', form: '標準', secret: OTHER },
      ],
      maxOctets: 1000,
      take: async (feed: BroughtFeed) => {
        if (failure) throw failure;
        const text = await octets(feed);
        taken.push({ municipality: feed.municipality, form: feed.form, text });
        return runOf(feed, text !== 'unreadable');
      },
      toldRows: async () => [
        {
          line: 3,
          fate: 'refused',
          receiptNumber: '12346',
          reasons: ['空欄です。'],
          registration: null,
        } as const,
      ],
      wake: () => {},
      log: createLog('info', { write: (line) => void lines.push(line) }),
    };
    await server.register(async (scope) => feedRoutes(scope, options), { prefix: '/feed' });
  });
  after(() => server.close());
  afterEach(() => {
    failure = null;
  });

  const post = (authorization: string | undefined, payload = '整理番号\r\n1\r\n', form = '標準') =>
    server.inject({
      method: 'POST',
      url: `/feed/${encodeURIComponent(form)}`,
      headers: { 'content-type': 'text/csv', ...(authorization === undefined ? {} : { authorization }) },
      payload,
    });

  it('takes a feed in for whose secret it is, and names the rows that need somebody', async () => {
    const answer = await post(`Bearer ${SECRET}`);
    expect(answer.statusCode).to.equal(200);
    expect(answer.json()).to.deep.equal({
      run: 'run-1',
      readable: true,
      counts: COUNTS,
      rows: [{ line: 3, fate: 'refused', receiptNumber: '12346', reasons: ['空欄です。'] }],
    });
    await post(`Bearer ${OTHER}`);
    expect(taken.map(({ municipality }) => municipality)).to.deep.equal(['mihon', 'machi']);
    expect(taken[0]!.text).to.equal('整理番号\r\n1\r\n');
  });

  it('answers 401, 404, 413 and 422, and takes nothing from who has no secret', async () => {
    const before = taken.length;
    for (const wrong of [undefined, 'Bearer', `Bearer ${SECRET}x`, `Basic ${SECRET}`, 'Bearer ']) {
      const { statusCode, headers } = await post(wrong);
      expect([statusCode, headers['www-authenticate']], wrong).to.deep.equal([401, 'Bearer']);
    }
    expect((await post(`Bearer ${SECRET}`, 'x', '別')).statusCode).to.equal(404);
    expect((await post(undefined, 'x'.repeat(5000))).statusCode, 'not even read').to.equal(401);
    expect((await post(`Bearer ${SECRET}`, 'x'.repeat(1001))).statusCode).to.equal(413);
    expect(taken).to.have.length(before);
    expect((await post(`Bearer ${SECRET}`, 'unreadable')).statusCode).to.equal(422);
  });

  it('tells an outage from a fault, and writes no secret into the log', async () => {
    failure = Object.assign(new Error('database away'), { transient: true });
    expect((await post(`Bearer ${SECRET}`)).statusCode).to.equal(503);
    failure = new Error('a bug');
    const { statusCode, body } = await post(`Bearer ${SECRET}`);
    expect([statusCode, body]).to.deep.equal([500, '{"error":"failed"}']);
    expect(lines.join('')).to.include('feed request failed').and.not.include(SECRET);
  });
});

onEachEngine('a delivery that is taken in again after a crash', (held) => {
  it('has the fates of its first time; the same file brought once more has its own', async () => {
    const lines: string[] = [];
    const take = takeFeed(
      {
        database: held.database,
        master: masterKey(Buffer.alloc(32, 7)),
        clock: () => new Date(),
        settings: IMPORT_SETTINGS,
        log: createLog('info', { write: (line) => void lines.push(line) }),
      },
      () => presetForm('標準'),
    );
    const brought = (way: FeedWay, reference: string): Promise<FeedRun> =>
      take({ municipality: 'mihon', form: '標準', origin: { way, reference }, source: feedOf(feedRow()) });
    const first = await brought('mail', 'message/1');
    expect(first.counts.accepted).to.equal(1);
    expect(await brought('mail', 'message/1')).to.deep.equal(first);
    expect((await brought('mail', 'message/2')).counts).to.include({ accepted: 0, unchanged: 1 });
    expect(lines).to.have.length(2);
    expect(JSON.parse(lines[0]!)).to.include({
      msg: 'feed taken in',
      run: first.id,
      way: 'mail',
      accepted: 1,
    });
    await brought('post', 'hash');
    expect((await brought('post', 'hash')).counts).to.include({ accepted: 0, unchanged: 1 });
    expect(await held.database.knex('feed_runs').pluck('id')).to.have.length(4);
  });
});

describe('a watched folder', () => {
  let folder: string;
  let watch: FolderWatch;
  let taken: { reference: string; text: string }[];
  let failure: Error | null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'feed-folder-'));
    taken = [];
    failure = null;
    watch = watchFolders({
      folders: [{ path: folder, municipality: 'mihon', form: '標準' }],
      // The tests look themselves.
      pollSeconds: 3600,
      take: async (feed) => {
        if (failure) throw failure;
        const text = await octets(feed);
        taken.push({ reference: feed.origin.reference, text });
        return runOf(feed, text !== 'unreadable');
      },
      clock: () => new Date('2026-11-21T00:15:30.123Z'),
      wake: () => {},
      log: createLog('silent', { write: () => {} }),
    });
  });
  afterEach(async () => {
    await watch.stop();
    rmSync(folder, { recursive: true });
  });
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const looks = async (times: number): Promise<void> => {
    for (let look = 0; look < times; look++) await watch.look();
  };
  const inside = (place: string): string[] => readdirSync(join(folder, place)).sort();

  it('takes a file once it has stopped growing, and keeps it in done', async () => {
    put('登録.csv', 'half');
    await looks(1);
    put('登録.csv', 'half and the rest');
    await looks(1);
    expect(taken, 'it still grew').to.have.length(0);
    await looks(2);
    expect(taken).to.deep.equal([{ reference: '20261121T001530123Z_登録.csv', text: 'half and the rest' }]);
    expect(inside('done')).to.deep.equal(['20261121T001530123Z_登録.csv']);
    expect(inside('reading')).to.deep.equal([]);
  });

  it('passes over what is being written under another name, until it is renamed into place', async () => {
    put('.登録.csv', 'a');
    put('登録.csv.part', 'b');
    mkdirSync(join(folder, 'フォルダー.csv'));
    await looks(3);
    expect(taken).to.have.length(0);
    renameSync(join(folder, '登録.csv.part'), join(folder, '登録.csv'));
    await looks(2);
    expect(taken.map(({ text }) => text)).to.deep.equal(['b']);
    expect(existsSync(join(folder, '.登録.csv'))).to.equal(true);
  });

  it('puts what cannot be read, or fails, into failed and goes on', async () => {
    put('1.csv', 'unreadable');
    put('2.csv', 'fine');
    await looks(2);
    expect(inside('failed')).to.deep.equal(['20261121T001530123Z_1.csv']);
    expect(inside('done')).to.deep.equal(['20261121T001530123Z_2.csv']);
    failure = new Error('a bug');
    put('3.csv', 'x');
    await looks(2);
    expect(inside('failed')).to.include('20261121T001530123Z_3.csv');
  });

  it('tries again after an outage, and takes what a killed process left', async () => {
    failure = Object.assign(new Error('database away'), { transient: true });
    put('登録.csv', 'later');
    await looks(2);
    expect(inside('reading'), 'neither done nor failed').to.have.length(1);
    failure = null;
    await looks(1);
    expect(taken).to.deep.equal([{ reference: '20261121T001530123Z_登録.csv', text: 'later' }]);
    expect(inside('done')).to.have.length(1);
  });
});
