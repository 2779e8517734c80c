// The master key: kept by its owner only, never replaced beside data, and what it wraps opens in its own place only (decided 2).
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  loadMasterKey,
  MasterKeyError,
  masterKey,
  newDataKey,
  openMasterKey,
  seal,
  unseal,
} from '../../storage/keys.ts';
import { temporaryDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejection } from '../support/rejection.ts';

const KEY = Buffer.alloc(32, 1);

describe('master key', () => {
  describe('file', () => {
    const folder = temporaryFolder();
    const file = (): string => join(folder(), 'keys', 'master.key');

    it('is made once, for its owner only, and found again', () => {
      const made = loadMasterKey({ file: file(), mayCreate: true });
      expect(statSync(file()).mode & 0o777).to.equal(0o600);
      expect(statSync(join(folder(), 'keys')).mode & 0o077).to.equal(0);
      expect(Buffer.from(readFileSync(file(), 'utf8').trim(), 'base64')).to.have.length(32);
      const found = loadMasterKey({ file: file(), mayCreate: false });
      expect(found.derive('x').equals(made.derive('x'))).to.equal(true);
    });

    it('is never made beside data that another key encrypted', () => {
      expect(() => loadMasterKey({ file: file(), mayCreate: false })).to.throw(MasterKeyError, 'is missing');
      expect(existsSync(file())).to.equal(false);
    });

    it('is refused when others may read it', () => {
      loadMasterKey({ file: file(), mayCreate: true });
      for (const mode of [0o640, 0o604, 0o644, 0o660]) {
        chmodSync(file(), mode);
        expect(() => loadMasterKey({ file: file(), mayCreate: true }), mode.toString(8)).to.throw(
          MasterKeyError,
          'chmod 600',
        );
      }
      chmodSync(file(), 0o400);
      loadMasterKey({ file: file(), mayCreate: false });
    });

    it('is refused when it is no 32 octets of base64', () => {
      const broken = join(folder(), 'broken.key');
      for (const text of [
        '',
        'secret',
        randomBytes(31).toString('base64'),
        randomBytes(33).toString('base64'),
      ]) {
        writeFileSync(broken, text, { mode: 0o600 });
        expect(() => loadMasterKey({ file: broken, mayCreate: true }), text).to.throw(
          MasterKeyError,
          '32 octets',
        );
      }
    });

    it('gives way to the environment and then is not made', () => {
      const given = loadMasterKey({ file: file(), base64: KEY.toString('base64'), mayCreate: true });
      expect(given.derive('x').equals(masterKey(KEY).derive('x'))).to.equal(true);
      expect(existsSync(file())).to.equal(false);
      expect(() => loadMasterKey({ file: file(), base64: 'c2hvcnQ=', mayCreate: true })).to.throw(
        MasterKeyError,
      );
    });
  });

  describe('at the start', () => {
    const held = temporaryDatabase();
    const folder = temporaryFolder();
    const settings = (key: Buffer | null) => ({
      masterKeyFile: join(folder(), 'master.key'),
      masterKey: key?.toString('base64') ?? null,
    });
    const open = (key: Buffer | null = KEY) => openMasterKey(held.database.knex, settings(key));

    it('is accepted as long as it stays the same', async () => {
      const first = await open();
      expect((await open()).derive('x').equals(first.derive('x'))).to.equal(true);
    });

    it('stops the start when it is another one, and leaves the right one right', async () => {
      await open();
      expect(await rejection(open(Buffer.alloc(32, 2)))).to.be.instanceOf(MasterKeyError);
      await open();
    });

    it('is made with the first start, whatever rows there are, and with no later one', async () => {
      await held.database.knex('counters').insert({ municipality: 'mihon', name: 'x', last: 1 });
      await open(null);
      const { masterKeyFile } = settings(null);
      rmSync(masterKeyFile);
      expect(await rejection(open(null))).to.be.instanceOf(MasterKeyError);
      expect(existsSync(masterKeyFile)).to.equal(false);
    });

    it('leaves no octet of itself in the check', async () => {
      await open();
      const { value } = await held.database.knex('meta').where({ name: 'master_key_check' }).first();
      expect(value).to.match(/^[0-9a-f]{64}$/);
      for (const purpose of ['check', 'wrap']) {
        expect(value).to.not.equal(masterKey(KEY).derive(purpose).toString('hex'));
      }
    });
  });

  it('derives another key for every purpose', () => {
    const purposes = ['wrap', 'check', 'secret-consent', 'secret-reply', 'secret-download', 'secret-bounce'];
    const keys = purposes.map((purpose) => masterKey(KEY).derive(purpose).toString('hex'));
    expect(new Set(keys).size).to.equal(purposes.length);
    for (const key of keys) expect(key).to.have.length(64);
  });

  it('unwraps a data key for the owner it was wrapped for, and for no other', () => {
    const master = masterKey(KEY);
    const dataKey = newDataKey();
    const wrapped = master.wrap(dataKey, 'contract:a');
    expect(wrapped.includes(dataKey)).to.equal(false);
    expect(master.unwrap(wrapped, 'contract:a').equals(dataKey)).to.equal(true);
    expect(() => master.unwrap(wrapped, 'contract:b')).to.throw();
    expect(() => master.unwrap(wrapped, 'message:a')).to.throw();
    expect(() => masterKey(Buffer.alloc(32, 2)).unwrap(wrapped, 'contract:a')).to.throw();
  });
});

describe('sealed values', () => {
  const text = Buffer.from('山田太郎');

  it('open with key and context, and look different every time', () => {
    const one = seal(KEY, text, 'event:c:1');
    expect(unseal(KEY, one, 'event:c:1').toString()).to.equal('山田太郎');
    expect(one.equals(seal(KEY, text, 'event:c:1'))).to.equal(false);
    expect(unseal(KEY, seal(KEY, Buffer.alloc(0), 'c'), 'c')).to.have.length(0);
  });

  it('do not open in another place, with another key, or altered in any octet', () => {
    const sealed = seal(KEY, text, 'event:c:1');
    expect(() => unseal(KEY, sealed, 'event:c:2')).to.throw();
    expect(() => unseal(Buffer.alloc(32, 2), sealed, 'event:c:1')).to.throw();
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= 0x80;
      expect(() => unseal(KEY, altered, 'event:c:1'), `octet ${at}`).to.throw();
    }
  });

  it('do not open when cut short to any length', () => {
    const sealed = seal(KEY, text, 'event:c:1');
    for (let length = 0; length < sealed.length; length++) {
      expect(() => unseal(KEY, sealed.subarray(0, length), 'event:c:1'), `${length} octets`).to.throw();
    }
  });
});
