// Contracts as rows and events: the row always equals the replay, a broken chain is noticed, nobody overwrites anybody.
import { expect } from 'chai';
import { type ContractStore, contractStore, type LoadedContract } from '../../gateway/app/contract-store.ts';
import { type CommandHandler, commandHandler } from '../../gateway/app/handle-command.ts';
import { knownFile } from '../../gateway/app/known-file.ts';
import type { Command } from '../../gateway/contract/commands.ts';
import { type Contract, fileHashes, heads } from '../../gateway/contract/contract.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import type { Tx } from '../../storage/database.ts';
import { masterKey } from '../../storage/keys.ts';
import { isUniqueViolation } from '../../storage/outages.ts';
import { sampleDraft } from '../support/contract.ts';
import { onEachEngine } from '../support/database.ts';
import { rejection } from '../support/rejection.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const WITHDRAW = { type: 'withdraw', by: 'initiator', reason: null } as const;
const EVIDENCE = { means: 'page', ip: null, userAgent: null, message: null, authentication: null } as const;

onEachEngine('contract store', (held) => {
  const store: ContractStore = contractStore(masterKey(Buffer.alloc(32, 1)));
  const commands: CommandHandler = commandHandler(store, {
    goAheadDelaySeconds: 0,
    draftExpiresDays: 14,
    remindDaysAfter: [],
    remindDaysBefore: [],
    isDayOff: () => false,
  });
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => held.database.transaction(work);

  const openContract = (id = 'abc', number = '2026-0001', municipality = 'mihon') =>
    within((tx) =>
      commands.open(
        tx,
        store.newOwner(id),
        {
          id,
          municipality,
          number,
          certificateId: 'ABCD',
          sourceMessageId: '<1@mihon.example.jp>',
          draft: sampleDraft({ documents: 2 }),
        },
        NOW,
      ),
    );
  const tell = async (command: Command): Promise<Contract> => {
    const handled = await within((tx) => commands.handle(tx, 'abc', command, NOW));
    if (isRefusal(handled)) throw new Error(handled.code);
    return handled.contract;
  };
  const load = async (id = 'abc'): Promise<LoadedContract> => (await store.load(held.database.knex, id))!;
  const history = (id = 'abc') => store.history(held.database.knex, id);

  /** From the contract mail to the executed documents. */
  async function live(): Promise<Contract> {
    let { contract } = await openContract();
    const grant = (participant: string, generation: number) => ({ participant, generation });
    contract = await tell({ type: 'goAhead', grant: grant('initiator', 1), acknowledged: false });
    const revision = (document: string, name: string, size: number) => ({
      document,
      revision: { blob: `abc/${name}${document}`, size, sha256: `${name}-${document}` },
    });
    for (const id of ['d1', 'd2'])
      contract = await tell({ type: 'recordPrepared', ...revision(id, 'p', 600) });
    for (const step of [0, 1]) {
      contract = await tell({
        type: 'consent',
        grant: grant(`step-${step + 1}`, 1),
        at: NOW,
        heads: heads(contract),
        filled: [],
        evidence: EVIDENCE,
      });
      for (const id of ['d1', 'd2']) {
        const { attempt } = contract;
        const sealed = revision(id, `s${step}`, 700 + step);
        contract = await tell({ type: 'recordSealed', attempt, timestamp: NOW, ...sealed });
      }
    }
    for (const id of ['d1', 'd2'])
      contract = await tell({ type: 'recordConcluded', ...revision(id, 'c', 900) });
    const certificate = { blob: 'abc/certificate', size: 800, sha256: 'certificate' };
    return tell({ type: 'recordCertified', certificate });
  }

  it('keeps a row that equals the replay of its events, all the way to the end', async () => {
    const contract = await live();
    expect(contract.state).to.equal('concluded');
    const { contract: loaded } = await load();
    expect(loaded).to.deep.equal(contract);
    const events = await history();
    expect(events).to.have.length(contract.seq);
    expect(replay(events)).to.deep.equal(contract);
  });

  it('fills the columns that are searched from the contract', async () => {
    const contract = await live();
    const row = await held.database.knex('contracts').where({ id: 'abc' }).first();
    expect(row).to.include({
      state: 'concluded',
      seq: contract.seq,
      number: '2026-0001',
      contract_date: '2026-11-21',
      concluded_at: NOW,
      expires_at: contract.expiresAt,
    });
  });

  it('keeps names, addresses and titles out of every octet of the database', async () => {
    await live();
    const tables = ['contracts', 'events', 'outbox'];
    const rows = await Promise.all(tables.map((table) => held.database.knex(table)));
    const values: unknown[] = rows.flat().flatMap((row) => Object.values(row as object));
    const octets = Buffer.concat(
      values.map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(String(value)))),
    );
    for (const personal of ['山田', '佐藤', 'サンプル', 'example.jp', '舗装工事']) {
      expect(octets.includes(Buffer.from(personal)), personal).to.equal(false);
    }
  });

  it('knows each state of each file by its hash, the newest from the others, for its municipality alone', async () => {
    await live();
    await openContract('def', '2026-0002');
    const found = async (sha256: string, municipality = 'mihon'): Promise<[string, boolean][]> =>
      (await knownFile({ database: held.database, store }, municipality, sha256)).map(
        ({ contract: { id }, newest }) => [id, newest],
      );
    for (const newest of ['c-d1', 'c-d2', 'certificate']) {
      expect(await found(newest)).to.deep.equal([['abc', true]]);
    }
    for (const older of ['p-d1', 's0-d2', 's1-d1'])
      expect(await found(older)).to.deep.equal([['abc', false]]);
    // The same upload may have become two contracts.
    expect(await found('upload-1')).to.have.deep.members([
      ['abc', false],
      ['def', false],
    ]);
    expect(await found('elsewhere')).to.deep.equal([]);
    expect(await found('c-d1', 'other')).to.deep.equal([]);
    // A contract from before hashes were noted tells by its own record.
    await held.database.knex('document_hashes').where({ contract: 'abc' }).delete();
    expect(await found('c-d1')).to.deep.equal([['abc', true]]);
    expect(await found('elsewhere')).to.deep.equal([]);
  });

  it('still knows a file whose last revision was taken back', async () => {
    await openContract();
    const grant = (participant: string, generation: number) => ({ participant, generation });
    await tell({ type: 'goAhead', grant: grant('initiator', 1), acknowledged: false });
    const revision = (id: string, sha256: string) => ({
      document: id,
      revision: { blob: `abc/${sha256}`, size: 600, sha256 },
    });
    let contract = await tell({ type: 'recordPrepared', ...revision('d1', 'p1') });
    contract = await tell({ type: 'recordPrepared', ...revision('d2', 'p2') });
    const consent = { type: 'consent', grant: grant('step-1', 1), at: NOW, filled: [] } as const;
    contract = await tell({ ...consent, heads: heads(contract), evidence: EVIDENCE });
    const { attempt } = contract;
    await tell({ type: 'recordSealed', attempt, timestamp: NOW, ...revision('d1', 's1') });
    contract = await tell({ type: 'takeBack', grant: grant('step-1', 1) });
    expect(fileHashes(contract)).not.to.include('s1');
    const [known] = await knownFile({ database: held.database, store }, 'mihon', 's1');
    expect(known).to.deep.include({ newest: false });
  });

  it('has an outbox entry for every effect, each once', async () => {
    await live();
    const keys: string[] = await held.database.knex('outbox').pluck('key');
    expect(keys.filter((key) => key.includes(':seal:'))).to.have.length(4);
    expect(keys.filter((key) => key.includes(':conclude:'))).to.have.length(2);
    expect(keys.filter((key) => key.includes(':completed:'))).to.have.members(
      ['initiator', 'step-1', 'step-2'].map((recipient) => `abc:${lastSeqOf(keys)}:completed:${recipient}`),
    );
  });

  it('finds a contract by id or by its municipality’s number, and nothing else', async () => {
    await openContract();
    const found = await store.loadByNumber(held.database.knex, 'mihon', '2026-0001');
    expect(found!.contract.id).to.equal('abc');
    expect(await store.loadByNumber(held.database.knex, 'mihon-machi', '2026-0001')).to.equal(undefined);
    expect(await store.load(held.database.knex, 'other')).to.equal(undefined);
    expect(await history('other')).to.deep.equal([]);
  });

  it('gives a number once in each municipality', async () => {
    await openContract();
    expect(isUniqueViolation(await rejection(openContract('def')))).to.equal(true);
    expect(await store.load(held.database.knex, 'def')).to.equal(undefined);
    await openContract('def', '2026-0001', 'mihon-machi');
  });

  it('refuses to append to a contract that somebody else has written since it was read', async () => {
    await openContract();
    const seen = await load();
    const withdrawn = { type: 'ContractWithdrawn', by: 'initiator', reason: null, reached: [] } as const;
    await within((tx) => store.append(tx, seen, [withdrawn], NOW));
    const after = await load();
    expect(await rejection(within((tx) => store.append(tx, seen, [withdrawn], NOW)))).to.be.instanceOf(Error);
    expect((await load()).contract).to.deep.equal(after.contract);
    expect(await history()).to.have.length(2);
  });

  it('lets one of two commands at once decide after the other', async () => {
    await openContract();
    const withdraw = () => within((tx) => commands.handle(tx, 'abc', WITHDRAW, NOW));
    const outcomes = await Promise.all([withdraw(), withdraw(), withdraw()]);
    expect(outcomes.filter((outcome) => !isRefusal(outcome))).to.have.length(1);
    expect(await history()).to.have.length(2);
  });

  it('leaves no trace of a refused command', async () => {
    await openContract();
    const before = await held.database.knex('outbox');
    const refused = await within((tx) => commands.handle(tx, 'abc', { type: 'expire' }, NOW));
    expect(refused).to.deep.equal({ refused: true, code: 'stale' });
    expect(await history()).to.have.length(1);
    expect(await held.database.knex('outbox')).to.deep.equal(before);
  });

  it('opens with its own master key only', async () => {
    await openContract();
    const stranger = contractStore(masterKey(Buffer.alloc(32, 2)));
    expect(await rejection(stranger.load(held.database.knex, 'abc'))).to.be.instanceOf(Error);
  });

  it('does not take one contract’s row or key for another’s', async () => {
    await openContract();
    await openContract('def', '2026-0002');
    const rows = held.database.knex('contracts');
    const { body, wrapped_key } = await rows.clone().where({ id: 'def' }).first();
    await rows.clone().where({ id: 'abc' }).update({ body });
    expect(await rejection(load())).to.be.instanceOf(Error);
    await rows.clone().where({ id: 'abc' }).update({ body, wrapped_key });
    expect(await rejection(load())).to.be.instanceOf(Error);
  });

  describe('notices in the history', () => {
    const rows = () => held.database.knex('events').where({ contract: 'abc' });
    const broken = async (): Promise<void> => {
      expect(await rejection(history()))
        .to.have.property('message')
        .that.includes('broken');
    };
    beforeEach(live);

    it('an altered event', async () => {
      const { canonical } = await rows().where({ seq: 3 }).first();
      const altered = Buffer.from(canonical.toString('utf8').replace('"seq":3', '"seq":4'));
      await rows().where({ seq: 3 }).update({ canonical: altered });
      await broken();
    });

    it('an altered event whose own hash was made to fit', async () => {
      const { hash } = await rows().where({ seq: 4 }).first();
      await rows().where({ seq: 3 }).update({ hash });
      await broken();
    });

    it('a missing event', async () => {
      await rows().where({ seq: 5 }).delete();
      await broken();
    });

    it('missing last events', async () => {
      const { seq } = (await load()).contract;
      await rows()
        .where('seq', '>', seq - 2)
        .delete();
      await broken();
    });

    it('two events in each other’s place', async () => {
      const [third, fourth] = await rows().whereIn('seq', [3, 4]).orderBy('seq');
      for (const [seq, { canonical, hash, previous_hash }] of [
        [3, fourth],
        [4, third],
      ] as const) {
        await rows().where({ seq }).update({ canonical, hash, previous_hash });
      }
      await broken();
    });
  });
});

function lastSeqOf(keys: readonly string[]): number {
  return Math.max(...keys.map((key) => Number(key.split(':')[1])));
}
