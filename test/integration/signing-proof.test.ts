/** The signing key signs for nothing but a stored consent and a certificate that is due (R59): whatever a row may say. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from '../../gateway/app/canonical.ts';
import {
  type ContractStore,
  contractStore,
  type LoadedContract,
  type SigningProof,
} from '../../gateway/app/contract-store.ts';
import { type CommandHandler, commandHandler } from '../../gateway/app/handle-command.ts';
import type { Command } from '../../gateway/contract/commands.ts';
import { type Contract, heads } from '../../gateway/contract/contract.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import type { Performer } from '../../gateway/jobs/performer.ts';
import { type SealingDependencies, sealingPerformers } from '../../gateway/jobs/sealing.ts';
import { signingKey } from '../../gateway/jobs/signing-key.ts';
import { RevokedCredential } from '../../signing/cms/index.ts';
import type { Credential, SealOptions } from '../../signing/ports.ts';
import { encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import type { Tx } from '../../storage/database.ts';
import { seal as encrypt, masterKey } from '../../storage/keys.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { sampleDraft } from '../support/contract.ts';
import { onEachEngine } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';
import { rejection } from '../support/rejection.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const EVIDENCE = { means: 'page', ip: null, userAgent: null, message: null, authentication: null } as const;
const UPLOAD = Buffer.from('契約書');
const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

onEachEngine('the signing key', (held) => {
  const folder = temporaryFolder();
  const store: ContractStore = contractStore(masterKey(Buffer.alloc(32, 1)));
  const commands: CommandHandler = commandHandler(store, {
    goAheadDelaySeconds: 0,
    draftExpiresDays: 14,
    remindDaysAfter: [],
    remindDaysBefore: [],
    isDayOff: () => false,
  });
  let signed: number;
  let revoked: RevokedCredential | null;
  let told: RevokedCredential[];
  beforeEach(() => {
    signed = 0;
    revoked = null;
    told = [];
  });

  const tell = async (command: Command): Promise<Contract> => {
    const handled = await held.database.transaction((tx) => commands.handle(tx, 'abc', command, NOW));
    if (isRefusal(handled)) throw new Error(handled.code);
    return handled.contract;
  };
  const load = async (): Promise<LoadedContract> => (await store.load(held.database.knex, 'abc'))!;

  /** A contract whose one document is prepared: the vendor is asked. */
  async function awaiting() {
    const blobs = encryptedBlobs(fileObjects(join(folder(), 'blobs')));
    const owner = store.newOwner('abc');
    const put = async (octets: Uint8Array) =>
      (
        await blobs.put(
          owner,
          (async function* () {
            yield octets;
          })(),
        )
      ).name;
    const upload = { blob: await put(UPLOAD), size: UPLOAD.length, sha256: sha256(UPLOAD) };
    const draft = sampleDraft();
    const documents = [{ ...draft.documents[0]!, upload }];
    const facts = {
      municipality: 'mihon',
      number: '2026-0001',
      certificateId: 'ABCD',
      sourceMessageId: null,
    };
    await held.database.transaction((tx) =>
      commands.open(tx, owner, { id: 'abc', ...facts, draft: { ...draft, documents } }, NOW),
    );
    await tell({ type: 'goAhead', grant: { participant: 'initiator', generation: 1 }, acknowledged: false });
    const stamp = Buffer.from('‖印');
    const whole = Buffer.concat([UPLOAD, stamp]);
    const revision = { blob: await put(stamp), size: whole.length, sha256: sha256(whole) };
    await tell({ type: 'recordPrepared', document: 'd1', revision });
    return { blobs, put, seal: performer(blobs) };
  }
  async function consented() {
    const bench = await awaiting();
    const grant = { participant: 'step-1', generation: 1 };
    await tell({
      type: 'consent',
      grant,
      at: NOW,
      heads: heads((await load()).contract),
      filled: [],
      evidence: EVIDENCE,
    });
    return bench;
  }

  const credential: Credential = {
    certificate: new Uint8Array(),
    chain: [],
    algorithm: 'rsa-sha256',
    async sign() {
      signed++;
      return new Uint8Array([1]);
    },
  };
  const key = (municipality = 'mihon') =>
    signingKey({
      credential,
      municipality,
      standing: async () => {
        if (revoked) throw revoked;
      },
      onRevoked: async (error) => void told.push(error),
      clock: () => new Date(NOW),
    });

  /** The real performer around a file format of one line. */
  function performer(blobs: SealingDependencies['blobs']): Performer {
    const dependencies = {
      database: held.database,
      blobs,
      store,
      commands,
      sealing: {
        openGrowing: async (source: {
          size: number;
          read(at: number, length: number): Promise<Uint8Array>;
        }) => ({
          sha256: async () => sha256(await source.read(0, source.size)),
          async seal(options: SealOptions) {
            const bytes = Buffer.concat([Buffer.from(options.reason), await options.credential.sign(UPLOAD)]);
            return { bytes, size: source.size + bytes.length, sha256: 'x' };
          },
        }),
        verify: async () => ({
          valid: true,
          signatures: [{ timestamp: new Date(NOW) }],
          problems: [],
          level: 'B-T',
        }),
      },
      identityOf: () => ({
        key: key(),
        trust: [],
        location: '日本',
        reason: (_: Contract, step: { person: { name: string } }) => step.person.name,
      }),
      clock: () => new Date(NOW),
      log: recordingLog().log,
    } as unknown as SealingDependencies;
    return sealingPerformers(dependencies).seal;
  }
  const entry = (changes: object = {}): ClaimedEntry =>
    ({
      key: 'abc:5:seal:d1',
      contract: 'abc',
      payload: JSON.stringify({ type: 'seal', document: 'd1', step: 0, attempt: 1, ...changes }),
    }) as ClaimedEntry;

  /** What nobody can do from outside: a row as the database's owner might write it, with the master key at hand. */
  async function forgeRow(changes: Partial<Contract>): Promise<void> {
    const { contract, owner } = await load();
    const forged = { ...contract, ...changes };
    const body = encrypt(owner.dataKey, Buffer.from(stringify(forged)), `contract:abc:${contract.seq}`);
    await held.database.knex('contracts').where({ id: 'abc' }).update({ body, state: forged.state });
  }

  it('signs for a stored consent, once', async () => {
    const { seal } = await consented();
    const settle = await seal(entry(), NOW);
    await held.database.transaction((tx: Tx) => settle(tx, NOW));
    expect(signed).to.equal(1);
    expect((await load()).contract).to.include({ state: 'awaiting', step: 1 });
    await seal(entry(), NOW);
    expect(signed).to.equal(1);
  });

  it('signs nothing for a row that speaks of a consent nobody gave', async () => {
    const { seal } = await awaiting();
    const { contract } = await load();
    const consent = { at: NOW, means: 'page', heads: heads(contract), filled: [] } as const;
    const steps = contract.steps.map((step, at) => (at === 0 ? { ...step, consent } : step));
    await forgeRow({ state: 'sealing', attempt: 1, steps });
    const error = await rejection(seal(entry(), NOW));
    expect(error).to.include({ name: 'Unproven', transient: false });
    expect(String(error)).to.include('shows no consent of step 0 to document d1: nothing is signed');
    expect(signed).to.equal(0);
  });

  it('signs nothing for another step, attempt or document than the consent’s', async () => {
    const { seal } = await consented();
    await forgeRow({ attempt: 2 });
    expect(await rejection(seal(entry({ attempt: 2 }), NOW))).to.include({ name: 'Unproven' });
    await forgeRow({ attempt: 1, step: 1 });
    expect(await rejection(seal(entry({ step: 1 }), NOW))).to.include({ name: 'Unproven' });
    const { contract } = await load();
    await forgeRow({ step: 0, documents: [{ ...contract.documents[0]!, id: 'd2' }] });
    expect(await rejection(seal(entry({ document: 'd2' }), NOW))).to.include({ name: 'Unproven' });
    expect(signed).to.equal(0);
  });

  it('signs nothing once a link of the history is changed, or the last one is gone', async () => {
    const { seal } = await consented();
    const { knex } = held.database;
    const last = await knex('events').where({ contract: 'abc' }).orderBy('seq', 'desc').first();
    const canonical = Buffer.from(String(last.canonical).replace('"step":0', '"step":1'));
    expect(canonical.equals(last.canonical)).to.equal(false);
    await knex('events').where({ contract: 'abc', seq: last.seq }).update({ canonical });
    expect(String(await rejection(seal(entry(), NOW)))).to.match(/history of contract abc is broken at seq/);
    await knex('events').where({ contract: 'abc', seq: last.seq }).delete();
    expect(String(await rejection(seal(entry(), NOW)))).to.match(
      /history of contract abc is broken at its end/,
    );
    expect(signed).to.equal(0);
  });

  it('signs no other octets than those consented to, and nobody else’s name', async () => {
    const { put, seal } = await consented();
    const { contract } = await load();
    const swapped = { blob: await put(Buffer.from('別の契約書')), size: 15, sha256: 'y' };
    const [document] = contract.documents;
    await forgeRow({ documents: [{ ...document!, upload: swapped }] });
    expect(String(await rejection(seal(entry(), NOW)))).to.match(
      /document d1 of contract abc is not the one consented to/,
    );
    expect(signed).to.equal(0);
    const steps = contract.steps.map((step) => ({ ...step, person: { ...step.person, name: '他人' } }));
    await forgeRow({ documents: contract.documents, steps });
    const settle = await seal(entry(), NOW);
    await held.database.transaction((tx) => settle(tx, NOW));
    const { blobs } = await again();
    const sealed = (await load()).contract.documents[0]!.revisions.at(-1)!;
    const reader = await blobs.open((await load()).owner, sealed.blob);
    expect(Buffer.from(await reader.read(0, reader.size)).toString())
      .to.include('山田太郎')
      .and.not.include('他人');
    await reader.close();
  });
  const again = async () => ({ blobs: encryptedBlobs(fileObjects(join(folder(), 'blobs'))) });

  it('tries again where the history has moved on since the row was read', async () => {
    const { seal } = await consented();
    const stale = await load();
    await tell({ type: 'takeBack', grant: { participant: 'step-1', generation: 1 } });
    const asked = { step: 0, attempt: 1, document: 'd1' };
    const error = await rejection(store.storedConsent(held.database.knex, stale, asked));
    expect(error).to.include({ name: 'Unproven', transient: true });
    await seal(entry(), NOW);
    expect(signed).to.equal(0);
  });

  it('is lent to no proof that the store did not make, and to no other municipality', async () => {
    await consented();
    const proof = await store.storedConsent(held.database.knex, await load(), {
      step: 0,
      attempt: 1,
      document: 'd1',
    });
    const sign = async (lent: Credential) => lent.sign(UPLOAD);
    expect(await key().lend(proof, sign)).to.deep.equal(new Uint8Array([1]));
    const copied = { ...proof } as SigningProof;
    expect(String(await rejection(key().lend(copied, sign)))).to.match(/no stored history asks/);
    expect(String(await rejection(key('tonari').lend(proof, sign)))).to.match(
      /signs for no contract of mihon/,
    );
    expect(signed).to.equal(1);
  });

  it('signs no more once the work it was lent for is done', async () => {
    await consented();
    const proof = await store.storedConsent(held.database.knex, await load(), {
      step: 0,
      attempt: 1,
      document: 'd1',
    });
    const kept = await key().lend(proof, async (lent) => lent);
    expect(String(await rejection(kept.sign(UPLOAD)))).to.match(/was lent for other work/);
    expect(signed).to.equal(0);
  });

  it('signs nothing while it is revoked, and says so', async () => {
    const { seal } = await consented();
    revoked = new RevokedCredential('certificate "見本署名者" was revoked', null);
    expect(await rejection(seal(entry(), NOW))).to.equal(revoked);
    expect(told).to.deep.equal([revoked]);
    expect(signed).to.equal(0);
    expect((await load()).contract).to.include({ state: 'sealing', step: 0 });
  });

  it('certifies only what its history says is due', async () => {
    await consented();
    await forgeRow({ state: 'concluding', contractDate: '2026-11-21' });
    const error = await rejection(store.storedCertifying(held.database.knex, await load()));
    expect(error).to.include({ name: 'Unproven', transient: false });
    expect(String(error)).to.include('shows no certificate that is due');
  });
});
