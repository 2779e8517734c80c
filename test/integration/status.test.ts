// `keiyakubin status`: what it counts, and the exit code by which a machine is watched.
import { expect } from 'chai';
import { showStatus } from '../../gateway/cli/status.ts';
import { type Config, loadConfig } from '../../gateway/config.ts';
import { insertMerkleRoot } from '../../storage/contracts.ts';
import { type Database, openDatabase } from '../../storage/database.ts';
import { append, claimByKey, type Delay, park, retry } from '../../storage/outbox.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = '2026-11-21T03:00:00.000Z';
const minutesAgo = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const IN_A_MINUTE = minutesAgo(-1);

describe('keiyakubin status', () => {
  const folder = temporaryFolder();
  let config: Config;
  let database: Database;

  beforeEach(async () => {
    config = loadConfig({ env: { KEIYAKUBIN_DATA_DIRECTORY: folder() } }) as Config;
    database = await openDatabase(config);
  });
  afterEach(() => database.close());

  const add = (key: string, type: string, notBefore = minutesAgo(90)): Promise<void> =>
    database.transaction((tx) => {
      const contract = /^c\d/.test(key) ? key.split(':')[0]! : null;
      return append(
        tx,
        [{ key, municipality: 'mihon', contract, type, payload: '{}', notBefore }],
        notBefore,
      );
    });
  const claimed = async (key: string) => (await claimByKey(database.knex, key, NOW, minutesAgo(1)))!;
  async function wait(key: string, type: string, delay: Partial<Delay>): Promise<void> {
    await add(key, type);
    const full = { since: minutesAgo(59), awaits: null, until: null, ...delay };
    await retry(database.knex, await claimed(key), IN_A_MINUTE, 'no', full);
  }
  async function look(json = false): Promise<{ code: number; lines: string[] }> {
    const lines: string[] = [];
    const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    return { code: await showStatus({ config, json, now: new Date(NOW) }, io), lines };
  }

  it('is healthy where nothing waits, and says what is there', async () => {
    const day = { day: '2026-11-20', contracts: 0, root: '', timestamp_token: Buffer.alloc(1) };
    await insertMerkleRoot(database.knex, { ...day, stamped_at: NOW });
    await add('c1:1:mail:x', 'mail');
    await add('c1:1:expire:x', 'expire', IN_A_MINUTE);
    expect(await look()).to.deep.equal({
      code: 0,
      lines: [
        '契約便の状況（令和8年11月21日（土）12時0分）',
        '保管：SQLite、ファイル　処理の受渡し：1つのプロセス',
        '見本市（mihon）：契約はありません。',
        '処理：順番待ち1件、処理中0件、期日待ち1件',
        '応答を待っている処理：ありません。',
        '止まっている処理：ありません。',
        '署名の証明書：試験用のほかはありません。',
        '日ごとの記録：令和8年11月20日分まで',
      ],
    });
  });

  it('tells what waits, the documents of a step in one line, and calls for a look after an hour', async () => {
    for (const document of ['a', 'b']) await wait(`c1:7:seal:${document}`, 'seal', { awaits: 'timestamp' });
    await wait('c1:9:conclude:a', 'conclude', { awaits: 'revocation', until: minutesAgo(-600) });
    await wait('daily-root:2026-11-20', 'daily-root', {});
    for (const file of ['a', 'b', 'c']) await wait(`renew:1:c1:${file}`, 'renew', { awaits: 'timestamp' });
    const { code, lines } = await look();
    expect(code).to.equal(0);
    const from = lines.indexOf('応答を待っている処理：7件');
    expect(lines.slice(from + 1, from + 5)).to.deep.equal([
      '　（契約以外） 電子署名（2件）　待ち先：タイムスタンプ局　11月21日11時1分から　1回失敗　次は11月21日12時1分',
      '　（契約以外） 仕上げ　待ち先：認証局の失効情報　11月21日11時1分から　1回失敗　次は11月21日12時1分　見込みは11月21日22時0分まで',
      '　（契約以外） 日ごとの記録　待ち先：そのほか　11月21日11時1分から　1回失敗　次は11月21日12時1分',
      '　（契約以外） 有効期間の延長（3件）　待ち先：タイムスタンプ局　11月21日11時1分から　1回失敗　次は11月21日12時1分',
    ]);
    for (let contract = 10; contract < 27; contract++) await wait(`c${contract}:1:seal:a`, 'seal', {});
    const crowd = await look();
    expect(crowd.lines.filter((line) => /^　/.test(line))).to.have.length(21);
    expect(crowd.lines).to.include('　ほか1行（「--json」ですべて表示します。）');
    await wait('c2:7:mail:a', 'mail', { since: minutesAgo(61) });
    expect((await look()).code).to.equal(1);
  });

  it('calls for a look at once where work was set aside', async () => {
    await add('c1:7:seal:a', 'seal');
    await park(database.knex, await claimed('c1:7:seal:a'), NOW, 'no such field');
    const { code, lines } = await look();
    expect(code).to.equal(1);
    expect(lines).to.include('止まっている処理：1件（「keiyakubin parked」で確かめられます。）');
    const json = await look(true);
    expect(json.code).to.equal(1);
    expect(JSON.parse(json.lines.join('\n'))).to.deep.include({
      healthy: false,
      parked: [{ key: 'c1:7:seal:a', type: 'seal', error: 'no such field' }],
    });
  });

  it('cannot tell where there is no database, and makes none', async () => {
    config = loadConfig({ env: { KEIYAKUBIN_DATA_DIRECTORY: `${folder()}/elsewhere` } }) as Config;
    for (const _ of [1, 2]) {
      const { code, lines } = await look();
      expect(code).to.equal(2);
      expect(lines[0]).to.match(/^データベースがありません：/);
    }
  });
});
