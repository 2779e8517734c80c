// What a contract waits for, from the outbox: which entries count, one notice a phase, and until when.
import { expect } from 'chai';
import { deferredRequests, noticeOfDelay, waitingOf } from '../../gateway/app/waiting.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import { append, type ClaimedEntry, claimByKey, type Delay, retry } from '../../storage/outbox.ts';
import { onEachEngine } from '../support/database.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const LATER = '2026-11-21T01:10:00.000Z';
const DAYS = ['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'] as const;

onEachEngine('waiting', (held) => {
  /** As far as waiting looks at it. */
  const contract = (state: Contract['state'], attempt = 1): Contract =>
    ({ id: 'c', state, attempt }) as Contract;

  async function wait(key: string, payload: Record<string, unknown>, delay: Partial<Delay> = {}) {
    const { database } = held;
    const type = String(payload.type);
    const entry = { key, municipality: 'mihon', contract: 'c', type, notBefore: NOW };
    await database.transaction((tx) => append(tx, [{ ...entry, payload: JSON.stringify(payload) }], NOW));
    const claimed: ClaimedEntry = (await claimByKey(database.knex, key, NOW, LATER))!;
    const full = { since: NOW, awaits: 'timestamp', until: null, ...delay };
    await database.transaction(async (tx) => {
      await retry(tx, claimed, LATER, 'no', full);
      await noticeOfDelay(60, 4)(tx, claimed, full.since, LATER);
    });
  }
  const of = (of: Contract, phase?: string) => waitingOf(held.database.knex, of, phase);
  const notices = () => held.database.knex('outbox').where({ type: 'mail' }).orderBy('key');

  it('counts what the contract’s present state still needs', async () => {
    await wait('c:5:seal:d1', { type: 'seal', step: 0, attempt: 1 });
    expect(await of(contract('sealing'))).to.deep.equal({
      work: 'seal',
      awaits: 'timestamp',
      since: NOW,
      until: null,
    });
    for (const other of [contract('awaiting'), contract('sealing', 2), contract('concluding')]) {
      expect(await of(other)).to.equal(null);
    }
    expect(await of(contract('sealing'), 'c:5')).to.not.equal(null);
    expect(await of(contract('sealing'), 'c:9'), 'another phase').to.equal(null);
  });

  it('says until when only where every document is told, and the latest', async () => {
    const revocation = { awaits: 'revocation' };
    await wait('c:7:conclude:d1', { type: 'conclude' }, { ...revocation, since: LATER, until: DAYS[0] });
    await wait('c:7:conclude:d2', { type: 'conclude' }, { ...revocation, until: DAYS[1] });
    expect(await of(contract('concluding'))).to.deep.equal({
      work: 'conclude',
      awaits: 'revocation',
      since: NOW,
      until: DAYS[1],
    });
    await wait('c:7:conclude:d3', { type: 'conclude' }, revocation);
    expect((await of(contract('concluding')))?.until).to.equal(null);
  });

  it('notes one notice for all documents of a phase, an hour after the first failure, and another for the next', async () => {
    for (const document of ['d1', 'd2']) await wait(`c:5:seal:${document}`, { type: 'seal', attempt: 1 });
    await wait('c:7:certify:contract', { type: 'certify' }, { since: LATER, awaits: null });
    const found = await notices();
    expect(found.map(({ key, not_before }) => [key, not_before])).to.deep.equal([
      ['c:5:delayed:initiator', '2026-11-21T02:00:00.000Z'],
      ['c:7:delayed:initiator', '2026-11-21T02:10:00.000Z'],
    ]);
    expect(JSON.parse(found[0].payload)).to.deep.equal({
      type: 'mail',
      mail: 'delayed',
      recipient: 'initiator',
      about: 'c:5',
    });
  });

  it('notes one for a request that no mail server takes, four hours after the first failure, and none for other mails', async () => {
    await wait('c:5:signatureRequest:step-1', {
      type: 'mail',
      mail: 'signatureRequest',
      recipient: 'step-1',
    });
    await wait('c:6:completed:step-1', { type: 'mail', mail: 'completed', recipient: 'step-1' });
    const found = (await notices()).filter(({ key }) => key.endsWith(':initiator'));
    expect(found.map(({ key, not_before }) => [key, not_before])).to.deep.equal([
      ['c:5:deferred:initiator', '2026-11-21T05:00:00.000Z'],
    ]);
    const asked = {
      ...contract('awaiting'),
      step: 0,
      steps: [{ participant: 'step-1' }],
    } as unknown as Contract;
    const deferred = (phase?: string) => deferredRequests(held.database.knex, asked, phase);
    expect([...(await deferred('c:5'))]).to.deep.equal([['step-1', NOW]]);
    expect([...(await deferred('c:9'))], 'sent anew since').to.deep.equal([]);
  });

  it('notes none for a mail or a renewal that waits', async () => {
    await wait('c:5:receipt:initiator', { type: 'answer' });
    await wait('renew:r1:c:d1', { type: 'renew' });
    expect(await notices()).to.deep.equal([]);
    expect(await of(contract('concluded'))).to.equal(null);
  });
});
