// Rows whose repetition must be harmless: secrets of retried mails, mails that arrive twice, daily roots, heads of histories.
import { expect } from 'chai';
import { headHashes, insertMerkleRoot } from '../../storage/contracts.ts';
import { downloadsOf, noteDownload } from '../../storage/downloads.ts';
import { findByContentKey, insertMessages, settleMessage } from '../../storage/messages.ts';
import { migrationSource } from '../../storage/migrations/index.ts';
import { isUniqueViolation } from '../../storage/outages.ts';
import { findSecret, insertSecret, markFetched, markUsed, setExpiry } from '../../storage/secrets.ts';
import { onEachEngine } from '../support/database.ts';
import { rejection } from '../support/rejection.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const LATER = '2026-11-22T01:00:00.000Z';

onEachEngine('rows', (held) => {
  const tx = () => held.database.knex;

  describe('of secrets', () => {
    const secret = {
      id: 'abcdefghijklmnop',
      purpose: 'download',
      municipality: 'mihon',
      contract: 'abc',
      participant: 'step-1',
      generation: 1,
      heads: '[]',
      mail: 'abc:9:completed:step-1',
      created_at: NOW,
    } as const;

    it('stay as they are when the mail is made once more', async () => {
      await insertSecret(tx(), secret);
      await markUsed(tx(), secret.id, NOW);
      await insertSecret(tx(), { ...secret, created_at: LATER });
      expect(await findSecret(tx(), secret.id)).to.deep.equal({
        ...secret,
        expires_at: null,
        used_at: NOW,
        fetched_at: null,
      });
    });

    it('keep the time of their first use, of their first fetch and of their first expiry', async () => {
      await insertSecret(tx(), secret);
      for (const time of [NOW, LATER]) {
        await markUsed(tx(), secret.id, time);
        await markFetched(tx(), secret.id, time);
        await setExpiry(tx(), secret.mail, 'download', time);
      }
      expect(await findSecret(tx(), secret.id)).to.include({
        used_at: NOW,
        fetched_at: NOW,
        expires_at: NOW,
      });
    });

    it('keep what they held when a column gets its right name', async () => {
      const { knex } = held.database;
      await knex.raw('alter table secrets rename column fetched_at to opened_at');
      await knex('secrets').insert({ ...secret, opened_at: NOW });
      const migrations = await migrationSource.getMigrations([]);
      const one = migrations.find((each) => migrationSource.getMigrationName(each) === '012-secrets-fetched');
      const { up } = await migrationSource.getMigration(one!);
      await knex.transaction((trx) => Promise.resolve(up(trx)));
      expect(await findSecret(tx(), secret.id)).to.deep.equal({
        ...secret,
        expires_at: null,
        used_at: null,
        fetched_at: NOW,
      });
    });

    it('expire by mail and purpose, and no others with them', async () => {
      await insertSecret(tx(), secret);
      await insertSecret(tx(), { ...secret, id: 'reply', purpose: 'reply' });
      await insertSecret(tx(), { ...secret, id: 'other', mail: 'abc:9:completed:step-2' });
      await setExpiry(tx(), secret.mail, 'download', NOW);
      expect(await findSecret(tx(), 'reply')).to.include({ expires_at: null });
      expect(await findSecret(tx(), 'other')).to.include({ expires_at: null });
    });
  });

  describe('of downloads', () => {
    const download = { secret: 'abc', file: 'd1', contract: 'c', participant: 'step-1' };

    it('count what was fetched by one link, and are added up by participant', async () => {
      await noteDownload(tx(), download, NOW);
      await noteDownload(tx(), download, LATER);
      await noteDownload(tx(), { ...download, file: 'certificate' }, NOW);
      await noteDownload(tx(), { ...download, secret: 'def', participant: 'initiator' }, NOW);
      await noteDownload(tx(), { ...download, secret: 'ghi', contract: 'other' }, NOW);
      expect(await downloadsOf(tx(), 'c')).to.deep.equal([
        { participant: 'initiator', lastAt: NOW, times: 1 },
        { participant: 'step-1', lastAt: LATER, times: 3 },
      ]);
      expect(await tx()('downloads').where({ secret: 'abc', file: 'd1' }).first()).to.include({
        first_at: NOW,
        last_at: LATER,
        times: 2,
      });
    });
  });

  describe('of messages', () => {
    const message = (id: string, municipality = 'mihon') => ({
      id,
      municipality,
      received_at: NOW,
      size: 10,
      sha256: 'a'.repeat(64),
      blob: `${id}/x`,
      wrapped_key: Buffer.of(1),
      transport: Buffer.of(2),
    });
    const key = { content_key: 'k'.repeat(64), status: 'handled', handled_at: NOW } as const;

    it('let one mail of the same content have an effect; a repeat is linked to it', async () => {
      await insertMessages(tx(), [message('first')]);
      await insertMessages(tx(), [message('again')]);
      await settleMessage(tx(), 'first', key);
      expect(isUniqueViolation(await rejection(settleMessage(tx(), 'again', key)))).to.equal(true);
      await settleMessage(tx(), 'again', { ...key, status: 'duplicate', duplicate_of: 'first' });
      expect((await findByContentKey(tx(), 'mihon', key.content_key))?.id).to.equal('first');
    });

    it('count separately for each municipality', async () => {
      await insertMessages(tx(), [message('first')]);
      await insertMessages(tx(), [message('elsewhere', 'mihon-machi')]);
      await settleMessage(tx(), 'first', key);
      await settleMessage(tx(), 'elsewhere', key);
      expect((await findByContentKey(tx(), 'mihon-machi', key.content_key))?.id).to.equal('elsewhere');
    });
  });

  describe('of histories', () => {
    const contract = (id: string) => ({
      id,
      municipality: 'mihon',
      number: id,
      kind: 'contract',
      state: 'draft',
      seq: 1,
      expires_at: LATER,
      wrapped_key: Buffer.of(1),
      body: Buffer.of(1),
    });
    const event = (id: string, seq: number, at: string) => ({
      contract: id,
      seq,
      municipality: 'mihon',
      type: 'x',
      version: 1,
      at,
      canonical: Buffer.of(1),
      previous_hash: '',
      hash: `${id}-${seq}`,
    });

    it('give each contract’s head as it stood at the end of a day, in a fixed order', async () => {
      await tx()('contracts').insert(['b', 'a', 'c'].map(contract));
      await tx()('events').insert([
        event('b', 1, '2026-11-20T01:00:00.000Z'),
        event('a', 1, '2026-11-20T02:00:00.000Z'),
        event('a', 2, '2026-11-20T03:00:00.000Z'),
        event('a', 3, LATER),
        event('c', 1, LATER),
      ]);
      expect(await headHashes(tx(), '2026-11-21T00:00:00.000Z')).to.deep.equal([
        { contract: 'a', hash: 'a-2' },
        { contract: 'b', hash: 'b-1' },
      ]);
      expect((await headHashes(tx(), '2026-11-23T00:00:00.000Z')).map(({ hash }) => hash)).to.deep.equal([
        'a-3',
        'b-1',
        'c-1',
      ]);
    });

    it('keep the first root of a day', async () => {
      const root = {
        day: '2026-11-20',
        contracts: 2,
        root: 'r',
        timestamp_token: Buffer.of(1),
        stamped_at: NOW,
      };
      await insertMerkleRoot(tx(), root);
      await insertMerkleRoot(tx(), { ...root, root: 'other' });
      expect(await tx()('merkle_roots')).to.deep.equal([root]);
    });
  });
});
