/** The copy that docs/install makes of a running gateway brings everything back, with the master key that lies elsewhere. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { databaseFile } from '../../storage/database.ts';
import { runTool } from '../support/system.ts';
import { createWorld, SATO, type World, YAMADA } from '../support/world.ts';

const SCRIPT = join(import.meta.dirname, '../../docs/install/keiyakubin-backup');

describe('a copy of the data', () => {
  let world: World;
  let copy: string;
  before(async () => {
    world = await createWorld({ engine: 'sqlite' });
    copy = await mkdtemp(join(tmpdir(), 'keiyakubin-copy-'));
  });
  after(async () => {
    await world.close();
    await rm(copy, { recursive: true });
  });

  const backUp = () => runTool('sh', [SCRIPT, world.config.dataDirectory, copy]);
  /** Newest last: Monday's copy may follow Sunday's. */
  async function databases(): Promise<string[]> {
    const names = (await readdir(copy)).filter((name) => name.endsWith('.sqlite'));
    const dated = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(copy, name))).mtimeMs })),
    );
    return dated.sort((a, b) => a.at - b.at).map(({ name }) => name);
  }

  it('made while the gateway runs lets contracts go on after the data are lost', async () => {
    await world.start();
    expect(await backUp(), 'before anything has come in').to.include({ code: 0, stderr: '' });
    await world.mailContract({ subject: '一つ目' });
    const first = await world.next(SATO, /受付/);
    expect(await backUp()).to.include({ code: 0, stderr: '' });
    await world.mailContract({ subject: '二つ目' });
    const second = await world.next(SATO, /受付/);
    expect(await backUp(), 'again, over the copy that is there').to.include({ code: 0, stderr: '' });
    await world.stop();
    expect(await backUp(), 'of one that is stopped').to.include({ code: 0, stderr: '' });

    const { dataDirectory } = world.config;
    await rm(dataDirectory, { recursive: true });
    await mkdir(dataDirectory);
    const newest = (await databases()).at(-1)!;
    await cp(join(copy, newest), databaseFile(dataDirectory));
    await cp(join(copy, 'blobs'), join(dataDirectory, 'blobs'), { recursive: true });
    await world.start();
    for (const receipt of [first, second]) {
      await world.reply(SATO, receipt, '依頼');
      await world.next(YAMADA, /署名依頼/);
    }
  });

  it('that was cut off while a file was copied is mended by the next', async () => {
    const name = (await readdir(join(copy, 'blobs'))).find((one) => one !== 'tmp')!;
    const blob = join(copy, 'blobs', name);
    await truncate(blob, 10);
    expect(await backUp()).to.include({ code: 0, stderr: '' });
    const whole = await readFile(join(world.config.dataDirectory, 'blobs', name));
    expect((await readFile(blob)).equals(whole)).to.equal(true);
  });

  it('made of a folder without data fails, and the last one stays', async () => {
    const before = await databases();
    const failed = await runTool('sh', [SCRIPT, copy, copy]);
    expect(failed.code).to.not.equal(0);
    expect(await databases()).to.deep.equal(before);
  });
});
