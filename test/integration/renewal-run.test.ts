/** Renewal runs over many contracts: what is due, at which pace, once a year, and what is reported when all is done (R56). */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { contractStore } from '../../gateway/app/contract-store.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import type { EventBody } from '../../gateway/contract/events.ts';
import type { Performers } from '../../gateway/jobs/performer.ts';
import { embeddedQueue } from '../../gateway/jobs/queue.ts';
import {
  orderRun,
  type RenewalMailPayload,
  type RenewalSettings,
  renewalRunPerformers,
  scheduleRenewal,
} from '../../gateway/jobs/renewal-run.ts';
import { type Renewal, renewPerformer } from '../../gateway/jobs/renewing.ts';
import { performNext } from '../../gateway/jobs/worker.ts';
import { NotRenewable, SigningError, sha256Of } from '../../signing/index.ts';
import type { ByteSource, VerificationReport } from '../../signing/ports.ts';
import { type BlobOwner, encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import { masterKey } from '../../storage/keys.ts';
import { parkedEntries, unpark } from '../../storage/outbox.ts';
import { noteProof, type ProofRow } from '../../storage/proofs.ts';
import { sampleDraft } from '../support/contract.ts';
import { onEachEngine } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';

const NOW = '2026-11-21T01:00:00.000Z';
/** 02:00 in Japan on the day of the yearly run. */
const RUN_DAY = '2027-05-31T17:00:00.000Z';
const SETTINGS: RenewalSettings = { monthDay: '06-01', withinDays: 730, perMinute: 2, failuresListed: 30 };

onEachEngine('renewal runs', (held) => {
  const folder = temporaryFolder();
  const store = contractStore(masterKey(Buffer.alloc(32, 1)));
  const commands = commandHandler(store, {
    goAheadDelaySeconds: 0,
    draftExpiresDays: 14,
    remindDaysAfter: [],
    remindDaysBefore: [],
    isDayOff: () => false,
  });
  let now: string;
  /** Until when a timestamp given now can be verified; the authority is down while it is null. */
  let newEnd: string | null;
  let settings: RenewalSettings;
  let addresses: Record<string, readonly string[]>;
  let renewals: number;
  beforeEach(() => {
    now = NOW;
    newEnd = '2037-01-01T00:00:00.000Z';
    settings = SETTINGS;
    addresses = { mihon: ['a@mihon.example.jp', 'b@mihon.example.jp'], tonari: ['c@tonari.example.jp'] };
    renewals = 0;
  });

  const blobs = () => encryptedBlobs(fileObjects(folder()));
  const text = async (source: ByteSource): Promise<string> =>
    Buffer.from(await source.read(0, source.size)).toString();
  /** A file says in plain words until when it can be verified; the last word counts. */
  const endOf = async (source: ByteSource): Promise<Date> => {
    const said = await text(source);
    if (said.includes('broken')) throw new NotRenewable('altered', 'an octet was changed');
    return new Date(
      said
        .match(/until (\S+);/g)!
        .at(-1)!
        .slice(6, -1),
    );
  };
  const renewal: Renewal = {
    renewalDue: endOf,
    async renew(source) {
      if (newEnd === null) throw new SigningError('no answer', { transient: true });
      renewals++;
      const bytes = Buffer.from(`until ${newEnd};`);
      const whole = Buffer.concat([await source.read(0, source.size), bytes]);
      return { bytes, size: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
    },
    verify: async (source) => ({ valid: true, provenUntil: await endOf(source) }) as VerificationReport,
  };
  const performers = (): Performers => ({
    ...renewalRunPerformers({
      store,
      settings,
      reportAddressesOf: (id) => addresses[id] ?? [],
      log: recordingLog().log,
    }),
    renew: renewPerformer({
      database: held.database,
      blobs: blobs(),
      store,
      commands,
      renewal,
      identityOf: () => ({ trust: [] }) as never,
      clock: () => new Date(now),
      log: recordingLog().log,
    }),
    'renewal-mail': async () => async () => {},
  });
  /** Performs all that is due at `at`; resolves to how many entries that were, failures included. */
  const work = async (at = now): Promise<number> => {
    now = at;
    const options = {
      database: held.database,
      queue: embeddedQueue(),
      performers: performers(),
      concurrency: 1,
      leaseSeconds: 120,
      backoff: { firstSeconds: 60, factor: 2, maxSeconds: 3600 },
      clock: () => new Date(now),
      log: recordingLog().log,
    };
    for (let count = 0; ; count++) if (!(await performNext(options))) return count;
  };
  const hours = (count: number): string => new Date(Date.parse(now) + count * 3_600_000).toISOString();

  const stored = async (owner: BlobOwner, content: string) => {
    const { name, size, sha256 } = await blobs().put(owner, Readable.from([Buffer.from(content)]));
    return { blob: name, size, sha256 };
  };
  /** A concluded contract whose document and certificate can be verified until `end`, which is known if `noted`. */
  const concluded = async (
    id: string,
    end: string,
    { municipality = 'mihon', noted = true, content = `%PDF ${id} until ${end};` } = {},
  ) => {
    const owner = store.newOwner(id);
    const draft = sampleDraft();
    const upload = await stored(owner, content);
    const drafted: EventBody = {
      type: 'ContractDrafted',
      id,
      municipality,
      number: `2026-${id}`,
      certificateId: id,
      sourceMessageId: null,
      draft: { ...draft, documents: draft.documents.map((document) => ({ ...document, upload })) },
      expiresAt: NOW,
    };
    const certificate = await stored(owner, `%PDF certificate ${id} until ${end};`);
    await held.database.transaction(async (tx) => {
      const { contract } = await store.create(tx, owner, drafted, NOW);
      const bodies: EventBody[] = [
        { type: 'CertificateIssued', certificate },
        { type: 'ContractConcluded', contractDate: '2026-11-21', recipients: [] },
      ];
      await store.append(tx, { contract, owner }, bodies, NOW);
      if (!noted) return;
      for (const file of ['d1', 'certificate'])
        await noteProof(tx, { contract: id, file, municipality }, end);
    });
  };
  const proofs = (): Promise<ProofRow[]> => held.database.knex('proofs').orderBy(['contract', 'file']);
  const outcomes = async (): Promise<string[]> =>
    (await proofs()).map(({ contract, file, outcome }) => `${contract} ${file} ${outcome}`);
  const entries = (type: string): Promise<{ key: string; not_before: string; done_at: string | null }[]> =>
    held.database.knex('outbox').where({ type }).orderBy(['not_before', 'key']);
  const mails = async (): Promise<(RenewalMailPayload & { municipality: string })[]> => {
    const rows = await held.database.knex('outbox').where({ type: 'renewal-mail' }).orderBy('key');
    return rows.map(({ payload, municipality }) => ({ ...JSON.parse(payload), municipality }));
  };
  const order = (changes: { withinDays?: number; municipality?: string; limit?: number } = {}) =>
    held.database.transaction((tx) =>
      orderRun(tx, { withinDays: 730, municipality: null, limit: null, ...changes }, now),
    );
  const yearly = () => held.database.transaction((tx) => scheduleRenewal(tx, settings, '2026-11-21', now));

  it('begins on its day every year, at two in the morning in Japan', async () => {
    await yearly();
    expect(await work('2027-05-31T16:59:59.000Z')).to.equal(0);
    // The yearly entry, its one step, and the report.
    expect(await work(RUN_DAY)).to.equal(3);
    const days = await entries('yearly-renewal');
    expect(days.map(({ key, not_before }) => [key, not_before])).to.deep.equal([
      ['yearly-renewal:2027-06-01', RUN_DAY],
      ['yearly-renewal:2028-06-01', '2028-05-31T17:00:00.000Z'],
    ]);
    expect(await mails()).to.deep.equal([]);
  });

  it('follows the setting when its day is moved', async () => {
    await yearly();
    settings = { ...SETTINGS, monthDay: '09-15' };
    await held.database.transaction((tx) => scheduleRenewal(tx, settings, '2027-03-01', now));
    expect(await work('2027-06-02T00:00:00.000Z')).to.equal(1);
    expect(await entries('renewal-step')).to.deep.equal([]);
    expect(await work('2027-09-15T00:00:00.000Z')).to.equal(3);
    const days = await entries('yearly-renewal');
    expect(days.map(({ key }) => key.slice(-10))).to.deep.equal(['2027-06-01', '2027-09-15', '2028-09-15']);
  });

  it('renews what ends within the days set, leaves the rest, and tells each municipality once', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    await concluded('0002', '2030-01-01T00:00:00.000Z');
    await concluded('0003', '2029-05-30T00:00:00.000Z', { municipality: 'tonari' });
    await yearly();
    await work(RUN_DAY);
    await work(hours(1));
    expect(await outcomes()).to.deep.equal([
      '0001 certificate renewed',
      '0001 d1 renewed',
      '0002 certificate null',
      '0002 d1 null',
      '0003 certificate renewed',
      '0003 d1 renewed',
    ]);
    expect((await proofs())[1]!.valid_until).to.equal(newEnd);
    const { contract } = (await store.load(held.database.knex, '0001'))!;
    expect(contract.documents[0]!.revisions.at(-1)).to.include({ purpose: 'renew' });
    expect(contract.certificate!.renewals).to.have.length(1);
    const figures = {
      ...{ contracts: 1, renewed: 2, unchanged: 0, unextendable: 0 },
      ...{ failed: 0, failures: [], againAt: null },
    };
    expect(await mails()).to.deep.equal([
      {
        ...figures,
        run: '2027-06-01',
        soonestEnd: '2030-01-01T00:00:00.000Z',
        recipient: 0,
        municipality: 'mihon',
      },
      {
        ...figures,
        run: '2027-06-01',
        soonestEnd: '2030-01-01T00:00:00.000Z',
        recipient: 1,
        municipality: 'mihon',
      },
      { ...figures, run: '2027-06-01', soonestEnd: newEnd, recipient: 0, municipality: 'tonari' },
    ]);
  });

  it('spreads the files, soonest end first', async () => {
    await concluded('0002', '2028-01-02T00:00:00.000Z');
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    const run = await order();
    await work();
    const files = await entries('renew');
    expect(files.map(({ key, not_before }) => [key, not_before])).to.deep.equal([
      [`renewal:${run}:0001:certificate`, '2026-11-21T01:00:00.000Z'],
      [`renewal:${run}:0001:d1`, '2026-11-21T01:00:30.000Z'],
      [`renewal:${run}:0002:certificate`, '2026-11-21T01:01:00.000Z'],
      [`renewal:${run}:0002:d1`, '2026-11-21T01:01:30.000Z'],
    ]);
    expect(renewals).to.equal(1);
    expect(await mails()).to.deep.equal([]);
  });

  it('does nothing when it runs a second time in the same year, and looks again in the next', async () => {
    // An authority whose certificates end soon: every renewal would gain something.
    newEnd = '2028-06-01T00:00:00.000Z';
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    await concluded('0002', '2028-01-01T00:00:00.000Z', { content: 'broken' });
    await order();
    await work();
    await work(hours(1));
    expect(renewals).to.equal(3);
    newEnd = '2028-07-01T00:00:00.000Z';
    await order();
    await work(hours(1));
    await work(hours(1));
    expect(renewals).to.equal(3);
    expect(await mails()).to.have.length(4);
    now = '2027-01-01T00:00:00.000Z';
    await order();
    await work();
    await work(hours(1));
    expect(renewals).to.equal(6);
  });

  it('looks at contracts whose end nobody knows, and takes only what is due', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z', { noted: false });
    await concluded('0002', '2035-01-01T00:00:00.000Z', { noted: false });
    await order();
    await work();
    await work(hours(1));
    expect(await outcomes()).to.deep.equal([
      '0001 certificate renewed',
      '0001 d1 renewed',
      '0002 certificate unchanged',
      '0002 d1 unchanged',
    ]);
    expect((await proofs())[3]!.valid_until).to.equal('2035-01-01T00:00:00.000Z');
    // Further ahead they are due, in the same year too.
    await order({ withinDays: 3650 });
    await work();
    await work(hours(1));
    expect((await outcomes()).slice(2)).to.deep.equal(['0002 certificate renewed', '0002 d1 renewed']);
    expect(renewals).to.equal(4);
  });

  it('appends nothing where a new timestamp would end no later', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    newEnd = '2028-01-01T00:00:00.000Z';
    await order();
    await work();
    await work(hours(1));
    const { contract } = (await store.load(held.database.knex, '0001'))!;
    expect(contract.documents[0]!.revisions).to.deep.equal([]);
    expect((await mails())[0]).to.include({ renewed: 0, unextendable: 2, failed: 0, againAt: null });
  });

  it('tries again each month where the authority has no new certificate and the end is near', async () => {
    const end = '2027-10-01T00:00:00.000Z';
    await concluded('0001', end);
    newEnd = end;
    const run = await order();
    await work();
    await work(hours(1));
    const [first] = await mails();
    expect(first).to.include({ unextendable: 2, againAt: hours(30 * 24) });
    newEnd = '2037-01-01T00:00:00.000Z';
    await work(hours(30 * 24 - 1));
    expect(renewals).to.equal(2);
    await work(hours(1));
    await work(hours(1));
    expect(renewals).to.equal(4);
    const again = (await mails()).find((mail) => mail.run === `${run}.2`);
    expect(again).to.include({ renewed: 2, unextendable: 0, againAt: null });
    expect(await work(hours(40 * 24))).to.equal(0);
  });

  it('keeps to one municipality and to so many files', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    await concluded('0002', '2028-01-01T00:00:00.000Z', { municipality: 'tonari' });
    await concluded('0003', '2028-02-01T00:00:00.000Z', { municipality: 'tonari' });
    await order({ municipality: 'tonari', limit: 3 });
    await work();
    await work(hours(1));
    expect((await outcomes()).filter((line) => line.endsWith('renewed'))).to.deep.equal([
      '0002 certificate renewed',
      '0002 d1 renewed',
      '0003 certificate renewed',
    ]);
    expect((await mails()).map(({ municipality }) => municipality)).to.deep.equal(['tonari']);
  });

  it('waits as long as an authority is down, and reports only then', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    newEnd = null;
    await order();
    await work();
    for (let tries = 0; tries < 30; tries++) await work(hours(1));
    expect(await outcomes()).to.deep.equal(['0001 certificate null', '0001 d1 null']);
    expect(await parkedEntries(held.database.knex)).to.deep.equal([]);
    // Only the files fail; the report looks on, ever more rarely.
    const failing = await held.database
      .knex('outbox')
      .where('failures', '>', 0)
      .distinct('type')
      .pluck('type');
    expect(failing).to.deep.equal(['renew']);
    expect((await entries('renewal-report')).length).to.be.within(30, 45);
    // A second run leaves to the first what that has in hand.
    await order();
    await work();
    expect(await entries('renew')).to.have.length(2);
    newEnd = '2037-01-01T00:00:00.000Z';
    await work(hours(1));
    await work(hours(1));
    expect(await outcomes()).to.deep.equal(['0001 certificate renewed', '0001 d1 renewed']);
    const first = (await mails()).filter(({ renewed }) => renewed === 2);
    expect(first).to.have.length(2);
  });

  it('names as many failures as the setting says, and counts the others', async () => {
    settings = { ...SETTINGS, failuresListed: 1 };
    await concluded('0001', '2028-01-01T00:00:00.000Z', { content: 'broken' });
    await concluded('0002', '2028-01-01T00:00:00.000Z', { content: 'broken' });
    await order();
    await work();
    await work(hours(1));
    const [mail] = await mails();
    expect(mail).to.deep.include({ contracts: 2, failed: 2 });
    expect(mail!.failures).to.deep.equal([{ contract: '0001', file: 'd1', outcome: 'altered' }]);
  });

  it('sets a broken file aside, names it, and goes on with the others', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z', { content: 'broken' });
    await concluded('0002', '2028-01-01T00:00:00.000Z');
    const run = await order();
    await work();
    await work(hours(1));
    const key = `renewal:${run}:0001:d1`;
    expect(await parkedEntries(held.database.knex)).to.deep.equal([
      { key, type: 'renew', error: 'altered: an octet was changed' },
    ]);
    const [mail] = await mails();
    expect(mail).to.deep.include({ contracts: 2, renewed: 3, failed: 1 });
    expect(mail!.failures).to.deep.equal([{ contract: '0001', file: 'd1', outcome: 'altered' }]);
    const { contract, owner } = (await store.load(held.database.knex, '0001'))!;
    expect(contract.documents[0]!.revisions).to.deep.equal([]);

    // Next year's run takes it over, so that it is set aside once and reported again.
    now = '2027-11-21T01:00:00.000Z';
    await order();
    await work();
    await work(hours(1));
    const parked = await parkedEntries(held.database.knex);
    expect(parked.map((one) => one.key))
      .to.have.length(1)
      .and.not.include(key);

    // Once mended, the operator's word is enough.
    const mended = await stored(owner, '%PDF mended until 2028-01-01T00:00:00.000Z;');
    await held.database.transaction(async (tx) => {
      const loaded = (await store.load(tx, '0001'))!;
      const documents = loaded.contract.documents.map((document) => ({ ...document, upload: mended }));
      await store.append(
        tx,
        { ...loaded, contract: { ...loaded.contract, documents } },
        [{ type: 'MailTaken', mail: 'x', kind: 'x', recipient: 'initiator', response: '' }],
        now,
      );
      await unpark(tx, now);
    });
    await work();
    expect((await outcomes())[1]).to.equal('0001 d1 renewed');
  });

  it('goes on in steps where there is more than one transaction should hold', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    settings = { ...SETTINGS, perMinute: 1 };
    const rows = Array.from({ length: 600 }, (_, index) => ({
      contract: '0001',
      file: `x${String(index).padStart(3, '0')}`,
      municipality: 'mihon',
      valid_until: '2028-06-01T00:00:00.000Z',
    }));
    await held.database.knex.batchInsert('proofs', rows, 100);
    const run = await order();
    await work();
    expect((await entries('renewal-step')).map(({ key }) => key)).to.deep.equal([
      `renewal-step:${run}:1`,
      `renewal-step:${run}:2`,
    ]);
    const files = await entries('renew');
    expect(files).to.have.length(602);
    expect(files[501]!.not_before).to.equal(new Date(Date.parse(now) + 501 * 60_000).toISOString());
    const [report] = await entries('renewal-report');
    expect(report!.not_before).to.equal(new Date(Date.parse(now) + 602 * 60_000).toISOString());
  });

  it('renews each head once, however often it is told to', async () => {
    await concluded('0001', '2028-01-01T00:00:00.000Z');
    await order();
    await work();
    await work(hours(1));
    await held.database.knex('outbox').where({ type: 'renew' }).update({ done_at: null });
    await work();
    const { contract, owner } = (await store.load(held.database.knex, '0001'))!;
    expect(contract.documents[0]!.revisions).to.have.length(1);
    const [revision] = contract.documents[0]!.revisions;
    const part = await blobs().open(owner, revision!.blob);
    const upload = await blobs().open(owner, contract.documents[0]!.upload.blob);
    const whole = Buffer.from(`${await text(upload)}${await text(part)}`);
    await Promise.all([part.close(), upload.close()]);
    expect(
      await sha256Of({ size: whole.length, read: async (at, n) => whole.subarray(at, at + n) }),
    ).to.equal(revision!.sha256);
  });
});
