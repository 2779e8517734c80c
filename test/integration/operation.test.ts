// What an operator does on the command line beside serving: look at parked work, hash a password.
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { printPasswordHash } from '../../gateway/cli/hash-password.ts';
import { parked } from '../../gateway/cli/parked.ts';
import { isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { verifyPassword } from '../../gateway/passwords.ts';
import { openDatabase } from '../../storage/database.ts';
import { append, claim, park } from '../../storage/outbox.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = '2026-11-21T01:00:00.000Z';

function recorder(): { out(line: string): void; err(line: string): void; lines: string[] } {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  return { out: note, err: note, lines };
}

describe('parked work', () => {
  const folder = temporaryFolder();

  it('is listed with its reason, retried, and then no longer there', async () => {
    const config = loadConfig({ env: { KEIYAKUBIN_DATA_DIRECTORY: folder() } });
    if (isConfigProblems(config)) throw new Error(config.problems.join());
    const look = async (retry = false): Promise<[number, string[]]> => {
      const io = recorder();
      return [await parked({ config, retry }, io), io.lines];
    };
    expect(await look()).to.deep.equal([0, ['止まっている処理はありません。']]);

    const database = await openDatabase(config);
    await database.transaction(async (tx) => {
      const entry = { key: 'c1:9:seal:document-1', municipality: 'mihon', contract: 'c1', type: 'seal' };
      await append(tx, [{ ...entry, payload: '{}', notBefore: NOW }], NOW);
      await park(tx, (await claim(tx, NOW, NOW))!, NOW, 'no such field');
    });
    await database.close();
    const [code, lines] = await look();
    expect(code).to.equal(1);
    expect(lines[0]).to.equal('c1:9:seal:document-1　no such field');
    expect(lines[1]).to.include('keiyakubin parked --retry');
    expect(await look(true)).to.deep.equal([0, ['1件の処理をやり直します。']]);
    expect((await look())[0]).to.equal(0);
  });
});

describe('hashing a password', () => {
  it('takes the first line of the input only', async () => {
    const io = recorder();
    expect(await printPasswordHash(Readable.from(['himitsu1\nsecond\n']), io)).to.equal(0);
    expect(io.lines).to.have.length(1);
    expect(await verifyPassword('himitsu1', io.lines[0]!)).to.equal(true);
  });

  it('wants a password', async () => {
    const io = recorder();
    expect(await printPasswordHash(Readable.from(['\n']), io)).to.equal(2);
    expect(io.lines).to.deep.equal(['no password on standard input']);
  });
});
